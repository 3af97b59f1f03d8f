// What was read, recognised and rejected, as the engine's inventory says it.

const number = new Intl.NumberFormat("en");

const element = (name, ...children) => {
  const made = document.createElement(name);
  made.append(...children);
  return made;
};

const words = (reason) => reason.replaceAll("_", " ");

/** "line 17: “31.02.2025” in created_at". */
function reference(example) {
  const found = example.found ? `: “${example.found}”` : "";
  const field = example.field ? ` in ${example.field}` : "";
  return `line ${example.line}${found}${field}`;
}

function table(report) {
  const heading = element("h3", `${report.source} `);
  heading.append(element("span", `as ${words(report.table)}`));
  const recognised = report.fields;
  const article = element(
    "article",
    heading,
    element("p", `${number.format(report.read)} rows read, ${number.format(report.accepted)} kept, `
      + `${number.format(report.read - report.accepted)} rejected`
      + `${report.preset ? `. Recognised as an export of ${report.preset}` : ""}.`),
  );
  if (report.rejected.length) {
    article.append(element("ul", ...report.rejected.map((rejected) => element(
      "li",
      `${number.format(rejected.count)} × ${words(rejected.reason)}`
        + (rejected.examples.length ? ` (${rejected.examples.slice(0, 3).map(reference).join("; ")})` : ""),
    ))));
  }
  const details = element("details", element("summary",
    `${recognised.length} fields recognised, ${report.unmatched.length} left unread`));
  details.append(element("ul",
    ...recognised.map((field) => element("li", `${field.header} → ${words(field.field)}`
      + (field.unreadable ? `, ${number.format(field.unreadable)} cells can’t be read` : ""))),
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
