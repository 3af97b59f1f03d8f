"""The quality of deals, from its definition, and what the quality of contacts is made of."""

import re
from fractions import Fraction

import cell
import schema
from revenue import state_sql
from stack import known, ledger, rows

DIMENSIONS = ["completeness", "validity", "uniqueness", "consistency", "currentness", "referential_integrity"]
USUAL_RULES = [
    {"field": "contacts.email", "shape": "email"}, {"field": "contacts.phone", "shape": "phone"}, {"field": "deals.amount", "least": 0},
]  # fmt: skip
USUAL_LINKS = [{"field": "deals.contact_ids", "to": "contacts"}, {"field": "deals.campaign", "to": "campaigns"}]
USUAL_CONSISTENCY = ["stage_order", "stage_has_date", "nothing_before_created", "closed_has_date"]


def allowed(value, rule):
    """Whether a readable value is one that a rule allows."""
    if value == "bad":
        return False
    if rule is None:
        return True
    if rule.get("allowed") and value not in rule["allowed"]:
        return False
    if rule.get("shape") == "email" and not email(value):
        return False
    if rule.get("shape") == "phone" and not phone(value):
        return False
    least, most = rule.get("least"), rule.get("most")
    return (least is None or value >= least * 1_000_000) and (most is None or value <= most * 1_000_000)


def email(text):
    label = r"[^\W_](?:[^\W_]|-)*(?<!-)"
    return (
        re.fullmatch(rf"(?!\.)(?!.*\.\.)[^@\s<>,;]+(?<!\.)@{label}(?:\.{label})*\.(?!\d+$)(?=..){label}", text) is not None
        and len(text.partition("@")[0].encode()) <= 64
        and len(text.encode()) <= 254
    )


def phone(text):
    number, _, extension = text.lower().partition("x")
    return (
        re.fullmatch(r"\+?[0-9 ()/.-]+", number) is not None
        and 7 <= sum(one.isdigit() for one in number) <= 15
        and re.fullmatch(r"[0-9 ]*", extension) is not None
    )


def counts(case, table, faults=None):
    """Dimension -> field or rule -> [held, checked] of one table, and the rows of the table. Where asked for, what is wrong
    with each record: by its id, the dimensions and the fields or rules."""
    standard = case.charter.get("data_standard", {})
    rules = {rule["field"]: rule for rule in reversed(standard.get("rules", USUAL_RULES))}
    consistency = standard.get("consistency", USUAL_CONSISTENCY)
    links = standard.get("references", USUAL_LINKS)
    stages = case.stages()
    kinds = schema.tables()[table]["fields"]
    found = {dimension: {} for dimension in [*DIMENSIONS, "fields"]}
    ids = {}
    for link in links:
        to = link["to"]
        if to in case.read and to not in ids:
            there = rows(case, to)
            ids[to] = {one["id"] for one in there} | {one.get("name") for one in there} - {None}
    states = [line[0] for line in case.rows(f"SELECT {state_sql(case)} FROM deals ORDER BY row_number")] if table == "deals" else []
    reasons = []

    def add(dimension, name, held):
        pair = found[dimension].setdefault(f"{table}.{name}", [0, 0])
        pair[0] += held
        pair[1] += 1
        if faults is not None and not held and dimension != "fields":
            faults[one["id"]].add((dimension, name))

    for place, one in enumerate(rows(case, table)):
        if not case.in_filter(table, one):
            reasons.append("outside_filter")
            continue
        if known(one["created_at"]) and one["created_at"] > case.as_of:
            reasons.append("after_as_of")
            continue
        reasons.append(None)
        # What only tells records apart is no field of the standard.
        for field in sorted(name for name in case.columns[table] if not name.startswith("match:")):
            value, rule = one[field], rules.get(f"{table}.{field}")
            add("fields", field, value is not None and allowed(value, rule))
            if value is not None and (rule or kinds.get(field, "Time") != "Text"):
                add("validity", field, allowed(value, rule))
        if table == "deals":
            for field in standard.get("required_of_deals", ["stage", "created_at", "amount", "owner"]):
                if field in case.columns[table]:
                    add("completeness", field, one[field] is not None)
        if known(one["updated_at"]):
            add("currentness", "updated_at", case.as_of_day - one["updated_at_day"] <= standard.get("current_days", 365))
        for link in links:
            of, field = link["field"].split(".")
            if of == table and field in case.columns[table] and link["to"] in ids and one[field] is not None:
                named = [part.strip() for part in one[field].split(";") if part.strip()]
                add("referential_integrity", field, all(name in ids[link["to"]] for name in named))
        dates = [one[f"stage:{stage}"] for stage in stages + case.exits()] if table == "contacts" else [one["closed_at"]]
        days = [one[f"stage:{stage}_day"] for stage in stages + case.exits()] if table == "contacts" else [one["closed_at_day"]]
        happened = [day for at, day in zip(dates, days) if known(at)]
        if "nothing_before_created" in consistency and known(one["created_at"]) and happened:
            add("consistency", "nothing_before_created", min(happened) >= one["created_at_day"])
        if table == "deals" and "closed_has_date" in consistency and states[place] in ("won", "lost"):
            add("consistency", "closed_has_date", known(one["closed_at"]))
        if table == "contacts":
            entered = [one[f"stage:{stage}"] for stage in stages if known(one[f"stage:{stage}"])]
            if "stage_order" in consistency and len(entered) > 1:
                add("consistency", "stage_order", in_order(case, entered))
            if "stage_has_date" in consistency:
                add_stage(case, one, add)
    return found, reasons


def in_order(case, entered):
    """Every stage at or after each before it; one that is a midnight, at least on the day of each."""
    day = [cell.local_day(at, case.zone) for at in entered]
    whole = [at == cell.midnight(cell.EPOCH + cell.timedelta(days=on), case.zone) for at, on in zip(entered, day)]
    pairs = [(one, two) for two in range(len(entered)) for one in range(two)]
    return all(day[one] <= day[two] if whole[two] else entered[one] <= entered[two] for one, two in pairs)


def add_stage(case, one, add):
    lifecycle = case.charter["lifecycle"]
    said = "".join(c for c in (one["stage"] or "").lower() if c.isalnum())
    for stage in lifecycle["stages"]:
        names = [stage["id"], stage["label"], *stage.get("aliases", [])]
        if said and said in ["".join(c for c in name.lower() if c.isalnum()) for name in names]:
            if f"stage:{stage['id']}" in case.columns["contacts"]:
                add("consistency", "stage_has_date", known(one[f"stage:{stage['id']}"]))
            return


def of(held, checked):
    return {"value": held / checked, "numerator": held, "denominator": checked} if checked else {"value": None}


def whole(case, found, extra, names):
    """The figure from what each dimension says: pairs by name, and (held, checked, unknown) of figures of their own."""
    weights = case.charter.get("data_standard", {}).get("weights", {})
    top = below = Fraction(0)
    low = high = every = Fraction(0)
    parts = {}
    for dimension in names:
        weight = weights.get(dimension, 1)
        held, checked, unknown = extra.get(dimension, (0, 0, 0))
        held += sum(pair[0] for pair in found[dimension].values())
        checked += sum(pair[1] for pair in found[dimension].values())
        every += weight
        part = {"value": held / checked if checked else None}
        if checked:
            part |= {"numerator": held, "denominator": checked}
            value = Fraction(held, checked)
            top, below = top + weight * value, below + weight
            # Of a figure without a value nobody knows how much there would be to check.
            all_open = unknown and not extra[dimension][1]
            ends = [0, 1] if all_open else [Fraction(held, checked + unknown), Fraction(held + unknown, checked + unknown)]
            low, high = low + weight * ends[0], high + weight * ends[1]
            part["bounds"] = [float(end) for end in ends] if unknown else None
        else:
            high += weight
            part["bounds"] = [0, 1]
        parts[dimension] = part | {"parts": {name: of(*pair) for name, pair in found[dimension].items()}}
    usable = [sum(pair[side] for pair in found["fields"].values()) for side in (0, 1)]
    parts["fields"] = of(*usable) | {"parts": {name: of(*pair) for name, pair in found["fields"].items()}}
    figure = {"value": float(top / below) if below else None}
    if below:
        figure |= {"numerator": float(top), "denominator": float(below)}
        figure["bounds"] = None if low == top and high == top else [float(low / every), float(high / every)]
    return figure, parts


def deal_data_quality(case):
    found, reasons = counts(case, "deals")
    rows_ = ledger(case, "deals", reasons)
    figure, parts = whole(case, found, {}, [name for name in DIMENSIONS if name != "uniqueness"])
    return (figure if rows_["used"] else {"value": None}) | rows_ | {"parts": parts}


KPIS = {
    "deal_data_quality": (deal_data_quality, "deals", "contacts", "campaigns", "tools"),
}
