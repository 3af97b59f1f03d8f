/** Every element, without the prefix of its tag. The one list of tags on this side of the border. */
const elements = [
  "source",
  "filters",
  "kpi",
  "scorecard",
  "funnel",
  "cohorts",
  "stack",
  "system-map",
  "data-quality",
  "governance",
  "control-stack",
  "readiness",
  "rollout",
  "signals",
  "attribution",
  "reconciliation",
  "speed-to-lead",
  "campaigns",
  "budget",
  "forecast",
  "segments",
];

export const tags = elements.map((name) => `mops-${name}`);

/** The view that an element shows is called like the element, but for what was read. */
export const viewOf = (tag) => (tag === "mops-source" ? "inventory" : tag.slice(5).replaceAll("-", "_"));

/** Attributes of every element. */
export const attributes = [
  "source",
  "metric",
  "metrics",
  "period",
  "compare",
  "filter",
  "segment",
  "as-of",
  "locale",
  "label",
  "theme",
  "density",
  "semantics",
];

/** Every table that can be read; a test holds the list to the core's. */
export const tables = [
  "contacts",
  "stage_events",
  "deals",
  "deal_stage_events",
  "touches",
  "campaigns",
  "spend",
  "budgets",
  "forecasts",
  "actuals",
  "requests",
  "platform_reports",
  "reports",
  "tools",
  "capabilities",
  "integrations",
  "automations",
  "ai_features",
];

/** The attribute of a table's address, or of what a charter says. */
export const attributeOf = (table) => table.replaceAll("_", "-");

/** Attributes that `<mops-source>` has besides: addresses, and what holds where there is no charter. */
export const sourceAttributes = [...tables.map(attributeOf), "charter", "currency", "time-zone"];

/** `as-of` → `asOf`. */
export const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
