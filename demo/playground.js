// The playground: files in, inventory and a live widget out, and the snippet that shows the same elsewhere.
// Nothing leaves the page: files go to the engine in this tab.
import { KPIS } from "./kpi-names.js";
import { beginCharter, endCharter } from "./playground-charter.js";
import { offerColumns } from "./playground-columns.js";
import { showInventory } from "./playground-inventory.js";
import { snippet } from "./playground-snippet.js";

const $ = (id) => document.getElementById(id);
const controls = $("controls");
const stage = $("stage");
/** Every table of the sample company, by its attribute. */
const SAMPLE_TABLES = [
  "contacts", "deals", "deal-stage-events", "touches", "campaigns", "spend", "budgets", "forecasts", "actuals", "requests", "platform-reports",
  "reports", "tools", "capabilities", "integrations", "automations", "ai-features",
];
const SAMPLE = {
  ...Object.fromEntries(SAMPLE_TABLES.map((name) => [name, `data/${name.replaceAll("-", "_")}.csv`])),
  charter: "data/charter.json", "as-of": "2026-01-01",
};
/** Which attributes mean something to which widget. */
const USES = {
  "mops-kpi": ["metric", "period", "compare", "segment"],
  "mops-scorecard": ["period", "compare"],
  "mops-funnel": ["period", "compare", "semantics"],
  "mops-cohorts": ["period"],
  "mops-filters": [],
};
const ofBoards = ["period"];
const used = (tag) => USES[tag] ?? ofBoards;

/** Fields that rows can be broken down by. */
const SEGMENTS = { owner: "Owner", source: "Source", country: "Country", account: "Account", product: "Product" };

/** What is loaded: addresses of the sample, or files. */
let loaded = null;
let source = null;
let tables = [];
let widget = null;

for (const [id, name] of Object.entries(KPIS)) controls.elements.metric.add(new Option(name, id));
controls.elements.metric.value = "win_rate";
controls.elements["as-of"].value = today();

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** What only a charter has at its top. */
const CHARTER = /"(organisation|time_zone|currency|exchange_rates|lifecycle|deal_stages|sources|kpis|people|functions|policies|minimum_n)"\s*:/;

/** A charter is a JSON object with parts of a charter in it; everything else is data. */
async function sort(files) {
  const data = [];
  let charter = null;
  for (const file of files) {
    if (/\.json$/i.test(file.name) && file.size < 4_000_000) {
      const text = await file.text();
      if (/^\s*\{/.test(text) && CHARTER.test(text)) {
        charter = { file, text };
        continue;
      }
    }
    data.push(file);
  }
  return { data, charter };
}

async function take(files) {
  if (!files.length) return;
  const { data, charter } = await sort(files);
  clearTrouble();
  let parsed = loaded?.parsed;
  let charterName = loaded?.charterName;
  if (charter) {
    try {
      parsed = JSON.parse(charter.text);
      charterName = charter.file.name;
    } catch (error) {
      tell({ message: `${charter.file.name} is no valid JSON: ${error.message}`, where: { source: charter.file.name } });
      return;
    }
  }
  // One file after another is read together; one of the same name takes the place of the one before.
  const charterText = charter?.text ?? loaded?.charterText;
  const before = (loaded?.files ?? []).filter(({ name }) => !data.some((file) => file.name === name));
  const isEdited = !charter && loaded?.isEdited;
  loaded = { files: [...before, ...data], parsed, charterName, charterText, isEdited };
  $("forget").hidden = false;
  if (!loaded.files.length) {
    $("files-status").textContent = `${charterName} is ready. Now add the data.`;
    return;
  }
  $("files-status").textContent = `Reading ${loaded.files.map((file) => file.name).join(", ")}…`;
  readFiles();
}

/** Reads the files that are there under the charter that is there. */
function readFiles() {
  const { files, parsed, charterText, charterName } = loaded;
  start((element) => {
    if (parsed) element.charter = parsed;
    element.files = files;
  });
  // Without a charter one can be begun here: what is left out of it keeps its default.
  beginCharter(source, charterText ?? "{}", charterName ?? "charter.json", (edited) => {
    loaded = { ...loaded, parsed: edited, charterText: JSON.stringify(edited, null, 2), charterName: charterName ?? "charter.json", isEdited: true };
    drawSnippet();
  });
}

/** Puts what somebody said of a file's columns into the charter, and reads the file by it. */
function map(file, table, { columns, date_order, currency, deal_stages }) {
  const parsed = structuredClone(loaded.parsed ?? {});
  const mapping = ((parsed.sources ??= {})[table] ??= {});
  // Even with no column to name, the file has been looked at.
  mapping.columns = { ...mapping.columns, ...columns };
  if (date_order) mapping.date_order = date_order;
  if (currency) parsed.currency ??= currency;
  // Stages that the charter names already keep what it says of them.
  const known = (parsed.deal_stages ?? []).flatMap(({ id, label, aliases = [] }) => [id, label, ...aliases]).map((name) => name.toLowerCase());
  const news = deal_stages.filter(({ id }) => !known.includes(id.toLowerCase()));
  if (news.length) parsed.deal_stages = [...(parsed.deal_stages ?? []), ...news];
  const files = [...loaded.files.filter(({ name }) => name !== file.name), file];
  loaded = { ...loaded, files, parsed, charterText: JSON.stringify(parsed, null, 2), charterName: loaded.charterName ?? "charter.json", isEdited: true };
  $("columns").replaceChildren();
  clearTrouble();
  readFiles();
}

/** Begins anew. */
function forget() {
  loaded = source = widget = null;
  tables = [];
  clearTrouble();
  endCharter();
  $("found").hidden = $("forget").hidden = true;
  $("source-place").replaceChildren();
  $("inventory").replaceChildren();
  $("columns").replaceChildren();
  const hint = Object.assign(document.createElement("p"), { className: "hint", textContent: "Load files or the sample data to see the widget." });
  stage.replaceChildren(hint);
  $("files-status").textContent = "No files yet.";
  $("files").value = "";
  draw();
}

async function sample() {
  clearTrouble();
  $("columns").replaceChildren();
  $("forget").hidden = false;
  loaded = { sample: true };
  controls.elements["as-of"].value = SAMPLE["as-of"];
  controls.elements.period.value = "2025";
  $("files-status").textContent = "Reading the sample data…";
  start((element) => {
    for (const name of [...SAMPLE_TABLES, "charter"]) element.setAttribute(name, SAMPLE[name]);
  });
  const shown = source;
  const text = await (await fetch(SAMPLE.charter)).text();
  if (source === shown) beginCharter(source, text, "charter.json");
}

function start(fill) {
  source = document.createElement("mops-source");
  source.id = "data";
  source.className = "bare";
  source.setAttribute("as-of", controls.elements["as-of"].value);
  source.addEventListener("mops-ready", ready);
  source.addEventListener("mops-change", ready);
  source.addEventListener("mops-error", (event) => tell(event.detail));
  fill(source);
  $("found").hidden = false;
  $("inventory").replaceChildren();
  $("source-place").replaceChildren(source);
  tables = [];
  draw();
}

function ready(event) {
  if (event.target !== source) return;
  const inventory = source.getView().body;
  clearTrouble();
  tables = inventory.tables;
  showInventory($("inventory"), inventory);
  const rows = tables.reduce((sum, table) => sum + table.read, 0);
  const rejected = tables.reduce((sum, table) => sum + table.read - table.accepted, 0);
  $("files-status").textContent =
    `${rows.toLocaleString("en")} rows read, ${rejected.toLocaleString("en")} rejected. Nothing was uploaded.`;
  offerSegments();
  drawSnippet();
  for (const report of tables) {
    const file = loaded?.files?.find(({ name }) => name === report.source);
    if (!file || loaded.parsed?.sources?.[report.table]?.columns) continue;
    offerColumns($("columns"), file, report, (table, said) => map(file, table, said));
  }
}

/** Offers the fields to break down by that the data have. */
function offerSegments() {
  const there = new Set(tables.flatMap((table) => table.fields.map((field) => field.field)));
  const segment = controls.elements.segment;
  const chosen = segment.value;
  const offered = Object.entries(SEGMENTS).filter(([field]) => there.has(field));
  segment.replaceChildren(new Option("Nothing", ""), ...offered.map(([field, label]) => new Option(label, field)));
  segment.value = offered.some(([field]) => field === chosen) ? chosen : "";
}

/** Periods worth offering at the as-of date; any other that the engine knows can be written. */
function offerPeriods() {
  const year = Number(controls.elements["as-of"].value.slice(0, 4)) || new Date().getFullYear();
  const ids = ["all", "last-3-months", "last-6-months", "last-12-months", "this-quarter", "this-year", `${year}`, `${year - 1}`,
    ...[4, 3, 2, 1].map((quarter) => `${year - 1}-Q${quarter}`)];
  $("periods").replaceChildren(...ids.map((id) => new Option(id, id)));
}

function attributes() {
  const tag = controls.elements.tag.value;
  const named = [...used(tag), "theme", "density"].map((name) => [name, controls.elements[name].value.trim()]);
  return { tag, named: named.filter(([, value]) => value) };
}

/** Shows the chosen widget. Turning an attribute changes the widget that is there; another tag makes another one. */
function draw() {
  const { tag, named } = attributes();
  for (const name of ["metric", "period", "compare", "segment", "semantics"]) {
    controls.elements[name].disabled = !used(tag).includes(name);
  }
  const width = Number(controls.elements.width.value);
  $("width-out").textContent = width >= 1000 ? "full" : `${width} px`;
  offerPeriods();
  drawSnippet();
  if (!source) return;
  if (widget?.localName !== tag) {
    widget = document.createElement(tag);
    widget.setAttribute("source", "data");
    stage.replaceChildren(widget);
  }
  const wanted = new Map(named);
  if (!wanted.has("theme")) wanted.set("theme", document.documentElement.dataset.theme ?? "auto");
  for (const name of ["metric", "period", "compare", "segment", "semantics", "theme", "density"]) {
    if (!wanted.has(name)) widget.removeAttribute(name);
    else if (widget.getAttribute(name) !== wanted.get(name)) widget.setAttribute(name, wanted.get(name));
  }
  widget.style.width = width >= 1000 ? "" : `${width}px`;
  if (source.getAttribute("as-of") !== controls.elements["as-of"].value && controls.elements["as-of"].value) {
    source.setAttribute("as-of", controls.elements["as-of"].value);
  }
}

function drawSnippet() {
  const { tag, named } = attributes();
  const made = snippet({
    tag, named, tables, loaded: loaded ?? { sample: true }, sample: SAMPLE, asOf: loaded ? controls.elements["as-of"].value : SAMPLE["as-of"], here: location.href,
  });
  const code = document.createElement("code");
  code.textContent = made.text;
  $("snippet").replaceChildren(code);
  $("snippet-hint").textContent = made.hint;
}

/** Says what is wrong, where, why and what to do; the page goes on. */
function tell(error) {
  const said = (error.errors ?? [error]).map(({ where, message, mend }) => {
    const { line, field, pointer, source: file = error.where?.source } = where ?? {};
    const place = [file, line && `line ${line}`, field && `field ${field}`, pointer].filter(Boolean).join(", ");
    const strong = document.createElement("strong");
    strong.textContent = place ? `${place}: ` : "";
    const paragraph = document.createElement("p");
    paragraph.append(strong, [message, mend].filter(Boolean).join(" "));
    return paragraph;
  });
  const box = $("trouble");
  box.replaceChildren(...said);
  box.hidden = false;
  $("files-status").textContent = "Not everything could be read.";
  const unknown = loaded?.files?.find(({ name }) => name === error.where?.source);
  if (unknown && /recognised|its headers fit/.test(error.message)) {
    offerColumns($("columns"), unknown, null, (table, words) => map(unknown, table, words));
  }
  // What can't be read does not stand in the way of the next file.
  if (loaded?.files) loaded.files = loaded.files.filter(({ name }) => name !== error.where?.source);
}

function clearTrouble() {
  $("trouble").hidden = true;
  $("trouble").replaceChildren();
}

$("files").addEventListener("change", (event) => take([...event.target.files]));
$("forget").addEventListener("click", forget);
$("sample").addEventListener("click", sample);
controls.addEventListener("input", draw);
controls.addEventListener("submit", (event) => event.preventDefault());

const drop = $("drop");
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  take([...event.dataTransfer.files]);
});
// A file dropped beside the box would otherwise replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());

$("copy").addEventListener("click", async () => {
  const text = $("snippet").textContent;
  try {
    await navigator.clipboard.writeText(text);
    $("copy-status").textContent = "Copied.";
    $("copy").textContent = "Copied";
  } catch {
    getSelection().selectAllChildren($("snippet"));
    $("copy-status").textContent = "Selected: copy it with the keyboard.";
    $("copy").textContent = "Selected";
  }
  setTimeout(() => ($("copy").textContent = "Copy"), 2000);
});

draw();
