import { attributes, sourceAttributes, tags } from "./tags.js";

/**
 * What a frame's query string asks for. `widget` names a tag and may occur several times; the other parameters are
 * attributes: of the source (addresses, `as-of`), or of every widget. A set of widgets with attributes of their own is
 * `widgets`, strict JSON: `[{"tag": "mops-kpi", "metric": "win_rate"}]`. Anything else is not taken.
 *
 * @param {string} search @param {string} base address that relative addresses start from
 */
export function parseAddress(search, base) {
  const given = new URLSearchParams(search);
  const pick = (names, from) =>
    Object.fromEntries(names.map((name) => [name, from(name)]).filter(([, value]) => typeof value === "string"));
  const source = pick([...sourceAttributes, "as-of", "locale", "theme", "density"], (name) => given.get(name));
  for (const name of sourceAttributes) {
    if (!source[name]) continue;
    const { protocol } = new URL(source[name], base);
    if (protocol !== "https:" && protocol !== "http:") throw new Error(`${name}: ${protocol} is not read in a frame.`);
  }
  const shared = pick(
    attributes.filter((name) => name !== "source"),
    (name) => given.get(name),
  );
  const wanted = [...given.getAll("widget").map((tag) => ({ tag })), ...several(given.get("widgets"))];
  const widgets = wanted.map(({ tag, ...own }) => {
    if (!tags.includes(tag) || tag === "mops-source") throw new Error(`“${tag}” is no widget. There are: ${names()}.`);
    return { tag, attributes: { ...shared, ...pick(attributes.filter((name) => name !== "source"), (name) => own[name]) } };
  });
  if (!widgets.length) throw new Error(`Which widget? Say ?widget= and one of ${names()}.`);
  const parent = given.get("parent");
  // A sandboxed page has no origin to talk to: the frame shows its widgets all the same.
  return { source, widgets, parent: parent && parent !== "null" ? new URL(parent).origin : undefined };
}

function several(text) {
  let widgets = [];
  try {
    widgets = JSON.parse(text ?? "[]");
  } catch {
    // Said below.
  }
  if (Array.isArray(widgets) && (widgets.length || !text)) return widgets;
  throw new Error('widgets: that is no JSON list. Write it as [{"tag": "mops-kpi", "metric": "win_rate"}].');
}

const names = () => tags.filter((tag) => tag !== "mops-source").join(", ");
