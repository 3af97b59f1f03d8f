// Boards, from made-up views that have every layout and state: no data and no engine.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { clean, fixture, listen, newPage } from "./harness.mjs";
import { EMPTY, SAMPLES } from "./boards.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A page with a board, at a width. */
async function shown(tag, view = SAMPLES[tag], { width = 1280, ...options } = {}) {
  const page = await newPage({ width, ...options });
  await fixture(`<${tag}></${tag}>`, { page });
  await page.$eval(tag, (element, view) => { element.view = view; }, view);
  await page.waitForFunction((tag) => document.querySelector(tag).shadowRoot?.querySelector(".board, .message"), tag);
  return page;
}

const inside = (page, tag, work) => page.$eval(tag, work);
const panel = (page, tag) => inside(page, tag, ({ shadowRoot }) => shadowRoot.querySelector(".panel:not([hidden])")?.textContent ?? null);

for (const [tag, view] of Object.entries(SAMPLES)) {
  test(`${tag} says all that its view says`, async () => {
    const page = await shown(tag);
    const text = await inside(page, tag, ({ shadowRoot }) => shadowRoot.querySelector(".board").textContent);
    assert.ok(text.includes(view.body.message));
    for (const { label } of view.body.figures) assert.ok(text.includes(label), label);
    for (const { layout, id, rows } of view.body.sections) {
      const isDrawn = layout === "graph" || layout === "series" || id.endsWith("_links");
      if (!isDrawn) for (const { label, note } of rows) assert.ok(text.includes(label) && text.includes(note), `${label}: ${note}`);
    }
    clean(page);
    await page.context().close();
  });

  test(`${tag}: nothing is cut off from 240 to 1600 px, in either direction`, async () => {
    const page = await shown(tag);
    for (const dir of ["ltr", "rtl"]) {
      await page.evaluate((dir) => { document.documentElement.dir = dir; }, dir);
      for (const width of [240, 300, 400, 600, 800, 1280, 1600]) {
        await page.setViewportSize({ width, height: 800 });
        await page.waitForTimeout(120);
        const over = await inside(page, tag, (element) => {
          const box = element.getBoundingClientRect();
          return [...element.shadowRoot.querySelectorAll("*")].filter((inner) => {
            const { width, left, right } = inner.getBoundingClientRect();
            return width && (right > box.right + 1 || left < box.left - 1) && !inner.closest(".hidden, .scroll, .tip");
          }).map((inner) => inner.outerHTML.slice(0, 120));
        });
        assert.deepEqual(over, [], `${width} px, ${dir}`);
      }
    }
    await page.context().close();
  });

  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing on ${tag} in ${theme}`, async () => {
      const page = await shown(tag, view, { theme, bypassCSP: true });
      await page.evaluate(axe);
      for (const width of [1280, 300]) {
        await page.setViewportSize({ width, height: 800 });
        await page.waitForTimeout(120);
        const { violations } = await page.evaluate(() => globalThis.axe.run("main", { resultTypes: ["violations"] }));
        assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)), []);
      }
      await page.context().close();
    });
  }

  test(`${tag} by keyboard: a figure's definition, the tables, and back`, async () => {
    const page = await shown(tag);
    await page.locator(tag).getByRole("button", { name: view.body.figures[0].label, exact: true }).focus();
    await page.keyboard.press("Enter");
    assert.match(await panel(page, tag), /Formula/);
    await page.keyboard.press("Escape");
    assert.equal(await panel(page, tag), null);
    const back = await inside(page, tag, ({ shadowRoot }) => shadowRoot.activeElement?.textContent);
    assert.equal(back, view.body.figures[0].label, "Escape gives the focus back");
    await page.locator(tag).getByRole("button", { name: /^Data table/ }).focus();
    await page.keyboard.press("Enter");
    const tables = await inside(page, tag, ({ shadowRoot }) => shadowRoot.querySelectorAll(".panel table").length);
    assert.equal(tables, 1 + view.body.sections.length);
    clean(page);
    await page.context().close();
  });

  test(`${tag} gives every section as CSV`, async () => {
    const page = await shown(tag);
    const take = (options) => inside(page, tag, new Function("element", `return element.export(${JSON.stringify(options)}).then((blob) => blob.text(), (error) => error.code)`));
    for (const { id, columns, rows } of view.body.sections) {
      const lines = (await take({ section: id })).trimEnd().split("\r\n");
      assert.equal(lines.length, 1 + rows.length, id);
      for (const { label } of columns) assert.ok(lines[0].includes(label), `${label} is not in ${lines[0]}`);
    }
    assert.match(await take({ section: "figures" }), /^KPI,Value/);
    const whole = await take({});
    for (const { label } of view.body.figures) assert.ok(whole.includes(label));
    await page.context().close();
  });
}

test("the system map is walked from node to node, and Enter selects one", async () => {
  const tag = "mops-system-map";
  const page = await shown(tag);
  const heard = await listen(page, "mops-select");
  const at = () => inside(page, tag, ({ shadowRoot }) => shadowRoot.activeElement?.getAttribute("aria-label"));
  await page.locator(tag).locator("[data-of=graph] [tabindex='0']").focus();
  const first = await at();
  await page.keyboard.press("ArrowRight");
  const right = await at();
  assert.notEqual(right, first);
  assert.match(right, /[→←]/, "a node says what it is linked to");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => globalThis.__heard["mops-select"].length > 0);
  const [{ detail }] = await heard();
  assert.equal(detail.metric, "tools");
  assert.ok(SAMPLES[tag].body.sections[0].rows.some(({ id }) => id === detail.part), JSON.stringify(detail));
  clean(page);
  await page.context().close();
});

test("a system map in a sidebar is a list", async () => {
  const page = await shown("mops-system-map", undefined, { width: 300 });
  const [pictures, items] = await inside(page, "mops-system-map", ({ shadowRoot }) =>
    [".scene", ".item"].map((selector) => shadowRoot.querySelectorAll(selector).length));
  assert.equal(pictures, 0);
  const [nodes, links] = SAMPLES["mops-system-map"].body.sections;
  assert.equal(items, nodes.rows.length + links.rows.length);
  await page.context().close();
});

test("an empty board and a board of another kind say so", async () => {
  const page = await shown("mops-signals", EMPTY);
  assert.match(await inside(page, "mops-signals", ({ shadowRoot }) => shadowRoot.textContent), /Nothing to show/);
  await page.$eval("mops-signals", (element, view) => { element.view = view; }, SAMPLES["mops-stack"]);
  await page.waitForFunction(() => /another kind/.test(document.querySelector("mops-signals").shadowRoot.textContent));
  await page.context().close();
});
