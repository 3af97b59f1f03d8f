// The CRM's own tabs: arrow keys move between them, as in any tab list. The frame is made when it is first seen.
import { createFrame } from "../dist/host.js";

const tabs = [...document.querySelectorAll('[role="tab"]')];

const place = document.querySelector("#frame");
let frame;

function showFrame() {
  const here = (address) => new URL(address, import.meta.url);
  frame = createFrame(place, {
    src: here("../dist/frame.html"),
    title: "Win rate of the deal’s owner",
    widget: "mops-kpi",
    contacts: here("data/contacts.csv"),
    deals: here("data/deals.csv"),
    charter: here("data/charter.json"),
    "as-of": "2026-01-01",
    metric: "win_rate",
    period: "2025",
    density: "compact",
    theme: document.documentElement.dataset.theme ?? "auto",
    filter: { owner: ["Søren Vestergaard"] },
  });
}

// The frame takes the theme that the toggle chose.
new MutationObserver(() => frame?.setAttributes({ theme: document.documentElement.dataset.theme }))
  .observe(document.documentElement, { attributeFilter: ["data-theme"] });

function show(tab) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (tab.id === "tab-frame" && !frame) showFrame();
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    show(next);
    next.focus();
    event.preventDefault();
  });
}
