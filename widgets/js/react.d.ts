type Component = (props: Record<string, unknown>) => unknown;

export declare function createReactWidgets(
  React: object,
): Record<"MopsSource" | "MopsFilters" | "MopsKpi" | "MopsScorecard" | "MopsFunnel" | "MopsCohorts", Component>;
