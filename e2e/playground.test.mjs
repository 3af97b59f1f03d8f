// A person's own files: what is recognised, what is rejected, the widget and the snippet.
import { test } from "node:test";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AS_OF, base, clean, DATA, newPage, open, POLICY, report, root, sampleFiles, settled, view } from "./harness.mjs";
import { shows } from "./numbers.mjs";

const file = async (path, name) => ({ name: name ?? path.split("/").pop(), mimeType: "text/csv", buffer: await readFile(join(root, path)) });
const live = (page) => page.$eval("#stage > *", (element) => element.getView());
const turn = (page, name, value) => page.$eval("#controls", (form, { name, value }) => {
  form.elements[name].value = value;
  form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
}, { name, value });

test("picked files are recognised, counted and shown, and nothing is sent", async () => {
  const page = await newPage();
  const sent = [];
  page.on("request", (request) => { if (request.method() !== "GET") sent.push(request.url()); });
  await page.goto(`${await base()}demo/playground.html`);
  await turn(page, "as-of", AS_OF);
  await page.setInputFiles("#files", await Promise.all(Object.values(DATA).map((path) => file(path))));
  await settled(page);
  const native = await view("inventory", ...sampleFiles);
  const text = await page.textContent("#inventory");
  for (const table of native.body.tables) {
    assert.ok(text.includes(table.source.split("/").pop()), `${table.source}: ${text}`);
    assert.ok(shows(text, table.read) && shows(text, table.accepted), text);
    for (const rejected of table.rejected) assert.ok(text.includes(`${rejected.count} × ${rejected.reason.replaceAll("_", " ")}`), `${rejected.reason}: ${text}`);
  }
  await turn(page, "tag", "mops-kpi");
  await turn(page, "metric", "win_rate");
  await turn(page, "period", "2025");
  await settled(page);
  await page.waitForFunction(() => document.querySelector("#stage > *").getView()?.period.id === "2025");
  assert.deepEqual(await live(page), await view("kpi", ...sampleFiles, "--kpi", "win_rate", "--period", "2025"));
  assert.deepEqual(sent, []);
  clean(page);
  await page.context().close();
});

test("files dropped on the page are read", async () => {
  const page = await open("demo/playground.html");
  const text = "id,stage,amount,created_at,closed_at\n1,closedwon,10,2025-01-01,2025-02-01\n2,closedlost,10,2025-01-01,2025-02-01\n3,closedwon,10,31.02.2025,2025-02-01\n";
  const given = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "my deals.csv", { type: "text/csv" }));
    return transfer;
  }, text);
  await turn(page, "as-of", AS_OF);
  await page.dispatchEvent("#drop", "drop", { dataTransfer: given });
  await settled(page, "mops-source");
  await turn(page, "tag", "mops-kpi");
  await turn(page, "metric", "win_rate");
  await settled(page);
  assert.equal((await live(page)).body.figure.denominator.value, 3);
  assert.match(await page.textContent("#snippet"), /deals="my deals\.csv"/);
  clean(page);
  await page.context().close();
});

test("the attributes turn the live widget and the snippet", async () => {
  const page = await open("demo/playground.html");
  await page.focus("#sample");
  await page.keyboard.press("Enter");
  await settled(page);
  await turn(page, "tag", "mops-kpi");
  for (const [name, value] of Object.entries({ metric: "average_deal", period: "2025-Q3", compare: "previous", segment: "source", theme: "dark", density: "compact" })) {
    await turn(page, name, value);
  }
  await turn(page, "width", "300");
  await page.waitForFunction(() => document.querySelector("#stage > *").getView()?.body.segment_field === "source");
  const kpi = await page.$eval("#stage > mops-kpi", (element) => ({ width: element.offsetWidth, theme: element.getAttribute("theme") }));
  assert.equal(kpi.width, 300);
  const snippet = await page.textContent("#snippet");
  for (const part of ['metric="average_deal"', 'period="2025-Q3"', 'compare="previous"', 'segment="source"', 'theme="dark"', 'density="compact"']) {
    assert.ok(snippet.includes(part), `${part} is missing: ${snippet}`);
  }
  await turn(page, "tag", "mops-funnel");
  await turn(page, "semantics", "any_stages");
  await page.waitForFunction(() => document.querySelector("#stage > mops-funnel")?.getView()?.body.semantics === "any_stages");
  clean(page);
  await page.context().close();
});

test("the snippet works as pasted", async () => {
  const page = await open("demo/playground.html", { context: { permissions: ["clipboard-read", "clipboard-write"] } });
  await page.click("#sample");
  await settled(page);
  await page.click("#copy");
  await page.waitForFunction(() => /Copied/.test(document.querySelector("#copy-status").textContent));
  const snippet = await page.evaluate(() => navigator.clipboard.readText());
  const shown = await live(page);
  await page.context().close();
  const pasted = await newPage();
  const url = `${await base()}somewhere/else.html`;
  await pasted.route(url, (route) => route.fulfill({
    contentType: "text/html; charset=utf-8", headers: { "content-security-policy": POLICY },
    body: `<!doctype html><html lang="en"><head><title>Pasted</title><link rel="icon" href="data:,"></head><body>${snippet}</body></html>`,
  }));
  await pasted.goto(url);
  await settled(pasted);
  assert.deepEqual(await pasted.$eval("mops-funnel", (element) => element.getView()), shown);
  clean(pasted);
  await pasted.context().close();
});

test("a bad file shows the message with line and reason, and the page goes on", async () => {
  const page = await open("demo/playground.html");
  await page.setInputFiles("#files", {
    name: "deals.json", mimeType: "application/json",
    buffer: Buffer.from('[\n{"id": "1", "stage": "closedwon", "amount": "1", "closed_at": "2025-02-01"},\n{"id": "2", "sta'),
  });
  await page.waitForFunction(() => /1 × malformed \(line 3/.test(document.querySelector("#inventory").textContent));
  await page.setInputFiles("#files", { name: "holiday.csv", mimeType: "text/csv", buffer: Buffer.from("Town,Nights\nLisbon,4\n") });
  await page.waitForFunction(() => /holiday\.csv/.test(document.querySelector("#trouble").textContent));
  await page.setInputFiles("#files", { name: "charter.json", mimeType: "application/json", buffer: Buffer.from('{"time_zone": "Europe/Berlin",\n') });
  await page.waitForFunction(() => /charter\.json/.test(document.querySelector("#trouble").textContent));
  await page.click("#sample");
  await settled(page);
  assert.ok(await page.isHidden("#trouble"));
  await page.context().close();
});

test("a charter is edited: figures and sign-offs follow, the check speaks, and the file keeps its comments", async () => {
  const page = await open("demo/playground.html");
  await page.click("#sample");
  await page.waitForSelector("#charter:not([hidden])");
  await settled(page);
  await page.waitForFunction(() => document.querySelector("#charter-form").elements.kpi.options.length > 10);
  const figure = (id) => page.$eval("#charter-figures > mops-scorecard", (element, id) =>
    element.getView().body.rows.map(({ figure }) => figure).find((figure) => figure.id === id), id);
  /** Waits until something in a figure is, or is no longer, what is given. */
  const until = (id, path, given, same = true) => page.waitForFunction(({ id, path, given, same }) => {
    const rows = document.querySelector("#charter-figures > mops-scorecard").getView()?.body.rows ?? [];
    const figure = rows.map((row) => row.figure).find((figure) => figure.id === id);
    return figure && (path.reduce((at, name) => at?.[name], figure) === given) === same;
  }, { id, path: path.split("."), given, same });
  const set = (name, value) => page.$eval("#charter-form", (form, { name, value }) => {
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event("change", { bubbles: true }));
  }, { name, value });

  await set("kpi", "win_rate");
  const before = await figure("win_rate");
  assert.equal(before.definition.sign_off.state, "signed");
  assert.match(await page.textContent("#charter-sign-off"), /^Signed by Isabel Costa on 2025-02-03/);

  // Another target moves the status; the definition stays what it was, and so does its sign-off.
  await set("target", "0.9");
  await until("win_rate", "target", 0.9);
  const aimed = await figure("win_rate");
  assert.equal(aimed.status, "off_target");
  assert.equal(aimed.value, before.value);
  assert.equal(aimed.definition.sign_off.state, "signed");

  // Somebody whom the charter doesn't list.
  await set("owner", "Nobody At All");
  await until("win_rate", "definition.owner", "Nobody At All");
  await page.waitForFunction(() => /Nobody At All/.test(document.querySelector("#charter-findings").textContent));
  assert.match(await page.textContent("#charter-findings"), /\/kpis\/win_rate\/owner/);

  // A parameter is part of the definition: the figure moves and the sign-off lapses.
  await set("kpi", "routing_accuracy");
  assert.doesNotMatch(await page.textContent("#charter"), /undefined/);
  const parameter = await page.$eval("#charter-fields input[name^='parameter:']", ({ name, value, type }) => ({ name, value, type }));
  const routed = await figure("routing_accuracy");
  await set(parameter.name, parameter.type === "number" ? String(Number(parameter.value) - 1) : "lead");
  await until("routing_accuracy", "definition.hash", routed.definition.hash, false);
  assert.equal((await figure("routing_accuracy")).definition.sign_off.state, "lapsed");
  await page.waitForFunction(() => /^Lapsed: Henrik Solberg/.test(document.querySelector("#charter-sign-off").textContent));
  assert.match(await page.textContent("#charter-sign-offs"), /lapsed \(.*Routing accuracy/i);

  // A parameter that can't be is refused with place and mend, and what was there stays until it is mended.
  await set(parameter.name, parameter.type === "number" ? "-5" : "no such word");
  await page.waitForFunction(() => /routing_accuracy/.test(document.querySelector("#trouble").textContent));
  await set(parameter.name, parameter.value);
  await until("routing_accuracy", "definition.hash", routed.definition.hash);
  assert.equal((await figure("routing_accuracy")).definition.sign_off.state, "signed");
  await page.waitForSelector("#trouble", { state: "hidden" });

  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#charter-download")]);
  const edited = JSON.parse(await readFile(await download.path(), "utf8"));
  const original = JSON.parse(await readFile(join(root, DATA.charter), "utf8"));
  assert.equal(edited.kpis.win_rate.target, 0.9);
  assert.equal(edited.$comment, original.$comment);
  assert.equal(edited.sources.deals.$comment, original.sources.deals.$comment);
  edited.kpis.win_rate = original.kpis.win_rate;
  edited.kpis.routing_accuracy = original.kpis.routing_accuracy;
  assert.deepEqual(edited, original, "nothing else has changed");
  await page.context().close();
});

const typed = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const DEALS = "id,created_at,closed_at,is_closed,is_won,amount\n1,2025-01-07,2025-03-02,true,true,1200\n2,3/2/2025,2025-03-20,true,false,800\n";

test("files come one after another, what can't be read is shown, and a charter begins here and is signed", async () => {
  const page = await open("demo/playground.html");
  const text = (id) => page.textContent(id);
  await page.setInputFiles("#files", typed("deals.csv", DEALS));
  await page.waitForFunction(() => /1 × created_at can’t be read \(line 3: “3\/2\/2025 /.test(document.querySelector("#inventory").textContent));
  assert.match(await text("#inventory"), /\{"sources": \{"deals": \{"date_order": "day_month_year"\}\}\}/);
  await page.setInputFiles("#files", typed("contacts.csv", "id,email,created_at,stage\na,a@x.example,2025-01-01,Lead\n"));
  await page.waitForFunction(() => /contacts\.csv as contacts.*deals\.csv as deals/.test(document.querySelector("#inventory").textContent));
  // A workbook is told from text, and does not stand in the way of what comes after it.
  await page.setInputFiles("#files", typed("deals.xlsx", "PK\x03\x04\x14\0"));
  await page.waitForFunction(() => /deals\.xlsx: the file is a workbook/.test(document.querySelector("#trouble").textContent));
  // Every fault of a charter is told.
  await page.setInputFiles("#files", typed("charter.json", '{"curency": "EUR", "kpis": {"win_rate": {"target": "x"}}}'));
  await page.waitForFunction(() => /\/curency/.test(document.querySelector("#trouble").textContent));
  assert.match(await text("#trouble"), /\/kpis\/win_rate\/target/);

  await page.click("#forget");
  assert.equal(await text("#files-status"), "No files yet.");
  assert.ok(await page.isHidden("#charter"));
  await page.setInputFiles("#files", typed("deals.csv", DEALS));
  await page.waitForFunction(() => document.querySelector("#charter-form").elements.kpi.options.length > 10);
  await page.$eval("#charter-form", (form) => {
    form.elements.kpi.value = "win_rate";
    form.elements.kpi.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.fill("#charter-sign [name=by]", "Ana Silva");
  await page.fill("#charter-sign [name=at]", "2026-01-31");
  await page.click("#charter-sign button");
  await page.waitForFunction(() => document.querySelector("#charter-sign-off").textContent === "Signed by Ana Silva on 2026-01-31.");
  // What is signed is not lost without a word.
  const [asked] = await Promise.all([
    page.waitForEvent("dialog").then((dialog) => dialog.dismiss().then(() => dialog.type())),
    page.evaluate(() => void setTimeout(() => location.reload())),
  ]);
  assert.equal(asked, "beforeunload");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#charter-download")]);
  const { kpis } = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.deepEqual([kpis.win_rate.sign_off.by, kpis.win_rate.sign_off.at], ["Ana Silva", "2026-01-31"]);
  assert.match(kpis.win_rate.sign_off.hash, /^[0-9a-f]{16}$/);
  await page.context().close();
});

const reference = process.env.MOPS_REFERENCE_DATA;
const pipeline = reference && join(reference, "data/maven-crm/sales_pipeline.csv");
const why = !reference
  ? "NOT RUN: set MOPS_REFERENCE_DATA to the folder that holds data/maven-crm/sales_pipeline.csv"
  : !existsSync(pipeline) && `NOT RUN: ${pipeline} is not there`;
if (why) console.error(why);

test("a pipeline that no preset knows, dropped with its charter, shows the terminal's numbers", { skip: why || false }, async () => {
  const charter = "demo/data/maven-crm.charter.json";
  const page = await open("demo/playground.html");
  await turn(page, "as-of", "2018-01-01");
  await turn(page, "tag", "mops-scorecard");
  await page.setInputFiles("#files", [
    { name: "sales_pipeline.csv", mimeType: "text/csv", buffer: await readFile(pipeline) },
    { name: "maven-crm.charter.json", mimeType: "application/json", buffer: await readFile(join(root, charter)) },
  ]);
  await settled(page);
  const args = ["--deals", pipeline, "--charter", charter, "--as-of", "2018-01-01"];
  const { figures } = await report(...args);
  const { body } = await live(page);
  assert.ok(body.rows.length > 5);
  for (const { figure } of body.rows) {
    const native = figures.find(({ id }) => id === figure.id);
    assert.ok(native, figure.id);
    assert.equal(figure.value, native.value, figure.id);
    assert.deepEqual(figure.excluded, native.excluded, figure.id);
    if (figure.value !== null) assert.deepEqual(figure.parts, native.parts, figure.id);
  }
  clean(page);
  await page.context().close();
});

test("columns that nothing recognises are offered for a person to check, and go into the charter", async () => {
  const page = await open("demo/playground.html");
  await turn(page, "as-of", AS_OF);
  await turn(page, "tag", "mops-kpi");
  await turn(page, "metric", "win_rate");
  // Two won, one lost, one open, all in one stage of the pipeline; months first.
  const text = "Deal - ID,Deal - Value,Deal - Currency of Value,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Deal closed on\n"
    + '1,"1,000",EUR,Talks,won,1/7/2025,2/14/2025\n2,200,EUR,Talks,won,1/8/2025,2/3/2025\n'
    + "3,300,EUR,Talks,lost,1/9/2025,2/4/2025\n4,400,EUR,Talks,open,1/10/2025,\n";
  await page.setInputFiles("#files", { name: "pipedrive.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.waitForSelector("#columns form");
  await page.click("#columns button");
  await page.waitForFunction(() => document.querySelector("#stage > *")?.getView()?.body.figure.denominator?.value === 3);
  const shown = await live(page);
  assert.ok(Math.abs(shown.body.figure.value - 2 / 3) < 1e-12);
  assert.equal(shown.currency, "EUR");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#charter-download")]);
  const charter = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(charter.sources.deals.columns.stage, "Deal - Status");
  assert.equal(charter.sources.deals.columns.closed_at, "Deal - Deal closed on");
  assert.equal(charter.sources.deals.date_order, "month_day_year");
  assert.deepEqual(charter.deal_stages.map(({ id, state }) => `${id} ${state}`).sort(), ["lost lost", "open open", "won won"]);
  // An open deal is qualified pipeline where the name of its stage doesn’t say otherwise.
  assert.deepEqual(charter.deal_stages.map(({ id, qualified }) => `${id} ${qualified}`).sort(), ["lost true", "open true", "won true"]);
  clean(page);
  await page.context().close();
});
