import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress } from "../address.js";

const parse = (search) => parseAddress(search, "https://host.example/dist/frame.html");

test("one widget, its source and its parent", () => {
  assert.deepEqual(parse("?widget=mops-kpi&metric=win_rate&deals=/deals.csv&as-of=2026-01-01&parent=https://crm.example/x"), {
    source: { deals: "/deals.csv", "as-of": "2026-01-01" },
    widgets: [{ tag: "mops-kpi", attributes: { metric: "win_rate", "as-of": "2026-01-01" } }],
    parent: "https://crm.example",
  });
});

test("a set of widgets, each with attributes of its own", () => {
  const widgets = JSON.stringify([{ tag: "mops-kpi", metric: "win_rate" }, { tag: "mops-funnel", period: "2024" }]);
  assert.deepEqual(parse(`?period=2025&widgets=${encodeURIComponent(widgets)}`).widgets, [
    { tag: "mops-kpi", attributes: { period: "2025", metric: "win_rate" } },
    { tag: "mops-funnel", attributes: { period: "2024" } },
  ]);
});

test("what is no widget, attribute or web address is not taken", () => {
  assert.throws(() => parse(""), /Which widget/);
  assert.throws(() => parse("?widget=script"), /is no widget/);
  assert.throws(() => parse("?widget=mops-source"), /is no widget/);
  assert.throws(() => parse("?widget=mops-kpi&deals=javascript:alert(1)"), /not read in a frame/);
  for (const wrong of ["[{", "{}", "5"]) assert.throws(() => parse(`?widgets=${wrong}`), /no JSON list/);
  const widgets = JSON.stringify([{ tag: "mops-kpi", onclick: "x", metric: { a: 1 } }]);
  assert.deepEqual(parse(`?widgets=${widgets}&onload=x`).widgets, [{ tag: "mops-kpi", attributes: {} }]);
});
