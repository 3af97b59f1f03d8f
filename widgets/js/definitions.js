import { MopsError } from "./error.js";

// What definitions say: formula, source, edge cases, what parameters do. The engine's views come without these words,
// for which few readers ask; they are fetched once, from beside this file.

let fetching;

/** What every KPI's definition says, by id: `{ formula, source, edge_cases, parameters: { name: text } }`. */
export function definitions() {
  fetching ??= load().catch((error) => {
    fetching = undefined;
    throw error;
  });
  return fetching;
}

async function load() {
  const response = await fetch(new URL("./definitions.json", import.meta.url)).catch((error) => error);
  if (response.ok) return response.json();
  throw new MopsError({
    code: "no_definitions",
    message: `What the definitions say could not be loaded: ${response.message ?? `status ${response.status}`}.`,
    mend: "Serve definitions.json beside the scripts.",
  });
}

/** Fills in what the definitions in a view don't say themselves, and gives the view. */
export async function define(view) {
  fill(view, await definitions());
  return view;
}

/** The same, with what {@link definitions} gave. */
export function fill(value, words) {
  if (typeof value !== "object" || !value) return;
  const { definition } = value;
  const { parameters, ...said } = (definition && !definition.formula && words[definition.id]) || {};
  if (parameters) {
    Object.assign(definition, said);
    for (const parameter of definition.parameters) parameter.text = parameters[parameter.name];
  }
  for (const inner of Object.values(value)) fill(inner, words);
}
