type Component = (props: Record<string, unknown>) => unknown;

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

export declare function createReactWidgets(React: object): Record<ComponentName, Component>;
