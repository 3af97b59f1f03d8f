"""Numbers that views show beside figures: trends, comparisons, steps of the funnel, and how long a migration takes. A trend
is the figure over other periods, and a comparison what the earlier period's was when it was as old, so they are held to
the same calculation over those."""

import json
import random
import subprocess
from datetime import datetime, timedelta, timezone

import boards
import boards_revenue
import cell
from case import Case
from compare import differences, number, numbers, told
from interval import Survival, incidence
from lifecycle import cohort_times, cohorts
from stack import known, rows

MONTH = 30.4375
PACE = {
    "hours_per_automation": {"least": 2, "most": 6}, "hours_per_step": {"least": 0.25, "most": 1},
    "steps_where_unknown": {"least": 3, "most": 20}, "hours_a_week": 40, "fixed_weeks": {"least": 4, "most": 10},
}  # fmt: skip


def asked(mops, case, *question):
    """A view of the program under test."""
    command = [mops, "view", *question, "--data", str(case.folder), "--charter", str(case.charter_path)]
    command += ["--as-of", case.as_of_text, "--period", case.period_text]
    for field, value in case.filters:
        command += ["--filter", f"{field}={value}"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{result.stderr.strip()}")
    return json.loads(result.stdout), " ".join(command)


class Held:
    """Numbers of views that were compared, and where they differ."""

    def __init__(self):
        self.count, self.lines = 0, []

    def hold(self, what, found, expected):
        self.count += 1
        if not number(found, expected):
            self.lines.append(f"{what}: mops {found!r}, oracle {expected!r}")


def migration(held, case, view):
    section = next(one for one in view["body"]["sections"] if one["id"] == "migration_duration")
    if "automations" not in case.read:
        return held.hold("migration rows", len(section["rows"]), 0)
    pace = PACE | case.charter.get("readiness", {}).get("migration", {})
    inventory = rows(case, "automations")
    counted = [float(one["steps"]) / 1e6 for one in inventory if known(one["steps"]) and one["steps"] >= 0]
    found = {row["id"]: [cell["value"] for cell in row["cells"]] for row in section["rows"]}
    for side, end in enumerate(("least", "most")):
        steps = sum(counted) + (len(inventory) - len(counted)) * pace["steps_where_unknown"][end]
        hours = len(inventory) * pace["hours_per_automation"][end] + steps * pace["hours_per_step"][end]
        weeks = pace["fixed_weeks"][end] + hours / pace["hours_a_week"]
        held.hold(f"migration {end}", found["duration"][side], weeks * 7 / MONTH)
        held.hold("automations", found["automations"][side], len(inventory))
        held.hold("steps", found["steps"][side], sum(counted))
        held.hold("uncounted", found["uncounted"][side], len(inventory) - len(counted))


def text_of(milliseconds, case):
    """The local date of an instant that is a midnight."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).astimezone(case.zone).date().isoformat()


def over(case, period, kpi):
    """What the oracle expects of a figure over another period of the same question."""
    before = case.period_text, case.known, case.unfiltered
    try:
        return case.over(f"{text_of(period['start'], case)}/{text_of(period['end'], case)}").expected(kpi)
    finally:
        case.over(before[0])
        case.known, case.unfiltered = before[1:]


def earlier(case, period):
    """The question about an earlier period, as of the day on which that was as old as the one asked for is now."""
    end, before = (cell.local_day(at, case.zone) for at in (case.end, period["end"]))
    as_of = cell.EPOCH + timedelta(days=before + case.as_of_day - end)
    dates = f"{text_of(period['start'], case)}/{text_of(period['end'], case)}"
    return Case(case.folder, as_of.isoformat(), dates, case.filters, case.read, case.oracles)


def card(held, case, view, kpi):
    """The trend and the comparison of a KPI's card."""
    body = view["body"]
    held.hold(f"{kpi} value", body["figure"]["value"], told(case.expected(kpi)))
    for point in body["trend"][-4:]:
        if point["unfinished"]:
            # It ends at the as-of instant, in whatever period that lies.
            continue
        expected = over(case, point["period"], kpi)
        held.hold(f"{kpi} in {point['period']['id']}", point["value"], told(expected))
        if "used" in expected:
            held.hold(f"{kpi} rows in {point['period']['id']}", point["used"], expected["used"])
    before = view["compared_with"]
    if before and body["comparison"]:
        expected, now = told(earlier(case, before).expected(kpi)), told(case.expected(kpi))
        held.hold(f"{kpi} before", body["comparison"]["value"], expected)
        if now is not None and expected is not None:
            held.hold(f"{kpi} difference", body["comparison"]["difference"], float(now) - float(expected))


def funnel(held, case, view):
    """Counts, rates and limits of the steps, and what the period before had."""
    body = view["body"]
    parts = case.expected("lifecycle_conversion")["parts"]
    leaks = case.expected("stage_leak").get("parts", {})
    for stage, after in zip(body["stages"], [*body["stages"][1:], None]):
        if stage["id"] in parts:
            expected = parts[stage["id"]]
            held.hold(f"{stage['id']} cumulative", stage["cumulative"], expected["value"])
            held.hold(f"{stage['id']} count", stage["count"], expected["numerator"])
        leak = leaks.get(f"{stage['id']}→{after['id']}") if after else None
        if leak is not None:
            held.hold(f"{stage['id']} customers lost", stage["customers_lost"], leak["value"])


def steps(curve):
    """A value of a step function: that of the last time up to one asked for."""
    times, values = curve
    return lambda time: next((value for at, value in reversed(list(zip(times, values))) if at <= time), None)


def cohort_board(held, case, view):
    """Sizes and conversions of each month of leads by age, and the curve of all."""
    body = view["body"]
    expected = cohorts(case)
    months = sorted(expected)[-36:]
    held.hold("months", [one["period"]["id"] for one in body["cohorts"]] == months, True)
    for one in body["cohorts"]:
        name = one["period"]["id"]
        if name not in expected:
            continue
        size, by_age = expected[name]
        held.hold(f"{name} size", one["size"], size)
        held.hold(f"{name} thin", one["thin"], size < case.minimum_n)
        shown = [cell_ for cell_ in one["cells"] if cell_ is not None]
        held.hold(f"{name} ages", len(shown), min(len(by_age), 25))
        for age, (there, converted) in enumerate(zip(shown, by_age)):
            held.hold(f"{name} by age {age}", there["converted"], converted)
            held.hold(f"{name} share by age {age}", there["rate"], converted / size)
    times, causes = cohort_times(case)
    curve = body["curve"]
    held.hold("curve", bool(curve), bool(times))
    if not times:
        return
    rivals = 2 in causes
    if rivals:
        at, share, error = incidence(times, causes, 1)
        of, others = steps((at, share)), steps(incidence(times, causes, 2)[:2])
    else:
        survival = Survival(times, [cause == 1 for cause in causes])
        low, high = steps((survival.times, survival.high)), steps((survival.times, survival.low))
        of = steps((survival.times, [1 - one for one in survival.survival]))
    days = {time for time, cause in zip(times, causes) if cause} | {max(times)}
    held.hold("days of the curve", {point["day"] for point in curve} - {0.0} == {float(day) for day in days} - {0.0}, True)
    for point in curve:
        day = point["day"]
        held.hold(f"day {day} rate", point["rate"], float(of(day) or 0))
        if rivals:
            held.hold(f"day {day} competing", point["competing"], float(others(day) or 0))
        elif point["low"] is not None and low(day) == low(day) and high(day) == high(day):
            held.hold(f"day {day} low", point["low"], float(1 - low(day)))
            held.hold(f"day {day} high", point["high"], float(1 - high(day)))
        held.hold(f"day {day} watched", point["at_risk"], sum(time >= day for time in times))


def segments(held, case, view, kpi, field):
    """The segments of a card: the figure of the records with each value."""
    for segment in view["body"]["segments"][:3]:
        if segment["label"].startswith("other ("):
            continue
        part = Case(case.folder, case.as_of_text, case.period_text, [*case.filters, (field, segment.get("part", ""))], case.read, case.oracles)
        part.figures, part.schema = case.figures, case.schema
        expected = part.expected(kpi)
        held.lines += [f"{field} {segment['label']}: {line}" for line in differences(segment, expected)]
        held.count += numbers(segment, expected)[0]


SEGMENTS = [
    ("win_rate", "deals", "owner"), ("pipeline_created", "deals", "source"), ("average_deal", "deals", "owner"), ("sales_cycle", "deals", "source"),
    ("lead_to_customer", "contacts", "source"), ("time_in_stage", "contacts", "owner"), ("speed_to_lead", "contacts", "owner"),
    ("conversion_matured", "contacts", "source"), ("pipeline_sourced", "deals", "owner"), ("data_quality", "contacts", "owner"),
    ("consent_currency", "contacts", "segment"), ("intake_balance", "requests", "owner"), ("routing_accuracy", "contacts", "region"),
    ("data_completeness", "contacts", "source"), ("deal_data_quality", "deals", "owner"), ("duplicate_rate", "contacts", "owner"),
]  # fmt: skip
TRENDS = [
    ("win_rate", "deals"), ("pipeline_created", "deals"), ("average_deal", "deals"), ("sales_cycle", "deals"), ("lead_to_customer", "contacts"),
    ("quality_control", "campaigns"), ("reporting_rhythm", "reports"), ("intake_balance", "requests"), ("cac", "contacts"),
    ("tracking_compliance", "touches"), ("pipeline_sourced", "deals"), ("routing_accuracy", "contacts"), ("speed_to_lead", "contacts"),
    ("lifecycle_conversion", "contacts"), ("marketing_roi", "deals"), ("time_in_stage", "contacts"), ("segment_health", "contacts"),
]  # fmt: skip


def check(mops, case):
    """Held numbers of the views of a case, and the command whose view differs."""
    held, wrong = Held(), []

    def ask(check, *question):
        view, command = asked(mops, case, *question)
        before = len(held.lines)
        check(view)
        if len(held.lines) > before:
            wrong.append(command)

    ask(lambda view: migration(held, case, view), "readiness")
    if "contacts" in case.read:
        ask(lambda view: funnel(held, case, view), "funnel")
        ask(lambda view: cohort_board(held, case, view), "cohorts")
        ask(lambda view: boards.data_quality(held, case, view), "data_quality")
    if "tools" in case.read:
        ask(lambda view: boards.stack(held, case, view), "stack")
    if "platform_reports" in case.read:
        ask(lambda view: boards.reconciliation(held, case, view), "reconciliation")
    if "ai_features" in case.read:
        ask(lambda view: boards.features(held, case, view), "governance")
    for name, check_board, table in boards_revenue.BOARDS:
        if table in case.read:
            ask(lambda view: check_board(held, case, view), name)
    for kpi, table, field in random.Random(case.period_text + case.as_of_text).sample(SEGMENTS, 2):
        if table in case.read and case.read[table] < 5000 and field in case.columns[table]:
            ask(lambda view, kpi=kpi, field=field: segments(held, case, view, kpi, field), "kpi", "--kpi", kpi, "--segment", field)
    chosen = random.Random(case.as_of_text + case.period_text).sample(TRENDS, 3)
    for kpi, table in chosen:
        if table in case.read:
            compare = () if case.period_text == "all" else ("--compare", "previous")
            ask(lambda view, kpi=kpi: card(held, case, view, kpi), "kpi", "--kpi", kpi, *compare)
    return held, wrong
