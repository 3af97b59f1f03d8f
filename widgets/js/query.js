import { MopsError } from "./error.js";
import { viewOf } from "./tags.js";

/**
 * Today in the page's calendar, as `2026-01-31`: where nobody says `as-of`, figures are as of today's first instant
 * in the charter's time zone. So they are the same all day, and no day is counted by half.
 */
export function today(now = new Date()) {
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A filter from an attribute (strict JSON): field → values. */
export function parseFilter(text) {
  if (!text) return {};
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (!parsed || typeof parsed !== "object" || Array.isArray(parsed)) {
    throw new MopsError({
      code: "bad_query",
      message: `The attribute “filter” is not a JSON object: ${text.slice(0, 60)}`,
      where: { field: "filter" },
      mend: 'Write it as filter=\'{"owner": ["Ana"]}\'.',
    });
  }
  return Object.fromEntries(
    Object.entries(parsed).map(([field, values]) => [field, [values].flat().map((value) => String(value ?? ""))]),
  );
}

/**
 * The query an element asks.
 *
 * Period and comparison: what the reader chose in `<mops-filters>`, else the element's attribute, else the attribute
 * of `<mops-filters>`. Filter: the element's attribute is the author's scope, which a reader narrows by further
 * fields and never widens.
 *
 * @param {string} tag
 * @param {(name: string) => string | null} attribute
 * @param {{asOf?: string | null, chosen: object, defaults: object}} shared what the source's elements share
 */
export function buildQuery(tag, attribute, { asOf, chosen, defaults }) {
  const query = { view: viewOf(tag), as_of: attribute("as-of") || asOf || today() };
  const scope = parseFilter(attribute("filter"));
  // What was read, and what can be chosen, do not depend on what is chosen.
  const set = (name, value) => {
    if (value) query[name] = value;
  };
  // The author's period need not be one that is offered: the view says what it is called.
  if (tag === "mops-filters") set("period", defaults.period);
  if (tag === "mops-source" || tag === "mops-filters") return query;
  if (tag === "mops-kpi") set("metric", attribute("metric"));
  const metrics = tag === "mops-scorecard" && attribute("metrics")?.split(/[\s,]+/).filter(Boolean);
  if (metrics?.length) query.metrics = metrics;
  set("period", chosen.period || attribute("period") || defaults.period);
  set("compare", chosen.compare || attribute("compare") || defaults.compare);
  set("segment", attribute("segment"));
  set("semantics", attribute("semantics"));
  const filter = { ...defaults.filter, ...chosen.filter, ...scope };
  const fields = Object.keys(filter).filter((field) => filter[field]?.length);
  if (fields.length) query.filter = Object.fromEntries(fields.sort().map((field) => [field, filter[field]]));
  return query;
}
