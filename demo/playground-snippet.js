// The snippet a person copies. It must work as pasted, so addresses are whole and values are escaped.

const escaped = (value) => String(value).replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const attribute = ([name, value]) => `${name}="${escaped(value)}"`;

/** Table names are snake case, attributes kebab case. */
const attributeOf = (table) => table.replaceAll("_", "-");

export function snippet({ tag, named, loaded, tables, sample, asOf, here }) {
  const script = new URL("../dist/index.js", here).href;
  const data = [];
  let hint = "Paste it into any page of this site.";
  if (loaded.sample) {
    for (const [name, address] of Object.entries(sample)) if (name !== "as-of") data.push([name, new URL(address, here).href]);
  } else {
    const names = loaded.files.map(({ name }) => name);
    const several = [];
    for (const { table, source } of tables) {
      if (data.some(([name]) => name === attributeOf(table))) continue;
      const isOne = names.includes(source);
      if (!isOne) several.push(`${table}.csv`);
      data.push([attributeOf(table), isOne ? source : `${table}.csv`]);
    }
    if (loaded.charterName) data.push(["charter", loaded.charterName]);
    hint = "Paste it into a page of yours and put your files beside it; the names are those you dropped.";
    if (loaded.isEdited) hint += " The charter is the one you edited here: download it first.";
    if (several.length) hint += ` An attribute takes one file: put those of one table together as ${several.join(" and ")}.`;
  }
  const parts = [["id", "data"], ...data, ["as-of", asOf]].filter(([, value]) => value);
  const text = [
    `<script type="module" src="${escaped(script)}"></script>`,
    `<mops-source ${parts.map(attribute).join("\n  ")}></mops-source>`,
    `<${tag} ${[["source", "data"], ...named].map(attribute).join(" ")}></${tag}>`,
  ].join("\n");
  return { text, hint };
}
