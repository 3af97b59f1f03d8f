import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
