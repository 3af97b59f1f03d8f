/** Every element: its tag and the view it shows. The one list of tags on this side of the border. */
export const views = {
  "mops-source": "inventory",
  "mops-filters": "filters",
  "mops-kpi": "kpi",
  "mops-scorecard": "scorecard",
  "mops-funnel": "funnel",
  "mops-cohorts": "cohorts",
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

/** Attributes that `<mops-source>` has besides: addresses. */
export const sourceAttributes = ["contacts", "stage-events", "deals", "charter"];

/** `as-of` → `asOf`. */
export const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
