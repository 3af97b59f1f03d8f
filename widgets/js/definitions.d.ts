import type { View } from "./views.js";

/** What a KPI's definition says under every charter. */
export interface DefinitionWords {
  formula: string;
  source: string;
  edge_cases: string[];
  parameters: Record<string, string>;
}

/** What every KPI's definition says, by id. Fetched once, from beside the script. */
export declare function definitions(): Promise<Record<string, DefinitionWords>>;
/** Fills in, in place, what the definitions in a view don't say themselves: a view handed on then stands alone. */
export declare function define(view: View): Promise<View>;
