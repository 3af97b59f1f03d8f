// Shows a region of a module as it runs, so that the code on the page can't drift from the code behind it.

const files = new Map();
const read = (file) => {
  if (!files.has(file)) files.set(file, fetch(new URL(file, import.meta.url)).then((answer) => answer.text()));
  return files.get(file);
};

for (const place of document.querySelectorAll("[data-code]")) {
  const [file, region] = place.dataset.code.split("#");
  const lines = (await read(file)).split("\n");
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  const length = lines.slice(start + 1).findIndex((line) => line.trim() === "// #endregion");
  const shown = start < 0 || length < 0 ? [] : lines.slice(start + 1, start + 1 + length);
  const indent = Math.min(...shown.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  const code = document.createElement("code");
  code.textContent = shown.map((line) => line.slice(indent)).join("\n");
  place.replaceChildren(code);
}
