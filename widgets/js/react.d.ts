import type { Charter, Data, TableName } from "./engine.js";
import type { Filters, MopsElement, MopsErrorDetail, Selection, SourceElement, View } from "./index.js";

export type ComponentName =
  | "MopsSource"
  | "MopsFilters"
  | "MopsKpi"
  | "MopsScorecard"
  | "MopsFunnel"
  | "MopsCohorts"
  | "MopsStack"
  | "MopsSystemMap"
  | "MopsDataQuality"
  | "MopsGovernance"
  | "MopsControlStack"
  | "MopsReadiness"
  | "MopsRollout"
  | "MopsSignals"
  | "MopsAttribution"
  | "MopsReconciliation"
  | "MopsSpeedToLead"
  | "MopsCampaigns"
  | "MopsBudget"
  | "MopsForecast"
  | "MopsSegments";

/** What every element takes of a page. */
interface Common<Of> {
  ref?: { current: Of | null } | ((element: Of | null) => void) | null;
  key?: string | number | bigint | null;
  id?: string;
  className?: string;
  style?: object;
  title?: string;
  slot?: string;
  hidden?: boolean;
  lang?: string;
  dir?: string;
  children?: unknown;
}

/** The properties of a widget. */
export interface WidgetProperties {
  source?: string | null;
  metric?: string | null;
  metrics?: string | readonly string[] | null;
  period?: string | null;
  compare?: string | null;
  filter?: string | Record<string, string | readonly string[]> | null;
  segment?: string | null;
  semantics?: string | null;
  asOf?: string | null;
  locale?: string | null;
  label?: string | null;
  theme?: string | null;
  density?: string | null;
  view?: View | null;
}

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;
type Kebab<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}-${Kebab<Tail>}` : Name;

/** The properties of `<mops-source>`: an address for each table besides. */
export type SourceProperties = WidgetProperties & { [Table in TableName as Camel<Table>]?: string | null } & {
  charter?: Charter | null;
  currency?: string | null;
  timeZone?: string | null;
  data?: Data;
  files?: Iterable<Blob> | null;
};

interface Events {
  onMopsReady?: (event: CustomEvent<{ view: View }>) => void;
  onMopsChange?: (event: CustomEvent<{ view: View }>) => void;
  onMopsError?: (event: CustomEvent<MopsErrorDetail>) => void;
  /** Cancelable: then the choice is not taken. */
  onMopsFilterChange?: (event: CustomEvent<Filters>) => void;
  onMopsSelect?: (event: CustomEvent<Selection>) => void;
}

type Component<Of, Properties> = (props: Properties & Events & Common<Of>) => any;

/** Components for React before 19. */
export declare function createReactWidgets(
  React: object,
): { MopsSource: Component<SourceElement, SourceProperties> } & Record<
  Exclude<ComponentName, "MopsSource">,
  Component<MopsElement, WidgetProperties>
>;

// React 19 knows elements: `<mops-kpi metric="win_rate" onmops-ready={…} />`.

interface ElementEvents {
  "onmops-ready"?: Events["onMopsReady"];
  "onmops-change"?: Events["onMopsChange"];
  "onmops-error"?: Events["onMopsError"];
  "onmops-filter-change"?: Events["onMopsFilterChange"];
  "onmops-select"?: Events["onMopsSelect"];
}

type Hyphenated = { "as-of"?: string; "time-zone"?: string } & { [Table in TableName as Kebab<Table>]?: string | null };

type Elements = {
  [Tag in keyof HTMLElementTagNameMap as Tag extends `mops-${string}` ? Tag : never]: (Tag extends "mops-source"
    ? SourceProperties & Hyphenated
    : WidgetProperties & Pick<Hyphenated, "as-of">) &
    ElementEvents &
    Common<HTMLElementTagNameMap[Tag]>;
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}
