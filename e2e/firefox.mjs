// Firefox as its makers ship it, driven over WebDriver BiDi. playwright-core drives only builds of its own, so this is
// puppeteer-core behind the few methods in which the helpers of these tests need the two to be alike.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import puppeteer from "puppeteer-core";
import { base, clean } from "./harness.mjs";

/** The program; nothing where there is none. `cargo xtask test` names it, empty if it could not be had. */
export const FIREFOX = [process.env.MOPS_FIREFOX ?? "/usr/bin/firefox-esr"].find((path) => path && existsSync(path));

let started;
let downloads;

async function launch() {
  downloads = await mkdtemp(join(tmpdir(), "mops-firefox-"));
  return puppeteer.launch({
    browser: "firefox", executablePath: FIREFOX, headless: true,
    extraPrefsFirefox: {
      "ui.prefersReducedMotion": 1,
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
      "browser.download.alwaysOpenPanel": false,
    },
  });
}

after(async () => {
  await (await started)?.close();
  if (downloads) await rm(downloads, { recursive: true, force: true });
});

/** Sets the size of a page's window. Older Firefox can, but knows no orientation of screens, which is set with it. */
export async function resize(page, width, height) {
  await page.setViewport({ width, height }).catch((error) => {
    if (!error.message.includes("unknown command emulation.setScreenOrientationOverride")) throw error;
  });
  await page.waitForFunction((width) => innerWidth === width, width);
}

/** Opens a page of the site. `page.problems` collects what goes wrong, `page.engines` what Workers the page starts. */
export async function open(path, { width = 1280, height = 900 } = {}) {
  started ??= launch();
  const page = await (await started).newPage();
  page.setDefaultTimeout(30_000);
  page.problems = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warn") page.problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.problems.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => page.problems.push(`request: ${request.url()} ${request.failure()?.errorText}`));
  await page.evaluateOnNewDocument(() => {
    globalThis.__violations = [];
    globalThis.__workers = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      globalThis.__violations.push(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
    });
    globalThis.Worker = class extends Worker {
      constructor(url, options) {
        super(url, options);
        globalThis.__workers.push({ path: new URL(url, location.href).pathname, type: options?.type });
      }
    };
  });
  // With Playwright's order of arguments, and asked again and again from here: puppeteer compiles in the page what it waits
  // for, which older Firefox holds to the page's policy.
  page.waitForFunction = async (work, argument, { timeout = 30_000 } = {}) => {
    for (const end = Date.now() + timeout; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
      if (await page.evaluate(work, argument)) return;
    }
    throw new Error(`${work} did not hold within ${timeout} ms`);
  };
  await resize(page, width, height);
  await page.goto((await base()) + path);
  return page;
}

/** Closes a page on which nothing went wrong. */
export async function close(page) {
  page.problems.push(...await page.evaluate(() => globalThis.__violations));
  clean(page);
  await page.close();
}

/** The next file that arrives after `act`: its name and text. */
export async function downloaded(act) {
  const before = await readdir(downloads);
  await act();
  for (let tries = 0; tries < 100; tries += 1) {
    const now = await readdir(downloads);
    // While a file is written, `.part` stands beside it.
    const [name] = now.filter((name) => !before.includes(name) && !now.includes(`${name}.part`) && !name.endsWith(".part"));
    const text = name && await readFile(join(downloads, name), "utf8");
    if (text) return { name, text };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no file arrived in 10 s");
}
