// Pictures of every demo page and of every widget in every state, at 240, 400, 1280 and 1600 px, in light and dark, and
// of the pages in print and forced colours, into `screenshots/`. People look at them; `cargo xtask screenshots` makes
// them. Words as arguments limit what is taken: `node e2e/screenshots.mjs intranet kpi`.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SAMPLES } from "./boards.mjs";
import { base, DATA, fixture, newPage, PAGES, root, sampleSource, settled, shown, shutDown } from "./harness.mjs";

const folder = join(root, "screenshots");
const WIDTHS = [240, 400, 1280, 1600];
const THEMES = ["light", "dark"];
const MEDIA = { print: { media: "print" }, "forced-colors": { forcedColors: "active" } };
const only = process.argv.slice(2);
const wanted = (name) => !only.length || only.some((word) => name.includes(word));

const ASKS = {
  "mops-source": "",
  "mops-filters": 'period="2025"',
  "mops-kpi": 'metric="win_rate" period="2025-Q4" compare="previous"',
  "mops-scorecard": 'period="2025-Q4" compare="previous"',
  "mops-funnel": 'period="2025" compare="previous"',
  "mops-cohorts": 'period="2025"',
  // Boards share one component, so the states of two, with and without a period, stand for all.
  "mops-data-quality": "",
  "mops-attribution": 'period="2025"',
};
const thin = 'filter=\'{"account": ["Orlik Interiors S.A."]}\'';
const empty = 'filter=\'{"account": ["Nobody"], "owner": ["Nobody"]}\'';

const marked = (tag, attributes) => `<${tag} class="shot" ${attributes}></${tag}>`;

/** How each state comes about: markup, and what happens then. */
const STATES = {
  ready: { body: (tag, asks) => sampled(tag, asks) },
  definition: { body: (tag, asks) => sampled(tag, asks), then: (page) => open(page, /^Definition and evidence/) },
  table: { body: (tag, asks) => sampled(tag, asks), then: (page) => open(page, /^Data table/) },
  export: { body: (tag, asks) => sampled(tag, asks), then: (page) => open(page, /^Export/) },
  thin: { body: (tag, asks) => sampled(tag, `${asks} ${thin}`), not: ["mops-source", "mops-filters"] },
  empty: { body: (tag, asks) => sampled(tag, `${asks} ${empty}`), not: ["mops-source", "mops-filters"] },
  segments: { body: (tag, asks) => sampled(tag, `${asks} segment="source"`), just: ["mops-kpi"] },
  money: { body: (tag) => sampled(tag, 'metric="pipeline_created" period="2025" segment="owner"'), just: ["mops-kpi"] },
  compact: { body: (tag, asks) => sampled(tag, `${asks} density="compact"`) },
  rtl: { body: (tag, asks) => sampled(tag, `${asks} dir="rtl" locale="ar"`) },
  idle: { body: (tag, asks) => marked(tag, asks), wait: false },
  loading: { body: (tag, asks) => sampled(tag, asks, "never.csv"), wait: false },
  error: { body: (tag, asks) => sampled(tag, asks, "missing.csv"), wait: false },
  stale: {
    body: (tag, asks) => sampled(tag, asks),
    async then(page) {
      await page.evaluate(() => document.querySelector("mops-source").setAttribute("deals", "missing.csv"));
      await page.waitForTimeout(600);
    },
  },
};

function sampled(tag, asks, deals = DATA.deals) {
  const source = sampleSource().replace(DATA.deals, deals);
  return tag === "mops-source" ? source.replace("<mops-source", '<mops-source class="shot"') : `<div hidden>${source}</div>${marked(tag, asks)}`;
}

async function open(page, name) {
  const button = page.locator(".shot").getByRole("button", { name }).first();
  if (!(await button.count())) return false;
  await button.click();
  return true;
}

async function pages() {
  for (const path of PAGES) {
    for (const theme of THEMES) {
      const page = await newPage({ theme, width: 1280 });
      await page.goto((await base()) + path);
      await shown(page, path);
      for (const width of WIDTHS) {
        const name = `page-${path.replace(/^demo\/|\.html$/g, "")}-${width}-${theme}`;
        if (!wanted(name)) continue;
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(350);
        await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      }
      for (const [look, media] of Object.entries(theme === "light" ? MEDIA : {})) {
        const name = `page-${path.replace(/^demo\/|\.html$/g, "")}-${look}`;
        if (!wanted(name)) continue;
        await page.setViewportSize({ width: 800, height: 900 });
        await page.emulateMedia(media);
        await page.waitForTimeout(500);
        await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
        await page.emulateMedia({ media: "screen", forcedColors: "none" });
      }
      if (path.includes("crm")) {
        for (const tab of ["account", "frame"]) {
          await page.setViewportSize({ width: 1280, height: 900 });
          await page.click(`#tab-${tab}`);
          await page.waitForTimeout(900);
          await page.screenshot({ path: join(folder, `page-crm-${tab}-1280-${theme}.png`), fullPage: true });
        }
      }
      await page.context().close();
    }
  }
}

async function widgets() {
  for (const [tag, asks] of Object.entries(ASKS)) {
    for (const [state, { body, then, wait = true, not = [], just }] of Object.entries(STATES)) {
      const names = THEMES.flatMap((theme) => WIDTHS.map((width) => `${tag.slice(5)}-${state}-${width}-${theme}`));
      if (not.includes(tag) || (just && !just.includes(tag)) || !names.some(wanted)) continue;
      for (const theme of THEMES) {
        const page = await newPage({ theme, width: 1280 });
        // Requests of a worker are seen by the context.
        await page.context().route("**/never.csv", () => {});
        await page.context().route("**/missing.csv", (route) => route.fulfill({ status: 404, body: "" }));
        await fixture(`<div id="room">${body(tag, asks)}</div>`, { page });
        if (wait) await settled(page, ".shot");
        else await page.waitForTimeout(900);
        const done = await then?.(page);
        for (const width of WIDTHS) {
          if (done === false) break;
          // 16 px around the widget, so that its edge and shadow are seen.
          await page.setViewportSize({ width: width + 32, height: 700 });
          await page.evaluate(() => { document.querySelector("#room").style.padding = "16px"; });
          await page.waitForTimeout(300);
          await page.screenshot({ path: join(folder, `${tag.slice(5)}-${state}-${width}-${theme}.png`), fullPage: true });
        }
        await page.context().close();
      }
    }
  }
}

/** Boards from made-up views, with what opens beneath their figures. */
async function boards() {
  for (const [tag, view] of Object.entries(SAMPLES)) {
    for (const theme of THEMES) {
      for (const [state, name] of Object.entries({ ready: null, definition: view.body.figures[0].label, table: /^Data table/, export: /^Export/ })) {
        const names = WIDTHS.map((width) => `${tag.slice(5)}-${state}-${width}-${theme}`);
        if (!names.some(wanted)) continue;
        const page = await newPage({ theme, width: 1280 });
        await fixture(`<div id="room">${marked(tag, "")}</div>`, { page });
        await page.$eval(".shot", (element, view) => { element.view = view; }, view);
        await settled(page, ".shot");
        if (name) await open(page, name);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width: width + 32, height: 700 });
          await page.evaluate(() => { document.querySelector("#room").style.padding = "16px"; });
          await page.waitForTimeout(300);
          await page.screenshot({ path: join(folder, `${tag.slice(5)}-${state}-${width}-${theme}.png`), fullPage: true });
        }
        await page.context().close();
      }
    }
  }
}

await mkdir(folder, { recursive: true });
try {
  if (!only.length || only.some((word) => word.startsWith("page"))) await pages();
  await widgets();
  await boards();
} finally {
  await shutDown();
}
console.log("screenshots/ is ready to be looked at");
