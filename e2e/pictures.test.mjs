// Every element as SVG and PNG: all that is seen is in the picture, where it is seen, and nothing else is.
import { test } from "node:test";
import assert from "node:assert/strict";
import { BOARDS, POLICY, WIDGETS, base, cardByOwner, clean, fixture, newPage, open, sampleSource, settled, shown } from "./harness.mjs";
import { SAMPLES } from "./boards.mjs";

const ELEMENTS = ["mops-source", ...WIDGETS, ...BOARDS];
/** The pages that show them all. */
const PLACES = ["demo/intranet.html", "demo/governance.html", "demo/revenue.html"];

/** What an element gives away, in base64. */
const exported = (handle, options) => handle.evaluate(async (element, options) => {
  const blob = await element.export(options);
  const data = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(blob);
  });
  return { type: blob.type, data };
}, options).then(({ type, data }) => ({ type, bytes: Buffer.from(data, "base64") }));

/**
 * Size and text of an element or a part of it as somebody sees it, without its tools: found by the browser's own word on
 * what is visible. What is cut off with an ellipsis counts in full.
 */
const seen = (handle, part = ".root") => handle.evaluate((element, part) => {
  const { width, height } = element.getBoundingClientRect();
  const walker = document.createTreeWalker(element.shadowRoot.querySelector(part), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest(".hidden, .tools, .action, .clear, .panel, .popover, .tip, title, .more[open] > summary")) continue;
    const select = parent.closest("select");
    const isShown = select ? select.selectedOptions[0] === parent : parent.checkVisibility({ visibilityProperty: true });
    if (isShown) texts.push(walker.currentNode.data);
  }
  const cut = [...element.shadowRoot.querySelectorAll(".opener-text, .chip-text")].some((label) => label.scrollWidth > label.clientWidth);
  const title = element.shadowRoot.querySelector(".title")?.textContent ?? element.shadowRoot.querySelector("[aria-label]").ariaLabel;
  return { width, height, text: texts.join(" "), cut, title };
}, part);

/** What another program reads in an SVG: on a page of its own, since a file that has left its page is under no policy of it. */
const parsed = (elsewhere, source) => elsewhere.evaluate((source) => {
  const made = new DOMParser().parseFromString(source, "image/svg+xml");
  const all = [...made.querySelectorAll("*")];
  const root = made.documentElement;
  return {
    fault: made.querySelector("parsererror")?.textContent ?? null,
    width: +root.getAttribute("width"),
    height: +root.getAttribute("height"),
    title: made.querySelector("title")?.textContent,
    text: [...made.querySelectorAll("text")].map((text) => text.textContent).join(" "),
    names: [...new Set(all.map(({ localName }) => localName))].sort(),
    attributes: [...new Set(all.flatMap(({ attributes }) => [...attributes].map(({ name }) => name)))].sort(),
    odd: all.flatMap(({ attributes }) => [...attributes]).map(({ value }) => value).filter((value) => /url\(|var\(|NaN|undefined|oklab|color\(/.test(value)),
  };
}, source);

/** How far two pictures of one size are from each other: mean difference of a channel, and how much of them differs clearly. */
const compared = (elsewhere, ...files) => elsewhere.evaluate(async (files) => {
  const images = files.map((data) => Object.assign(new Image(), { src: `data:image/${data.startsWith("PHN2Z") ? "svg+xml" : "png"};base64,${data}` }));
  await Promise.all(images.map((image) => image.decode()));
  const drawn = (image, width, height) => {
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    context.fillStyle = "#888";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    return context;
  };
  const { width, height } = images[0];
  // An SVG becomes pixels at full size first.
  const [one, other] = images.map((image) =>
    drawn(drawn(image, width, height).canvas, width >> 3, height >> 3).getImageData(0, 0, width >> 3, height >> 3).data);
  let [sum, far, low, high] = [0, 0, 255, 0];
  for (let at = 0; at < one.length; at++) {
    const difference = Math.abs(one[at] - other[at]);
    sum += difference;
    far += difference > 64;
    low = Math.min(low, at % 4 === 3 ? low : one[at]);
    high = Math.max(high, at % 4 === 3 ? high : one[at]);
  }
  return { sizes: images.map((image) => [image.width, image.height]), mean: sum / one.length, far: far / one.length, range: high - low };
}, files.map((file) => file.toString("base64")));

/** Whether a PNG can be read on any ground: round corners are all that may be open. */
const isOpaque = (elsewhere, file) => elsewhere.evaluate(async (data) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const { width, height } = image;
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  context.drawImage(image, 0, 0);
  const line = [...context.getImageData(0, height >> 1, width - 2, 1).data, ...context.getImageData(width >> 1, 0, 1, height - 2).data];
  return line.every((value, at) => at % 4 !== 3 || value > 250);
}, file.toString("base64"));

const bare = (text) => text.replace(/\s+/g, "");
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Saves an element both ways and holds it to what is seen. */
async function check(page, elsewhere, handle, name) {
  const now = await seen(handle);
  const svg = await exported(handle, { format: "svg" });
  assert.equal(svg.type, "image/svg+xml", name);
  const picture = await parsed(elsewhere, svg.bytes.toString("utf8"));
  assert.equal(picture.fault, null, name);
  assert.deepEqual(picture.names.filter((one) => !["svg", "title", "path", "text"].includes(one)), [], `${name}: outlines and text only`);
  assert.deepEqual(picture.attributes.filter((one) => /^on|href|src|class|^id$/.test(one)), [], `${name}: refers to nothing`);
  assert.deepEqual(picture.odd, [], `${name}: colours and numbers that any program reads`);
  assert.equal(bare(picture.text), bare(now.text), `${name}: the text that is seen, all of it and no other`);
  assert.ok(picture.title.trim(), name);
  if (now.title) assert.ok(picture.title.includes(now.title), `${name}: ${picture.title}`);
  assert.ok(Math.abs(picture.width - now.width) < 0.02, `${name}: ${picture.width} for ${now.width} px`);
  if (now.cut) assert.ok(picture.height >= now.height - 0.02, name);
  else assert.ok(Math.abs(picture.height - now.height) < 0.02, `${name}: ${picture.height} for ${now.height} px`);

  const png = await exported(handle, { format: "png" });
  assert.equal(png.type, "image/png", name);
  assert.deepEqual([...png.bytes.subarray(0, 8)], SIGNATURE, name);
  const size = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
  assert.deepEqual(size, [Math.ceil(2 * picture.width), Math.ceil(2 * picture.height)], name);
  assert.ok(await isOpaque(elsewhere, png.bytes), `${name}: the page doesn't shine through`);
  assert.deepEqual(await seen(handle), now, `${name} is on the page as before`);
  return { svg, png };
}

test("the pages show every element", async () => {
  const tags = new Set();
  for (const path of PLACES) {
    const page = await open(path);
    for (const tag of await page.$$eval(ELEMENTS.join(), (all) => all.map(({ localName }) => localName))) tags.add(tag);
    await page.context().close();
  }
  assert.deepEqual([...tags].sort(), [...ELEMENTS].sort());
});

for (const path of PLACES) {
  for (const [theme, width] of [["light", 1280], ["dark", 332]]) {
    test(`${path}, ${theme} at ${width} px: every element is saved as it is seen`, async () => {
      const [page, elsewhere] = [await newPage({ theme, width, context: { deviceScaleFactor: 2 } }), await newPage()];
      await page.goto((await base()) + path);
      await shown(page, path);
      await page.waitForTimeout(500);
      for (const handle of await page.$$(ELEMENTS.join())) {
        const name = await handle.evaluate(({ localName, id }) => (id ? `${localName}#${id}` : localName));
        if (!(await handle.isVisible())) continue;
        await check(page, elsewhere, handle, name);
      }
      clean(page);
      for (const one of [page, elsewhere]) await one.context().close();
    });
  }
}

/** A page with one element, alone on white or black, at two pixels for one. */
async function alone(tag, { attributes = "", width, theme = "light", dir = "ltr", context = {} }) {
  const page = await newPage({ width, theme, context: { deviceScaleFactor: 2, ...context } });
  const made = SAMPLES[tag];
  // A PNG needs no image: a policy that allows none but the site's own is enough.
  const policy = POLICY.replace("img-src 'self' data:", "img-src 'self'");
  await fixture(`${made ? "" : `<div hidden>${sampleSource()}</div>`}<${tag} class=shot ${attributes}></${tag}>`, { page, policy, attributes: `dir="${dir}"` });
  if (made) await page.$eval(".shot", (element, view) => { element.view = view; }, made);
  await settled(page, ".shot");
  await page.waitForTimeout(400);
  return page;
}

const LOOKS = [
  ["light", 900, {}],
  ["dark", 300, { theme: "dark" }],
  ["right to left", 600, { dir: "rtl" }],
  ["forced colours", 600, { context: { forcedColors: "active" } }],
];
const SHOWN = {
  "mops-kpi": 'metric="win_rate" period="2025" compare="previous" segment="source"',
  "mops-scorecard": 'period="2025" compare="previous"',
  "mops-funnel": 'period="2025"',
  "mops-cohorts": 'period="2025"',
  ...Object.fromEntries(Object.keys(SAMPLES).map((tag) => [tag, ""])),
};

for (const [look, width, options] of LOOKS) {
  test(`${look}: the PNG looks like the element on the page`, async () => {
    const elsewhere = await newPage();
    for (const [tag, attributes] of Object.entries(SHOWN)) {
      const page = await alone(tag, { attributes, width, ...options });
      const handle = await page.$(".shot");
      // Tools are no part of the picture; neither are lines under names that open something.
      await handle.evaluate((element) => {
        const plain = new CSSStyleSheet();
        plain.replaceSync(".tools { visibility: hidden } .name { text-decoration: none !important } .segment-label { white-space: normal !important; overflow-wrap: anywhere }");
        element.shadowRoot.adoptedStyleSheets.push(plain);
      });
      const { svg, png } = await check(page, elsewhere, handle, tag);
      // What lies open and closed has its signs on the page only.
      await handle.evaluate((element) => {
        element.shadowRoot.adoptedStyleSheets.at(-1).insertRule(".section-title::before { content: none !important }");
      });
      const { sizes, mean, far, range } = await compared(elsewhere, png.bytes, await handle.screenshot());
      const apart = await compared(elsewhere, png.bytes, svg.bytes);
      const [one, other] = sizes;
      assert.ok(Math.abs(one[0] - other[0]) <= 2 && Math.abs(one[1] - other[1]) <= 2, `${tag}: ${sizes}`);
      if (process.env.MOPS_TELL) console.log(look, tag, mean.toFixed(2), far.toFixed(4), range, apart.mean.toFixed(2), apart.far.toFixed(4));
      assert.ok(range > 100, `${tag} is blank`);
      assert.ok(mean < 2.5 && far < 0.002, `${tag}: mean difference ${mean.toFixed(2)}, clearly different ${(far * 100).toFixed(2)} %`);
      assert.ok(apart.mean < 2.5 && apart.far < 0.002, `${tag}: SVG and PNG differ by ${apart.mean.toFixed(2)}`);
      clean(page);
      await page.context().close();
    }
    await elsewhere.context().close();
  });
}

test("a section is saved under the element's head, and no other with it", async () => {
  const elsewhere = await newPage();
  for (const tag of Object.keys(SAMPLES)) {
    const page = await alone(tag, { width: 900 });
    const handle = await page.$(".shot");
    const ids = await handle.evaluate(({ shadowRoot }) => [...shadowRoot.querySelectorAll("[data-section]")].map((part) => part.dataset.section));
    assert.ok(ids.length > 1, tag);
    const whole = await seen(handle);
    for (const section of ids) {
      const [head, own] = [await seen(handle, ".head"), await seen(handle, `[data-section="${section}"]`)];
      const picture = await parsed(elsewhere, (await exported(handle, { format: "svg", section })).bytes.toString("utf8"));
      assert.equal(bare(picture.text), bare(`${head.text} ${own.text}`), `${tag} ${section}`);
      assert.ok(picture.height < whole.height && picture.width === whole.width, `${tag} ${section}`);
    }
    await assert.rejects(exported(handle, { format: "svg", section: "nothing" }), /no svg of nothing to give/);
    clean(page);
    await page.context().close();
  }
  await elsewhere.context().close();
});

test("text from data is only ever text", async () => {
  const owners = ['<script>alert(1)</script>', "<img src=x onerror=alert(1)>", '" onload="alert(1)', "]]>&lt;&amp;", "a\u0001b\ufffec", "שלום עולם", "😀 Ana"];
  const page = await cardByOwner(owners);
  const handle = await page.$("mops-kpi");
  const elsewhere = await newPage();
  const picture = await parsed(elsewhere, (await exported(handle, { format: "svg" })).bytes.toString("utf8"));
  assert.equal(picture.fault, null);
  assert.deepEqual(picture.names, ["path", "svg", "text", "title"]);
  for (const owner of owners) assert.ok(bare(picture.text).includes(bare(owner.replace(/[\u0001\ufffe]/g, ""))), owner);
  assert.deepEqual(picture.attributes.filter((name) => name.startsWith("on")), []);
  clean(page);
  for (const one of [page, elsewhere]) await one.context().close();
});

test("the menu saves what its button says", async () => {
  const page = await alone("mops-stack", { width: 900 });
  const offered = () => page.$eval(".shot", ({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll(".panel .action")].map((button) => button.ariaLabel));
  const menu = page.locator(".shot").getByRole("button", { name: /^Export/ });
  await menu.click();
  const sections = SAMPLES["mops-stack"].body.sections.map(({ label }) => label);
  const wanted = ["Everything shown", "Figures", ...sections].flatMap((name) => ["CSV", "SVG", "PNG"].map((format) => `${format}: ${name}`));
  assert.deepEqual(await offered(), wanted);
  const download = page.waitForEvent("download");
  await page.locator(".shot").getByRole("button", { name: "SVG: Benchmarks" }).click();
  assert.equal((await download).suggestedFilename(), "stack-utilisation-benchmarks-2025.svg");
  assert.equal(await page.$eval(".shot", ({ shadowRoot }) => shadowRoot.querySelector(".panel:not([hidden])")), null);
  clean(page);
  await page.context().close();
});
