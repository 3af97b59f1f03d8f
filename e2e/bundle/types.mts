// What a developer writes against the package's types; it is only checked, never run.
import "mops-widgets";
import { startEngine } from "mops-widgets/engine";
import { createReactWidgets } from "mops-widgets/react";
import * as React from "react";

const engine = await startEngine({ worker: true });
const source = await engine.open({ data: { deals: "deals.csv" } });
const view = await source.query({ view: "kpi", metric: "win_rate", as_of: "2026-01-01" });
if (view.body.view === "kpi") {
  const value: number | null = view.body.figure.value;
  console.log(value);
}

const card = document.createElement("mops-kpi");
card.view = view;
await card.refresh();
card.addEventListener("mops-select", (event) => console.log(event.detail));

// @ts-expect-error: there is no such view.
await source.query({ view: "no such view", as_of: "2026-01-01" });

console.log(createReactWidgets(React).MopsKpi);
