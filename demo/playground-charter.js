// Editing the charter: an owner, a target or a parameter changes, the figures and the sign-offs follow at once, and the
// charter can be downloaded with everything that stood in it, comments too.

import { definitions as words } from "../dist/definitions.js";

const $ = (id) => document.getElementById(id);
const form = $("charter-form");
const scorecard = () => $("charter-figures").firstElementChild;

/** The charter being edited: a plain object, so that what this form doesn't know stays as it is. */
let charter = null;
let fileName = "charter.json";
let indent = 2;
let source = null;
/** Told of every change. */
let tell = () => {};
/** Whether there are changes that nobody has downloaded. */
let isAhead = false;
/** Definitions in force by KPI id, as the engine last gave them. */
let definitions = new Map();
let drawn = "";

/** Begins with the charter's text; nothing to edit without one. */
export function beginCharter(element, text, name, changed = () => {}) {
  source = element;
  tell = changed;
  // The edited charter over other data is as little saved as before.
  isAhead &&= text === JSON.stringify(charter, null, 2);
  fileName = name;
  indent = /\n(\s+)"/.exec(text)?.[1].length ?? 2;
  charter = JSON.parse(text);
  definitions = new Map();
  drawn = "";
  $("charter-sign").elements.at.valueAsDate ??= new Date();
  const figures = document.createElement("mops-scorecard");
  figures.setAttribute("source", source.id);
  figures.setAttribute("label", "All figures under this charter");
  figures.addEventListener("mops-ready", refresh);
  figures.addEventListener("mops-change", refresh);
  $("charter-figures").replaceChildren(figures);
  $("charter").hidden = false;
}

export function endCharter() {
  charter = null;
  isAhead = false;
  $("charter").hidden = true;
  $("charter-figures").replaceChildren();
}

/** The figures have changed: what is in force, who stands behind it, what the check finds. */
function refresh() {
  const rows = scorecard()?.getView()?.body.rows ?? [];
  definitions = new Map(rows.map(({ figure }) => [figure.id, figure.definition]).filter(([, definition]) => definition));
  offerKpis();
  drawFields();
  drawSignOffs();
  drawFindings();
}

function offerKpis() {
  const select = form.elements.kpi;
  if ([...select.options].map(({ value }) => value).join() === [...definitions.keys()].join()) return;
  const chosen = select.value;
  select.replaceChildren(...[...definitions.values()].map(({ id, name }) => new Option(name, id)));
  select.value = definitions.has(chosen) ? chosen : (definitions.keys().next().value ?? "");
}

const settings = () => charter.kpis?.[form.elements.kpi.value] ?? {};

/** A labelled field of the form. */
function field(name, label, value, more = {}, hint = "") {
  const input = document.createElement("input");
  for (const [attribute, text] of Object.entries({ name, value, ...more })) input.setAttribute(attribute, text);
  const made = document.createElement("label");
  made.append(label, input);
  if (hint) {
    const said = document.createElement("small");
    said.id = `charter-${name}`;
    said.textContent = hint;
    input.setAttribute("aria-describedby", said.id);
    input.setAttribute("aria-label", label);
    made.append(said);
  }
  return made;
}

/** Draws the fields of the chosen KPI, but not while somebody types in them. */
async function drawFields() {
  // Without them the fields still work.
  const said = await words().catch(() => ({}));
  const definition = definitions.get(form.elements.kpi.value);
  if (!definition || drawn === definition.id) return;
  drawn = definition.id;
  const { owner, target } = settings();
  const people = (charter.people ?? []).map(({ name, id }) => new Option(name ?? id));
  $("charter-people").replaceChildren(...people);
  $("charter-fields").replaceChildren(
    field("owner", "Owner", owner ?? "", { list: "charter-people", autocomplete: "off" }),
    field("target", "Target", target ?? "", { type: "number", step: "any" }, "In the figure’s unit; a rate from 0 to 1."),
    ...definition.parameters.map(({ name, value }) => field(
      `parameter:${name}`,
      name[0].toUpperCase() + name.slice(1).replaceAll("_", " "),
      value,
      /^-?[\d.]+$/.test(value) ? { type: "number", step: "any" } : {},
      said[definition.id]?.parameters?.[name],
    )),
  );
}

/** Writes a field into the charter; a blank one leaves it to the defaults. */
function take({ name, value, type }) {
  const id = form.elements.kpi.value;
  const next = structuredClone(charter);
  next.kpis ??= {};
  const own = (next.kpis[id] ??= {});
  const text = value.trim();
  const given = type === "number" ? Number(text) : text;
  const [place, key] = name.startsWith("parameter:") ? [(own.parameters ??= {}), name.slice(10)] : [own, name];
  if (text === "") delete place[key];
  else place[key] = given;
  if (own.parameters && !Object.keys(own.parameters).length) delete own.parameters;
  put(next);
}

/** Puts a changed charter into force. */
function put(next) {
  charter = next;
  source.charter = next;
  isAhead = true;
  tell(next);
}

/** Signs the chosen definition as it is now, as `mops charter sign` does. */
function sign({ by, at }) {
  const { id, hash } = definitions.get(form.elements.kpi.value) ?? {};
  if (!id) return;
  const next = structuredClone(charter);
  next.kpis ??= {};
  (next.kpis[id] ??= {}).sign_off = { by: by.value.trim(), at: at.value, hash };
  put(next);
}

function drawSignOffs() {
  const by = { signed: [], lapsed: [], unsigned: [] };
  for (const { name, sign_off: { state } } of definitions.values()) by[state]?.push(name);
  const { sign_off: own, hash } = definitions.get(form.elements.kpi.value) ?? {};
  const words = {
    signed: () => `Signed by ${own.by} on ${own.at}.`,
    lapsed: () => `Lapsed: ${own.by} signed on ${own.at}, and the definition has changed since. It is ${hash} now.`,
    unsigned: () => "Nobody has signed this definition.",
  };
  $("charter-sign-off").textContent = own ? words[own.state]() : "";
  $("charter-sign-offs").textContent = `${by.signed.length} definitions signed, ${by.lapsed.length} lapsed`
    + `${by.lapsed.length ? ` (${by.lapsed.join(", ")})` : ""}, ${by.unsigned.length} unsigned.`;
}

function drawFindings() {
  const findings = source.getView()?.body.findings ?? [];
  const items = findings.map(({ pointer, message, mend }) => {
    const item = document.createElement("li");
    const place = document.createElement("code");
    place.textContent = pointer;
    item.append(place, ` ${message} ${mend}`);
    return item;
  });
  $("charter-findings").replaceChildren(...items);
  $("charter-findings-title").textContent = findings.length
    ? `What the check finds (${findings.length})` : "The check finds nothing amiss";
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "kpi") {
    drawn = "";
    drawFields();
    drawSignOffs();
  } else take(target);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  document.activeElement?.blur();
});

$("charter-sign").addEventListener("submit", (event) => {
  event.preventDefault();
  sign(event.target.elements);
});

// Changes live in this page alone.
window.addEventListener("beforeunload", (event) => {
  if (isAhead) event.preventDefault();
});

$("charter-download").addEventListener("click", () => {
  isAhead = false;
  const text = `${JSON.stringify(charter, null, indent)}\n`;
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: fileName,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
