import type { View, ViewName, ViewOf } from "./views.js";

export type { View, ViewName, ViewOf } from "./views.js";
export declare const version: string;

export type ErrorCode =
  | "bad_charter"
  | "bad_input"
  | "bad_query"
  | "bad_view"
  | "missing_table"
  | "missing_source"
  | "no_definitions"
  | "cancelled"
  | "closed"
  | "engine_died"
  | "engine_unavailable"
  | "export_failed"
  | "nothing_to_export"
  | "widget_died"
  | "widget_unavailable"
  | "failed";

/** What is wrong, where, why, and what to do about it: as plain data. */
export interface MopsErrorDetail {
  code: ErrorCode;
  message: string;
  where: { source?: string; line?: number; field?: string; pointer?: string };
  mend: string;
  /** All faults, where there are several. */
  errors?: MopsErrorDetail[];
}

export declare class MopsError extends Error implements MopsErrorDetail {
  code: ErrorCode;
  where: MopsErrorDetail["where"];
  mend: string;
  errors?: MopsErrorDetail[];
  toJSON(): MopsErrorDetail;
}

export type Cells =
  | readonly (string | number | bigint | boolean | Date | null | undefined)[]
  | ArrayLike<number>
  | ArrayLike<bigint>
  /** Text as dictionaries are kept; code 4294967295 is blank. */
  | { codes: ArrayLike<number>; values: readonly string[] };

/** A string is an address; one of several lines, or one that begins as JSON does, is the data itself. */
export type Input =
  | string
  | URL
  | Blob
  | { text: string; name?: string }
  | { rows: readonly object[]; name?: string }
  | { columns: Record<string, Cells>; name?: string };

export type TableName =
  | "contacts"
  | "stage_events"
  | "deals"
  | "deal_stage_events"
  | "touches"
  | "campaigns"
  | "spend"
  | "budgets"
  | "forecasts"
  | "actuals"
  | "requests"
  | "platform_reports"
  | "reports"
  | "tools"
  | "capabilities"
  | "integrations"
  | "automations"
  | "ai_features";
/** Tables by name; several inputs of a table are appended. */
export type Data = { [table in TableName]?: Input | readonly Input[] };
export type Charter = string | URL | Blob | { text: string; name?: string } | object;

export interface Progress {
  /** Absent until the table is recognised. */
  table?: string;
  source: string;
  bytes: number;
  /** Absent while unknown. */
  totalBytes?: number;
  rows: number;
  rejected: number;
}

export interface Options {
  signal?: AbortSignal;
}

export interface ReadOptions extends Options {
  /** About ten times a second for each input, and once at its end. */
  onProgress?(progress: Progress): void;
}

export interface Query<Name extends ViewName = ViewName> {
  view: Name;
  /** `2026-01-31`, that day's first instant in the charter's time zone, or an instant with offset. */
  as_of: string;
  metric?: string;
  metrics?: string[];
  period?: string;
  compare?: "previous" | "year" | "none";
  filter?: Record<string, string[]>;
  segment?: string;
  semantics?: "all_stages" | "any_stages";
}

export interface Source {
  query<Name extends ViewName>(query: Query<Name>, options?: Options): Promise<ViewOf<Name>>;
  /** Reads all inputs again; until they are there, answers are as before. */
  refresh(options?: ReadOptions): Promise<void>;
  /** Takes another charter and reads all inputs again, since a charter says how they are read. */
  setCharter(charter: Charter | undefined, options?: ReadOptions): Promise<void>;
  close(): void;
}

export interface Engine {
  readonly mode: "worker" | "page";
  /** Resolves when the engine has died. */
  readonly died: Promise<MopsError>;
  onDied?: (error: MopsError) => void;
  /** `fresh` asks servers anew, whatever the browser's cache holds. */
  open(inputs: { charter?: Charter; data?: Data; files?: Iterable<Blob>; fresh?: boolean } & ReadOptions): Promise<Source>;
  terminate(): void;
}

/** The engine everyone on this page shares. `worker: false` stays in the page. */
export declare function startEngine(options?: { worker?: boolean }): Promise<Engine>;
