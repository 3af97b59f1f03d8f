// Every demo page under the strict policy with Trusted Types, and its numbers against the terminal's.
import { test } from "node:test";
import assert from "node:assert/strict";
import { base, clean, listen, mops, open, PAGES, report, sampleFiles, settled, shown, view } from "./harness.mjs";
import { FILES, holdsTheTerminals, shows } from "./numbers.mjs";

test("the site sends the strict policy", async () => {
  const answer = await fetch(await base());
  const policy = answer.headers.get("content-security-policy");
  for (const part of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "require-trusted-types-for 'script'"]) {
    assert.ok(policy?.includes(part), `${part} is missing from ${policy}`);
  }
  assert.ok(!/unsafe-inline|'unsafe-eval'/.test(policy));
});

for (const path of PAGES) {
  for (const theme of ["light", "dark"]) {
    test(`${path} loads in ${theme} without a violation or an error`, async () => {
      const page = await open(path, { theme });
      await shown(page, path);
      clean(page);
      const own = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
      assert.deepEqual(own.filter((url) => !url.startsWith(new URL(page.url()).origin)), [], "only the site itself is asked");
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${over} px too wide`);
      await page.context().close();
    });
  }
}

test("no page is too wide, from 240 to 1600 px", async () => {
  for (const path of PAGES) {
    const page = await open(path);
    await shown(page, path);
    for (const width of [240, 320, 400, 768, 1024, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(250);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} at ${width} px is ${over} px too wide`);
    }
    clean(page);
    await page.context().close();
  }
});

for (const path of Object.keys(FILES)) {
  test(`every widget of ${path} holds and shows the terminal's numbers`, async () => {
    const page = await open(path);
    await settled(page);
    await holdsTheTerminals(page, path);
    clean(page);
    await page.context().close();
  });
}

test("the figures of `mops report` stand on the page", async () => {
  const page = await open("demo/intranet.html");
  await settled(page);
  const { figures } = await report(...sampleFiles, "--period", "2025");
  const own = await page.$eval("mops-scorecard", (element) => element.getView().body.rows.map(({ figure }) => figure));
  for (const figure of own) {
    const native = figures.find(({ id }) => id === figure.id);
    assert.equal(figure.value, native.value, figure.id);
    assert.deepEqual(figure.numerator, native.numerator, figure.id);
    assert.deepEqual(figure.denominator, native.denominator, figure.id);
    assert.deepEqual(figure.interval, native.interval, figure.id);
    assert.equal(figure.used, native.used, figure.id);
    assert.deepEqual(figure.excluded, native.excluded, figure.id);
    assert.equal(figure.definition.hash, native.definition.hash, figure.id);
  }
  await page.context().close();
});

test("the KPI reference has every figure that the terminal explains, under its own address", async () => {
  const page = await open("demo/kpis.html#win_rate");
  const entries = await page.$$eval(".kpi", (all) => all.map((entry) => ({
    id: entry.id, name: entry.querySelector("h3").textContent, linked: document.querySelector(`.contents a[href="#${entry.id}"]`)?.textContent,
  })));
  const explained = [...(await mops("explain")).matchAll(/^(\S.*) \((\w+)\)$/gm)].map(([, name, id]) => ({ id, name }));
  assert.ok(explained.length > 10);
  const byId = (a, b) => (a.id < b.id ? -1 : 1);
  assert.deepEqual(entries.map(({ id, name }) => ({ id, name })).sort(byId), explained.sort(byId));
  for (const { name, linked } of entries) assert.equal(linked, name);
  assert.ok(await page.evaluate(() => document.querySelector(":target").getBoundingClientRect().top < innerHeight), "the address leads to the entry");
  clean(page);
  await page.context().close();
});

test("the theme toggle turns page and widgets, and travels in the address", async () => {
  const page = await open("demo/intranet.html");
  await settled(page);
  await page.click(".theme-toggle");
  assert.equal(await page.$eval("mops-kpi", (element) => element.getAttribute("theme")), "dark");
  assert.match(page.url(), /theme=dark/);
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.reload();
  await settled(page);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), dark);
  clean(page);
  await page.context().close();
});

test("the CRM's tabs work by keyboard, and the frame shows the owner's figure", async () => {
  const page = await open("demo/crm.html");
  await settled(page);
  await page.focus("#tab-owner");
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.isVisible("#panel-account"));
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.isVisible("#frame"));
  await page.waitForSelector("#frame iframe");
  const frame = await (await page.$("#frame iframe")).contentFrame();
  await frame.waitForURL(/frame\.html/);
  await frame.waitForFunction(() => document.querySelector("mops-kpi")?.getView?.());
  const framed = await frame.evaluate(() => document.querySelector("mops-kpi").getView());
  const beside = await page.$eval("#panel-owner mops-kpi", (element) => element.getView());
  assert.deepEqual(framed.body.figure.value, beside.body.figure.value);
  // The frame is as high as what it shows, once it is on screen.
  await page.waitForFunction(() => {
    const frame = document.querySelector("#frame iframe");
    const inside = frame.contentDocument.querySelector("main").getBoundingClientRect().height;
    return inside > 60 && Math.abs(frame.clientHeight - inside) <= 2;
  });
  clean(page);
  await page.context().close();
});

test("the developer's page answers without a widget and hears events", async () => {
  const page = await open("demo/app.html");
  await page.waitForFunction(() => document.querySelectorAll("#sources-table tbody tr").length > 3);
  await settled(page);
  const native = await view("kpi", ...sampleFiles, "--kpi", "win_rate", "--period", "2025", "--segment", "source");
  const rows = await page.$$eval("#sources-table tbody tr", (all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.equal(rows.length, native.body.segments.length);
  for (const [index, segment] of native.body.segments.entries()) {
    assert.equal(rows[index][3], String(segment.used));
    if (segment.value !== null) assert.ok(shows(rows[index][1], segment.value, "rate"), `${rows[index]} is not ${segment.value}`);
  }
  assert.match(await page.textContent("[data-code='app.js#ask']"), /startEngine\(\)/);
  assert.match(await page.textContent("#event-log"), /mops-ready/);
  const heard = await listen(page, "mops-error");
  assert.deepEqual(await heard(), []);
  clean(page);
  await page.context().close();
});
