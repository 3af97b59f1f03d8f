"""The figures of campaigns, requests, reports, segments and tracking, from their definitions."""

import re
from collections import defaultdict
from fractions import Fraction

import numpy

from compare import faults
from governance import within
from interval import Survival, median, rate
from stack import known, ledger, rows, spread

STEPS = [("brief", "briefed_at", "built_at"), ("build", "built_at", "checked_at"),
         ("quality_assurance", "checked_at", "approved_at"), ("approval", "approved_at", "launched_at")]  # fmt: skip


def seen(case, one, field):
    """A date that is known and not after the as-of instant."""
    return known(one[field]) and one[field] <= case.as_of


def dated(case, one, table, field, missing):
    """Why a date does not place a row in the period."""
    if not case.in_filter(table, one):
        return "outside_filter"
    if not known(one[field]):
        return "unparsable_date" if one[field] == "bad" else missing
    if one[field] > case.as_of:
        return "after_as_of"
    return None if within(case, one[field]) else "outside_period"


def campaign_cycle_time(case):
    reasons, times, launched, returns, steps = [], [], [], [], defaultdict(list)
    good = late = open_ = 0
    for one in rows(case, "campaigns"):
        reason = dated(case, one, "campaigns", "briefed_at", "blank_field")
        if reason is None and one["launched_at"] == "bad":
            reason = "unparsable_date"
        live = reason is None and seen(case, one, "launched_at")
        if live and one["launched_at"] < one["briefed_at"]:
            reason = "negative_duration"
        reasons.append(reason)
        if reason is not None:
            continue
        times.append((one["launched_at_day"] if live else case.as_of_day) - one["briefed_at_day"])
        launched.append(live)
        if known(one["due_at"]):
            day = one["launched_at_day"] if live else case.as_of_day
            good += live and day <= one["due_at_day"]
            late += day > one["due_at_day"]
            open_ += not live and day <= one["due_at_day"]
        for step, start, end in STEPS:
            if seen(case, one, start) and seen(case, one, end) and one[start] <= one[end]:
                steps[step].append(one[f"{end}_day"] - one[f"{start}_day"])
        if known(one["returns"]) and one["returns"] >= 0:
            returns.append(int(one["returns"]))
    rows_ = ledger(case, "campaigns", reasons)
    parts = {"median": {"value": None}, "p90": {"value": None}}
    if times:
        curve = Survival(times, launched)
        for name, level in (("median", 0.5), ("p90", 0.1)):
            value = curve.first(curve.survival, level)
            parts[name] = {"value": value}
            if value is not None:
                low, high = curve.first(curve.low, level), curve.first(curve.high, level)
                parts[name]["interval"] = None if low is None or high is None else [low, high]
    parts["on_time"] = rate(good, good + late) if good + late else {"value": None}
    parts["on_time"]["bounds"] = [good / (good + late + open_), (good + open_) / (good + late + open_)] if open_ else None
    parts |= {step: {"value": median(steps[step]), "used": len(steps[step])} for step, *_ in STEPS}
    parts["returns"] = {"value": float(Fraction(sum(returns), len(returns) * 1_000_000)) if returns else None}
    return parts["median"] | rows_ | {"parts": parts}


def weeks_of(case, first):
    """First day, day after the last, and weeks of the period as far as it is over."""
    start = first if case.start is None else local(case, case.start)
    end = case.as_of_day if case.end is None else min(case.as_of_day, local(case, case.end))
    return start, end


def local(case, instant):
    import cell

    return cell.local_day(instant, case.zone)


def campaign_velocity(case):
    reasons = [dated(case, one, "campaigns", "launched_at", "not_started") for one in rows(case, "campaigns")]
    days = [one["launched_at_day"] for one, reason in zip(rows(case, "campaigns"), reasons) if reason is None]
    rows_ = ledger(case, "campaigns", reasons)
    figure, parts = {"value": None}, {"trend": {"value": None}}
    if days or case.start is not None:
        start, end = weeks_of(case, min(days, default=0))
        if end > start:
            figure = {"value": len(days) / ((end - start) / 7), "numerator": len(days), "denominator": (end - start) / 7}
            most = (len(days) + faults(rows_)) / ((end - start) / 7)
            figure["bounds"] = [figure["value"], most] if faults(rows_) else None
        whole = (end - start) // 7
        if whole >= 3:
            counts = [sum(start + 7 * week <= day < start + 7 * week + 7 for day in days) for week in range(whole)]
            parts["trend"] = {"value": float(numpy.polyfit(range(whole), counts, 1)[0])}
    return figure | rows_ | {"parts": parts}


def kinds(case, name, default):
    return {kind.lower() for kind in case.charter.get("operations", {}).get(name, default)}


def intake_balance(case):
    strategic, reactive = kinds(case, "strategic_kinds", ["strategic"]), kinds(case, "reactive_kinds", ["reactive"])
    reasons, good, other, unknown, closed = [], 0, 0, 0, 0
    asked = rows(case, "requests")
    for one in asked:
        reason = dated(case, one, "requests", "closed_at", "in_flight")
        if reason == "after_as_of":
            reason = "in_flight"
        if reason is None:
            closed += 1
            kind = (one["kind"] or "").lower()
            if kind in strategic:
                good += 1
            elif kind in reactive:
                other += 1
            else:
                unknown += 1
                reason = "no_evidence"
        reasons.append(reason)
    end_day = local(case, case.as_of if case.end is None else min(case.as_of, case.end))
    queue = working = 0
    ages, waiting = [], []

    def by_then(at):
        return known(at) and at <= case.as_of and (case.end is None or at < case.end)

    for one in asked:
        created, started, done = one["created_at"], one["started_at"], one["closed_at"]
        if not case.in_filter("requests", one):
            waiting.append("outside_filter")
        elif not known(created):
            waiting.append("unparsable_date" if created == "bad" else "blank_field")
        elif created > case.as_of:
            waiting.append("after_as_of")
        elif not by_then(created):
            waiting.append("outside_period")
        elif by_then(done):
            waiting.append("not_counted")
        elif "bad" in (started, done):
            waiting.append("unparsable_date")
        else:
            waiting.append(None)
            ages.append(end_day - one["created_at_day"])
            working += by_then(started)
            queue += not by_then(started)
    open_rows = ledger(case, "requests", waiting)
    more = faults(open_rows)
    queue, working = ({"value": known if ages or not more else None, "bounds": [known, known + more] if more else None} for known in (queue, working))
    days = [one["closed_at_day"] for one in asked if case.in_filter("requests", one) and seen(case, one, "closed_at") and within(case, one["closed_at"])]
    balance = rate(good, good + other) if good + other else {"value": None}
    balance["bounds"] = spread(good, good + unknown, good + other + unknown)
    throughput = {"value": None}
    if days or case.start is not None:
        start, until = weeks_of(case, min(days, default=0))
        if until > start:
            throughput = {"value": closed / ((until - start) / 7), "numerator": closed, "denominator": (until - start) / 7}
    parts = {
        "balance": balance, "throughput": throughput, "queue": queue | open_rows, "work_in_progress": working | open_rows,
        "age": {"value": median(ages)},
    }  # fmt: skip
    return balance | ledger(case, "requests", reasons) | {"parts": parts}


def reporting_rhythm(case):
    reasons, good, hours = [], 0, []
    for one in rows(case, "reports"):
        reason = dated(case, one, "reports", "due_at", "blank_field")
        if reason is None and known(one["hours"]) and one["hours"] >= 0:
            hours.append(int(one["hours"]))
        if reason is None and one["delivered_at"] == "bad":
            reason = "unparsable_date"
        reasons.append(reason)
        if reason is None:
            if seen(case, one, "delivered_at"):
                whole_day = one["due_at"] == midnight(case, one["due_at_day"])
                good += one["delivered_at_day"] <= one["due_at_day"] if whole_day else one["delivered_at"] <= one["due_at"]
    rows_ = ledger(case, "reports", reasons)
    middle = median(hours)
    parts = {"hours": {"value": None if middle is None else middle / 1e6}}
    return (rate(good, rows_["used"]) if rows_["used"] else {"value": None}) | rows_ | {"parts": parts}


def midnight(case, day):
    import cell

    return cell.midnight(cell.EPOCH + cell.timedelta(days=day), case.zone)


def segment_health(case):
    window = int(case.parameter("segment_health", "window_days", 90))
    most = int(case.parameter("segment_health", "exhausting_sends", 5))
    engaging = kinds(case, "engagement_kinds", ["email_click", "ad_click", "form", "meeting", "visit"])
    sends, interest, left = defaultdict(int), set(), set()
    for one in rows(case, "touches") if "touches" in case.read else []:
        if seen(case, one, "at") and case.as_of_day - one["at_day"] <= window:
            kind = (one["kind"] or "").lower()
            sends[one["contact_id"]] += kind == "email_sent"
            if kind in engaging:
                interest.add(one["contact_id"])
            if kind == "unsubscribe":
                left.add(one["contact_id"])
    reasons, segments = [], defaultdict(lambda: [0, 0, 0, 0])
    for one in rows(case, "contacts"):
        reason = None
        if not case.in_filter("contacts", one):
            reason = "outside_filter"
        elif known(one["created_at"]) and one["created_at"] > case.as_of:
            reason = "after_as_of"
        elif one["segment"] is None:
            reason = "blank_field"
        elif not sends[one["id"]]:
            reason = "not_started"
        else:
            of = segments[one["segment"]]
            engaged = one["id"] in interest
            of[0] += 1
            of[1] += engaged
            of[2] += not engaged and sends[one["id"]] >= most
            of[3] += one["id"] in left
        reasons.append(reason)
    parts = {}
    for name, (total, engaged, exhausted, opted) in segments.items():
        whole = rate(engaged, total)
        parts[name] = whole | {"parts": {"engaged": whole, "exhausted": rate(exhausted, total), "opt_out": rate(opted, total)}}
    rows_ = ledger(case, "contacts", reasons)
    total = sum(of[1] for of in segments.values())
    return (rate(total, rows_["used"]) if rows_["used"] else {"value": None}) | rows_ | {"parts": parts}


KPIS = {
    "campaign_cycle_time": (campaign_cycle_time, "campaigns"),
    "campaign_velocity": (campaign_velocity, "campaigns"),
    "intake_balance": (intake_balance, "requests"),
    "reporting_rhythm": (reporting_rhythm, "reports"),
    "segment_health": (segment_health, "contacts", "touches"),
}
