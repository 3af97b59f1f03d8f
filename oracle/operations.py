"""The operational figures, from their definitions."""

from datetime import date, datetime, timedelta, timezone

import cell
from governance import within
from interval import Survival, median, rate
from stack import known, ledger, rows

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def business_hours(case):
    """Weekday (0 is Monday) -> (from, until) in minutes; None where the house is always open."""
    hours = case.charter.get("operations", {}).get("business_hours")
    if hours is None:
        return {day: (540, 1020) for day in range(5)}

    def minutes(text):
        return int(text[:2]) * 60 + int(text[3:])

    return {DAYS.index(one["day"]): (minutes(one["from"]), minutes(one["until"])) for one in hours} or None


def business_minutes(case, start, end):
    """Whole minutes of opening time between two instants."""
    hours = business_hours(case)
    if hours is None:
        return (end - start) // 60_000
    holidays = set(case.charter.get("operations", {}).get("holidays", []))
    total = 0
    for number in range(cell.local_day(start, case.zone), cell.local_day(end, case.zone) + 1):
        day = cell.EPOCH + timedelta(days=number)
        if day.weekday() not in hours or day.isoformat() in holidays:
            continue
        opens, shuts = (local(case, day, minutes) for minutes in hours[day.weekday()])
        total += max(0, min(end, shuts) - max(start, opens))
    return total // 60_000


def local(case, day, minutes):
    """The instant at which the clocks of a date show so many minutes since midnight."""
    moment = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    return (moment.replace(tzinfo=case.zone) - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def created(case, one):
    """Why a contact is not of the period in which it was created."""
    at = one["created_at"]
    if not case.in_filter("contacts", one):
        return "outside_filter"
    if not known(at):
        return "unparsable_date" if at == "bad" else "blank_field"
    if at > case.as_of:
        return "after_as_of"
    return None if within(case, at) else "outside_period"


def speed_to_lead(case):
    sla = int(case.parameter("speed_to_lead", "sla_minutes", 60))
    first = {}
    if "touches" in case.read:
        for one in rows(case, "touches"):
            human = one["direction"] == "outbound" and one["automated"] is not True
            if human and known(one["at"]) and one["at"] <= case.as_of:
                first[one["contact_id"]] = min(one["at"], first.get(one["contact_id"], one["at"]))
    reasons, times, answered = [], [], []
    for one in rows(case, "contacts"):
        reason = created(case, one)
        response = one["first_response_at"]
        if reason is None and response == "bad":
            reason = "unparsable_date"
        if response is None:
            response = first.get(one["id"])
        if reason is None:
            if response is not None and response > case.as_of:
                response = None
            if response is not None and response < one["created_at"]:
                reason = "negative_duration"
            else:
                end = case.as_of if response is None else response
                times.append(business_minutes(case, one["created_at"], end))
                answered.append(response is not None)
        reasons.append(reason)
    rows_ = ledger(case, "contacts", reasons)
    parts = {"median": {"value": None}, "p90": {"value": None}}
    if times:
        curve = Survival(times, answered)
        for name, level in (("median", 0.5), ("p90", 0.1)):
            value = curve.first(curve.survival, level)
            parts[name] = {"value": value}
            if value is not None:
                low, high = curve.first(curve.low, level), curve.first(curve.high, level)
                parts[name]["interval"] = None if low is None or high is None else [low, high]
    good = sum(came and time <= sla for time, came in zip(times, answered))
    late = sum(time > sla for time in times)
    open_ = len(times) - good - late
    parts["within_sla"] = rate(good, good + late) if good + late else {"value": None}
    if open_ and good + late:
        parts["within_sla"]["bounds"] = [good / len(times), (good + open_) / len(times)]
    never = len(times) - sum(answered)
    parts["never_contacted"] = rate(never, len(times)) if times else {"value": None}
    return parts["median"] | rows_ | {"parts": parts}


def routing_accuracy(case):
    rules = case.charter.get("operations", {}).get("routing", [])
    window = int(case.parameter("routing_accuracy", "reassigned_days", 7))
    reasons, right, matched, seen = [], 0, 0, 0
    waits, both, moved = [], 0, 0
    for one in rows(case, "contacts"):
        reason = created(case, one)
        if reason is None:
            seen += 1
            fit = [rule for rule in rules if all((one[field] or "") in values for field, values in rule["when"].items())]
            owners = {frozenset(rule["owners"]) for rule in fit}
            matched += bool(fit)
            if not fit:
                reason = "unmatched"
            elif len(owners) > 1:
                reason = "ambiguous"
            else:
                right += (one["first_owner"] or one["owner"]) in owners.pop()
            at = one["assigned_at"]
            if known(at) and one["created_at"] <= at <= case.as_of and one["first_owner"] in (None, one["owner"]):
                waits.append((at - one["created_at"]) // 60_000)
        reasons.append(reason)
    rows_ = ledger(case, "contacts", reasons)
    if not rules:
        return {"value": None, **rows_}
    figure = rate(right, rows_["used"]) if rows_["used"] else {"value": None}
    parts = {
        "match_rate": rate(matched, seen) if seen else {"value": None},
        "time_to_route": {"value": median(waits)},
    }
    return figure | rows_ | {"parts": parts, "some_parts": True}


def conversion_in_window(case):
    base = case.parameter("conversion_in_window", "base", "visit")
    conversion = case.parameter("conversion_in_window", "conversion", "form")
    window = int(case.parameter("conversion_in_window", "window_days", 7))
    contacts = {one["id"] for one in rows(case, "contacts") if case.in_filter("contacts", one)}
    events = {}
    for one in rows(case, "touches"):
        if known(one["at"]) and one["at"] <= case.as_of and one["contact_id"] in contacts:
            days = events.setdefault(one["contact_id"], {base: {}, conversion: {}})
            if one["kind"] in days:
                day = one["at_day"]
                days[one["kind"]][day] = min(one["at"], days[one["kind"]].get(day, one["at"]))
    total = converted = 0
    for days in events.values():
        credited = set()
        for day in days[conversion]:
            before = [other for other in days[base] if other <= day and day - other <= window]
            if before:
                credited.add(max(before))
        for day, at in days[base].items():
            if within(case, at) and case.as_of_day > day + window:
                total += 1
                converted += day in credited
    figure = rate(converted, total) if total else {"value": None}
    return figure | {"read": case.read["contacts"]}


def required_cells(case, faults=None):
    """Required fields filled, required, and without a column, of contacts; and the reason of each row left out. Where asked
    for, the fields that each record lacks, by its id."""
    standard = case.charter.get("data_standard", {})
    stages, required = case.stages(), standard.get("required", {})
    lifecycle = case.charter["lifecycle"]
    names = {}
    for index, stage in enumerate(lifecycle["stages"]):
        for name in (stage["id"], stage["label"], *stage.get("aliases", [])):
            names["".join(c for c in name.lower() if c.isalnum())] = index
    needed, by_stage = [], []
    for index, stage in enumerate(stages):
        more = list(required.get(stage, []))
        if not required:
            more += ["email"] if index == 0 else []
            more += ["source", "owner"] if stage == lifecycle["lead"] else []
            more += ["account", "country"] if stage == lifecycle["customer"] else []
        needed += [field for field in more if field not in needed]
        by_stage.append(list(needed))
    columns = case.columns["contacts"]
    filled = total = unknown = 0
    reasons, by_field = [], {}
    for one in rows(case, "contacts"):
        if not case.in_filter("contacts", one):
            reasons.append("outside_filter")
            continue
        if known(one["created_at"]) and one["created_at"] > case.as_of:
            reasons.append("after_as_of")
            continue
        reasons.append(None)
        said = names.get("".join(c for c in (one["stage"] or "").lower() if c.isalnum()))
        dated = [i for i, stage in enumerate(stages) if known(one[f"stage:{stage}"]) and one[f"stage:{stage}"] <= case.as_of]
        stands = said if said is not None else max(dated, default=0)
        for field in by_stage[stands]:
            if field not in columns:
                unknown += 1
                continue
            total += 1
            filled += one[field] is not None
            if faults is not None and one[field] is None:
                faults[one["id"]].add(("completeness", field))
            for group in (stages[stands], "fields"):
                pair = by_field.setdefault(group, {}).setdefault(field, [0, 0])
                pair[0] += one[field] is not None
                pair[1] += 1
    return filled, total, unknown, reasons, by_field


def data_completeness(case):
    """Each contact by what its lifecycle stage and the ones before it require."""
    filled, total, unknown, reasons, by_field = required_cells(case)
    figure = {"value": filled / total if total else None}
    if total:
        figure |= {"numerator": filled, "denominator": total}
        figure["bounds"] = [filled / (total + unknown), (filled + unknown) / (total + unknown)] if unknown else None
    def of(pair):
        return {"value": pair[0] / pair[1], "numerator": pair[0], "denominator": pair[1]}

    parts = {
        group: of([sum(pair[side] for pair in fields.values()) for side in (0, 1)])
        | {"parts": {field: of(pair) for field, pair in fields.items()}, "some_parts": True}
        for group, fields in by_field.items()
    }
    return figure | ledger(case, "contacts", reasons) | {"parts": parts, "some_parts": True}


KPIS = {
    "data_completeness": (data_completeness, "contacts"),
    "speed_to_lead": (speed_to_lead, "contacts", "touches"),
    "routing_accuracy": (routing_accuracy, "contacts"),
    "conversion_in_window": (conversion_in_window, "contacts", "touches"),
}
