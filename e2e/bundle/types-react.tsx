// What a developer writes in React, before 19 with the wrapper and from 19 on without it; it is only checked, never run.
import * as React from "react";
import { createReactWidgets } from "mops-widgets/react";
import type { MopsElement } from "mops-widgets";

const { MopsKpi, MopsSource } = createReactWidgets(React);

export function Wrapped() {
  const card = React.useRef<MopsElement>(null);
  return (
    <>
      <MopsSource deals="deals.csv" stageEvents="events.csv" asOf="2026-01-01" data={{ tools: { rows: [] } }} />
      <MopsKpi ref={card} metric="win_rate" filter={{ owner: "Ana" }} onMopsReady={({ detail }) => detail.view.as_of} />
    </>
  );
}

export function Elements() {
  const card = React.useRef<MopsElement>(null);
  return (
    <>
      <mops-source deals="deals.csv" stage-events="events.csv" as-of="2026-01-01" charter={{ currency: "EUR" }} />
      <mops-kpi ref={card} key="one" metric="win_rate" className="wide" onmops-error={({ detail }) => detail.mend} />
    </>
  );
}

// @ts-expect-error: there is no such property.
export const misspelt = () => <mops-kpi metrik="win_rate" />;
// @ts-expect-error: there is no such property.
export const misspeltToo = () => <MopsKpi metrik="win_rate" />;
// @ts-expect-error: there is no such element.
export const unknown = () => <mops-kpy />;
