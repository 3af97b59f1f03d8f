// What pages do to elements that they embed: attributes that are nearly right, moves, other shadow trees, other languages.
import { test } from "node:test";
import assert from "node:assert/strict";
import { base, clean, DATA, fixture, listen, newPage, POLICY, sampleFiles, sampleSource, settled, view } from "./harness.mjs";

const DEALS = "id,stage,amount,created_at,closed_at\n1,closedwon,10,2025-01-01,2025-02-01\n";
/** Two frames and a turn of the page: whatever was to happen has happened. */
const rest = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 100)))));

/** What is told of these attributes: [message, mend] of each error. */
async function told(tag, attributes) {
  const page = await newPage();
  await page.addInitScript(() => {
    globalThis.wrong = [];
    document.addEventListener("mops-error", ({ detail }) => globalThis.wrong.push([detail.message, detail.mend]));
  });
  await fixture(`<${tag} ${attributes}></${tag}>`, { page });
  await page.waitForFunction((tag) => customElements.get(tag), tag);
  await rest(page);
  const wrong = await page.evaluate(() => globalThis.wrong);
  await page.context().close();
  return wrong;
}

test("a mistyped attribute gets the one that is nearly the same", async () => {
  assert.deepEqual(await told("mops-kpi", 'metrik="win_rate" perod="2025"'), [
    ["“metrik” is no attribute.", "Did you mean “metric”?"],
    ["“perod” is no attribute.", "Did you mean “period”?"],
  ]);
  assert.deepEqual(await told("mops-source", 'stageevents="a.csv" asof="2026-01-01"'), [
    ["“stageevents” is no attribute.", "Did you mean “stage-events”?"],
    ["“asof” is no attribute.", "Did you mean “as-of”?"],
  ]);
});

test("attributes of hosts and frameworks are nobody's mistake", async () => {
  const theirs = 'is="x" class="x" style="" title="x" part="x" slot="x" name="x" role="group" aria-label="x" data-deals="x" data-v-7ba5bd90 '
    + 'contenteditable="false" tooltip="x" contextmenu="x" itemid="x" nonce="x" tabindex="0" lang="en" dir="ltr" key="1" time="1" content="x"';
  assert.deepEqual(await told("mops-source", theirs), []);
  assert.deepEqual(await told("mops-kpi", theirs), []);
});

test("a source shows the cells to check and what the charter can say of them", async () => {
  const page = await newPage();
  await fixture('<mops-source as-of="2026-01-01"></mops-source>', { page });
  await page.waitForFunction(() => customElements.get("mops-source"));
  await page.evaluate(() => {
    const text = "id,stage,amount,created_at\n1,closedwon,1.500,3/2/2025\n2,closedwon,x,2025-01-01\n";
    document.querySelector("mops-source").data = { deals: new File([text], "deals.csv") };
  });
  await settled(page, "mops-source");
  await page.locator("mops-source button").last().click();
  const cells = await page.locator("mops-source .report .reasons li").allTextContents();
  assert.deepEqual(cells, [
    "1amountline 3 (2), amount: “x”; line 2, amount: “thousands or decimals? amounts read as in English: 1; set decimal_sign”",
    "1created_atline 2 (1), created_at: “3/2/2025 (day or month first? set date_order)”",
  ]);
  clean(page);
  await page.context().close();
});

test("a card says between which values a figure may lie", async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi metric="pipeline_sourced" period="2025"></mops-kpi>`);
  await settled(page);
  const { bounds, value } = (await page.$eval("mops-kpi", (element) => element.getView())).body.figure;
  assert.ok(bounds[0] === value && bounds[1] > value, String(bounds));
  const [, ...shown] = /€([\d.]+)M\s–\s€([\d.]+)M possible/u.exec(await page.locator("mops-kpi .kpi").textContent());
  assert.deepEqual(shown.map(Number), bounds.map((bound) => Math.round(bound / 10_000) / 100));
  clean(page);
  await page.context().close();
});

test("a moved source keeps its data, and one that changed on the way reads it", async () => {
  const page = await newPage();
  const asked = [];
  page.context().on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").pop()));
  await fixture(`${sampleSource()}<mops-kpi metric="win_rate" period="2025"></mops-kpi><div id="there"></div>`, { page });
  await settled(page);
  asked.length = 0;
  const before = await page.$eval("mops-kpi", (element) => element.getView());
  await page.evaluate(() => document.querySelector("#there").append(document.querySelector("mops-source")));
  await rest(page);
  assert.deepEqual(asked, [], "nothing is read again");
  assert.deepEqual(await page.$eval("mops-kpi", (element) => element.getView()), before);
  await page.evaluate(() => {
    const source = document.querySelector("mops-source");
    source.remove();
    source.data = { deals: { name: "one", rows: [{ id: "1", stage: "closedwon", created_at: "2025-01-01", closed_at: "2025-02-01" }] } };
    document.querySelector("main").append(source);
  });
  await page.waitForFunction(() => document.querySelector("mops-kpi").getView()?.body.figure.used === 1);
  clean(page);
  await page.context().close();
});

test("a source that gets its id later is found at once", async () => {
  const page = await fixture(`<mops-source deals="${DATA.deals}" as-of="2026-01-01"></mops-source><mops-kpi source="late" metric="win_rate"></mops-kpi>`);
  const errors = await listen(page, "mops-error");
  await settled(page, "mops-source");
  await page.evaluate(() => { document.querySelector("mops-source").id = "late"; });
  await settled(page);
  await page.evaluate(() => { document.querySelector("mops-source").id = "other"; });
  await page.waitForFunction(() => !document.querySelector("mops-kpi").getView());
  await page.evaluate(() => { document.querySelector("mops-source").id = "late"; });
  await settled(page);
  assert.deepEqual((await errors()).filter(({ detail }) => detail.code !== "missing_source"), []);
  await page.context().close();
});

test("sources and languages are found through shadow trees, from inside out", async () => {
  const page = await fixture('<div id="app" lang="de"></div>');
  await page.waitForFunction(() => customElements.get("mops-kpi"));
  await page.evaluate(({ deals, charter }) => {
    const make = (tag, attributes) => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      return element;
    };
    const shadow = (element) => element.attachShadow({ mode: "open" });
    const app = shadow(document.querySelector("#app"));
    const [source, card] = [make("mops-source", { id: "data:1", deals, charter, "as-of": "2026-01-01" }), make("div", {})];
    app.append(source, card);
    const [named, first] = [make("mops-kpi", { source: "data:1", metric: "win_rate" }), make("mops-kpi", { metric: "win_rate" })];
    shadow(card).append(named, first);
    globalThis.cards = [named, first];
  }, DATA);
  await page.waitForFunction(() => globalThis.cards.every((card) => card.getView()));
  const texts = await page.evaluate(() => globalThis.cards.map((card) => card.shadowRoot.querySelector(".value").textContent));
  for (const text of texts) assert.match(text, /^\d+,\d\s%$/, "as German writes it");
  clean(page);
  await page.context().close();
});

test("another language, direction or font draws again", async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi metric="win_rate" period="2025"></mops-kpi><mops-funnel period="2025"></mops-funnel>`);
  await settled(page);
  const seen = () => page.evaluate(() => {
    const first = document.querySelector("mops-funnel").shadowRoot.querySelector("rect.mops-bar");
    return { value: document.querySelector("mops-kpi").shadowRoot.querySelector(".value").textContent, x: Number(first.getAttribute("x")) };
  });
  const before = await seen();
  assert.match(before.value, /^\d+\.\d%$/);
  const events = await listen(page, "mops-change");
  await page.evaluate(() => { document.documentElement.lang = "fr"; });
  await page.waitForFunction(() => /,/.test(document.querySelector("mops-kpi").shadowRoot.querySelector(".value").textContent));
  await page.evaluate(() => { document.documentElement.dir = "rtl"; });
  await rest(page);
  assert.notEqual((await seen()).x, before.x, "the funnel is mirrored");
  // A picture's letters are measured again once the page's font is there.
  await page.evaluate(() => {
    globalThis.drawn = 0;
    const measure = CanvasRenderingContext2D.prototype.measureText;
    CanvasRenderingContext2D.prototype.measureText = function (text) {
      globalThis.drawn += 1;
      return measure.call(this, text);
    };
    document.fonts.dispatchEvent(new Event("loadingdone"));
  });
  await rest(page);
  assert.ok(await page.evaluate(() => globalThis.drawn > 0));
  assert.deepEqual(await events(), [], "the figures are the same");
  clean(page);
  await page.context().close();
});

test("a view that can't be shown is an error, never ready", async () => {
  const page = await fixture('<mops-kpi id="strange"></mops-kpi><mops-kpi id="other"></mops-kpi><mops-kpi id="good"></mops-kpi>'
    + "<mops-stack></mops-stack><mops-source></mops-source><mops-filters></mops-filters>");
  await page.waitForFunction(() => customElements.get("mops-kpi"));
  const [ready, errors] = [await listen(page, "mops-ready"), await listen(page, "mops-error")];
  const funnel = await view("funnel", ...sampleFiles, "--period", "2025");
  const kpi = await view("kpi", ...sampleFiles, "--kpi", "win_rate", "--period", "2025");
  const governance = await view("governance", ...sampleFiles);
  await page.evaluate(({ funnel, kpi, governance }) => {
    for (const [selector, view] of [["#strange", { figure: 1 }], ["#other", funnel], ["#good", kpi], ["mops-stack", governance], ["mops-source", kpi], ["mops-filters", kpi]]) {
      document.querySelector(selector).view = view;
    }
  }, { funnel, kpi, governance });
  await settled(page, "#good");
  await page.waitForFunction(() => globalThis.__heard["mops-error"].length === 5);
  assert.deepEqual((await ready()).map(({ id }) => id), ["good"]);
  assert.ok((await errors()).every(({ detail }) => detail.code === "bad_view" && detail.message));
  const [strange, shown] = await page.$$eval("#strange, #other", (all) => all.map((element) => [element.getView() ?? null, element.shadowRoot.textContent]));
  assert.equal(strange[0], null);
  assert.match(strange[1], /can’t be shown/);
  assert.equal(shown[0], null);
  assert.match(shown[1], /another kind/);
  // What was good stays, marked as not current.
  await page.$eval("#good", (element) => { element.view = { figure: 1 }; });
  await page.waitForFunction(() => document.querySelector("#good").shadowRoot.querySelector("[data-phase=stale]"));
  await page.$eval("#good", (element, kpi) => { element.view = kpi; }, kpi);
  await page.waitForFunction(() => document.querySelector("#good").shadowRoot.querySelector("[data-phase=ready]"));
  clean(page);
  await page.context().close();
});

test("an element that is put into a document without a window leaves quietly", async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi metric="win_rate" period="2025"></mops-kpi>`);
  await settled(page);
  await page.evaluate(() => {
    document.createElement("template").content.append(document.querySelector("mops-kpi"));
  });
  await rest(page);
  clean(page);
  await page.context().close();
});

test("widgets that could not be loaded are loaded by the next element", async () => {
  const page = await newPage();
  let there = false;
  await page.context().route("**/dist/mops_widgets_bg.wasm", (route) => there ? route.continue() : route.fulfill({ status: 503, body: "" }));
  await fixture(`${sampleSource()}<mops-kpi metric="win_rate"></mops-kpi>`, { page });
  await page.waitForFunction(() => /could not be started/.test(document.querySelector("mops-kpi").shadowRoot?.textContent));
  there = true;
  await page.evaluate(async () => {
    const card = document.querySelector("mops-kpi");
    card.remove();
    await new Promise((resolve) => setTimeout(resolve));
    document.querySelector("main").append(card);
  });
  await settled(page, "mops-kpi");
  assert.doesNotMatch(await page.$eval("mops-kpi", (element) => element.shadowRoot.textContent), /could not be started/);
  await page.context().close();
});

test("the last charter that was set holds, whether text or object", async () => {
  const page = await fixture(`<mops-source deals="${DATA.deals}" as-of="2026-01-01"></mops-source><mops-kpi metric="win_rate"></mops-kpi>`);
  await page.waitForFunction(() => customElements.get("mops-source"));
  const named = (name) => page.waitForFunction((name) => document.querySelector("mops-kpi").getView()?.organisation === name, name);
  await page.$eval("mops-source", (source) => { source.charter = { organisation: "One" }; });
  await named("One");
  await page.$eval("mops-source", (source) => { source.charter = '{"organisation": "Two"}'; });
  await named("Two");
  clean(page);
  await page.context().close();
});

test("currency and time zone stand in for a charter, and leave one alone", async () => {
  const page = await fixture('<mops-source id="a" currency="EUR" time-zone="Asia/Tokyo" as-of="2026-01-01"></mops-source>'
    + '<mops-source id="b" currency="EUR" as-of="2026-01-01"></mops-source>'
    + '<mops-kpi source="a" metric="average_deal"></mops-kpi><mops-kpi source="b" metric="average_deal"></mops-kpi>');
  await page.waitForFunction(() => customElements.get("mops-source"));
  await page.evaluate((text) => {
    const [a, b] = document.querySelectorAll("mops-source");
    for (const source of [a, b]) source.data = { deals: { text } };
    b.charter = { currency: "GBP" };
  }, DEALS);
  await settled(page);
  const said = () => page.$$eval("mops-kpi", (cards) => cards.map((card) => [card.getView().currency, card.getView().time_zone]));
  assert.deepEqual(await said(), [["EUR", "Asia/Tokyo"], ["GBP", "UTC"]]);
  await page.$eval("#a", (source) => { source.currency = "CHF"; source.timeZone = null; });
  await page.waitForFunction(() => document.querySelector("mops-kpi").getView().currency === "CHF");
  assert.deepEqual((await said())[0], ["CHF", "UTC"]);
  clean(page);
  await page.context().close();
});

test("refresh asks the server, not the browser's cache", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    globalThis.asked = [];
    const { fetch } = globalThis;
    globalThis.fetch = (address, options) => {
      if (String(address).endsWith("deals.csv")) globalThis.asked.push(options.cache);
      return fetch(address, options);
    };
  });
  // Without a Worker the page itself fetches.
  const policy = POLICY.replace("worker-src 'self'", "worker-src 'none'");
  await fixture(`<mops-source deals="${DATA.deals}" as-of="2026-01-01"></mops-source><mops-kpi metric="win_rate"></mops-kpi>`, { page, policy });
  await settled(page);
  await page.$eval("mops-kpi", (element) => element.refresh());
  assert.deepEqual(await page.evaluate(() => globalThis.asked), ["default", "no-cache"]);
  await page.context().close();
});

test("a question that nobody waits for any more is taken back", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    globalThis.posted = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, transfer) {
      globalThis.posted.push(message);
      return postMessage.call(this, message, transfer);
    };
  });
  await fixture(`${sampleSource()}<mops-kpi metric="win_rate" period="2025"></mops-kpi>`, { page });
  await settled(page);
  const [asked, cancelled] = await page.evaluate(async () => {
    const posted = globalThis.posted;
    posted.length = 0;
    const card = document.querySelector("mops-kpi");
    const turn = async () => {
      for (let turns = 0; turns < 20; turns += 1) await undefined;
    };
    // Within one task, so that no answer can come in between.
    card.metric = "sales_cycle";
    await turn();
    card.metric = "average_deal";
    await turn();
    return ["query", "cancel"].map((method) => posted.filter((message) => message.method === method));
  });
  assert.deepEqual(asked.map(({ query }) => query.metric), ["sales_cycle", "average_deal"]);
  assert.deepEqual(cancelled.map(({ id }) => id), [asked[0].id]);
  await page.waitForFunction(() => document.querySelector("mops-kpi").getView().body.figure.id === "average_deal");
  clean(page);
  await page.context().close();
});

test("in a row of a flexible box a widget has a width to be read at", async () => {
  const page = await fixture(`${sampleSource()}<div id="row"><mops-kpi metric="win_rate" period="2025"></mops-kpi><p>beside</p></div>`);
  await page.$eval("#row", (row) => { row.style.display = "flex"; });
  await settled(page);
  const width = () => page.$eval("mops-kpi", (element) => element.getBoundingClientRect().width);
  assert.ok(await width() >= 240, `${await width()}`);
  await page.$eval("#row", (row) => { row.style.inlineSize = "200px"; });
  assert.ok(await width() <= 200, "and gives way");
  clean(page);
  await page.context().close();
});

test("what is clicked in a picture is where the keyboard goes on", async () => {
  const page = await fixture(`${sampleSource()}<mops-funnel period="2025"></mops-funnel><button id="after">after</button>`);
  await settled(page);
  const at = () => page.$eval("mops-funnel", (element) => element.shadowRoot.activeElement?.dataset.item);
  const stops = () => page.$$eval("mops-funnel [data-item][tabindex='0']", (items) => items.map((item) => item.dataset.item));
  await page.locator("mops-funnel [data-item='2']").click();
  assert.equal(await at(), "2");
  assert.deepEqual(await stops(), ["2"]);
  await page.keyboard.press("ArrowDown");
  assert.equal(await at(), "3");
  assert.deepEqual(await stops(), ["3"]);
  await page.locator("#after").focus();
  await page.keyboard.press("Shift+Tab");
  assert.equal(await at(), "3");
  clean(page);
  await page.context().close();
});

test("an open list of values closes by Escape alone, and when the keyboard or a click goes elsewhere", async () => {
  const page = await fixture(`${sampleSource()}<dialog><mops-filters period="2025"></mops-filters></dialog>`);
  await settled(page);
  await page.$eval("dialog", (dialog) => {
    dialog.style.inlineSize = "900px";
    dialog.showModal();
  });
  const opener = page.locator("mops-filters .opener").first();
  const isOpen = () => page.locator("mops-filters .popover").count();
  await opener.click();
  assert.equal(await isOpen(), 1);
  await page.locator("mops-filters .popover input[type=checkbox]").first().check();
  await rest(page);
  assert.equal(await isOpen(), 1, "a choice leaves it open");
  await page.keyboard.press("Escape");
  await rest(page);
  assert.equal(await isOpen(), 0);
  assert.ok(await page.$eval("dialog", (dialog) => dialog.open), "the dialog around it stays");
  await opener.click();
  await page.locator("mops-filters select").first().focus();
  await rest(page);
  assert.equal(await isOpen(), 0, "the keyboard has gone elsewhere");
  await opener.click();
  await page.mouse.click(4, 4);
  await rest(page);
  assert.equal(await isOpen(), 0, "a click beside it");
  await page.keyboard.press("Escape");
  clean(page);
  await page.context().close();
});

test("what is typed and chosen in a widget is none of the page's input, but short cuts and Tab get through", async () => {
  const page = await newPage();
  await fixture(`<mops-source as-of="2026-01-01"></mops-source><mops-filters></mops-filters>`, { page });
  await page.evaluate(() => {
    document.querySelector("mops-source").data = {
      deals: { name: "deals", rows: Array.from({ length: 12 }, (_, index) => ({
        id: String(index), owner: `Jo ${index}`, amount: "1", stage: "closedwon", created_at: "2025-01-01", closed_at: "2025-02-01",
      })) },
    };
  });
  await settled(page);
  await page.getByRole("button", { name: /^Owner/ }).click();
  await page.evaluate(() => {
    globalThis.heard = [];
    for (const name of ["input", "change", "keydown", "keyup", "keypress"]) {
      document.addEventListener(name, ({ key }) => globalThis.heard.push(key ? `${name} ${key}` : name));
    }
    document.addEventListener("mops-filter-change", () => globalThis.heard.push("filter"));
  });
  const heard = () => page.evaluate(() => globalThis.heard.splice(0));
  const search = page.getByRole("searchbox");
  await search.focus();
  await page.keyboard.type("j/");
  assert.deepEqual([await search.inputValue(), await heard()], ["j/", []]);
  await page.keyboard.press("Control+k");
  assert.deepEqual(await heard(), ["keydown Control", "keydown k", "keyup k", "keyup Control"]);
  await page.keyboard.press("F8");
  assert.deepEqual(await heard(), ["keydown F8", "keyup F8"]);
  await search.fill("jo 11");
  await page.getByRole("checkbox").click();
  assert.deepEqual(await heard(), ["filter"]);
  await page.getByLabel(/^Period/).selectOption({ index: 1 });
  assert.deepEqual(await heard(), ["filter"]);
  await page.getByRole("button", { name: /^Owner/ }).focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await heard(), []);
  assert.equal(await page.getByRole("button", { name: /^Owner/ }).getAttribute("aria-expanded"), "false");
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.deepEqual(await heard(), [
    "keydown j", "keypress j", "keyup j", "keydown Escape", "keyup Escape", "keydown Tab", "keyup Tab",
  ]);
  clean(page);
});
