// axe-core on every demo page, and every widget worked by keyboard alone.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { clean, fixture, listen, open, PAGES, sampleSource, settled, shown, WIDGETS } from "./harness.mjs";
import { focused, tabTo } from "./keyboard.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, as lines. The page's policy would refuse the script, so these pages are opened without it. */
export async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.flat().join(" ")} ${node.html.slice(0, 160)} ${node.failureSummary}`));
}

for (const path of PAGES) {
  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing on ${path} in ${theme}`, async () => {
      const page = await open(path, { theme, bypassCSP: true });
      await shown(page, path);
      assert.deepEqual(await findings(page), []);
      // What opens is looked at too.
      for (const name of ["Definition and evidence", "Data table", "Export"]) {
        const tools = page.locator(`button[aria-label^="${name}"]:visible`);
        if (await tools.count()) {
          await tools.first().click();
          assert.deepEqual(await findings(page), [], `${name} open`);
          await page.keyboard.press("Escape");
        }
      }
      await page.context().close();
    });
  }
}

const PANELS = ["mops-kpi", "mops-funnel", "mops-cohorts"];

for (const tag of PANELS) {
  test(`${tag} by keyboard: definition, table, export, and back`, async () => {
    const page = await fixture(`${sampleSource()}<${tag} metric="win_rate" period="2025"></${tag}>`);
    await settled(page);
    const panel = () => page.$eval(tag, (element) => element.shadowRoot.querySelector(".panel")?.getAttribute("aria-label") ?? null);

    await tabTo(page, /^Definition and evidence/);
    await page.keyboard.press("Enter");
    assert.match(await panel(), /^Definition and evidence/);
    const text = await page.$eval(tag, (element) => element.shadowRoot.querySelector(".panel").textContent);
    for (const word of ["Formula", "Owner", "Sign-off"]) assert.ok(text.includes(word), `${word} is missing: ${text}`);
    // What the definition says is fetched now, not before.
    await page.waitForFunction(
      (tag) => document.querySelector(tag).shadowRoot.querySelector(".panel .formula")?.textContent.length > 20, tag);
    await page.keyboard.press("Escape");
    assert.equal(await panel(), null);
    assert.match((await focused(page)).name, /^Definition and evidence/, "Escape gives the focus back to the button");

    await tabTo(page, /^Data table/);
    await page.keyboard.press("Space");
    assert.match(await panel(), /^Data table/);
    assert.ok((await page.$eval(tag, (element) => element.shadowRoot.querySelectorAll(".panel tbody tr").length)) > 1);
    await page.keyboard.press("Escape");

    await tabTo(page, /^Export/);
    await page.keyboard.press("Enter");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      tabTo(page, /^CSV$/).then(() => page.keyboard.press("Enter")),
    ]);
    assert.match(download.suggestedFilename(), /\.csv$/);
    clean(page);
    await page.context().close();
  });
}

test("the funnel's stages are reached by arrow keys and selected with Enter", async () => {
  const page = await fixture(`${sampleSource()}<mops-funnel period="2025"></mops-funnel>`);
  await settled(page);
  const selected = await listen(page, "mops-select");
  const first = await tabTo(page, (at) => at.item === "0");
  await page.keyboard.press("ArrowDown");
  const second = await focused(page);
  assert.equal(second.item, "1", "the arrow moves to the next stage");
  assert.notEqual(second.name, first.name);
  // Between two stages lies the step from one to the other, which tells but can't be selected.
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => globalThis.__heard["mops-select"].length > 0);
  const [event] = await selected();
  assert.equal(event.from, "mops-funnel");
  const stages = await page.$eval("mops-funnel", (element) => element.getView().body.stages.map(({ id }) => id));
  assert.ok(stages.includes(event.detail.part), JSON.stringify(event));
  clean(page);
  await page.context().close();
});

test("the scorecard's definitions open by keyboard", async () => {
  const page = await fixture(`${sampleSource()}<mops-scorecard period="2025" metrics="win_rate average_deal"></mops-scorecard>`);
  await settled(page);
  await tabTo(page, /^Average deal/i);
  await page.keyboard.press("Enter");
  const panel = await page.$eval("mops-scorecard", (element) => element.shadowRoot.querySelector(".panel").textContent);
  assert.match(panel, /Formula/);
  assert.match(panel, /average_deal/);
  clean(page);
  await page.context().close();
});

test("filters by keyboard change what the other widgets show", async () => {
  const page = await fixture(`${sampleSource()}<mops-filters period="2025"></mops-filters><mops-kpi metric="win_rate"></mops-kpi>`);
  await settled(page);
  const before = await page.$eval("mops-kpi", (element) => element.getView());
  const heard = await listen(page, "mops-filter-change");
  await tabTo(page, (at) => at.role === "select");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction((id) => document.querySelector("mops-kpi").getView().period.id !== id, before.period.id);
  assert.ok((await heard()).length >= 1);

  // Values of a field: open the list, choose the first, close it.
  await tabTo(page, /^Owner/);
  await page.keyboard.press("Enter");
  await tabTo(page, (at) => at.role === "input" && !/Search/.test(at.name));
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector("mops-kpi").getView().filter.owner?.length === 1);
  await page.keyboard.press("Escape");
  assert.match((await focused(page)).name, /^Owner/, "Escape gives the focus back to the button");
  clean(page);
  await page.context().close();
});

test("the focus is visible on every stop", async () => {
  const page = await fixture(`${sampleSource()}${WIDGETS.map((tag) => `<${tag} metric="win_rate" period="2025"></${tag}>`).join("")}`);
  await settled(page);
  const stops = await page.evaluate(() => {
    const found = [];
    const walk = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) walk(element.shadowRoot);
        if (element.tabIndex >= 0 && !element.disabled && element.checkVisibility()) found.push(element);
      }
    };
    walk(document);
    return found.map((element) => {
      element.focus({ focusVisible: true });
      const style = getComputedStyle(element);
      const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none"
        // Parts of a picture are marked by their stroke.
        || element instanceof SVGElement && style.stroke !== "none" && parseFloat(style.strokeWidth) > 0;
      return marked ? null : element.outerHTML.slice(0, 120);
    }).filter(Boolean);
  });
  assert.deepEqual(stops, []);
  await page.context().close();
});
