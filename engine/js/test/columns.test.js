import assert from "node:assert/strict";
import { test } from "node:test";
import { fromColumns, fromRows, isNested } from "../columns.js";

const BLANK = 0xffff_ffff;
const run = (work) => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
};

test("rows become columns of one kind each", () => {
  const at = new Date("2026-01-31T00:00:00Z");
  const columns = run(
    fromRows([
      { id: "1", amount: 10.5, at, is_won: true, owner: "Ana" },
      { id: "2", amount: null, at: undefined, is_won: false, owner: "Ana", late: "x" },
      { id: "3", owner: "" },
    ]),
  );
  assert.deepEqual(columns, [
    { name: "id", kind: "coded", codes: Uint32Array.of(0, 1, 2), values: ["1", "2", "3"] },
    { name: "amount", kind: "number", data: Float64Array.of(10.5, NaN, NaN) },
    { name: "at", kind: "time", data: Float64Array.of(at.getTime(), NaN, NaN) },
    { name: "is_won", kind: "flag", data: Uint8Array.of(1, 0, 2) },
    { name: "owner", kind: "coded", codes: Uint32Array.of(0, 0, BLANK), values: ["Ana"] },
    { name: "late", kind: "coded", codes: Uint32Array.of(BLANK, 0, BLANK), values: ["x"] },
  ]);
});

test("cells of several kinds stay what they are, as text", () => {
  const [column] = run(fromRows([{ id: 7 }, { id: "A7" }, { id: new Date(0) }, { id: true }, { id: new Date(NaN) }]));
  assert.deepEqual(column.values, ["7", "A7", "1970-01-01T00:00:00.000Z", "true", "Invalid Date"]);
});

test("columns come as arrays, typed arrays and dictionaries", () => {
  const columns = run(
    fromColumns({
      id: ["a", "b"],
      amount: Int32Array.of(1, 2),
      created_at: BigInt64Array.of(5n, 6n),
      owner: { codes: [1, 0], values: ["Ana", "Ben"] },
    }),
  );
  assert.deepEqual(columns.map(({ kind }) => kind), ["coded", "number", "number", "coded"]);
  assert.deepEqual(columns[2].data, Float64Array.of(5, 6));
  assert.deepEqual(columns[3].codes, Uint32Array.of(1, 0));
});

test("an empty table has no columns, a column of blanks is text", () => {
  assert.deepEqual(run(fromRows([])), []);
  assert.deepEqual(run(fromRows([{ id: null }])), [
    { name: "id", kind: "coded", codes: Uint32Array.of(BLANK), values: [] },
  ]);
});

test("rows with objects inside are told apart", () => {
  assert.equal(isNested([{ id: 1, at: new Date() }, { id: null }]), false);
  assert.equal(isNested([{ id: 1, properties: { stage: "lead" } }]), true);
});
