"""The lifecycle figures, from their definitions."""

import re
from datetime import date, datetime, timedelta, timezone

import calendars
import cell
from interval import Survival, first, incidence, median, order_statistics, rate


def seen(case, stage):
    """The time of a stage, as far as the as-of instant lets see it."""
    return f'(CASE WHEN "stage:{stage}" <= {case.as_of} THEN "stage:{stage}" END)'


def day(case, stage):
    return f'(CASE WHEN "stage:{stage}" <= {case.as_of} THEN "stage:{stage}_day" END)'


def entry(case, stage):
    """Why a record is not among those that entered a stage in the period; without ELSE."""
    time = f'"stage:{stage}"'
    return f"""WHEN NOT kept THEN 'outside_filter' WHEN "stage:{stage}_bad" THEN 'unparsable_date'
        WHEN {time} IS NULL THEN 'not_started' WHEN {time} > {case.as_of} THEN 'after_as_of'
        WHEN NOT {case.period_sql(time)} THEN 'outside_period'"""


def reached(case, as_of=None, period=None):
    """All stages: the reason a record is left out, and how many stages it counts for."""
    as_of = case.as_of if as_of is None else as_of
    stages = case.stages()
    times = [f'(CASE WHEN "stage:{stage}" <= {as_of} THEN "stage:{stage}" END)' for stage in stages]
    depth = "CASE " + " ".join(f"WHEN {time} IS NULL THEN {i}" for i, time in enumerate(times)) + f" ELSE {len(stages)} END"
    disorder = " OR ".join(
        f"(depth > {i + 1} AND t{i + 1} < t{i})" for i in range(len(stages) - 1)
    )
    bad = " OR ".join(f'(depth = {i} AND "stage:{stage}_bad")' for i, stage in enumerate(stages) if i)
    first = f'"stage:{stages[0]}"'
    inside = case.period_sql(first) if period is None else f"({first} >= {period[0]} AND {first} < {period[1]})"
    columns = ", ".join(f"{time} AS t{i}" for i, time in enumerate(times))
    return f"""(SELECT *, CASE WHEN NOT kept THEN 'outside_filter' WHEN "stage:{stages[0]}_bad" THEN 'unparsable_date'
        WHEN {first} IS NULL THEN 'not_started' WHEN {first} > {as_of} THEN 'after_as_of'
        WHEN NOT {inside} THEN 'outside_period' WHEN {disorder} THEN 'stage_out_of_order'
        WHEN {bad} THEN 'unparsable_date' END AS reason
        FROM (SELECT *, {depth} AS depth, {columns} FROM contacts))"""


def ledger_of(case, relation):
    excluded, used = dict(case.rejected["contacts"]), 0
    for reason, count in case.rows(f"SELECT reason, count(*) FROM {relation} GROUP BY 1"):
        if reason is None:
            used = count
        else:
            excluded[reason] = excluded.get(reason, 0) + count
    return {"read": case.read["contacts"], "used": used, "excluded": excluded}


def counts(case, **window):
    relation = reached(case, **window)
    columns = ", ".join(f"count(*) FILTER (depth > {i})" for i in range(len(case.stages())))
    return case.one(f"SELECT {columns} FROM {relation} WHERE reason IS NULL")


def lifecycle_conversion(case):
    if case.parameter("lifecycle_conversion", "semantics", "all_stages") == "any_stages":
        return any_stages(case)
    ledger = ledger_of(case, reached(case))
    return funnel(case, counts(case), ledger, True)


def any_stages(case):
    stages = case.stages()
    earliest = "least(" + ", ".join(f'"stage:{stage}"' for stage in stages) + ")"
    bad = " OR ".join(f'"stage:{stage}_bad"' for stage in stages)
    reason = f"""CASE WHEN NOT kept THEN 'outside_filter' WHEN {bad} THEN 'unparsable_date'
        WHEN {earliest} IS NULL THEN 'not_started' WHEN {earliest} > {case.as_of} THEN 'after_as_of'
        WHEN NOT {case.period_sql(earliest)} THEN 'outside_period' END"""
    relation = f"(SELECT *, {reason} AS reason FROM contacts)"
    columns = ", ".join(f"count({seen(case, stage)})" for stage in stages)
    found = case.one(f"SELECT {columns} FROM {relation} WHERE reason IS NULL")
    return funnel(case, found, ledger_of(case, relation), False)


def funnel(case, found, ledger, interval):
    stages = case.stages()
    known = [stage for stage in stages]
    parts = {}
    for stage, count in zip(known, found):
        parts[stage] = rate(count, found[0], False) | ledger
        if stage != stages[0]:
            parts[stage] = rate(count, found[0], interval) | ledger
        if not interval:
            parts[stage]["interval"] = None
    for i in range(len(stages) - 1):
        step = rate(found[i + 1], found[i], interval) | ledger
        if not interval:
            step["interval"] = None
        parts[f"{stages[i]}→{stages[i + 1]}"] = step
    return parts[stages[-1]] | {"parts": parts}


def lead_to_customer(case):
    lead, customer = case.charter["lifecycle"]["lead"], case.charter["lifecycle"]["customer"]
    l, c = seen(case, lead), seen(case, customer)
    reason = f"""CASE {entry(case, lead)} WHEN {c} < "stage:{lead}" THEN 'stage_out_of_order'
        WHEN "stage:{customer}_bad" THEN 'unparsable_date' END"""
    relation = f"(SELECT *, {reason} AS reason FROM contacts)"
    total, converted = case.one(f"SELECT count(*), count({c}) FROM {relation} WHERE reason IS NULL")
    cohort = rate(converted, total) | ledger_of(case, relation)
    readable = f"""kept AND NOT coalesce("stage:{lead}_bad", FALSE) AND NOT coalesce("stage:{customer}_bad", FALSE)"""
    leads, customers = case.one(f"""SELECT count(*) FILTER ({l} IS NOT NULL AND {case.period_sql(l)}),
        count(*) FILTER ({c} IS NOT NULL AND {case.period_sql(c)}) FROM contacts
        WHERE {readable}""")
    snapshot = rate(customers, leads, False) | {"interval": None}
    came, all_customers = case.one(f"""SELECT count(*) FILTER ({l} <= {c}), count(*) FROM contacts
        WHERE {readable} AND {c} IS NOT NULL AND {case.period_sql(c)}""")
    reverse = rate(came, all_customers) | {"read": case.read["contacts"]}
    return cohort | {"parts": {"cohort": cohort, "snapshot": snapshot, "reverse_cohort": reverse}}


def watched_rows(case):
    """Days, cause (0 in flight, 1 converted, 2 left) and days watched of each record that counts, and the ledger."""
    lifecycle = case.charter["lifecycle"]
    start = case.parameter("conversion_matured", "from", lifecycle["lead"])
    to = case.parameter("conversion_matured", "to", lifecycle["customer"])
    f, t = f'"stage:{start}"', seen(case, to)
    exits = [f"(CASE WHEN {seen(case, stage)} >= {f} THEN {day(case, stage)} END)" for stage in case.exits()]
    exit_times = [f"(CASE WHEN {seen(case, stage)} >= {f} THEN {seen(case, stage)} END)" for stage in case.exits()]
    exit_day = f"least({', '.join(exits)})" if exits else "NULL"
    exit_time = f"least({', '.join(exit_times)})" if exits else "NULL"
    bad_exit = " OR ".join(f'"stage:{stage}_bad"' for stage in case.exits()) or "FALSE"
    reason = f"""CASE {entry(case, start)} WHEN "stage:{to}_bad" THEN 'unparsable_date'
        WHEN {t} < {f} THEN 'negative_duration' WHEN {t} IS NULL AND ({bad_exit}) THEN 'unparsable_date' END"""
    relation = f"(SELECT *, {reason} AS reason FROM contacts)"
    from_day = f'"stage:{start}_day"'
    rows = case.rows(f"""SELECT CASE WHEN cause = 1 THEN {day(case, to)} WHEN cause = 2 THEN {exit_day}
        ELSE {case.as_of_day} END - {from_day}, cause, {case.as_of_day} - {from_day} FROM
        (SELECT *, CASE WHEN {t} IS NOT NULL AND ({exit_time} IS NULL OR {t} <= {exit_time}) THEN 1
            WHEN {exit_time} IS NOT NULL THEN 2 ELSE 0 END AS cause FROM {relation} WHERE reason IS NULL)""")
    return rows, ledger_of(case, relation)


def cohort_times(case):
    rows = watched_rows(case)[0]
    return [row[0] for row in rows], [row[1] for row in rows]


def conversion_matured(case):
    horizon = int(case.parameter("conversion_matured", "horizon_days", 90))
    rows, ledger = watched_rows(case)
    times, causes = [row[0] for row in rows], [row[1] for row in rows]
    watched = max((row[2] for row in rows), default=-1)
    figure = {"value": None, "interval": None}
    share = competing = middle = None
    if rows:
        by_then = sum(cause == 1 and time <= horizon for time, cause in zip(times, causes))
        if 2 in causes:
            share, low, high, middle = competing_curve(times, causes, 1, horizon)
            competing = competing_curve(times, causes, 2, horizon)[0]
        else:
            curve = Survival(times, [cause == 1 for cause in causes])
            s, lower, upper = curve.at(horizon)
            share, low, high = 1 - s, 1 - upper, 1 - lower
            middle = curve.first(curve.survival, 0.5)
            competing = 0.0
        if watched >= horizon or 0 not in causes:
            figure = {"value": share, "interval": [low, high] if by_then else None, "numerator": by_then, "denominator": len(rows)}
            if figure["interval"] and (low != low or high != high):
                figure.pop("interval")
        else:
            competing = None
    median_part = {"value": middle} | ledger
    parts = {"median": median_part}
    if case.exits():
        parts["competing"] = {"value": competing} | ledger
    return figure | ledger | {"parts": parts, "some_parts": True}


def competing_curve(times, causes, cause, horizon):
    if cause not in causes:
        return 0.0, None, None, None
    at, share, error = incidence(times, causes, cause)
    index = max((i for i, time in enumerate(at) if time <= horizon), default=None)
    middle = first([float(time) for time in at], [1 - value for value in share], 0.5)
    if index is None or share[index] == 0:
        return 0.0, None, None, middle
    import math

    p, se = float(share[index]), float(error[index])
    s = 1 - p
    reach = 1.959963984540054 * se / s if s else math.nan
    return p, max(0.0, 1 - s * math.exp(reach)), 1 - s * math.exp(-reach), middle


def time_in_stage(case):
    stages, exits = case.stages(), case.exits()
    shown = case.parameter("time_in_stage", "stage", case.charter["lifecycle"]["lead"])
    parts = {}
    for i, stage in enumerate(stages[:-1]):
        f = f'"stage:{stage}"'
        later = stages[i + 1 :]
        ends = [seen(case, one) for one in later]
        ends += [f"(CASE WHEN {seen(case, one)} >= {f} THEN {seen(case, one)} END)" for one in exits]
        days = [day(case, one) for one in later]
        days += [f"(CASE WHEN {seen(case, one)} >= {f} THEN {day(case, one)} END)" for one in exits]
        before = " OR ".join(f"coalesce({seen(case, one)} < {f}, FALSE)" for one in later)
        bad, bad_exit = (" OR ".join(f'"stage:{one}_bad"' for one in of) or "FALSE" for of in (later, exits))
        end_day = f"least({', '.join(days)})"
        reason = f"""CASE {entry(case, stage)} WHEN {bad} THEN 'unparsable_date' WHEN {before} THEN 'negative_duration'
            WHEN {bad_exit} THEN 'unparsable_date' END"""
        relation = f"(SELECT *, {reason} AS reason FROM contacts)"
        rows = case.rows(f"""SELECT coalesce({end_day}, {case.as_of_day}) - "stage:{stage}_day", {end_day} IS NOT NULL
            FROM {relation} WHERE reason IS NULL""")
        ledger = ledger_of(case, relation)
        quantiles = {"median": {"value": None}, "p90": {"value": None}}
        if rows:
            times, left = [row[0] for row in rows], [row[1] for row in rows]
            curve = Survival(times, left)
            for name, level in (("median", 0.5), ("p90", 0.1)):
                value = curve.first(curve.survival, level)
                quantiles[name] = {"value": value}
                if value is not None and all(left) and name == "median":
                    quantiles[name]["interval"] = order_statistics(times, 1 - level)
                elif value is not None:
                    low, high = curve.first(curve.low, level), curve.first(curve.high, level)
                    quantiles[name]["interval"] = None if low is None or high is None else [low, high]
        quantiles = {name: one | ledger for name, one in quantiles.items()}
        parts[stage] = quantiles["median"] | {"parts": quantiles}
    whole = parts.get(shown, {"value": None})
    return {name: value for name, value in whole.items() if name != "parts"} | {"parts": parts}


def stage_leak(case):
    stages = case.stages()
    last = stages.index(case.charter["lifecycle"]["customer"])
    targets = [stage.get("target") for stage in case.charter["lifecycle"]["stages"]]
    found = counts(case)
    ledger = ledger_of(case, reached(case))
    history = [list(counts(case, as_of=as_of, period=period)) for period, as_of in before(case)]
    rates = [found[i + 1] / found[i] if found[i] else None for i in range(last)]
    parts, known = {}, []
    for i in range(last):
        bench = targets[i]
        if bench is None:
            past = [one[i + 1] / one[i] for one in history if one[i]]
            bench = median(past) if len(past) >= 3 else None
        after = 1.0
        for one in rates[i + 1 :]:
            after = None if after is None or one is None else after * one
        lost = None
        if bench is not None and rates[i] is not None and after is not None:
            lost = max(0.0, bench - rates[i]) * found[i] * after
            known.append(lost)
        actual = rate(found[i + 1], found[i]) | ledger
        parts[f"{stages[i]}→{stages[i + 1]}"] = {"value": lost, **ledger, "some_parts": True} | {
            "parts": {"actual": actual, "benchmark": {"value": bench}}
        }
    return {"value": max(known, default=None), **ledger, "parts": parts}


def before(case):
    """The twelve periods before, each with the as-of instant at which it had the age that this period has now."""
    if case.start is None:
        return []
    first = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=case.start)
    after = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=case.end)
    first, after = first.astimezone(case.zone).date(), after.astimezone(case.zone).date()
    # The last N months begin on the day of the month that they end on, or its last; so do those before.
    named = re.fullmatch(r"last-(\d+)-(month|quarter|year)s", case.period_text)
    months = int(named[1]) * calendars.MONTHS[named[2]] if named else None
    periods = []
    for _ in range(12):
        if months is not None:
            first, after, months = calendars.months_before(after, 2 * months), first, None
        elif first.day == after.day <= 28:
            length = (after.year - first.year) * 12 + after.month - first.month
            first, after = calendars.months_before(first, length), first
        else:
            first, after = first - (after - first), first
        start, end = cell.midnight(first, case.zone), cell.midnight(after, case.zone)
        periods.append(((start, end), case.as_of - (case.end - end)))
    return periods


def shift(day_, months):
    index = day_.year * 12 + day_.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def cohort_rows(case):
    """The day of becoming a lead and the day of becoming a customer of each record that counts, and the ledger."""
    lifecycle = case.charter["lifecycle"]
    lead, customer = lifecycle["lead"], lifecycle["customer"]
    reason = f"""CASE {entry(case, lead)} WHEN {seen(case, customer)} < "stage:{lead}" THEN 'negative_duration'
        WHEN "stage:{customer}_bad" THEN 'unparsable_date' END"""
    relation = f"(SELECT *, {reason} AS reason FROM contacts)"
    rows = case.rows(f'SELECT "stage:{lead}_day", {day(case, customer)} FROM {relation} WHERE reason IS NULL')
    return rows, ledger_of(case, relation)


def cohorts(case):
    """Month -> (leads, customers by each age that is over for the whole month)."""
    months = {}
    for began, came in cohort_rows(case)[0]:
        months.setdefault(index(began), []).append(None if came is None else index(came) - index(began))
    found = {}
    for month, ages in months.items():
        over = lambda age: cell.midnight(shift(date(month // 12, month % 12 + 1, 1), age + 1), case.zone)
        by_age = []
        while len(by_age) <= 60 and over(len(by_age)) <= case.as_of:
            by_age.append(sum(age is not None and age <= len(by_age) for age in ages))
        found[f"{month // 12:04}-{month % 12 + 1:02}"] = len(ages), by_age
    return found


def velocity_by_cohort(case):
    age = int(case.parameter("velocity_by_cohort", "age_months", 3))
    ledger = cohort_rows(case)[1]
    parts, pooled = {}, [0, 0]
    for name, (total, by_age) in cohorts(case).items():
        old = len(by_age) > age
        parts[name] = (rate(by_age[age], total) if old else {"value": None}) | ledger
        if old:
            pooled = [pooled[0] + total, pooled[1] + by_age[age]]
    whole = rate(pooled[1], pooled[0]) if pooled[0] else {"value": None}
    return whole | ledger | {"parts": parts, "some_parts": True}


def index(day_):
    found = cell.EPOCH + timedelta(days=day_)
    return found.year * 12 + found.month - 1


KPIS = {
    "lifecycle_conversion": (lifecycle_conversion, "contacts"),
    "lead_to_customer": (lead_to_customer, "contacts"),
    "conversion_matured": (conversion_matured, "contacts"),
    "time_in_stage": (time_in_stage, "contacts"),
    "stage_leak": (stage_leak, "contacts"),
    "velocity_by_cohort": (velocity_by_cohort, "contacts"),
}
