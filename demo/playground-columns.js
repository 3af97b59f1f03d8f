// Columns that the engine does not recognise: what each most likely stands for, for a person to check. What is confirmed
// becomes part of the charter, as `mops charter new` writes it. Nothing is guessed in silence.

/** Fields that a CRM's export has, by table. */
const FIELDS = {
  deals: ["id", "created_at", "closed_at", "expected_close_at", "updated_at", "is_won", "is_closed", "amount", "currency",
    "stage", "owner", "source", "account", "country", "product"],
  contacts: ["id", "created_at", "updated_at", "stage", "owner", "source", "account", "country", "email", "phone"],
};
const DATES = ["created_at", "closed_at", "expected_close_at", "updated_at"];
const STATES = { qualified: "Open, qualified", open: "Open, not yet qualified", won: "Won", lost: "Lost" };
const MOST_BYTES = 64_000_000;
/** More stages than a list of them can show belong to a column of something else. */
const MOST_STAGES = 40;

let words;
/** The words of headers by field, best first, and of deal stages: the lists that the terminal guesses by. */
const listed = () => (words ??= Promise.all(["header-words.json", "stage-words.json"].map(async (name) =>
  (await fetch(new URL(name, import.meta.url))).json())));

/** A name in lower case, its words apart by one space. */
const plain = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** Text as spreadsheets save it: UTF-8, UTF-16 with a mark, or Windows-1252. */
function decode(bytes) {
  const mark = new Uint8Array(bytes.slice(0, 2));
  if (mark[0] === 0xff && mark[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (mark[0] === 0xfe && mark[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function records(text, delimiter) {
  const all = [];
  let record = [];
  // Cells in quotes, with doubled quotes in them, or without.
  for (const [, quoted, bare, end] of text.matchAll(new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|\\r|$)`, "g"))) {
    record.push((quoted?.replaceAll('""', '"') ?? bare).trim());
    if (end === delimiter.replace("\\", "")) continue;
    all.push(record);
    record = [];
  }
  return all;
}

/** Headers and columns of a CSV file; nothing for a file of another kind. */
async function read(file) {
  if (file.size > MOST_BYTES) return null;
  const text = decode(await file.arrayBuffer());
  const head = text.split(/\r\n|\n|\r/, 40);
  const signs = (line) => [",", ";", "\t", "|"].map((sign) => [line.split(sign).length - 1, sign]).sort((a, b) => b[0] - a[0])[0];
  const most = Math.max(...head.map((line) => signs(line)[0]));
  // A title above the header is short.
  const at = head.findIndex((line) => signs(line)[0] * 2 > most);
  if (at < 0) return null;
  const sign = signs(head[at])[1];
  const [headers, ...rows] = records(text.split(/\r\n|\n|\r/).slice(at).join("\n"), sign === "|" ? "\\|" : sign);
  return { headers, column: (header) => rows.map((row) => row[headers.indexOf(header)] ?? "") };
}

function guess(list, fields, headers) {
  const columns = {};
  for (const [field, names] of list) {
    if (!fields.includes(field)) continue;
    const free = headers.filter((header) => header && !Object.values(columns).includes(header));
    const fit = (fits) => names.map((name) => free.find((header) => fits(plain(header), name))).find(Boolean);
    const header = fit((header, name) => header === name) ?? fit((header, name) => header.endsWith(` ${name}`));
    if (header) columns[field] = header;
  }
  return columns;
}

/** What a deal stage of this name most likely is. */
function state(stage, { lost, won, early }) {
  const parts = plain(stage).split(" ");
  const has = (all) => all.some((word) => parts.includes(word) || parts.at(-1).endsWith(word));
  if (has(lost)) return "lost";
  if (has(won)) return "won";
  return parts.some((part) => early.some((word) => part.startsWith(word))) ? "open" : "qualified";
}

const distinct = (cells) => [...new Set(cells.filter(Boolean))];

/** The dates that leave open whether day or month goes first, and what those with days above 12 say of it. */
function dateOrder(cells) {
  const pairs = cells.map((cell) => /^(\d{1,2})[/-](\d{1,2})[/-]\d{4}/.exec(cell)).filter(Boolean);
  const [days, months] = [1, 2].map((at) => pairs.filter((pair) => Number(pair[at]) > 12).length);
  const open = pairs.find((pair) => Number(pair[1]) <= 12 && Number(pair[2]) <= 12);
  return { open: open?.[0], order: days === months ? "" : days > months ? "day_month_year" : "month_day_year" };
}

function currency(cells) {
  const counts = new Map();
  for (const cell of cells) if (/^[A-Z]{3}$/.test(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function labelled(text, ...options) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.append(...options);
  label.append(text, select);
  return [label, select];
}

/** "created_at" as "Created at". */
const named = (field) => field[0].toUpperCase() + field.slice(1).replaceAll("_", " ");

const paragraph = (text) => Object.assign(document.createElement("p"), { className: "hint", textContent: text });

/**
 * Offers what the columns of a file may stand for. `report` is what the engine read of it, if it did. Calls
 * `apply(table, { columns, date_order, currency, deal_stages })` with what the person confirms.
 */
export async function offerColumns(place, file, report, apply) {
  const [[list, stageWords], sheet] = await Promise.all([listed(), read(file)]);
  if (!sheet) return;
  const taken = report?.fields.map(({ field }) => field) ?? [];
  const headers = (report ? report.unmatched.map(({ header }) => header) : sheet.headers).filter(Boolean);
  const tells = (cells) => distinct(cells).some((name) => ["won", "lost"].includes(state(name, stageWords)));
  const lacking = (table) => FIELDS[table].filter((field) => !taken.includes(field));
  const like = (table) => Object.keys(guess(list, lacking(table), headers)).length;
  if (report && !FIELDS[report.table]) return;
  const first = report?.table ?? (guess(list, ["amount"], headers).amount || like("deals") > like("contacts") ? "deals" : "contacts");

  const form = document.createElement("form");
  form.className = "columns";
  const title = document.createElement("h3");
  title.textContent = `What the columns of ${file.name} stand for`;
  const [tableLabel, table] = labelled("Table", new Option("Deals", "deals"), new Option("Contacts", "contacts"));
  table.value = first;
  tableLabel.hidden = Boolean(report);
  const [fields, orders, stages, others] = ["", "", "", ""].map(() => Object.assign(document.createElement("div"), { className: "controls" }));
  const hint = paragraph("");
  const rest = document.createElement("details");
  rest.append(Object.assign(document.createElement("summary"), { textContent: "Other fields" }), others);
  let columns = {};
  let chosen = new Map();
  let order = null;
  /** The header of a field: as chosen here, or as the engine recognised it. */
  const headerOf = (field) => columns[field] ?? report?.fields.find((known) => known.field === field)?.header;
  const cells = (field) => (headerOf(field) ? sheet.column(headerOf(field)) : []);

  const drawOrder = () => {
    const found = dateOrder(DATES.flatMap(cells));
    order = null;
    orders.replaceChildren();
    if (!found.open) return false;
    const [label, select] = labelled(`Dates such as ${found.open}`, new Option("Leave out", ""),
      new Option("Day first", "day_month_year"), new Option("Month first", "month_day_year"));
    select.value = found.order;
    order = select;
    orders.append(label);
    return true;
  };

  const drawStages = () => {
    const flags = ["is_won", "is_closed"].every((field) => columns[field] || taken.includes(field));
    const names = table.value === "deals" && !flags ? distinct(cells("stage")) : [];
    chosen = new Map();
    stages.replaceChildren(...names.slice(0, MOST_STAGES).map((name) => {
      const [label, select] = labelled(`Stage “${name}”`, ...Object.entries(STATES).map(([id, text]) => new Option(text, id)));
      select.value = state(name, stageWords);
      chosen.set(name, select);
      return label;
    }));
  };
  const drawFields = () => {
    const open = lacking(table.value);
    columns = guess(list, open, headers);
    // Some systems keep won and lost in a column beside a stage that says nothing of it.
    const stage = headerOf("stage");
    const status = headers.find((header) => /^(status|statut|estado)$/.test(plain(header).split(" ").at(-1)) && tells(sheet.column(header)));
    const silent = !stage || !tells(sheet.column(stage));
    const decided = ["is_won", "is_closed"].every((field) => columns[field] || taken.includes(field));
    if (table.value === "deals" && status && silent && !decided) columns.stage = status;
    const shown = columns.stage && !open.includes("stage") ? [...open, "stage"] : open;
    const fieldOf = (field) => {
      const [label, select] = labelled(named(field), new Option("Not in the file", ""), ...headers.map((header) => new Option(header, header)));
      select.value = columns[field] ?? "";
      select.addEventListener("change", () => {
        if (select.value) columns[field] = select.value;
        else delete columns[field];
        drawOrder();
        if (["stage", "is_won", "is_closed"].includes(field)) drawStages();
      });
      return label;
    };
    const isGuessed = (field) => columns[field] !== undefined;
    fields.replaceChildren(...shown.filter(isGuessed).map(fieldOf));
    others.replaceChildren(...shown.filter((field) => !isGuessed(field)).map(fieldOf));
    rest.hidden = !others.children.length;
    drawStages();
    const isOpen = drawOrder();
    const found = Object.keys(columns).length;
    hint.textContent = `${found || isOpen ? "Guessed from the file: check each." : "Nothing could be guessed."} What you confirm is written into the charter, which you can download below.`;
    return found || isOpen;
  };
  if (!drawFields() && report) return;
  table.addEventListener("change", drawFields);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply(table.value, {
      columns,
      date_order: order?.value,
      currency: currency(cells("currency")),
      deal_stages: [...chosen].map(([name, { value }]) => ({
        id: name, label: name, state: value === "qualified" ? "open" : value, qualified: value !== "open",
      })),
    });
  });
  const button = Object.assign(document.createElement("button"), { type: "submit", className: "button", textContent: "Read the file like this" });
  form.append(title, hint, tableLabel, fields, orders, stages, rest, button);
  form.dataset.file = file.name;
  place.querySelector(`[data-file="${CSS.escape(file.name)}"]`)?.remove();
  place.append(form);
}
