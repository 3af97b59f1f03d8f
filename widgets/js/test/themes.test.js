import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../css/themes/", import.meta.url);
const tokens = readFileSync(new URL("../../css/tokens.css", import.meta.url), "utf8")
  + readFileSync(new URL("../../css/chart.css", import.meta.url), "utf8");

/** `light-dark(#16212b, #eef3f6)` → channels from 0 to 1, of one of both. */
function channels(value, scheme) {
  const pair = [...value.matchAll(/#([0-9a-f]{6})\b/g)].map(([, hex]) => hex);
  assert.equal(pair.length, 2, `${value} is no pair of colours`);
  return [0, 2, 4].map((at) => parseInt(pair[scheme === "dark" ? 1 : 0].slice(at, at + 2), 16) / 255);
}

const linear = (channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const coded = (light) => (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * vector[at], 0));

// https://www.w3.org/TR/css-color-4/#color-conversion-code by way of https://bottosson.github.io/posts/oklab/
const toLms = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const toLab = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];
const fromLab = [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]];
const fromLms = [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]];
const lab = (color) => times(toLab, times(toLms, color.map(linear)).map(Math.cbrt));

/** `color-mix(in oklab, one share, other)`. */
function mix(one, share, other) {
  const [left, right] = [lab(one), lab(other)];
  const mixed = left.map((part, at) => part * share + right[at] * (1 - share));
  return times(fromLms, times(fromLab, mixed).map((part) => part ** 3)).map((light) => coded(Math.min(1, Math.max(0, light))));
}

/** The contrast of WCAG 2. */
function contrast(one, other) {
  const light = (color) => times([[0.2126, 0.7152, 0.0722]], color.map(linear))[0] + 0.05;
  const [left, right] = [light(one), light(other)];
  return Math.max(left, right) / Math.min(left, right);
}

test("the contrast of black on white is 21", () => {
  assert.equal(contrast([0, 0, 0], [1, 1, 1]).toFixed(2), "21.00");
  assert.equal(contrast([0x76 / 255, 0x76 / 255, 0x76 / 255], [1, 1, 1]).toFixed(2), "4.54");
  for (const [at, channel] of mix([1, 0, 0], 1, [0, 0, 1]).entries()) assert.ok(Math.abs(channel - [1, 0, 0][at]) < 0.001);
});

for (const file of readdirSync(folder)) {
  const text = readFileSync(new URL(file, folder), "utf8");
  const said = new Map([...text.matchAll(/(--mops-[\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]));

  test(`${file} sets what there is to set`, () => {
    for (const name of said.keys()) assert.ok(tokens.includes(`var(${name},`), name);
  });

  for (const scheme of ["light", "dark"]) test(`${file} can be read in ${scheme}`, () => {
    const of = (name) => channels(said.get(`--mops-${name}`), scheme);
    const holds = (one, other, least, what) => {
      const found = contrast(one, other);
      assert.ok(found >= least, `${what}: ${found.toFixed(2)} of ${least}`);
    };
    const [surface, raised, text, accent] = ["surface", "raised", "text", "accent"].map((name) => of(`color-${name}`));
    const readable = file === "contrast.css" ? 7 : 4.5;
    for (const name of ["text", "muted", "accent", "positive", "negative", "caution"]) {
      holds(of(`color-${name}`), surface, readable, `${name} on the surface`);
      holds(of(`color-${name}`), raised, 4.5, `${name} on what is raised`);
    }
    for (const name of ["chart-second-color", "chart-third-color"]) holds(of(name), surface, 4.5, name);
    holds(of("color-control-line"), surface, 3, "a control's outline");
    holds(of("tooltip-text"), of("tooltip-surface"), readable, "a tooltip");
    // What is chosen, and the cells of a matrix, whose labels turn at the fifth shade.
    holds(text, mix(accent, 0.1, surface), 4.5, "a chip");
    for (const share of [0.05, 0.12, 0.2, 0.28, 0.36]) holds(text, mix(accent, share, surface), 4.5, `a cell of ${share}`);
    holds(surface, mix(accent, 0.82, surface), 4.5, "a cell of the fifth shade");
    for (const share of [0.9, 0.78, 0.64]) holds(surface, mix(accent, share, text), 4.5, `a cell of ${share} with text`);
  });
}
