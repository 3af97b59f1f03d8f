// The life of elements: sharing, mounting, moving, dying, coming back.
import { test } from "node:test";
import assert from "node:assert/strict";
import { AS_OF, base, clean, DATA, fixture, listen, newPage, POLICY, sampleFiles, sampleSource, settled, view } from "./harness.mjs";

const METRICS = ["win_rate", "average_deal", "sales_cycle", "pipeline_created"];
const kpis = (count) => Array.from({ length: count }, (_, index) =>
  `<mops-kpi id="k${index}" metric="${METRICS[index % METRICS.length]}" period="2025"></mops-kpi>`).join("");

/** Answers of the site so far, by file name. */
function counted(page) {
  const counts = {};
  page.on("request", (request) => {
    const name = new URL(request.url()).pathname.split("/").pop();
    counts[name] = (counts[name] ?? 0) + 1;
  });
  return counts;
}

test("20 widgets share one engine", async () => {
  const page = await newPage();
  const counts = counted(page);
  await fixture(sampleSource() + kpis(16) + "<mops-funnel></mops-funnel><mops-cohorts></mops-cohorts><mops-scorecard></mops-scorecard><mops-filters></mops-filters>", { page });
  await settled(page);
  assert.equal(page.workers().length, 1, "one worker");
  assert.equal(counts["mops_widgets_bg.wasm"], 1, "one module of widgets");
  const engines = await page.workers()[0].evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
  const fetched = [...engines, ...await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name))]
    .filter((name) => name.endsWith("mops_engine_bg.wasm"));
  assert.equal(fetched.length, 1, "one engine module");
  assert.equal(counts["contacts.csv"] ?? engines.filter((name) => name.endsWith("contacts.csv")).length, 1, "data are read once");
  clean(page);
  await page.context().close();
});

test("two scripts on one page share one engine", async () => {
  const page = await fixture(sampleSource("one") + sampleSource("two") + '<mops-kpi source="one" metric="win_rate"></mops-kpi><mops-kpi source="two" metric="win_rate"></mops-kpi>');
  await settled(page);
  await page.evaluate(async (url) => {
    const { startEngine } = await import(`${url}dist/engine.js?again`);
    await startEngine();
  }, await base());
  assert.equal(page.workers().length, 1);
  clean(page);
  await page.context().close();
});

test("1,000 mounts and unmounts leave no growth", { timeout: 180_000 }, async () => {
  const page = await newPage();
  // The module's linear memory, noted when it is instantiated.
  await page.addInitScript(() => {
    globalThis.__memories = [];
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const original = WebAssembly[name];
      WebAssembly[name] = async (...given) => {
        const made = await original.apply(WebAssembly, given);
        globalThis.__memories.push(...Object.values((made.instance ?? made).exports).filter((item) => item instanceof WebAssembly.Memory));
        return made;
      };
    }
  });
  await fixture('<div id="here"></div>', { page });
  await page.waitForFunction(() => customElements.get("mops-kpi"));
  const views = {
    "mops-kpi": await view("kpi", ...sampleFiles, "--kpi", "win_rate", "--period", "2025"),
    "mops-funnel": await view("funnel", ...sampleFiles, "--period", "2025"),
    "mops-cohorts": await view("cohorts", ...sampleFiles, "--period", "2025"),
    "mops-scorecard": await view("scorecard", ...sampleFiles, "--period", "2025"),
    "mops-filters": await view("filters", ...sampleFiles),
  };
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const rounds = (count) => page.evaluate(async ({ views, count }) => {
    const here = document.querySelector("#here");
    const tags = Object.keys(views);
    for (let turn = 0; turn < count; turn += 1) {
      const element = document.createElement(tags[turn % tags.length]);
      element.view = views[element.localName];
      here.append(element);
      // The module is there at once, but for the first element.
      for (let wait = 0; !element.shadowRoot.querySelector("[part~=root]"); wait += 1) {
        if (wait > 1000) throw new Error(`${element.localName} did not mount`);
        await new Promise((resolve) => setTimeout(resolve));
      }
      element.remove();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, { views, count });
  const measured = async () => {
    await client.send("HeapProfiler.enable");
    for (let turn = 0; turn < 3; turn += 1) {
      await client.send("HeapProfiler.collectGarbage");
      await page.waitForTimeout(100);
    }
    const { metrics } = await client.send("Performance.getMetrics");
    const value = (name) => metrics.find((metric) => metric.name === name).value;
    const wasm = await page.evaluate(() => globalThis.__memories?.map((memory) => memory.buffer.byteLength) ?? []);
    return { nodes: value("Nodes"), listeners: value("JSEventListeners"), heap: value("JSHeapUsedSize"), wasm };
  };
  await rounds(100);
  const before = await measured();
  await rounds(1000);
  const after = await measured();
  console.log("1,000 mounts:", JSON.stringify({ before, after }));
  assert.ok(after.nodes <= before.nodes + 50, `nodes: ${before.nodes} → ${after.nodes}`);
  assert.ok(after.listeners <= before.listeners + 20, `listeners: ${before.listeners} → ${after.listeners}`);
  assert.ok(after.heap <= before.heap + 1_000_000, `heap: ${before.heap} → ${after.heap}`);
  assert.ok(before.wasm.length > 0, "the module's memory is seen");
  assert.deepEqual(after.wasm, before.wasm, "linear memory");
  clean(page);
  await page.context().close();
});

test("moving a widget keeps its state", async () => {
  const page = await fixture(`${sampleSource()}<div id="a"><mops-kpi metric="win_rate" period="2025"></mops-kpi></div><div id="b"></div>`);
  await settled(page);
  await page.click('button[aria-label^="Definition and evidence"]');
  const events = await listen(page, "mops-ready");
  await page.evaluate(() => {
    globalThis.__panel = document.querySelector("mops-kpi").shadowRoot.querySelector(".panel");
    document.querySelector("#b").append(document.querySelector("mops-kpi"));
  });
  await page.waitForTimeout(200);
  assert.ok(await page.$eval("#b mops-kpi", (element) => element.shadowRoot.querySelector(".panel") === globalThis.__panel), "the panel stays open, the same node");
  assert.deepEqual(await events(), [], "nothing starts again");
  clean(page);
  await page.context().close();
});

test("an element that leaves and comes back shows its figures again", async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi metric="win_rate" period="2025"></mops-kpi>`);
  await settled(page);
  const before = await page.$eval("mops-kpi", (element) => element.getView());
  const after = await page.evaluate(async () => {
    const element = document.querySelector("mops-kpi");
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const gone = element.shadowRoot.childElementCount;
    document.querySelector("main").append(element);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { gone, view: element.getView(), shown: element.shadowRoot.textContent.length };
  });
  assert.equal(after.gone, 0, "it leaves nothing behind");
  assert.deepEqual(after.view, before);
  assert.ok(after.shown > 20);
  clean(page);
  await page.context().close();
});

test("properties set before the elements are defined are taken over", async () => {
  const page = await fixture('<mops-source id="data"></mops-source><mops-kpi id="early"></mops-kpi>', { script: false });
  await page.evaluate(async ({ data, url }) => {
    const source = document.querySelector("mops-source");
    source.data = { deals: url + data.deals, contacts: url + data.contacts };
    source.charter = await (await fetch(url + data.charter)).json();
    source.asOf = "2026-01-01";
    const early = document.querySelector("#early");
    early.metric = "win_rate";
    early.period = "2025";
    await import(`${url}dist/index.js`);
  }, { data: DATA, url: await base() });
  await settled(page);
  const kpi = await page.$eval("#early", (element) => ({ view: element.getView(), metric: element.getAttribute("metric") }));
  assert.equal(kpi.metric, "win_rate");
  assert.equal(kpi.view.body.figure.id, "win_rate");
  assert.equal(kpi.view.organisation, "Larkfield Systems");
  clean(page);
  await page.context().close();
});

test("several sources on one page keep apart", async () => {
  const page = await fixture(`${sampleSource("all")}<mops-source id="few" as-of="2026-01-01"></mops-source>
    <mops-kpi id="a" source="all" metric="win_rate"></mops-kpi><mops-kpi id="b" source="few" metric="win_rate"></mops-kpi>`);
  await page.evaluate(() => {
    document.querySelector("#few").data = {
      deals: { name: "four deals", rows: [
        { id: "1", amount: "10", stage: "closedwon", created_at: "2025-01-01", closed_at: "2025-02-01" },
        { id: "2", amount: "10", stage: "closedwon", created_at: "2025-01-01", closed_at: "2025-02-01" },
        { id: "3", amount: "10", stage: "closedwon", created_at: "2025-01-01", closed_at: "2025-02-01" },
        { id: "4", amount: "10", stage: "closedlost", created_at: "2025-01-01", closed_at: "2025-02-01" },
      ] },
    };
  });
  await settled(page);
  const [all, few] = await page.$$eval("mops-kpi", (elements) => elements.map((element) => element.getView().body.figure));
  assert.equal(few.value, 0.75);
  assert.equal(few.used, 4);
  assert.ok(few.thin, "four deals are few");
  assert.ok(all.used > 100);
  clean(page);
  await page.context().close();
});

test("a choice in mops-filters reaches every widget of its source, and no other", async () => {
  const page = await fixture(`${sampleSource("one")}${sampleSource("two")}<mops-filters source="one" period="2025"></mops-filters>
    <mops-kpi id="a" source="one" metric="win_rate"></mops-kpi><mops-funnel id="b" source="one"></mops-funnel>
    <mops-kpi id="c" source="two" metric="win_rate" period="2025"></mops-kpi>`);
  await settled(page);
  const before = await page.$eval("#a", (element) => element.getView().body.figure.used);
  const heard = await listen(page, "mops-filter-change");
  const select = page.locator("mops-filters select").first();
  await select.selectOption("last-3-months");
  await page.waitForFunction(() => document.querySelector("#a").getView().period.id !== "2025" && document.querySelector("#b").getView().period.id !== "2025");
  const after = await page.evaluate(() => ["a", "b", "c"].map((id) => document.getElementById(id).getView().period.id));
  assert.deepEqual(after, ["last-3-months", "last-3-months", "2025"]);
  assert.ok((await page.$eval("#a", (element) => element.getView().body.figure.used)) < before);
  assert.equal((await heard())[0].detail.period, "last-3-months");
  clean(page);
  await page.context().close();
});

test("a page can prevent a choice", async () => {
  const page = await fixture(`${sampleSource()}<mops-filters period="2025"></mops-filters><mops-kpi metric="win_rate"></mops-kpi>`);
  await settled(page);
  await page.evaluate(() => document.addEventListener("mops-filter-change", (event) => event.preventDefault()));
  await page.locator("mops-filters select").first().selectOption({ index: 2 });
  await page.waitForTimeout(300);
  assert.equal(await page.$eval("mops-kpi", (element) => element.getView().period.id), "2025");
  await page.context().close();
});

const DEATHS = {
  "throws": () => { setTimeout(() => { throw new Error("killed by the test"); }); },
  "is ended by the browser": () => { setTimeout(() => globalThis.close()); },
};

for (const [how, kill] of Object.entries(DEATHS)) test(`a worker that ${how} is reported, the picture stays and is marked, and the engine comes back`, async () => {
  const page = await fixture(`${sampleSource()}<mops-kpi metric="win_rate" period="2025"></mops-kpi>`);
  await settled(page);
  const before = await page.$eval("mops-kpi", (element) => element.getView());
  const errors = await listen(page, "mops-error");
  // Watches for the phase of the picture, which may be brief.
  await page.evaluate(() => {
    globalThis.__phases = [];
    const root = document.querySelector("mops-kpi").shadowRoot;
    new MutationObserver(() => globalThis.__phases.push(root.querySelector("[data-phase]")?.dataset.phase)).observe(root, { childList: true, subtree: true, attributes: true });
  });
  await page.workers()[0].evaluate(kill);
  await page.waitForFunction(() => globalThis.__phases.includes("stale"));
  await page.waitForFunction(() => globalThis.__phases.includes("stale") && globalThis.__phases.at(-1) === "ready");
  const [error] = await errors();
  assert.equal(error.detail.code, "engine_died");
  assert.ok(error.detail.message && error.detail.mend);
  assert.deepEqual(await page.$eval("mops-kpi", (element) => element.getView()), before);
  assert.equal(page.workers().length, 1);
  // It answers new questions.
  await page.$eval("mops-kpi", (element) => element.setAttribute("metric", "average_deal"));
  await page.waitForFunction(() => document.querySelector("mops-kpi").getView().body.figure.id === "average_deal");
  // The error thrown in the worker is on the console; nothing else is.
  assert.deepEqual(page.problems.filter((problem) => !/killed by the test/.test(problem)), []);
  await page.context().close();
});

test("a bad charter shows where it is wrong and why, and the page goes on", async () => {
  const page = await fixture(`<mops-source id="bad" as-of="2026-01-01"></mops-source><mops-kpi id="b" source="bad" metric="win_rate"></mops-kpi>
    ${sampleSource("good")}<mops-kpi id="g" source="good" metric="win_rate"></mops-kpi>`);
  const errors = await listen(page, "mops-error");
  await page.evaluate(({ deals }) => {
    const source = document.querySelector("#bad");
    source.charter = { time_zone: "Europe/Berlin", minimum_n: "many" };
    source.data = { deals };
  }, DATA);
  await page.waitForFunction(() => /minimum_n/.test(document.querySelector("#b").shadowRoot.textContent));
  await settled(page, "#g");
  const detail = (await errors()).map((event) => event.detail).find(({ code }) => code === "bad_charter");
  assert.equal(detail.where.pointer, "/minimum_n");
  assert.ok(detail.mend);
  await page.context().close();
});

test("a bad row shows its line and reason, and the rest counts", async () => {
  const page = await fixture('<mops-source as-of="2026-01-01"></mops-source><mops-kpi metric="win_rate"></mops-kpi>');
  await page.waitForFunction(() => customElements.get("mops-source"));
  await page.evaluate(() => {
    // JSON that ends in the middle of its third line.
    document.querySelector("mops-source").data = { deals: { name: "broken.json", text: '[\n{"id": "1", "stage": "closedwon", "created_at": "2025-01-01", "closed_at": "2025-02-01"},\n{"id": "2", "sta' } };
  });
  await settled(page);
  await page.locator("mops-source button[aria-expanded]").click();
  const text = await page.$eval("mops-source", (element) => element.shadowRoot.textContent);
  assert.match(text, /broken\.json/);
  assert.match(text, /line 3/i);
  assert.match(text, /malformed/i);
  assert.equal(await page.$eval("mops-kpi", (element) => element.getView().body.figure.value), 1);
  clean(page);
  await page.context().close();
});

test("a file that can't be read is a message with its name and reason, and the page goes on", async () => {
  const page = await fixture(`<mops-source id="bad" as-of="2026-01-01"></mops-source><mops-kpi id="b" source="bad" metric="win_rate"></mops-kpi>
    ${sampleSource("good")}<mops-kpi id="g" source="good" metric="win_rate"></mops-kpi>`);
  const errors = await listen(page, "mops-error");
  await page.waitForFunction(() => customElements.get("mops-source"));
  await page.evaluate(() => {
    document.querySelector("#bad").files = [new File(["Town,Nights\nLisbon,4\n"], "holiday.csv")];
  });
  await page.waitForFunction(() => /holiday\.csv/.test(document.querySelector("#b").shadowRoot.textContent));
  await settled(page, "#g");
  const [{ detail }] = await errors();
  assert.equal(detail.where.source, "holiday.csv");
  assert.ok(detail.message && detail.mend);
  await page.context().close();
});

test("an address that is not there is a message, and refresh reads it once it is", async () => {
  const page = await newPage();
  let there = false;
  // Requests of a worker are seen by the context.
  await page.context().route("**/late.csv", (route) => there
    ? route.fulfill({ contentType: "text/csv", body: "id,stage,amount,created_at,closed_at\n1,closedwon,10,2025-01-01,2025-02-01\n" })
    : route.fulfill({ status: 404, body: "" }));
  await fixture('<mops-source deals="late.csv" as-of="2026-01-01"></mops-source><mops-kpi metric="win_rate"></mops-kpi>', { page });
  await page.waitForFunction(() => /404/.test(document.querySelector("mops-kpi").shadowRoot.textContent));
  assert.match(await page.$eval("mops-kpi", (element) => element.shadowRoot.textContent), /late\.csv/);
  there = true;
  await page.$eval("mops-source", (element) => element.refresh());
  await settled(page);
  assert.equal(await page.$eval("mops-kpi", (element) => element.getView().body.figure.value), 1);
  await page.context().close();
});

test("what definitions say is fetched when one is opened; where it can't be had, the panel says so", async () => {
  const page = await newPage();
  const asked = [];
  await page.context().route("**/definitions.json", (route) => {
    asked.push(route.request().url());
    return asked.length === 1 ? route.fulfill({ status: 404, body: "" }) : route.continue();
  });
  await fixture(`${sampleSource()}<mops-kpi metric="win_rate" period="2025"></mops-kpi>`, { page });
  await settled(page);
  assert.deepEqual(asked, [], "the first picture needs no words");
  const open = () => page.click('button[aria-label^="Definition and evidence"]');
  const says = (words) => page.waitForFunction(
    (words) => document.querySelector("mops-kpi").shadowRoot.querySelector(".panel").textContent.includes(words), words);
  await open();
  await says("status 404");
  // Another state, another try.
  await page.$eval("mops-kpi", (element) => element.setAttribute("period", "2024"));
  await says("won deals ÷");
  const { definition } = await page.$eval("mops-kpi", (element) => element.getView().body.figure);
  assert.ok(definition.edge_cases.length > 0 && definition.parameters.every(({ text }) => text), "a view handed on stands alone");
  assert.equal(asked.length, 2);
  await page.context().close();
});

test("where no worker may start, the page itself computes the same", async () => {
  const policy = POLICY.replace("worker-src 'self'", "worker-src 'none'");
  const allowed = await fixture(`${sampleSource()}<mops-funnel period="2025"></mops-funnel>`);
  await settled(allowed);
  const expected = await allowed.$eval("mops-funnel", (element) => element.getView());
  await allowed.context().close();
  const page = await fixture(`${sampleSource()}<mops-funnel period="2025"></mops-funnel>`, { policy });
  await settled(page);
  assert.equal(page.workers().length, 0);
  assert.deepEqual(await page.$eval("mops-funnel", (element) => element.getView()), expected);
  await page.context().close();
});

test("a view property needs neither source nor engine", async () => {
  const page = await fixture("<mops-kpi></mops-kpi>");
  await page.waitForFunction(() => customElements.get("mops-kpi"));
  const given = await view("kpi", ...sampleFiles, "--kpi", "win_rate", "--period", "2025");
  await page.$eval("mops-kpi", (element, view) => { element.view = view; }, given);
  await settled(page);
  assert.equal(page.workers().length, 0);
  assert.ok(!(await page.evaluate(() => performance.getEntriesByType("resource").some((entry) => /engine/.test(entry.name)))), "no engine is loaded");
  clean(page);
  await page.context().close();
});

test("the page stays responsive while it reads", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    globalThis.__long = [];
    new PerformanceObserver((list) => globalThis.__long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask", buffered: true });
  });
  await fixture(`${sampleSource()}<mops-kpi metric="win_rate"></mops-kpi>`, { page });
  await settled(page);
  // The best of three: another program on the machine must not fail this test.
  const longest = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await page.waitForTimeout(300);
    await page.evaluate(() => { globalThis.__long = []; });
    await page.$eval("mops-source", (element) => element.refresh());
    await settled(page);
    await page.waitForTimeout(300);
    longest.push(await page.evaluate(() => Math.max(0, ...globalThis.__long)));
  }
  console.log("longest task while reading again (ms):", JSON.stringify(longest));
  assert.ok(Math.min(...longest) <= 50, `${longest}`);
  await page.context().close();
});

test("what a reader is about to filter by is answered before it is chosen", async () => {
  const page = await fixture(`${sampleSource()}<mops-filters></mops-filters><mops-kpi metric="win_rate" period="2025"></mops-kpi>`);
  await settled(page);
  const [worker] = page.workers();
  // The source in the Worker, and the field that it was told of last when it had no more to work on.
  await worker.evaluate(async () => {
    const engine = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("mops_engine_bg.wasm")).name;
    const { Source } = await import(engine.replace("_bg.wasm", ".js"));
    const { ahead, step } = Source.prototype;
    let looked;
    Source.prototype.step = function (query, rows) {
      looked = JSON.parse(query).segment ?? looked;
      return step.call(this, query, rows);
    };
    Source.prototype.ahead = function (rows) {
      globalThis.held = this;
      const more = ahead.call(this, rows);
      if (!more) globalThis.done = looked;
      return more;
    };
  });
  const value = (field) => page.$eval("mops-filters", (element, name) =>
    element.getView().body.fields.find(({ field }) => field === name).values[0].value, field);
  // Whether an answer is at hand: looking at one row more is not enough for one that isn't.
  const isKnown = (filter) => worker.evaluate(
    (query) => globalThis.held.step(JSON.stringify(query), 1) !== undefined,
    { view: "kpi", metric: "win_rate", period: "2025", as_of: AS_OF, filter },
  );
  const done = (field) => worker.evaluate(async (field) => {
    while (globalThis.done !== field) await new Promise((resolve) => setTimeout(resolve, 5));
  }, field);
  const [owner, source] = [await value("owner"), await value("source")];
  await page.hover("mops-filters [data-field=owner]");
  await done("owner");
  assert.equal(await isKnown({ source: [source] }), false, "nobody has looked at sources");
  assert.equal(await isKnown({ owner: [owner] }), true);
  await page.focus("mops-filters [data-field=source]");
  await done("source");
  assert.equal(await isKnown({ owner: [owner], source: [source] }), true, "behind the filter asked with last");
  clean(page);
  await page.context().close();
});
