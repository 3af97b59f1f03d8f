import { Slices } from "./slices.js";

// Rows of objects and columns of arrays → columns the core takes in bulk:
// `{name, kind: "coded", codes, values}`, or `kind` "number", "time" or "flag" with `data`.

/** Code of a cell without text. */
const BLANK = 0xffff_ffff;
/** Cells between two pauses. */
const BATCH = 8192;

/** Rows → columns, one for each name that any row has. A generator: it yields where its caller may pause. */
export function* fromRows(rows) {
  const names = new Set();
  for (let at = 0; at < rows.length; at++) {
    for (const name in rows[at]) names.add(name);
    if (at % BATCH === 0) yield;
  }
  const columns = [];
  for (const name of names) columns.push(yield* column(name, rows.length, (at) => rows[at]?.[name]));
  return columns;
}

/** Columns as a page has them: arrays of anything, typed arrays, or `{codes, values}` as dictionaries are kept. */
export function* fromColumns(given) {
  const columns = [];
  for (const [name, cells] of Object.entries(given)) {
    if (cells?.codes && cells?.values) {
      columns.push({ name, kind: "coded", codes: Uint32Array.from(cells.codes), values: [...cells.values].map(String) });
    } else if (ArrayBuffer.isView(cells)) {
      columns.push({ name, kind: "number", data: Float64Array.from(cells, Number) });
    } else {
      columns.push(yield* column(name, cells.length, (at) => cells[at]));
    }
  }
  return columns;
}

/** `{rows}` or `{columns}` → what the runtime takes; all arrays are new, so they can be handed over to a Worker. */
export async function describeCells({ rows, columns }, budget) {
  if (rows && isNested(rows)) return { text: JSON.stringify(rows) };
  const work = rows ? fromRows(rows) : fromColumns(columns);
  const slices = new Slices(budget);
  for (;;) {
    const { done, value } = work.next();
    if (done) return { columns: value };
    await slices.rest();
  }
}

/** Whether any row holds more than plain values: such rows go the way of JSON. */
export function isNested(rows) {
  return rows.some((row) =>
    Object.values(row ?? {}).some((value) => typeof value === "object" && value !== null && !(value instanceof Date)),
  );
}

function kindOf(value) {
  // A date that is none stays visible, as text that can't be read.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "coded" : "time";
  if (typeof value === "number" || typeof value === "bigint") return "number";
  return typeof value === "boolean" ? "flag" : "coded";
}

const isBlank = (value) => value === null || value === undefined || value === "";

function* column(name, length, cell) {
  let kind;
  for (let at = 0; at < length; at++) {
    const value = cell(at);
    if (!isBlank(value)) {
      const found = kindOf(value);
      if (kind && found !== kind) kind = "coded";
      else kind = found;
      if (kind === "coded") break;
    }
    if (at % BATCH === 0) yield;
  }
  if (kind === "number" || kind === "time") {
    const data = new Float64Array(length);
    for (let at = 0; at < length; at++) {
      const value = cell(at);
      data[at] = isBlank(value) ? NaN : Number(value);
      if (at % BATCH === 0) yield;
    }
    return { name, kind, data };
  }
  if (kind === "flag") {
    const data = new Uint8Array(length);
    for (let at = 0; at < length; at++) {
      const value = cell(at);
      data[at] = isBlank(value) ? 2 : Number(value);
      if (at % BATCH === 0) yield;
    }
    return { name, kind, data };
  }
  const codes = new Uint32Array(length);
  const known = new Map();
  const values = [];
  for (let at = 0; at < length; at++) {
    const value = cell(at);
    if (isBlank(value)) codes[at] = BLANK;
    else {
      const text = kindOf(value) === "time" ? value.toISOString() : String(value);
      let code = known.get(text);
      if (code === undefined) {
        code = values.push(text) - 1;
        known.set(text, code);
      }
      codes[at] = code;
    }
    if (at % BATCH === 0) yield;
  }
  return { name, kind: "coded", codes, values };
}
