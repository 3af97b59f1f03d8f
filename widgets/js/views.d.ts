// mops_core::view as TypeScript: the plain data behind every picture.

export type Unit =
  | "rate"
  | "money"
  | "money_per_day"
  | "days"
  | "records"
  | "money_per_year"
  | "ratio"
  | "score"
  | "minutes"
  | "hours"
  | "months"
  | "per_week";
export type Interval = [low: number, high: number];

export interface Quantity {
  value: number;
  unit: Unit;
  label: string;
}

export interface RowReference {
  line: number;
  id?: string;
  field?: string;
  found?: string;
  /** Its name for people, where it has one besides the id. */
  name?: string;
}

export interface Excluded {
  reason: string;
  count: number;
  examples: RowReference[];
}

/** What holds under every charter (formula, source, edge cases) is there once asked for: see `mops-widgets/definitions`. */
export interface Definition {
  id: string;
  hash: string;
  name: string;
  formula?: string;
  source?: string;
  direction: "higher" | "lower" | "band" | "none";
  inputs: string[];
  edge_cases?: string[];
  parameters: { name: string; value: string; is_default: boolean; text?: string }[];
  owner?: string;
  sign_off: { state: "signed" | "lapsed" | "unsigned"; by?: string; at?: string };
}

/** A number that can be defended. `used` + excluded = `read`. */
export interface Figure {
  id: string;
  part?: string;
  label: string;
  /** `null` where undefined: never 0. */
  value: number | null;
  undefined?: { code: string; message: string };
  unit: Unit;
  currency?: string;
  numerator: Quantity | null;
  denominator: Quantity | null;
  interval: Interval | null;
  /** Least and most that the value could be if everything unknown were known. Not chance: that is `interval`. */
  bounds?: Interval;
  read: number;
  used: number;
  excluded: Excluded[];
  thin: boolean;
  /** What a reader has to know of how it was counted, in plain words. */
  note?: string;
  /** Fields of the filter that choose none of its rows. */
  unfiltered?: string[];
  target: number | null;
  status: "on_target" | "near_target" | "off_target" | "no_target" | "undefined";
  definition?: Definition;
  parts: Figure[];
}

export interface Period {
  id: string;
  label: string;
  start: number | null;
  end: number | null;
}

export interface Comparison {
  value: number | null;
  interval: Interval | null;
  difference: number | null;
  relative: number | null;
  verdict: "better" | "worse" | "neutral";
  within_chance: boolean | null;
  data_from: number | null;
}

export interface KpiBody {
  figure: Figure;
  comparison: Comparison | null;
  trend: {
    period: Period;
    value: number | null;
    interval: Interval | null;
    used: number;
    thin: boolean;
    unfinished: boolean;
  }[];
  maturing: boolean;
  segments: Figure[];
  segment_field: string | null;
}

export interface FunnelBody {
  figure: Figure;
  semantics: "all_stages" | "any_stages";
  stages: {
    id: string;
    label: string;
    count: number | null;
    compared_count: number | null;
    cumulative: number | null;
    next_rate: number | null;
    next_interval: Interval | null;
    compared_next_rate: number | null;
    next_target: number | null;
    median_days: number | null;
    customers_lost: number | null;
    is_leak: boolean;
    thin: boolean;
  }[];
  leak: Figure;
}

export interface CohortsBody {
  figure: Figure;
  matured: Figure;
  from_label: string;
  to_label: string;
  cohorts: { period: Period; size: number; thin: boolean; cells: ({ converted: number; rate: number } | null)[] }[];
  ages: number[];
  curve: {
    day: number;
    rate: number;
    low: number | null;
    high: number | null;
    competing: number | null;
    at_risk: number;
  }[];
  median_days: number | null;
}

export interface FiltersBody {
  periods: Period[];
  fields: { field: string; label: string; values: { value: string; count: number }[]; distinct: number }[];
}

export interface InventoryBody {
  tables: {
    table: string;
    source: string;
    preset: string | null;
    /** The encoding that was taken because the file is no UTF-8. */
    encoding?: string | null;
    read: number;
    accepted: number;
    rejected: Excluded[];
    fields: {
      field: string;
      header: string;
      matched_by: string;
      filled: number;
      blank: number;
      unreadable: number;
      examples: RowReference[];
    }[];
    unmatched: { header: string; suggestion?: string | null }[];
  }[];
  has_charter: boolean;
  /** What the charter's check finds in the organisation. */
  findings: { pointer: string; message: string; mend: string }[];
}

/** What something means for the reader. */
export type State = "neutral" | "good" | "warning" | "bad" | "unknown";

export interface Cell {
  value: number | null;
  /** Least and most that it can be. */
  bounds: Interval | null;
  /** The text, or why there is no number. */
  text: string;
  state: State;
}

export interface Row {
  id: string;
  label: string;
  state: State;
  /** The state in a word; "" where it needs none. */
  word: string;
  /** Evidence, and what to do about it. */
  note: string;
  /** One for each column. */
  cells: Cell[];
}

export interface Section {
  id: string;
  label: string;
  note: string;
  layout: "table" | "list" | "bars" | "matrix" | "graph" | "series";
  /** `unit` is `null` where cells are text. */
  columns: { id: string; label: string; unit: Unit | null }[];
  rows: Row[];
  /** Detail that stays out of sight until somebody asks for it. */
  folded: boolean;
  /** How many rows there are in all, where only the first are listed. */
  of: number | null;
}

export type BoardName =
  | "stack"
  | "system_map"
  | "data_quality"
  | "governance"
  | "control_stack"
  | "readiness"
  | "rollout"
  | "signals"
  | "attribution"
  | "reconciliation"
  | "speed_to_lead"
  | "campaigns"
  | "budget"
  | "forecast"
  | "segments";

/** Figures, and the lists that they lead to. */
export interface BoardBody {
  name: BoardName;
  /** The one sentence that matters most; "" where there is none. */
  message: string;
  state: State;
  figures: Figure[];
  sections: Section[];
}

/** What a query can ask for. */
export type ViewName = "kpi" | "scorecard" | "funnel" | "cohorts" | "filters" | "inventory" | BoardName;

export type Body =
  | ({ view: "kpi" } & KpiBody)
  | ({ view: "scorecard" } & { rows: KpiBody[] })
  | ({ view: "funnel" } & FunnelBody)
  | ({ view: "cohorts" } & CohortsBody)
  | ({ view: "filters" } & FiltersBody)
  | ({ view: "inventory" } & InventoryBody)
  | ({ view: "board" } & BoardBody);

/** The body that a view of this name has. */
export type BodyOf<Name extends ViewName> = Extract<Body, { view: Name extends BoardName ? "board" : Name }>;

export interface View {
  /** Epoch milliseconds. */
  as_of: number;
  time_zone: string;
  currency: string;
  organisation: string;
  period: Period;
  compared_with: Period | null;
  filter: Record<string, string[]>;
  body: Body;
}

/** The answer to a question for a view of this name. */
export type ViewOf<Name extends ViewName> = View & { body: BodyOf<Name> };
