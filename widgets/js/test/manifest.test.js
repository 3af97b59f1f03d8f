import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { attributes, camel, sourceAttributes, tags } from "../tags.js";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("custom-elements.json"));
const declarations = manifest.modules.flatMap((module) => module.declarations);

test("the manifest has every element, and no other", () => {
  assert.deepEqual(declarations.map(({ tagName }) => tagName), tags);
});

test("the manifest's attributes are those that elements observe, each with a text", () => {
  const known = new Set([...attributes, ...sourceAttributes]);
  const told = new Set();
  for (const declaration of declarations) {
    for (const { name, fieldName, description } of declaration.attributes) {
      assert.ok(known.has(name), name);
      assert.equal(fieldName, camel(name));
      assert.ok(description, name);
      told.add(name);
    }
  }
  assert.deepEqual([...told].sort(), [...known].sort());
});

test("the types declare every element and every attribute", () => {
  const types = read("index.d.ts");
  for (const tag of tags) assert.ok(types.includes(`"${tag}":`), tag);
  const components = [...read("react.d.ts").matchAll(/\| "(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(components, tags.map((tag) => camel(`-${tag}`)));
  for (const name of [...attributes, ...sourceAttributes]) {
    assert.match(types, new RegExp(`\\b(?:get )?${camel(name)}(?:\\(\\))?: `), name);
  }
});

test("the package has the workspace's version", () => {
  const cargo = read("../../Cargo.toml");
  assert.equal(JSON.parse(read("package.json")).version, /\[workspace\.package\]\s*version = "([^"]+)"/.exec(cargo)[1]);
});

const folder = (name) => new URL(`../../${name}/`, import.meta.url);
const files = (name, end) => readdirSync(folder(name), { recursive: true }).filter((file) => file.endsWith(end))
  .map((file) => readFileSync(new URL(file, folder(name)), "utf8")).join("\n");
const named = (list) => [...new Set(declarations.flatMap((declaration) => declaration[list].map(({ name }) => name)))].sort();

test("the manifest's parts are those that the markup names, each with a text", () => {
  const markup = new Set([...files("src", ".rs").matchAll(/\.part\("([^"]+)"\)/g)].map(([, name]) => name));
  assert.deepEqual(named("cssParts"), [...markup].sort());
  for (const { description, name } of declarations.flatMap(({ cssParts }) => cssParts)) assert.ok(description, name);
});

/** What follows a custom property in the `var()` that reads it: "" where nothing does. */
function fallback(styles, name) {
  const from = styles.search(new RegExp(`var\\(${name}[,)]`)) + `var(${name}`.length;
  let open = 1;
  let to = from;
  for (; open; to += 1) open += { "(": 1, ")": -1 }[styles[to]] ?? 0;
  return styles.slice(from + 1, to - 1).trim();
}

test("the manifest's custom properties are those that the styles read, with their defaults", () => {
  const styles = files("css", ".css");
  const read = new Set([...styles.matchAll(/var\((--mops-[a-z-]+)/g)].map(([, name]) => name));
  assert.deepEqual(named("cssProperties"), [...read].sort());
  for (const { name, description, default: said = "" } of declarations.flatMap(({ cssProperties }) => cssProperties)) {
    assert.ok(description, name);
    assert.equal(said, fallback(styles, name), name);
  }
});
