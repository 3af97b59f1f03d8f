// What every end-to-end test needs: the site, a real browser, pages that collect what goes wrong, and the terminal.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { after, afterEach, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);
/** Scripts that are no tests use this too, and shut down by themselves. */
const TESTING = /\.test\.mjs$/.test(process.argv[1]);

/** The policy that hosts with the strictest pages serve. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; "
  + "img-src 'self' data:; frame-src 'self'; require-trusted-types-for 'script'";

export const PAGES = [
  "index.html", "demo/intranet.html", "demo/governance.html", "demo/revenue.html", "demo/crm.html", "demo/playground.html",
  "demo/app.html", "demo/kpis.html",
];

/** Waits until a page of the site shows what it has to show. */
export async function shown(page, path) {
  // The reference is text.
  if (path.includes("kpis")) return;
  if (path.includes("playground")) await page.click("#sample");
  if (path.includes("app.html")) await page.waitForFunction(() => document.querySelector("mops-funnel").view);
  await settled(page);
}

export const DATA = { contacts: "demo/data/contacts.csv", deals: "demo/data/deals.csv", charter: "demo/data/charter.json" };
export const AS_OF = "2026-01-01";

// ——— the site ———

let server;
let address;

/** Address of the site: given in `MOPS_BASE_URL`, or served from here as long as the tests run. */
export function base() {
  address ??= process.env.MOPS_BASE_URL ? Promise.resolve(process.env.MOPS_BASE_URL.replace(/\/*$/, "/")) : serve();
  return address;
}

function serve() {
  return new Promise((resolve, reject) => {
    server = spawn("cargo", ["xtask", "serve", "--port", "0"], { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let said = "";
    const listen = (chunk) => {
      said += chunk;
      const found = /https?:\/\/[\w.[\]:]+\//.exec(said) ?? /https?:\/\/[\w.]+:\d+(?=\s)/.exec(said);
      if (found) resolve(found[0].replace(/\/*$/, "/"));
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", (code) => reject(new Error(`cargo xtask serve ended with ${code}:\n${said}`)));
  });
}

// ——— the browser ———

let started;

export function browser() {
  started ??= chromium.launch({
    executablePath: process.env.MOPS_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--js-flags=--expose-gc", "--enable-precise-memory-info",
    ],
  });
  return started;
}

/** Milliseconds that one test may take. */
const LIMIT = 180_000;
let limit;

// A test that hangs in the browser has it taken away: then it fails at the line where it waited, and the next test gets
// another browser.
if (TESTING) beforeEach(({ name }) => {
  clearTimeout(limit);
  limit = setTimeout(() => {
    console.error(`“${name}” did not end in ${LIMIT / 1000} s: the browser is taken away from it`);
    const hung = started;
    started = undefined;
    hung?.then((browser) => browser.close());
  }, LIMIT);
});

if (TESTING) afterEach(() => clearTimeout(limit));

export async function shutDown() {
  clearTimeout(limit);
  await (await started)?.close();
  if (server) {
    server.removeAllListeners("exit");
    // cargo runs the server as a child of its own: the whole group ends.
    process.kill(-server.pid);
  }
}

if (TESTING) after(shutDown);

/**
 * A page in a context of its own. `page.problems` collects violations of the policy, errors on the console and
 * uncaught errors; `clean` asserts that there are none.
 */
export async function newPage({ theme = "light", width = 1280, height = 900, bypassCSP = false, context: more } = {}) {
  const context = await (await browser()).newContext({
    viewport: { width, height }, colorScheme: theme, bypassCSP, reducedMotion: "reduce", ...more,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.problems = [];
  await page.exposeBinding("__violation", (_, text) => page.problems.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.__violation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      page.problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => page.problems.push(`uncaught: ${error.message}`));
  return page;
}

export function clean(page) {
  assert.deepEqual(page.problems, []);
}

/** Opens a page of the site. */
export async function open(path, options = {}) {
  const page = await newPage(options);
  await page.goto((await base()) + path);
  return page;
}

/**
 * Opens a page made up for a test, at an address of the site and under its policy. `body` may hold elements but no
 * scripts: a test sets properties from outside, like a page's own module.
 */
export async function fixture(body, { policy = POLICY, script = true, attributes = "", ...options } = {}) {
  const page = options.page ?? (await newPage(options));
  const url = `${await base()}__fixture__.html`;
  await page.route(url, (route) => route.fulfill({
    contentType: "text/html; charset=utf-8",
    headers: { "content-security-policy": policy },
    body: `<!doctype html><html lang="en" ${attributes}><head><meta charset="utf-8"><title>Fixture</title>`
      + `<link rel="icon" href="demo/icon.svg"><link rel="stylesheet" href="demo/demo.css">`
      + `${script ? '<script type="module" src="dist/index.js"></script>' : ""}</head><body><main>${body}</main></body></html>`,
  }));
  await page.goto(url);
  return page;
}

/** A `<mops-source>` with the sample data. */
export const sampleSource = (id = "data") =>
  `<mops-source id="${id}" contacts="${DATA.contacts}" deals="${DATA.deals}" charter="${DATA.charter}" as-of="${AS_OF}"></mops-source>`;

export const WIDGETS = ["mops-filters", "mops-kpi", "mops-scorecard", "mops-funnel", "mops-cohorts"];
/** Elements that show boards. */
export const BOARDS = [
  "mops-stack", "mops-system-map", "mops-data-quality", "mops-governance", "mops-control-stack", "mops-readiness", "mops-rollout",
  "mops-signals", "mops-attribution", "mops-reconciliation", "mops-speed-to-lead", "mops-campaigns", "mops-budget",
  "mops-forecast", "mops-segments",
];
const ALL = ["mops-source", ...WIDGETS, ...BOARDS].join();

/** Waits until every element on the page shows a view. */
export async function settled(page, selector = ALL) {
  await page.waitForFunction(
    (selector) => {
      const all = [...document.querySelectorAll(selector)];
      return all.length > 0 && all.every((element) => element.getView?.());
    },
    selector,
    { timeout: 60_000 },
  ).catch(async (error) => {
    const open = await page.$$eval(selector, (all) =>
      all.filter((element) => !element.getView?.()).map((element) => `${element.outerHTML.slice(0, 120)} shows: ${element.shadowRoot?.textContent.slice(0, 300)}`));
    throw new Error(`not ready:\n${open.join("\n")}\n${page.problems.join("\n")}`, { cause: error });
  });
}

/** Collects an event's details from now on; the array fills as they come. */
export async function listen(page, name) {
  await page.evaluate((name) => {
    globalThis.__heard ??= {};
    globalThis.__heard[name] = [];
    document.addEventListener(name, (event) => {
      const detail = event.detail && JSON.parse(JSON.stringify(event.detail));
      if (detail?.view) detail.view = true;
      globalThis.__heard[name].push({ from: event.target.localName, id: event.target.id, detail });
    });
  }, name);
  return () => page.evaluate((name) => globalThis.__heard[name], name);
}

// ——— the terminal ———

/** The binary `mops`, built by `cargo xtask test` before these tests, or now. */
export async function mops(...args) {
  const built = [process.env.MOPS_CLI, `${root}target/debug/mops`].find((path) => path && existsSync(path));
  const [command, first] = built ? [built, []] : ["cargo", ["run", "-q", "-p", "mops-cli", "--"]];
  const { stdout } = await run(command, [...first, ...args], { cwd: root, maxBuffer: 1 << 28 }).catch((error) => {
    // 1 says that a figure is off target, which is an answer too.
    if (error.code === 1 && error.stdout) return error;
    throw error;
  });
  return stdout;
}

/** Every table of the sample. */
export const sampleFolder = ["--data", "demo/data", "--charter", DATA.charter, "--as-of", AS_OF];
export const sampleFiles = ["--contacts", DATA.contacts, "--deals", DATA.deals, "--charter", DATA.charter, "--as-of", AS_OF];

export const report = async (...args) => JSON.parse(await mops("report", ...args, "--format", "json"));
export const view = async (name, ...args) => JSON.parse(await mops("view", name, ...args));

/** A page with a card broken down by owner, of one won deal for each of these. */
export async function cardByOwner(owners) {
  const page = await fixture(`<mops-source as-of="2026-01-01"></mops-source><mops-kpi metric="win_rate" segment="owner"></mops-kpi>`);
  await page.evaluate((owners) => {
    document.querySelector("mops-source").data = {
      deals: { name: "deals", rows: owners.map((owner, index) => ({
        id: String(index), owner, amount: "1", stage: "closedwon", created_at: "2025-01-01", closed_at: "2025-02-01",
      })) },
    };
  }, owners);
  await settled(page);
  return page;
}
