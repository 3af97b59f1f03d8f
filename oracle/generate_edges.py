"""What real exports have and the other generators leave out: lines of text among the rows, amounts with the sign of another
currency, credit notes, rows without dates, forecasts of one instant, spend in several currencies, deals of several people and
people of several deals, touches of nobody, tables with one row or none, the same id twice, and the hours of clock changes."""

import csv
from datetime import date, timedelta

from generate_attribution import read

CHANGES = [
    # Local times around the changes of Berlin, New York and Sydney: none in a gap, and the hour that comes twice with its offset.
    "2024-10-27 01:30", "2024-10-27 03:30", "2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00", "2025-03-30 01:59", "2025-03-30 03:00",
    "2025-03-09 01:59", "2025-03-09 03:00", "2025-11-02T01:30:00-04:00", "2025-11-02T01:30:00-05:00", "2024-11-03 03:00",
    "2025-04-06T02:30:00+11:00", "2025-04-06T02:30:00+10:00", "2025-10-05 01:59", "2025-10-05 03:00", "2025-03-30", "2025-10-26", "2025-03-09",
]  # fmt: skip
LINES = ["Exported by Ana on 3 May", "Note: figures are preliminary", "Confidential", "End of export", "Source: CRM"]
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
KEPT = {"contacts": "id", "deals": "id", "campaigns": "id", "requests": "id", "tools": "id", "touches": None, "spend": None, "reports": None}


def each(maker, folder, write, table, change):
    """Changes the usable rows of a table, as dictionaries."""
    if not (folder / f"{table}.csv").is_file():
        return
    header, rows = read(folder, table)
    for row in rows:
        if len(row) == len(header) and any(row) and row[0] != "Total":
            cells = dict(zip(header, row))
            change(cells)
            row[:] = [cells[name] for name in header]
    write(folder, table, header, rows)


def clocks(maker, folder, write):
    """Dates on days on which clocks change."""
    r = maker.random
    dated = {
        "contacts": ["created_at", "first_response_at", "assigned_at", "stage:lead", "stage:customer"], "deals": ["created_at", "closed_at"],
        "touches": ["at"], "campaigns": ["briefed_at", "launched_at", "due_at"], "requests": ["created_at", "started_at", "closed_at"],
        "spend": ["at"], "reports": ["due_at", "delivered_at"], "integrations": ["last_success_at"], "forecasts": ["made_at"],
    }  # fmt: skip
    for table, fields in dated.items():

        def change(row, fields=fields):
            for field in fields:
                if row.get(field) and maker.chance(0.2):
                    row[field] = r.choice(CHANGES)

        each(maker, folder, write, table, change)


def undated(maker, folder, write):
    """Rows whose date nobody has filled in, or can read."""
    r = maker.random
    fields = {
        "deals": ["created_at", "closed_at"], "spend": ["at"], "campaigns": ["launched_at", "briefed_at"], "requests": ["closed_at", "created_at"],
        "reports": ["due_at"], "touches": ["at"], "contacts": ["created_at", "stage:lead", "stage:customer"], "budgets": ["start_at", "planned_at"],
        "forecasts": ["made_at"], "actuals": ["start_at"],
    }  # fmt: skip
    for table, names in fields.items():
        often = r.choice([0, 0.1, 0.5, 1])

        def change(row, names=names, often=often):
            for name in names:
                if name in row and maker.chance(often / len(names)):
                    row[name] = r.choice(["", "", "n/a", "soon"])

        if maker.chance(0.4):
            each(maker, folder, write, table, change)


def signed(maker, folder, write):
    """Amounts with a currency's sign or code, of the row's currency or of another; and credit notes."""
    r = maker.random
    often, negative = r.choice([0, 0.2, 0.6]), r.choice([0, 0.05, 0.4])

    def change(row):
        for field in ("amount", "recurring_amount"):
            text = row.get(field, "")
            if not text or not text.replace(".", "").replace("-", "").isdigit():
                continue
            if maker.chance(negative):
                text = text.lstrip("-") if text.startswith("-") else f"-{text}"
            row[field] = text
            if maker.chance(often):
                code = r.choice(["EUR", "USD", "GBP", *[(row.get("currency") or "EUR").upper()] * 5])
                sign = SIGNS.get(code, code)
                row[field] = r.choice([f"{sign}{text}", f"{text} {sign}", f"{code} {text}", f"{text} {code}"])

    for table in ("deals", "spend", "budgets", "forecasts", "actuals"):
        if maker.chance(0.6):
            each(maker, folder, write, table, change)


def at_once(maker, folder, write):
    """Forecasts of one period that were made at one instant."""
    header, rows = read(folder, "forecasts")
    place = header.index("made_at")
    usable = [row for row in rows if len(row) == len(header) and any(row)]
    for row in [row for row in usable if maker.chance(0.3)]:
        twin = list(row)
        if maker.chance(0.5):
            twin[header.index("amount")] = "1250.5"
        if maker.chance(0.2):
            twin[place] = twin[place] and twin[place][:10]
        rows.append(twin)
    write(folder, "forecasts", header, rows)


def related(maker, folder, write):
    """Deals of several people, people of several deals, and touches of people whom nobody knows."""
    r = maker.random
    known = [row[0] for row in read(folder, "contacts")[1] if row and row[0].startswith("c")] or ["c0"]
    few = r.sample(known, min(len(known), 4))

    def deal(row):
        if "contact_ids" in row and maker.chance(0.6):
            ids = [r.choice(few if maker.chance(0.7) else known) for _ in range(r.choice([1, 2, 3, 5]))]
            if maker.chance(0.2):
                ids.insert(r.randrange(2), r.choice(["nobody", "C0", ids[0]]))
            row["contact_ids"] = r.choice([";", "; ", " ;"]).join(ids)

    def touch(row):
        if maker.chance(0.5):
            row["contact_id"] = r.choice(few if maker.chance(0.8) else ["nobody", "stranger", "c99999"])

    each(maker, folder, write, "deals", deal)
    each(maker, folder, write, "touches", touch)


def repeated(maker, folder, write):
    """The same id twice or three times, with other contents: the later updated is kept, then the one that sorts last."""
    r = maker.random
    for table, key in KEPT.items():
        if key is None or not (folder / f"{table}.csv").is_file() or not maker.chance(0.4):
            continue
        header, rows = read(folder, table)
        usable = [row for row in rows if len(row) == len(header) and any(row) and row[0] != "Total"]
        for row in [row for row in usable if maker.chance(0.15)]:
            twin, other = list(row), r.choice(usable)
            for at, name in enumerate(header):
                if name != key and maker.chance(0.3):
                    twin[at] = other[at]
            if "updated_at" in header and maker.chance(0.5):
                twin[header.index("updated_at")] = r.choice(["", "2026-06-01", "2026-05-01", "soon"])
            rows.insert(r.randrange(len(rows) + 1), twin)
        write(folder, table, header, rows)


def emptied(maker, folder, write):
    """Tables with a header and nothing else, or with one row."""
    r = maker.random
    for path in sorted(folder.glob("*.csv")):
        if maker.chance(0.12):
            header, rows = read(folder, path.stem)
            write(folder, path.stem, header, rows[: r.choice([0, 0, 1])])


def lines(maker, folder, write):
    """Lines of text among the rows and below them, with or without the delimiters that rows have."""
    r = maker.random
    for path in sorted(folder.glob("*.csv")):
        if maker.chance(0.3):
            header, rows = read(folder, path.stem)
            for _ in range(r.choice([1, 1, 3])):
                text = [r.choice(LINES)]
                at = len(rows) if maker.chance(0.7) else r.randrange(len(rows) + 1)
                rows.insert(at, text + [""] * (len(header) - 1) if maker.chance(0.5) else text)
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *rows])


PARTS = [clocks, undated, signed, at_once, related, repeated, emptied, lines]


def make(maker, folder, write):
    for part in PARTS:
        if maker.chance(0.35):
            part(maker, folder, write)
