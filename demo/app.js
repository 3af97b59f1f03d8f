// The developer's page. The regions between `#region` lines are shown on the page as they run here.
import { startEngine } from "../dist/engine.js";

const status = document.querySelector("#engine-status");
const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

// #region listen
for (const name of ["mops-ready", "mops-select", "mops-error"]) {
  document.addEventListener(name, ({ target, detail }) => {
    log(name, target, detail);
  });
}
// #endregion

function log(name, target, detail) {
  const list = document.querySelector("#event-log");
  const item = document.createElement("li");
  const strong = document.createElement("strong");
  strong.textContent = name;
  item.append(strong, ` from <${target.localName}> `);
  const said = detail?.message ?? detail?.id ?? detail?.part ?? "";
  if (said) item.append(said);
  list.prepend(item);
  while (list.children.length > 12) list.lastElementChild.remove();
}

function cells(values) {
  const row = document.createElement("tr");
  for (const [index, value] of values.entries()) {
    const cell = document.createElement(index ? "td" : "th");
    if (index) cell.className = "number";
    else cell.scope = "row";
    cell.textContent = value;
    row.append(cell);
  }
  return row;
}

function drawTable({ body: { segments } }) {
  const rows = document.querySelector("#sources-table tbody");
  rows.replaceChildren(...segments.map((figure) => cells([
    figure.label || "(blank)",
    figure.value === null ? "unknown" : percent.format(figure.value),
    figure.interval ? figure.interval.map((limit) => percent.format(limit)).join(" to ") : "–",
    String(figure.used),
  ])));
}

try {
  // #region ask
  const engine = await startEngine();
  const source = await engine.open({
    charter: new URL("data/charter.json", import.meta.url),
    data: {
      contacts: new URL("data/contacts.csv", import.meta.url).href,
      deals: new URL("data/deals.csv", import.meta.url).href,
    },
  });
  const winRate = await source.query({
    view: "kpi", metric: "win_rate", segment: "source",
    as_of: "2026-01-01", period: "2025",
  });
  drawTable(winRate);
  // #endregion

  // #region view
  const funnel = await source.query({
    view: "funnel", as_of: "2026-01-01", period: "2025",
  });
  document.querySelector("#handed-funnel").view = funnel;
  // #endregion

  status.textContent = `Answered for ${winRate.organisation}, as of 1 January 2026.`;
} catch (error) {
  status.textContent = error.message;
  throw error;
}
