import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MopsError } from "../error.js";
import { version } from "../version.js";

test("the core's JSON becomes an error with its parts", () => {
  const error = MopsError.from('{"code":"bad_input","message":"No header.","where":{"line":3},"mend":"Add one."}');
  assert.equal(error.name, "MopsError");
  assert.deepEqual(error.toJSON(), {
    code: "bad_input",
    message: "No header.",
    where: { line: 3 },
    mend: "Add one.",
  });
});

test("of several errors the first speaks and all are kept", () => {
  const error = MopsError.from('[{"code":"bad_charter","message":"A"},{"code":"bad_charter","message":"B"}]');
  assert.equal(error.message, "A");
  assert.equal(error.errors.length, 2);
  assert.equal(MopsError.from(error.toJSON()).errors.length, 2);
});

test("anything else thrown is said as it is", () => {
  assert.equal(MopsError.from(new TypeError("x")).message, "x");
  assert.equal(MopsError.from(new TypeError("x")).code, "failed");
  assert.equal(MopsError.from(undefined).message, "undefined");
  const abort = AbortSignal.abort().reason;
  assert.equal(MopsError.from(abort).code, "failed");
});

test("the version is the workspace's", () => {
  const cargo = readFileSync(new URL("../../../Cargo.toml", import.meta.url), "utf8");
  assert.equal(version, /\[workspace\.package\]\s*version = "([^"]+)"/.exec(cargo)[1]);
});
