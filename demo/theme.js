// The theme toggle of the demo pages. Nothing is stored: the choice travels in the address (`?theme=dark`), so that a
// page opened from here, or reloaded, keeps it.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const asked = new URLSearchParams(location.search).get("theme");

const chosen = () => root.dataset.theme ?? (system.matches ? "dark" : "light");

function apply() {
  const theme = chosen();
  for (const element of document.querySelectorAll("*")) {
    if (element.localName.startsWith("mops-") && element.localName !== "mops-source") {
      element.setAttribute("theme", root.dataset.theme ?? "auto");
    }
  }
  for (const button of document.querySelectorAll(".theme-toggle")) {
    button.textContent = theme === "dark" ? "Light theme" : "Dark theme";
  }
  for (const link of document.querySelectorAll("a[data-page]")) {
    link.href = withTheme(link.getAttribute("href"));
  }
}

function withTheme(address) {
  const url = new URL(address, location.href);
  if (root.dataset.theme) url.searchParams.set("theme", root.dataset.theme);
  return url.href;
}

if (asked === "dark" || asked === "light") root.dataset.theme = asked;

for (const button of document.querySelectorAll(".theme-toggle")) {
  button.addEventListener("click", () => {
    root.dataset.theme = chosen() === "dark" ? "light" : "dark";
    const here = new URL(location.href);
    here.searchParams.set("theme", root.dataset.theme);
    history.replaceState(null, "", here);
    apply();
  });
}
system.addEventListener("change", apply);
apply();
