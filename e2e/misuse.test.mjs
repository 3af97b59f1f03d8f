// What somebody new gets wrong: each is told in the element, and as an event, with what to do.
import { test } from "node:test";
import assert from "node:assert/strict";
import { DATA, fixture, listen, newPage, sampleSource, settled } from "./harness.mjs";

const shows = (page, words, selector = "mops-kpi") => page.waitForFunction(
  ({ words, selector }) => document.querySelector(selector).shadowRoot?.textContent.includes(words), { words, selector });

test("text given as data is read, and never goes out as an address", async () => {
  const page = await newPage();
  const asked = [];
  page.context().on("request", (request) => asked.push(decodeURIComponent(request.url())));
  await fixture('<mops-source as-of="2026-01-01"></mops-source><mops-kpi metric="win_rate"></mops-kpi>', { page });
  await page.waitForFunction(() => customElements.get("mops-source"));
  await page.evaluate(() => {
    const source = document.querySelector("mops-source");
    source.data = {
      deals: "id,stage,owner,created_at,closed_at\n1,closedwon,Private Person,2025-01-01,2025-02-01\n",
      contacts: '[{"id": "a", "email": "private@x.example", "created_at": "2025-01-01"}]',
    };
    source.charter = '{"organisation": "Private House"}';
  });
  await settled(page);
  const view = await page.$eval("mops-kpi", (element) => element.getView());
  assert.equal(view.body.figure.value, 1);
  assert.equal(view.organisation, "Private House");
  assert.ok(!asked.some((url) => /private/i.test(url)), asked.join("\n"));
  await page.context().close();
});

test("a source that is not there is named once, and found when it comes", async () => {
  const page = await fixture('<mops-kpi source="data" metric="win_rate"></mops-kpi>');
  const errors = await listen(page, "mops-error");
  await shows(page, "No <mops-source> has the id “data”.");
  assert.deepEqual((await errors()).map(({ detail }) => [detail.code, detail.where.field]), [["missing_source", "source"]]);
  await page.evaluate(({ deals }) => {
    const source = Object.assign(document.createElement("mops-source"), { id: "data", deals, asOf: "2026-01-01" });
    document.querySelector("main").append(source);
  }, DATA);
  await settled(page);
  assert.equal((await errors()).length, 1);
  await page.context().close();
});

test("a wrong attribute is one event, however long reading takes", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    globalThis.wrong = [];
    document.addEventListener("mops-error", ({ detail }) => globalThis.wrong.push(detail));
  });
  await fixture(`${sampleSource()}<mops-kpi metric="win_rate" filter="owner=Ana"></mops-kpi>`, { page });
  await settled(page, "mops-source");
  await shows(page, "is not a JSON object");
  const wrong = await page.evaluate(() => globalThis.wrong);
  assert.equal(wrong.length, 1);
  assert.match(wrong[0].mend, /\{"owner": \["Ana"\]\}/);
  await page.context().close();
});

test("a mistyped attribute of a source gets the one it begins like", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    globalThis.wrong = [];
    document.addEventListener("mops-error", ({ detail }) => globalThis.wrong.push(detail));
  });
  await fixture('<mops-source contact="contacts.csv" data-host="x" class="y"></mops-source>', { page });
  await page.waitForFunction(() => globalThis.wrong.length);
  const wrong = await page.evaluate(() => globalThis.wrong.map(({ message, mend }) => [message, mend]));
  assert.deepEqual(wrong, [["“contact” is no attribute.", "Did you mean “contacts”?"]]);
  await page.context().close();
});

test("a mistyped KPI gets the one it is most like", async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi metric="winrate"></mops-kpi>`);
  await shows(page, "Did you mean “win_rate”?");
  await page.context().close();
});

for (const [file, words] of [
  ["mops_widgets_bg.wasm", "Serve mops_widgets_bg.wasm beside the scripts"],
  ["mops_engine_bg.wasm", "Serve mops_engine_bg.wasm beside the scripts"],
  ["engine.js", "Serve engine.js and the other scripts"],
]) {
  test(`a package without ${file} says so on the page`, async () => {
    const page = await newPage();
    await page.context().route(`**/dist/${file}`, (route) => route.fulfill({ status: 404, body: "" }));
    await fixture(`${sampleSource()}<mops-kpi metric="win_rate"></mops-kpi>`, { page });
    await shows(page, words);
    await page.context().close();
  });
}
