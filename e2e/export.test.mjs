// What a widget gives away: tables, views, events; for pictures see pictures.test.mjs; and how it writes numbers elsewhere.
import { test } from "node:test";
import assert from "node:assert/strict";
import { cardByOwner, clean, fixture, listen, sampleFiles, sampleSource, settled, view } from "./harness.mjs";

/** An export as text and as bytes. */
const exported = (page, selector, format) => page.$eval(selector, async (element, format) => {
  const blob = await element.export({ format });
  return { type: blob.type, bytes: [...new Uint8Array(await blob.arrayBuffer())] };
}, format);
const text = ({ bytes }) => Buffer.from(bytes).toString("utf8");

/** Cells of a CSV (RFC 4180). */
function cells(csv) {
  const rows = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") rows.push([]);
    if (end === "") break;
  }
  return rows.filter((row) => row.length > 1 || row[0]);
}

test("CSV is the table behind the picture", async () => {
  const page = await fixture(`${sampleSource()}<mops-funnel period="2025"></mops-funnel>`);
  await settled(page);
  const file = await exported(page, "mops-funnel", "csv");
  assert.match(file.type, /^text\/csv/);
  const rows = cells(text(file).replace(/^\uFEFF/, ""));
  const { stages } = await page.$eval("mops-funnel", (element) => element.getView().body);
  assert.equal(rows.length, stages.length + 1);
  for (const [index, stage] of stages.entries()) {
    assert.equal(rows[index + 1][0], stage.label);
    assert.equal(Number(rows[index + 1][1]), stage.count);
  }
  clean(page);
  await page.context().close();
});

test("what was read and what can be chosen are tables too", async () => {
  const page = await fixture(`${sampleSource()}<mops-filters></mops-filters>`);
  await settled(page);
  const rowsOf = async (tag) => cells(text(await exported(page, tag, "csv")).replace(/^\uFEFF/, ""));
  const { tables } = await page.$eval("mops-source", (element) => element.getView().body);
  assert.equal((await rowsOf("mops-source")).length, tables.reduce((sum, { fields }) => sum + 1 + fields.length, 0));
  const { fields } = await page.$eval("mops-filters", (element) => element.getView().body);
  const chosen = await rowsOf("mops-filters");
  const all = fields.flatMap(({ label, values }) => values.map(({ count }) => [label, String(count)]));
  assert.deepEqual(chosen.slice(1).map(([label, , count]) => [label, count]), all);
  clean(page);
  await page.context().close();
});

test("CSV defuses formulas that stand in the data", async () => {
  const owners = ['=HYPERLINK("https://example.com","x")', "+1+1", "-2+3", "@SUM(A1)", "<img src=x onerror=alert(1)>", "Ana"];
  const page = await cardByOwner(owners);
  const first = cells(text(await exported(page, "mops-kpi", "csv")).replace(/^\uFEFF/, "")).slice(1).map((row) => row[0]);
  for (const owner of owners) {
    const wanted = /^[=+\-@]/.test(owner) ? `'${owner}` : owner;
    assert.ok(first.includes(wanted), `${wanted} is not among ${JSON.stringify(first)}`);
  }
  assert.ok(first.every((cell) => !/^[=+\-@]/.test(cell)));
  // The same text is only ever text on the page.
  assert.equal(await page.$eval("mops-kpi", (element) => element.shadowRoot.querySelectorAll("img").length), 0);
  assert.match(await page.$eval("mops-kpi", (element) => element.shadowRoot.textContent), /<img src=x/);
  clean(page);
  await page.context().close();
});

test("getView is the terminal's view, and a copy", async () => {
  const asks = {
    "mops-kpi": ["kpi", 'metric="sales_cycle" period="2025-Q3" compare="previous" segment="source"', ["--kpi", "sales_cycle", "--period", "2025-Q3", "--compare", "previous", "--segment", "source"]],
    "mops-funnel": ["funnel", 'period="2025" semantics="any_stages"', ["--period", "2025", "--semantics", "any_stages"]],
    "mops-cohorts": ["cohorts", 'period="2025"', ["--period", "2025"]],
    "mops-scorecard": ["scorecard", 'period="last-6-months" compare="previous"', ["--period", "last-6-months", "--compare", "previous"]],
    "mops-filters": ["filters", "", []],
  };
  const page = await fixture(sampleSource() + Object.entries(asks).map(([tag, [, attributes]]) => `<${tag} ${attributes}></${tag}>`).join(""));
  await settled(page);
  for (const [tag, [name, , args]] of Object.entries(asks)) {
    const own = await page.$eval(tag, (element) => element.getView());
    assert.deepEqual(own, await view(name, ...sampleFiles, ...args), tag);
  }
  const changed = await page.$eval("mops-kpi", (element) => {
    element.getView().body.figure.value = -1;
    return element.getView().body.figure.value;
  });
  assert.notEqual(changed, -1);
  clean(page);
  await page.context().close();
});

test("events bubble, cross shadow roots and carry the view", async () => {
  const page = await fixture("<div id=host></div>");
  const ready = await listen(page, "mops-ready");
  const change = await listen(page, "mops-change");
  await page.waitForFunction(() => customElements.get("mops-kpi"));
  await page.evaluate(async (source) => {
    const root = document.querySelector("#host").attachShadow({ mode: "open" });
    const made = document.createElement("mops-source");
    for (const [name, value] of Object.entries(source)) made.setAttribute(name, value);
    const kpi = document.createElement("mops-kpi");
    kpi.setAttribute("metric", "win_rate");
    root.append(made, kpi);
    await new Promise((resolve) => kpi.addEventListener("mops-ready", resolve));
    kpi.setAttribute("metric", "average_deal");
    await new Promise((resolve) => kpi.addEventListener("mops-change", resolve));
  }, { contacts: "demo/data/contacts.csv", deals: "demo/data/deals.csv", charter: "demo/data/charter.json", "as-of": "2026-01-01" });
  // Seen from outside, they come from the host.
  assert.ok((await ready()).some(({ id, detail }) => id === "host" && detail.view));
  assert.ok((await change()).some(({ id, detail }) => id === "host" && detail.view));
  clean(page);
  await page.context().close();
});

test("numbers, money and dates are written as in German", async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi id="rate" locale="de-DE" metric="win_rate" period="2025"></mops-kpi>
    <mops-kpi id="money" locale="de-DE" metric="average_deal" period="2025"></mops-kpi>
    <div lang="de"><mops-kpi id="inherited" metric="win_rate" period="2025"></mops-kpi></div>`);
  await settled(page);
  for (const id of ["rate", "money", "inherited"]) {
    const { shown, expected } = await page.$eval(`#${id}`, (element) => {
      const { value, unit, currency } = element.getView().body.figure;
      const options = unit === "rate"
        ? { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }
        : { style: "currency", currency, minimumFractionDigits: 0, maximumFractionDigits: 0 };
      return { shown: element.shadowRoot.querySelector("[part~=value]").textContent, expected: new Intl.NumberFormat("de-DE", options).format(value) };
    });
    assert.equal(shown, expected, id);
  }
  await page.$eval("#rate", (element) => element.setAttribute("locale", "en-GB"));
  await page.waitForFunction(() => /\d\.\d\s?%/.test(document.querySelector("#rate").shadowRoot.querySelector("[part~=value]").textContent));
  clean(page);
  await page.context().close();
});

test("right to left: mirrored, nothing cut off, numbers unharmed", async () => {
  const widgets = `${sampleSource()}<mops-filters></mops-filters><mops-kpi metric="win_rate" period="2025" compare="previous"></mops-kpi>
    <mops-funnel period="2025"></mops-funnel><mops-cohorts period="2025"></mops-cohorts><mops-scorecard period="2025"></mops-scorecard>`;
  const page = await fixture(widgets, { attributes: 'dir="rtl"', width: 400 });
  await settled(page);
  const found = await page.$$eval("mops-kpi, mops-funnel, mops-cohorts, mops-scorecard", (all) => all.map((element) => {
    const box = element.getBoundingClientRect();
    const title = element.shadowRoot.querySelector("[part~=title]")?.getBoundingClientRect();
    return {
      tag: element.localName,
      direction: getComputedStyle(element.shadowRoot.firstElementChild).direction,
      // The heading stands at the right, where reading starts.
      start: title ? box.right - title.right < title.left - box.left + 1 : true,
      outside: [...element.shadowRoot.querySelectorAll("*")].filter((inner) => {
        if (inner.closest("[part~=table], .scroll, .visually-hidden, .hidden") || !inner.checkVisibility()) return false;
        const { left, right, width } = inner.getBoundingClientRect();
        return width > 1 && (left < box.left - 1 || right > box.right + 1);
      }).map((inner) => inner.outerHTML.slice(0, 100)),
    };
  }));
  for (const { tag, direction, start, outside } of found) {
    assert.equal(direction, "rtl", tag);
    assert.ok(start, `${tag}: the heading does not start at the right`);
    assert.deepEqual(outside, [], tag);
  }
  clean(page);
  await page.context().close();
});

test("numbers and dates of another script keep their order within English sentences", async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi metric="sales_cycle" period="2025-Q4" compare="previous"></mops-kpi>
    <mops-scorecard period="2025"></mops-scorecard>`, { attributes: 'dir="rtl" lang="ar"' });
  // `fixture` writes `lang="en"` first, and the first attribute counts.
  await page.evaluate(() => { document.documentElement.lang = "ar"; });
  await page.waitForFunction(() => /\p{Script=Arabic}/u.test(document.querySelector("mops-kpi").shadowRoot?.querySelector("[part~=value]")?.textContent));
  await settled(page);
  const texts = await page.$$eval("mops-source, mops-kpi, mops-scorecard", (all) => all.flatMap(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("*")].flatMap((inner) => [...inner.childNodes]).filter((node) => node.nodeType === 3).map(({ data }) => data)));
  const mixed = texts.filter((text) => /[\u0590-\u08ff\u200f]/.test(text) && /[A-Za-z]/.test(text));
  assert.ok(mixed.some((text) => /as of \u2068.*2026.*\u2069/.test(text)), mixed.join("\n"));
  // Between isolates nothing of the other script is left that could reorder the sentence.
  assert.deepEqual(mixed.filter((text) => /[\u0590-\u08ff\u200f]/.test(text.replace(/\u2068[^\u2069]*\u2069/g, ""))), []);
  clean(page);
  await page.context().close();
});
