// What a developer writes against the package's types; it is only checked, never run.
import "mops-widgets";
import { startEngine } from "mops-widgets/engine";
import { createReactWidgets } from "mops-widgets/react";
import * as React from "react";

const engine = await startEngine({ worker: true });
const source = await engine.open({ data: { deals: "deals.csv" } });
const view = await source.query({ view: "kpi", metric: "win_rate", as_of: "2026-01-01" });
// The view's name says what its body has.
const value: number | null = view.body.figure.value;
console.log(value);
const board = await source.query({ view: "stack", as_of: "2026-01-01" });
console.log(board.body.sections.length);

const card = document.createElement("mops-kpi");
card.view = view;
await card.refresh();
card.addEventListener("mops-select", (event) => console.log(event.detail));
card.addEventListener("mops-error", ({ detail }) => console.log(detail.code, detail.where.line, detail.mend));

const data = document.createElement("mops-source");
data.data = { deals: { rows: [{ id: "1", amount: 5 }] }, tools: { columns: { id: ["Mail"], annual_cost: new Float64Array([5]) } } };
data.files = document.createElement("input").files;
// @ts-expect-error: rows say that they are rows.
data.data = { deals: [{ id: "1" }] };

// @ts-expect-error: there is no such view.
await source.query({ view: "no such view", as_of: "2026-01-01" });

console.log(createReactWidgets(React).MopsKpi);
