// An app as a developer writes it: React, a bundler, the package by its name.
import { createElement as h, StrictMode, useState } from "react";
import * as React from "react";
import { createRoot } from "react-dom/client";
import "mops-widgets";
import "mops-widgets/themes/indigo.css";
import { createReactWidgets } from "mops-widgets/react";

const { MopsSource, MopsKpi } = createReactWidgets(React);

function App() {
  const [metric, setMetric] = useState("win_rate");
  const [ready, setReady] = useState("");
  const shown = (event) => setReady(event.detail.view.body.figure.id);
  return h(
    "main",
    null,
    h(MopsSource, {
      id: "source",
      contacts: "/demo/data/contacts.csv",
      deals: "/demo/data/deals.csv",
      charter: "/demo/data/charter.json",
      asOf: "2026-01-01",
    }),
    h("button", { onClick: () => setMetric("average_deal") }, "Average deal"),
    h("output", null, ready),
    h(MopsKpi, {
      source: "source",
      metric,
      // As an object, then as text.
      filter: metric === "win_rate" ? { source: ["Referrals"] } : '{"source": ["Paid Search"]}',
      onMopsReady: shown,
      onMopsChange: shown,
    }),
  );
}

createRoot(document.querySelector("#root")).render(h(StrictMode, null, h(App)));
