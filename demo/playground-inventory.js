// What was read, recognised and rejected, as the engine's inventory says it.

const number = new Intl.NumberFormat("en");

const element = (name, ...children) => {
  const made = document.createElement(name);
  made.append(...children);
  return made;
};

const systems = { hubspot: "HubSpot", salesforce: "Salesforce" };
const words = (reason) => reason.replaceAll("_", " ");

/** "line 17: “31.02.2025” in created_at". */
function reference(example) {
  const found = example.found ? `: “${example.found}”` : "";
  const field = example.field ? ` in ${example.field}` : "";
  return `line ${example.line}${found}${field}`;
}

const cell = ({ line, found }) => `line ${line}: “${found}”`;

function table(report) {
  const heading = element("h3", `${report.source} `);
  heading.append(element("span", `as ${words(report.table)}`));
  const recognised = report.fields;
  const article = element(
    "article",
    heading,
    element("p", `${number.format(report.read)} rows read, ${number.format(report.accepted)} kept, `
      + `${number.format(report.read - report.accepted)} rejected`
      + `${report.preset ? `. Recognised as an export of ${systems[report.preset] ?? report.preset}` : ""}.`),
  );
  if (report.rejected.length) {
    article.append(element("ul", ...report.rejected.map((rejected) => element(
      "li",
      `${number.format(rejected.count)} × ${words(rejected.reason)}`
        + (rejected.examples.length ? ` (${rejected.examples.slice(0, 3).map(reference).join("; ")})` : ""),
    ))));
  }
  if (report.encoding) {
    article.append(element("p", `It is no UTF-8, so it was taken for ${report.encoding}: where letters are wrong, save it as “CSV UTF-8”.`));
  }
  const unreadable = recognised.filter((field) => field.unreadable);
  if (unreadable.length) {
    article.append(element("ul", ...unreadable.map((field) => element(
      "li",
      `${number.format(field.unreadable)} × ${field.header} can’t be read (${field.examples.slice(0, 3).map(cell).join("; ")})`,
    ))));
  }
  const asksFor = (word) => recognised.some((field) => field.examples.some(({ found }) => found?.includes(word)));
  if (asksFor("decimal_sign")) {
    article.append(element("p", "Some amounts could be thousands or decimals, and were read as in English. The charter says "
      + "how they are written: ", element("code", `{"sources": {"${report.table}": {"decimal_sign": ","}}}`),
      " where 1.234 is a thousand and more, or “.”."));
  }
  if (asksFor("date_order")) {
    article.append(element("p", "The charter says whether day or month goes first: ", element("code",
      `{"sources": {"${report.table}": {"date_order": "day_month_year"}}}`), ", or “month_day_year”."));
  }
  const details = element("details", element("summary",
    `${recognised.length} fields recognised, ${report.unmatched.length} left unread`));
  details.append(element("ul",
    ...recognised.map((field) => element("li", `${field.header} → ${words(field.field)}`
      + (field.unreadable ? `, ${number.format(field.unreadable)} ${field.unreadable === 1 ? "cell" : "cells"} can’t be read` : ""))),
    ...report.unmatched.map((header) => element("li",
      `${header.header}: not used${header.suggestion ? `. Did you mean ${header.suggestion}?` : ""}`)),
  ));
  article.append(details);
  return article;
}

export function showInventory(place, inventory) {
  place.replaceChildren(...inventory.tables.map(table));
  if (!inventory.has_charter) {
    place.append(element("p", "No charter was given, so the documented defaults hold: stages, currency and time zone may not be yours."));
  }
}
