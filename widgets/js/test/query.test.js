import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";

// In the package the files of both folders lie side by side; here `./error.js` is found in the other folder.
register(new URL("./side-by-side.js", import.meta.url));
const { buildQuery, parseFilter, today } = await import("../query.js");

const ask = (tag, attributes, shared = {}) =>
  buildQuery(tag, (name) => attributes[name] ?? null, { asOf: "2026-01-01", chosen: {}, defaults: {}, ...shared });

test("an attribute becomes part of the query, an absent one does not", () => {
  assert.deepEqual(ask("mops-kpi", { metric: "win_rate", period: "2025", segment: "owner" }), {
    view: "kpi",
    as_of: "2026-01-01",
    metric: "win_rate",
    period: "2025",
    segment: "owner",
  });
  assert.deepEqual(ask("mops-funnel", {}), { view: "funnel", as_of: "2026-01-01" });
  assert.deepEqual(ask("mops-scorecard", { metrics: "win_rate, sales_cycle\npipeline_created" }).metrics, [
    "win_rate",
    "sales_cycle",
    "pipeline_created",
  ]);
});

test("a board asks for the view that its tag names", () => {
  assert.deepEqual(ask("mops-speed-to-lead", { period: "2025" }), { view: "speed_to_lead", as_of: "2026-01-01", period: "2025" });
  assert.deepEqual(ask("mops-stack", { metric: "win_rate", metrics: "win_rate" }), { view: "stack", as_of: "2026-01-01" });
});

test("as-of: element, source, today", () => {
  assert.equal(ask("mops-funnel", { "as-of": "2025-06-30" }).as_of, "2025-06-30");
  assert.equal(ask("mops-funnel", {}, { asOf: null }).as_of, today());
  assert.equal(today(new Date(2026, 0, 5, 23, 59)), "2026-01-05");
});

test("period: the reader, the element, the filters' attribute", () => {
  const defaults = { period: "2023" };
  assert.equal(ask("mops-kpi", {}, { defaults }).period, "2023");
  assert.equal(ask("mops-kpi", { period: "2024" }, { defaults }).period, "2024");
  assert.equal(ask("mops-kpi", { period: "2024" }, { defaults, chosen: { period: "2025" } }).period, "2025");
});

test("a reader narrows the author's filter and never widens it", () => {
  const chosen = { filter: { owner: ["Ben"], country: ["DE"], source: [] } };
  assert.deepEqual(ask("mops-kpi", { filter: '{"owner": ["Ana"]}' }, { chosen }).filter, {
    country: ["DE"],
    owner: ["Ana"],
  });
});

test("equal questions are equal text, whatever the order of fields", () => {
  const one = ask("mops-kpi", { filter: '{"a": ["1"], "b": ["2"]}' });
  const two = ask("mops-kpi", { filter: '{"b": "2", "a": 1}' });
  assert.equal(JSON.stringify(one), JSON.stringify(two));
});

test("what can be chosen does not depend on what is chosen", () => {
  const chosen = { period: "2025", filter: { owner: ["Ana"] } };
  assert.deepEqual(ask("mops-filters", { period: "2024" }, { chosen }), { view: "filters", as_of: "2026-01-01" });
  // But the author's period is named.
  const defaults = { period: "2024-Q1" };
  assert.equal(ask("mops-filters", { period: "2024-Q1" }, { chosen, defaults }).period, "2024-Q1");
});

test("a filter that is no JSON object says so", () => {
  for (const text of ["owner=Ana", "[1]", "null", '"x"']) {
    assert.throws(() => parseFilter(text), { name: "MopsError", code: "bad_query", where: { field: "filter" } });
  }
  assert.deepEqual(parseFilter(null), {});
});
