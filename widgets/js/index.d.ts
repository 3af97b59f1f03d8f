import type { Charter, Data, MopsErrorDetail } from "./engine.js";
import type { View, ViewName } from "./views.js";

export { MopsError, type MopsErrorDetail } from "./engine.js";
export type * from "./views.js";
export declare const version: string;
export declare const tags: readonly string[];

export interface Filters {
  period: string | null;
  compare: string | null;
  filter: Record<string, string[]>;
}

/** What a reader pointed at in an element. */
export interface Selection {
  view: ViewName;
  /** The KPI's id; on a board, the section's. */
  metric: string;
  /** A stage, a cohort's period, a segment's value or a row's id; "" for the whole. */
  part: string;
  /** The part's name for people. */
  label: string;
  /** Its value, where it has one. */
  value: number | null;
}

/** What every element has. Each property is an attribute too (`asOf`: `as-of`), but for `view`. */
export declare class MopsElement extends HTMLElement {
  static readonly version: string;
  /** Id of a `<mops-source>`; default: the nearest around, else the first in the page. */
  source: string | null;
  metric: string | null;
  get metrics(): string | null;
  set metrics(metrics: string | readonly string[] | null);
  period: string | null;
  compare: string | null;
  get filter(): string | null;
  set filter(filter: string | Record<string, string | readonly string[]> | null);
  segment: string | null;
  asOf: string | null;
  locale: string | null;
  label: string | null;
  /** `light`, `dark` or `auto`. */
  theme: string | null;
  /** `comfortable` or `compact`. */
  density: string | null;
  semantics: string | null;
  /** A ready view: no source is needed and no engine is loaded. */
  get view(): View | undefined;
  set view(view: View | null | undefined);
  /** The plain data behind the picture. */
  getView(): View | undefined;
  refresh(): Promise<void>;
  /**
   * What is seen (`svg`, `png`), at its width and in its theme, or the tables behind it (`csv`). `section` is the id of a
   * board's section, or `figures`; default the whole. `download` also saves the file.
   */
  export(options?: { format?: "csv" | "svg" | "png"; section?: string; download?: boolean }): Promise<Blob>;
}

/** `<mops-source>`. Each property named after a table is that table's address. */
export declare class SourceElement extends MopsElement {
  contacts: string | null;
  stageEvents: string | null;
  deals: string | null;
  dealStageEvents: string | null;
  touches: string | null;
  campaigns: string | null;
  spend: string | null;
  budgets: string | null;
  forecasts: string | null;
  actuals: string | null;
  requests: string | null;
  platformReports: string | null;
  reports: string | null;
  tools: string | null;
  capabilities: string | null;
  integrations: string | null;
  automations: string | null;
  aiFeatures: string | null;
  /** ISO 4217 code of the currency that money is in, where there is no charter; a charter says its own. Default USD. */
  currency: string | null;
  /** Time zone whose days count, like `Europe/Berlin`, where there is no charter; a charter says its own. Default UTC. */
  timeZone: string | null;
  get charter(): Charter | null;
  set charter(charter: Charter | null | undefined);
  data: Data | undefined;
  get files(): Blob[] | undefined;
  set files(files: Iterable<Blob> | null | undefined);
  cancel(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "mops-source": SourceElement;
    "mops-filters": MopsElement;
    "mops-kpi": MopsElement;
    "mops-scorecard": MopsElement;
    "mops-funnel": MopsElement;
    "mops-cohorts": MopsElement;
    "mops-stack": MopsElement;
    "mops-system-map": MopsElement;
    "mops-data-quality": MopsElement;
    "mops-governance": MopsElement;
    "mops-control-stack": MopsElement;
    "mops-readiness": MopsElement;
    "mops-rollout": MopsElement;
    "mops-signals": MopsElement;
    "mops-attribution": MopsElement;
    "mops-reconciliation": MopsElement;
    "mops-speed-to-lead": MopsElement;
    "mops-campaigns": MopsElement;
    "mops-budget": MopsElement;
    "mops-forecast": MopsElement;
    "mops-segments": MopsElement;
  }

  interface GlobalEventHandlersEventMap {
    "mops-ready": CustomEvent<{ view: View }>;
    "mops-change": CustomEvent<{ view: View }>;
    "mops-error": CustomEvent<MopsErrorDetail>;
    /** Cancelable: then the choice is not taken. */
    "mops-filter-change": CustomEvent<Filters>;
    "mops-select": CustomEvent<Selection>;
  }
}
