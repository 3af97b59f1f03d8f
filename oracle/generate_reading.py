"""How files are written, and what the charter says of it: delimiters, decimal signs, orders of day and month, headers that
no preset knows; and the calendar that periods are asked by."""

import csv
import re
from datetime import timedelta

import schema
from generate_revenue import widen

DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](.*))?$")
AMOUNT = re.compile(r"-?\d+(\.\d+)?$")
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
# How a house writes dates, and the order that the charter has to name for it, if any.
DATES = {
    "31/12/2026": ("{d}/{m}/{y}", "day_month_year"), "31-12-2026": ("{d}-{m}-{y}", "day_month_year"),
    "12/31/2026": ("{m}/{d}/{y}", "month_day_year"), "31.12.2026": ("{d}.{m}.{y}", None), "31 Dec 2026": ("{d} {name} {y}", None),
}  # fmt: skip


def dated(text, shape):
    """A date of an export as the house writes it; what is none stays."""
    found = DATE.match(text)
    if not found or not 1 <= int(found[2]) <= 12:
        return text
    year, month, day, time = found.groups()
    return shape.format(y=year, m=month, d=day, name=MONTHS[int(month) - 1]) + (f" {time}" if time else "")


def pointed(text, comma, grouped):
    """An amount with its decimal sign, and its thousands apart."""
    if not AMOUNT.match(text):
        return text
    whole, _, decimals = text.partition(".")
    if grouped:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", "." if comma else ",", whole)
    return whole + (("," if comma else ".") + decimals if decimals else "")


def rewritten(maker, path, table, mapping):
    """Writes a file anew in the manner of a house, and says in the charter what the file leaves open."""
    r = maker.random
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    own = {text: field for field, text in mapping.get("columns", {}).items()}
    fields = [own.get(text, text) for text in header]
    kinds = [schema.kind(table, field) for field in fields]
    shape, order = DATES[r.choice(list(DATES))] if maker.chance(0.6) else (None, r.choice([None, *(order for _, order in DATES.values())]))
    if shape and order and maker.chance(0.15):
        # Nobody says which, so only some of the dates can be read.
        order = None
    comma, sign = r.choice([(False, None), (False, None), (False, "."), (True, ","), (True, ","), (True, None)])
    grouped = maker.chance(0.4)

    def cell(kind, text):
        if kind == "Time" and shape and maker.chance(0.95):
            return dated(text, shape)
        if kind in ("Money", "Number"):
            return pointed(text, comma, grouped and maker.chance(0.7))
        return text

    rows = [[cell(kinds[at] if at < len(kinds) else None, text) for at, text in enumerate(row)] for row in rows]
    for at, field in enumerate(fields):
        # What tells people apart is called by the charter already.
        if field == header[at] and maker.chance(0.1):
            mapping.setdefault("columns", {})[field] = header[at] = f"Column {at}: {r.choice(['Wert', 'Inhalt'])}"
    delimiter = r.choice([",", ";", ";", "\t", "|"])
    if maker.chance(0.5):
        mapping["delimiter"] = delimiter
    mapping |= ({"date_order": order} if order else {}) | ({"decimal_sign": sign} if sign else {})
    with path.open("w", encoding=r.choice(["utf-8", "utf-8-sig"]), newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=r.choice(["\r\n", "\n"])).writerows([header, *rows])


def doubtful(maker, path, table):
    """Writes most amounts of a file so that their sign may divide thousands or decimals, and a few that prove which; or
    none, or such as contradict each other."""
    r = maker.random
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    proofs = {".": ["12.5", "0.125", "1,234.50", "2,345,678", "1234.567"], ",": ["12,5", "0,125", "1.234,50", "2.345.678", "1234,567"]}
    signs = r.choice([[","], [","], ["."], [".", ","], []])
    often, sign = r.choice([0.02, 0.3]), r.choice([".", ",", ".,"])
    for row in rows:
        for at, text in enumerate(row[: len(header)]):
            # No number that counts something: nobody counts in fractions.
            if (schema.kind(table, header[at]) == "Money" or header[at] in ("hours", "value")) and AMOUNT.match(text) and maker.chance(0.7):
                proof = signs and maker.chance(often)
                row[at] = r.choice(proofs[r.choice(signs)]) if proof else f"{r.randrange(1, 1000)}{r.choice(sign)}{r.randrange(1000):03}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def calendar(maker, document):
    r = maker.random
    if maker.chance(0.8):
        document["fiscal_year_start_month"] = r.randrange(1, 13)
    if maker.chance(0.8):
        document["week_start"] = r.choice([*DAYS, "sunday", "sunday"])


def governed(maker, document):
    """The reporting line, reviews of AI features, windows of platforms and what others use of their stack."""
    r = maker.random
    teams = ["marketing", "Marketing", "sales", "IT", "single-sign on"]
    for person in document.get("people", []):
        if maker.chance(0.6):
            person["team"] = r.choice(teams)
    if maker.chance(0.6):
        document["reports_to"] = r.choice([*teams, "Ana", "bo", "Chidi", "ana"])
    if maker.chance(0.6):
        document.setdefault("policies", {})["ai_review_days"] = r.choice([1, 30, 180, 365])
    for platform in document.get("platforms", []):
        if maker.chance(0.5):
            platform["window_days"] = r.choice([1, 7, 28, 90])
    if maker.chance(0.5):
        document.setdefault("stack", {})["benchmarks"] = [
            {"source": f"Survey {number}", "year": 2018 + number, "value": round(r.random(), 2)} for number in range(r.randrange(0, 4))
        ]


def unsaid(maker, folder, write):
    """What nobody knows of the stack: uses, purposes and weights; the same said twice; which automation hangs on which tool."""
    r = maker.random
    with (folder / "capabilities.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    often = r.choice([0, 0.05, 0.3])
    for row in [row for row in rows if len(row) == len(header) and any(row)]:
        for name, other in (("in_use", ""), ("users", ""), ("purpose", ""), ("weight", "much"), ("weight", "-1")):
            if maker.chance(often):
                row[header.index(name)] = other
        if maker.chance(often / 3):
            rows.append(row[:-1] + [str(r.randrange(30))])
    write(folder, "capabilities", header, rows)
    widen(folder, "automations", write, ["tool"], lambda _: [f"t{r.randrange(15)}"])


def period(maker, usual):
    """A period of the fiscal year, a week, or one that as-of names; the usual one as often."""
    r = maker.random
    year = maker.as_of.year + r.choice([-1, 0, 0, 1])
    week = (maker.as_of - timedelta(days=r.randrange(0, 400))).isocalendar()
    unit = r.choice(["days", "weeks", "months", "quarters", "years"])
    return r.choice([
        *[usual] * 6, f"FY{year}", f"FY{year}", f"FY{year}-Q{r.randrange(1, 5)}", f"{week.year}-W{week.week:02}", f"{week.year}-W{week.week:02}",
        f"last-{r.randrange(1, 15)}-{unit}", f"this-{unit[:-1]}" if unit != "days" else "this-month",
    ])  # fmt: skip


def add(maker, folder, write, document):
    calendar(maker, document)
    governed(maker, document)
    unsaid(maker, folder, write)
    for path in sorted(folder.glob("*.csv")):
        if maker.chance(0.5):
            sources = document.setdefault("sources", {})
            rewritten(maker, path, path.stem, sources.setdefault(path.stem, {}))
