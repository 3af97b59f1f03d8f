// The demo's pages in Firefox: the engine in a module Worker, the terminal's numbers, text that can be read at every
// width, keys and files.
import { test } from "node:test";
import assert from "node:assert/strict";
import { settled } from "./harness.mjs";
import { close, downloaded, FIREFOX, open, resize } from "./firefox.mjs";
import { focused, tabTo } from "./keyboard.mjs";
import { holdsTheTerminals } from "./numbers.mjs";
import { textFaults } from "./text.mjs";

const PAGES = ["demo/intranet.html", "demo/crm.html", "demo/governance.html", "demo/revenue.html"];
const options = { timeout: 90_000, skip: FIREFOX ? false : "NOT RUN, Firefox is not installed: on Debian `apt-get install firefox-esr`" };

for (const path of PAGES) {
  test(`Firefox: ${path} shows the terminal's numbers, computed in a module Worker, at any width`, options, async () => {
    const page = await open(path);
    await settled(page);
    assert.deepEqual(await page.evaluate(() => globalThis.__workers), [{ path: "/dist/worker.js", type: "module" }]);
    const own = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    assert.ok(own.includes("/dist/mops_widgets_bg.wasm") && !own.includes("/dist/mops_engine_bg.wasm"), `the page itself loads ${own}`);
    await holdsTheTerminals(page, path);
    for (const width of [320, 900, 1280]) {
      await resize(page, width, 900);
      await page.waitForFunction((width) => innerWidth === width, width);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${width} px: ${over} px too wide`);
      assert.deepEqual(await page.evaluate(textFaults), [], `${width} px`);
    }
    await close(page);
  });
}

test("Firefox: a definition opens by keyboard, and tables and pictures become files", options, async () => {
  const page = await open("demo/intranet.html");
  await settled(page);
  const inside = (read) => page.$eval("mops-kpi", read);

  await tabTo(page, /^Definition and evidence/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("mops-kpi").shadowRoot.querySelector(".panel .formula")?.textContent.length > 20);
  const definition = await inside(({ shadowRoot }) => shadowRoot.querySelector(".panel").textContent);
  for (const word of ["Formula", "Owner", "Sign-off"]) assert.ok(definition.includes(word), `${word} is missing: ${definition}`);
  await page.keyboard.press("Escape");
  assert.ok(await inside(({ shadowRoot }) => !shadowRoot.querySelector(".panel")?.checkVisibility()), "Escape closes it");
  assert.match((await focused(page)).name, /^Definition and evidence/, "Escape gives the focus back to the button");

  /** Exports the next card by keyboard: the file, and the card. */
  const saved = async (format) => {
    await tabTo(page, /^Export/);
    await page.keyboard.press("Enter");
    await tabTo(page, (at) => at.name === format);
    const card = await page.evaluate((card = document.activeElement) => ({
      value: card.getView().body.figure.value, shown: card.shadowRoot.querySelector("[part~=value]").textContent.trim(), width: card.offsetWidth,
    }));
    return { ...card, ...await downloaded(() => page.keyboard.press("Enter")) };
  };
  const csv = await saved("CSV");
  assert.match(csv.name, /\.csv$/);
  assert.ok(csv.text.includes(String(csv.value)), `${csv.value} is not in ${csv.text}`);
  const svg = await saved("SVG");
  assert.match(svg.name, /\.svg$/);
  assert.ok(svg.text.includes(`>${svg.shown}</text>`), `${svg.shown} is not in ${svg.text}`);
  const width = await page.evaluate(async (data) => {
    const image = Object.assign(new Image(), { src: `data:image/svg+xml;base64,${data}` });
    await image.decode();
    return image.naturalWidth;
  }, Buffer.from(svg.text).toString("base64"));
  assert.ok(Math.abs(width - svg.width) <= 1, `the picture is ${width} px wide, the card ${svg.width}`);
  await close(page);
});
