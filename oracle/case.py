"""A case: files, charter and question, read into DuckDB without any of the core's code.

Every field becomes a column; a time gets `<field>_day` (days since 1970 in the charter's zone) beside it, and what may be
unreadable gets `<field>_bad`. Rows that no figure can use (blank, total, malformed, without id, duplicate) are counted
and left out.
"""

import csv
import json
import re
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas

import calendars
import cell
import schema

TOTALS = {"total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt"}
# The headers of HubSpot's exports that the demo data use.
HUBSPOT = {
    "contacts": {
        "record id": "id", "create date": "created_at", "last modified date": "updated_at", "contact owner": "owner",
        "original traffic source": "source", "associated company": "account", "country/region": "country",
        "lifecycle stage": "stage", "email": "email", "first name": "name", "last name": "last_name", "phone number": "phone",
        "legal basis for processing contact's data": "consent_basis",
        "unsubscribed from all email": "suppressed", "owner assigned date": "assigned_at", "date of first engagement": "first_response_at",
    },
    "deals": {
        "record id": "id", "create date": "created_at", "last modified date": "updated_at", "deal owner": "owner",
        "original traffic source": "source", "associated company": "account", "deal stage": "stage",
        "close date": "closed_at", "amount": "amount", "currency": "currency", "associated contact ids": "contact_ids",
        "is closed won": "is_won", "is deal closed?": "is_closed", "monthly recurring revenue": "recurring_amount", "forecast category": "forecast_category",
    },
}  # fmt: skip
KINDS = {"Text": "VARCHAR", "Time": "BIGINT", "Money": "HUGEINT", "Number": "HUGEINT", "Flag": "BOOLEAN"}


class Case:
    """One question to the data of one folder."""

    def __init__(self, folder, as_of, period="all", filters=(), tables=None, oracles=None):
        self.folder, self.oracles = Path(folder), oracles
        # What was taken from the report for want of a calculation.
        self.taken = set()
        self.charter_path = self.folder / "charter.json"
        self.as_of_text, self.filters = as_of, list(filters)
        self.charter = json.loads(self.charter_path.read_text(encoding="utf-8"))
        self.zone = ZoneInfo(self.charter.get("time_zone", "UTC"))
        self.as_of = cell.instant(as_of, self.zone)
        self.as_of_day = cell.local_day(self.as_of, self.zone)
        self.over(period)
        self.currency = self.charter.get("currency", "USD")
        self.minimum_n = self.charter.get("minimum_n", 30)
        self.sql = duckdb.connect()
        self.sql.execute("SET threads = 1")
        self.rejected, self.read = {}, {}
        self.columns = {}
        self.rates()
        for table in schema.tables():
            path = self.folder / f"{table}.csv"
            if path.is_file() and (tables is None or table in tables):
                self.load(table, path)

    def expected(self, kpi):
        """What the oracle expects of a figure; nothing is known of one whose first table isn't there."""
        if kpi not in self.known:
            calculate, *tables = self.oracles[kpi]
            self.known[kpi] = {"value": None} if tables and tables[0] not in self.read else calculate(self)
        return self.known[kpi]

    def whole(self):
        """The same question without a filter."""
        if not self.filters:
            return self
        if self.unfiltered is None:
            self.unfiltered = Case(self.folder, self.as_of_text, self.period_text, (), self.read, self.oracles)
        return self.unfiltered

    def over(self, period):
        """The same case over another period."""
        self.period_text = period
        self.known, self.unfiltered = {}, None
        self.start, self.end = self.bounds(period)
        return self

    def bounds(self, text):
        """First instant and first one after it; None where there is no bound."""
        if text == "all":
            return None, None
        if "/" in text:
            days = [date.fromisoformat(part) for part in text.split("/")]
        else:
            today = cell.EPOCH + timedelta(days=self.as_of_day)
            days = calendars.days(text, today, self.charter)
        return tuple(cell.midnight(day, self.zone) for day in days)

    def parameter(self, kpi, name, default):
        settings = self.charter.get("kpis", {}).get(kpi, {})
        return settings.get("parameters", {}).get(name, default)

    def stages(self):
        return [stage["id"] for stage in self.charter["lifecycle"]["stages"]]

    def exits(self):
        return [stage["id"] for stage in self.charter["lifecycle"].get("exits", [])]

    def rates(self):
        self.sql.execute("CREATE TABLE rates (currency VARCHAR, from_day INTEGER, rate HUGEINT)")
        for rate in self.charter.get("exchange_rates", []):
            day = (date.fromisoformat(rate["from"]) - cell.EPOCH).days
            billionths = int(cell.Decimal(rate["rate"]) * 1_000_000_000)
            self.sql.execute("INSERT INTO rates VALUES (?, ?, ?)", [rate["currency"], day, billionths])

    def header(self, table, text):
        """The field that a header stands for."""
        own = self.charter.get("sources", {}).get(table, {}).get("columns", {})
        for field, header in own.items():
            if header.strip().lower() == text.strip().lower():
                return field
        plain = text.strip().lower()
        if table == "contacts":
            lifecycle = self.charter["lifecycle"]
            for stage in lifecycle["stages"] + lifecycle.get("exits", []):
                label = stage["label"].lower()
                names = {
                    f"stage:{stage['id']}", f"became a {label} date", f"became an {label} date",
                    f'date entered "{label} (lifecycle stage pipeline)"',
                }  # fmt: skip
                if plain in names:
                    return f"stage:{stage['id']}"
        if schema.kind(table, plain):
            return plain
        return HUBSPOT.get(table, {}).get(plain)

    def load(self, table, path):
        said = self.charter.get("sources", {}).get(table, {})
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            # No header has a delimiter in it, so the one that stands there most is the file's.
            delimiter = said.get("delimiter") or max(",;\t|", key=first.count)
            lines = list(csv.reader(file, delimiter=delimiter))
        fields, kept = [], set()
        for text in lines[0]:
            field = self.header(table, text)
            fields.append(field if field not in kept else None)
            kept.add(field)
        blanks = {"", *(word.lower() for word in self.charter.get("blanks", cell.BLANKS))}
        spec = schema.tables()[table]
        key = spec["key"]
        label = key or ("contact_id" if "contact_id" in fields else None)
        rejected, rows = {}, []

        def reject(reason):
            rejected[reason] = rejected.get(reason, 0) + 1

        read = 0
        for line in lines[1:]:
            if not line:
                continue  # an empty line of the file is no row
            read += 1
            cells = [text.strip() for text in line]
            row = {field: text for field, text in zip(fields, cells) if field}
            name = row.get(label, "") if label else ""
            first = next((text for text in cells if text.lower() not in blanks), None)
            if first is None:
                reject("blank_row")
            elif (not name or name is first or name == first) and first.lower().rstrip(": ") in TOTALS:
                reject("total_row")
            elif len(cells) == 1 and len(fields) > 2 and (" " in first or not re.search("[0-9]", first)):
                reject("text_line")
            elif len(cells) < len(fields) or any(cells[len(fields) :]):
                reject("malformed")
            elif label and name.lower() in blanks:
                reject("blank_id")
            else:
                currency = row.get("currency", "")
                rows.append((row, self.currency if currency.lower() in blanks else currency.upper()))
        sign = said.get("decimal_sign") or cell.decimal_sign(
            (text, currency) for row, currency in rows for field, text in row.items()
            if schema.kind(table, field) in ("Money", "Number") and text.lower() not in blanks
        )  # fmt: skip
        rows = [
            {field: self.value(table, field, text, blanks, currency, sign) for field, text in row.items()}
            for row, currency in rows
        ]
        if key:
            latest = {}
            for row in rows:
                known = latest.get(row[key])
                if known is None or self.preference(row) > self.preference(known):
                    latest[row[key]] = row
            if len(latest) < len(rows):
                rejected["duplicate_id"] = len(rows) - len(latest)
            rows = list(latest.values())
        self.store(table, [field for field in fields if field], rows)
        self.rejected[table], self.read[table] = rejected, read

    @staticmethod
    def preference(row):
        """The later updated of two rows is kept; then the one whose content sorts last."""

        def order(value):
            return (0,) if value is None else (1,) if value is cell.Unreadable else (2, value)

        return order(row.get("updated_at")), [order(row[field]) for field in sorted(row)]

    def value(self, table, field, text, blanks, currency, sign):
        if text.lower() in blanks:
            return None
        kind = schema.kind(table, field)
        said = self.charter.get("sources", {}).get(table, {})
        try:
            match kind:
                case "Time":
                    return cell.instant(text, self.zone, said.get("date_order"))
                case "Money" | "Number":
                    return cell.amount(text, currency, sign)
                case "Flag":
                    return cell.flag(text)
        except cell.Unreadable:
            return cell.Unreadable
        return text

    def store(self, table, fields, rows):
        """A table of DuckDB with every field of the schema; what the files lack is blank."""
        all_fields = dict(schema.tables()[table]["fields"])
        if table == "contacts":
            all_fields |= {f"stage:{stage}": "Time" for stage in self.stages() + self.exits()}
            all_fields |= {field: "Text" for field in fields if field.startswith("match:")}
        self.columns[table] = set(fields)
        columns, cells = ["row_number INTEGER", "kept BOOLEAN"], []
        for field, kind in all_fields.items():
            columns.append(f'"{field}" {KINDS[kind]}')
            if kind != "Text":
                columns.append(f'"{field}_bad" BOOLEAN')
            if kind == "Time":
                columns.append(f'"{field}_day" INTEGER')
        for number, row in enumerate(rows):
            line = [number, self.in_filter(table, row)]
            for field, kind in all_fields.items():
                value = row.get(field)
                bad = value is cell.Unreadable
                line.append(None if bad else value)
                if kind != "Text":
                    line.append(bad)
                if kind == "Time":
                    line.append(None if bad or value is None else cell.local_day(value, self.zone))
            cells.append(line)
        self.sql.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        if cells:
            names = [re.match(r'"?([^"]+?)"? [A-Z]+$', column)[1] for column in columns]
            frame = pandas.DataFrame(cells, columns=names, dtype=object)
            for name, column in zip(names, columns):
                if column.endswith("HUGEINT"):
                    frame[name] = [None if value is None else str(value) for value in frame[name]]
            self.sql.register("incoming", frame)
            casts = ", ".join(
                f'CAST("{name}" AS {column.rsplit(" ", 1)[1]})' for name, column in zip(names, columns)
            )
            self.sql.execute(f"INSERT INTO {table} SELECT {casts} FROM incoming")
            self.sql.unregister("incoming")

    def in_filter(self, table, row):
        """A field that the table hasn't filters nothing."""
        if not schema.tables()[table]["filtered"]:
            return True
        return all((row.get(field) or "") == value for field, value in self.filters if field in self.columns[table])

    def rows(self, query):
        return self.sql.execute(query).fetchall()

    def one(self, query):
        return self.sql.execute(query).fetchone()

    def ledger(self, table, reason, where="TRUE"):
        """Rows read, used and left out, from an SQL expression that names the reason of a row or NULL."""
        excluded = dict(self.rejected[table])
        used = 0
        for name, count in self.rows(f"SELECT {reason} AS reason, count(*) FROM {table} WHERE {where} GROUP BY 1"):
            if name is None:
                used = count
            else:
                excluded[name] = excluded.get(name, 0) + count
        return {"read": self.read[table], "used": used, "excluded": excluded}

    def period_sql(self, column):
        """Whether an instant lies in the period."""
        parts = [f"{column} >= {self.start}"] if self.start is not None else []
        parts += [f"{column} < {self.end}"] if self.end is not None else []
        return "(" + (" AND ".join(parts) or "TRUE") + ")"
