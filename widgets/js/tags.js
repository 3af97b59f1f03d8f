/** Every element: its tag and the view it shows. The one list of tags on this side of the border. */
export const views = {
  "mops-source": "inventory",
  "mops-filters": "filters",
  "mops-kpi": "kpi",
  "mops-scorecard": "scorecard",
  "mops-funnel": "funnel",
  "mops-cohorts": "cohorts",
  "mops-stack": "stack",
  "mops-system-map": "system_map",
  "mops-data-quality": "data_quality",
  "mops-governance": "governance",
  "mops-control-stack": "control_stack",
  "mops-readiness": "readiness",
  "mops-rollout": "rollout",
  "mops-signals": "signals",
  "mops-attribution": "attribution",
  "mops-reconciliation": "reconciliation",
  "mops-speed-to-lead": "speed_to_lead",
  "mops-campaigns": "campaigns",
  "mops-budget": "budget",
  "mops-forecast": "forecast",
  "mops-segments": "segments",
};

export const tags = Object.keys(views);

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

/** The attribute of a table's address. */
export const attributeOf = (table) => table.replaceAll("_", "-");

/** Attributes that `<mops-source>` has besides: addresses. */
export const sourceAttributes = [...tables.map(attributeOf), "charter"];

/** `as-of` → `asOf`. */
export const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
