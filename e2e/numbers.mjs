// Holds what a person reads against a value, whatever the format, and a page against the terminal.
import assert from "node:assert/strict";
import { BOARDS, sampleFiles, sampleFolder, view, WIDGETS } from "./harness.mjs";

/** Whether the value stands in the text at the precision with which the text writes it; `unit` as in a figure. */
export function shows(text, value, unit) {
  const wanted = unit === "rate" ? value * 100 : value;
  for (const [, digits, suffix] of text.matchAll(/(-?\d[\d,]*(?:\.\d+)?)\s?([KMB](?![a-z]))?/g)) {
    const plain = digits.replaceAll(",", "");
    const decimals = plain.split(".")[1]?.length ?? 0;
    const scale = { K: 1e3, M: 1e6, B: 1e9 }[suffix] ?? 1;
    // Half a unit of the last digit written, and room for how a tie is rounded.
    if (Math.abs(Number(plain) * scale - wanted) <= scale * 10 ** -decimals * 0.5000001) return true;
  }
  return false;
}

/** What the terminal reads on a page; nothing: the tables that the page itself names, since its boards need no others. */
export const FILES = {
  "index.html": sampleFiles, "demo/intranet.html": sampleFiles, "demo/crm.html": sampleFiles, "demo/governance.html": sampleFolder,
  "demo/revenue.html": null,
};

/** The terminal's words for the tables that a page names. */
const ownFiles = async (page) => {
  const named = await page.$eval("mops-source", (source) => [...source.attributes].map(({ name, value }) => [name, value]));
  const tables = named.filter(([name, value]) => value.endsWith(".csv") && !sampleFiles.includes(`--${name}`));
  return [...sampleFiles, ...tables.flatMap(([name, value]) => [`--${name}`, `demo/${value}`])];
};

const viewOf = (tag) => tag.slice("mops-".length).replaceAll("-", "_");

/** The arguments of the terminal for what an element asks. */
function asked({ period, compare, filter, semantics, segment }) {
  const args = [];
  if (period) args.push("--period", period);
  if (compare) args.push("--compare", compare);
  if (semantics) args.push("--semantics", semantics);
  if (segment) args.push("--segment", segment);
  for (const [field, values] of Object.entries(filter ? JSON.parse(filter) : {})) {
    for (const value of values) args.push("--filter", `${field}=${value}`);
  }
  return args;
}

/** Asserts that every widget of a page has the terminal's view and shows its figures. */
export async function holdsTheTerminals(page, path) {
  const files = FILES[path] ?? await ownFiles(page);
  // What `mops-filters` says holds where a widget says nothing itself.
  const shared = await page.evaluate(() => {
    const filters = document.querySelector("mops-filters");
    return { period: filters?.getAttribute("period"), compare: filters?.getAttribute("compare") };
  });
  const widgets = await page.$$eval([...WIDGETS, ...BOARDS].join(), (all) => all.map((element) => ({
    tag: element.localName,
    asks: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    view: element.getView(),
    // Piece by piece, or neighbours would run into one number.
    text: [...element.shadowRoot.querySelectorAll("*")].flatMap((inner) => [...inner.childNodes].filter((node) => node.nodeType === 3))
      .map((node) => node.data).join(" | "),
    shown: element.checkVisibility(),
  })));
  assert.ok(widgets.length);
  const natives = await Promise.all(widgets.map(({ tag, asks }) => {
    const name = viewOf(tag);
    const args = asked(name === "filters" ? { period: shared.period } : { ...asks, period: asks.period ?? shared.period, compare: asks.compare ?? shared.compare });
    if (name === "kpi") args.push("--kpi", asks.metric);
    if (name === "scorecard" && asks.metrics) for (const metric of asks.metrics.split(" ")) args.push("--kpi", metric);
    return view(name, ...files, ...args);
  }));
  for (const [at, { tag, asks, view: own, text, shown }] of widgets.entries()) {
    const [name, native] = [viewOf(tag), natives[at]];
    assert.deepEqual(own, native, `${path}: ${tag} ${JSON.stringify(asks)}`);
    const figures = { kpi: ({ figure }) => [figure], scorecard: ({ rows }) => rows.map(({ figure }) => figure) }[name]?.(own.body) ?? own.body.figures ?? [];
    for (const figure of figures) {
      assert.equal(figure.used + figure.excluded.reduce((sum, { count }) => sum + count, 0), figure.read, `${figure.id}: used + excluded = read`);
      if (figure.value !== null && shown) assert.ok(shows(text, figure.value, figure.unit), `${figure.id} is ${figure.value}, on screen stands: ${text}`);
    }
    if (name === "funnel" && shown) {
      for (const stage of own.body.stages) assert.ok(stage.count === null || shows(text, stage.count), `${stage.id}: ${stage.count} is not in ${text}`);
    }
  }
}
