"""Numbers of the boards of attribution, budgets, campaigns, forecasts, segments and the system map: lists made of the figures'
parts, and what only lists hold: launches by week, what is overdue, what stops when a connection breaks."""

from collections import defaultdict
from datetime import timedelta

import numpy

import calendars
import cell
from attribution import OWN
from boards import cells, says, section
from compare import Money, differences, numbers
from governance import within
from stack import known, rows

MODELS = [*OWN, "markov"]
WEEKS = 26


def figures(held, case, view):
    """The figures above a board are those of the report."""
    for figure in view["body"]["figures"]:
        if figure["id"] in case.oracles and case.oracles[figure["id"]][1] in case.read:
            expected = case.expected(figure["id"])
            found = [line for line in differences(figure | {"parts": []}, {key: part for key, part in expected.items() if key != "parts"})]
            if figure["value"] == case.figures[figure["id"]]["value"]:
                # What of it is unknown because every row is at fault is held with the figure itself.
                found = [line for line in found if " value: " not in line]
            held.lines += [f"{view['body']['name']} {figure['id']} {line}" for line in found]
            held.count += numbers(figure | {"parts": []}, expected)[0]


def listed(held, view, name, expected, most=20):
    """The cells of a section that lists some things, all of them where they are few."""
    if section(view, name) is None:
        held.hold(f"{name} has no section", not expected, True)
        return {}
    found = cells(view, name)
    if len(expected) <= most:
        held.hold(f"{name} lists {sorted(found)} for {sorted(expected)}", sorted(found) == sorted(expected), True)
    else:
        held.hold(f"{name} lists", len(found) <= len(expected) and set(found) <= set(expected), True)
    return {key: found[key] for key in found if key in expected}


def pair(held, what, found, expected):
    held.hold(f"{what} is there", found is None, expected is None)
    for at in range(2) if found is not None and expected is not None else ():
        held.hold(f"{what} {at}", found[at], float(expected[at]))


def attribution(held, case, view):
    figures(held, case, view)
    credit, consistency = case.expected("attribution_credit"), case.expected("attribution_consistency")
    whole = credit["value"]
    if whole is None or not whole.millionths:
        return held.hold("attribution sections", len(view["body"]["sections"]), 0)
    parts, counted = credit["parts"], consistency.get("parts", {}).get("channels", {}).get("parts")

    def share(model, channel):
        part = parts[model]["parts"].get(channel)
        return 0.0 if part is None else float(part["value"]) / float(whole)

    names = counted or parts["linear"]["parts"]
    for channel, there in listed(held, view, "models", names).items():
        for model in MODELS:
            held.hold(f"{channel} by {model}", there[model]["value"], share(model, channel))
    settings = {"stable_percent": 90, "unstable_percent": 70}
    stable, unstable = (int(case.parameter("attribution_consistency", name, value)) for name, value in settings.items())
    words = {row["id"]: row["word"] for row in section(view, "channels")["rows"]}
    labels = {column["id"]: column["label"] for column in section(view, "models")["columns"]}
    widths = []
    for channel, there in listed(held, view, "channels", names).items():
        shares = {model: share(model, channel) for model in MODELS}
        least, most = min(shares.values()), max(shares.values())
        middle = float(numpy.median(list(shares.values())))
        interval = None
        if counted:
            middle, (least, most), interval = (counted[channel][key] for key in ("value", "bounds", "interval"))
            held.hold(f"{channel} share", there["share"]["value"], middle)
            pair(held, f"{channel} bounds", there["share"]["bounds"], [least, most])
        else:
            # Rounded to millionths.
            held.hold(f"{channel} share", abs(there["share"]["value"] - middle) < 2e-6, True)
            least, most = there["share"]["bounds"]
        pair(held, f"{channel} by chance", there["chance"]["bounds"], interval)
        for side, end in (("least", min(shares.values())), ("most", max(shares.values()))):
            said = {labels[model] for model in MODELS if abs(shares[model] - end) < 2e-6}
            held.hold(f"{channel} {side} by {there[side]['text']}", there[side]["text"] in said, True)
        widths.append(most - least)
        consistent = 100 * (1 - (most - least))
        if all(abs(consistent - bar) > 1e-9 for bar in (stable, unstable)):
            word = "use with care" if consistent < stable or most >= 2 * least else "stable"
            word = "do not move budget" if consistent < unstable else word
            held.hold(f"{channel} is {words[channel]}", words[channel] == word, True)
    held.hold("channels in order", all(one >= two - 2e-6 for one, two in zip(widths, widths[1:])), True)
    if consistency["value"] is not None:
        for name, there in listed(held, view, "causes", {"by_model", "by_window", "by_chance"}).items():
            held.hold(f"spread {name}", there["spread"]["value"], consistency["parts"][name]["value"])


def budget(held, case, view):
    figures(held, case, view)
    pacing = case.expected("budget_pacing").get("parts", {}).get("channels", {}).get("parts", {}) if "budgets" in case.read else {}
    plans = {name: part for name, part in pacing.items() if part["parts"]["projected"]["value"] is not None}
    if "budgets" in case.read:
        off = []
        for name, there in listed(held, view, "channels", plans).items():
            inner = plans[name]["parts"]
            for column in ("projected", "budget", "spent"):
                held.hold(f"{name} {column}", there[column]["value"], inner[column]["value"])
            held.hold(f"{name} pace", there["pace"]["value"], plans[name]["value"])
            off.append(abs(inner["projected"]["value"].millionths - inner["budget"]["value"].millionths))
        held.hold("furthest first", off == sorted(off, reverse=True), True)
        accuracy = {name: part for name, part in case.expected("budget_accuracy")["parts"].items() if name not in ("unbudgeted", "spend_unread")}
        for name, there in listed(held, view, "accuracy", accuracy).items():
            held.hold(f"{name} accuracy", there["value"]["value"], accuracy[name]["value"])
    if "deals" in case.read:
        returns = {name: part for name, part in case.expected("channel_roi").get("parts", {}).items() if name not in ("unmatched_spend", "spend_unread")}
        for name, there in listed(held, view, "returns", returns).items():
            held.hold(f"{name} return", there["value"]["value"], returns[name]["value"])
            if returns[name].get("bounds"):
                pair(held, f"{name} return", there["value"]["bounds"], returns[name]["bounds"])
    if "contacts" in case.read:
        stages = {name: part for name, part in case.expected("cost_per_stage").get("parts", {}).items() if name in case.stages()}
        for name, there in listed(held, view, "stages", stages).items():
            held.hold(f"{name} cost", there["cost"]["value"], stages[name]["value"])
            held.hold(f"{name} entered", there["entered"]["value"], stages[name]["used"])


def campaigns(held, case, view):
    figures(held, case, view)
    people = rows(case, "campaigns")
    if "briefed_at" in case.columns["campaigns"]:
        steps = case.expected("campaign_cycle_time")["parts"]
        for name, there in listed(held, view, "steps", {"brief", "build", "quality_assurance", "approval"}).items():
            held.hold(f"{name} days", there["days"]["value"], steps[name]["value"])
            held.hold(f"{name} campaigns", there["campaigns"]["value"], steps[name]["used"])
    # The last weeks of the period, each cut to it.
    end = case.as_of if case.end is None else min(case.end, case.as_of)
    first = cell.midnight(cell.EPOCH + timedelta(days=cell.local_day(end - WEEKS * 7 * 86_400_000, case.zone)), case.zone)
    start = first if case.start is None else max(first, case.start)
    there = [(row["id"], row["cells"][0]["value"]) for row in section(view, "calendar")["rows"]]
    if "launched_at" in case.columns["campaigns"] and start < end:
        day, weeks = cell.EPOCH + timedelta(days=cell.local_day(start, case.zone)), []
        while (at := cell.midnight(day, case.zone)) < end:
            day = calendars.week(day, case.charter) + timedelta(days=7)
            until = min(cell.midnight(day, case.zone), end)
            weeks.append(sum(
                case.in_filter("campaigns", one) and known(one["launched_at"]) and one["launched_at"] <= case.as_of
                and max(at, start) <= one["launched_at"] < until for one in people
            ))  # fmt: skip
        held.hold(f"launches by week {[count for _, count in there]} for {weeks}", [count for _, count in there] == weeks, True)
    # Due before the as-of day and not live.
    late = {}
    for one in people:
        if case.in_filter("campaigns", one) and known(one["due_at"]) and one["due_at"] <= case.as_of:
            live = known(one["launched_at"]) and one["launched_at"] <= case.as_of
            days = case.as_of_day - one["due_at_day"]
            if not live and days > 0:
                late[one["id"]] = (days, one["owner"] or "")
    of = section(view, "overdue")
    held.hold("overdue campaigns", of["of"] if of["of"] is not None else len(of["rows"]), len(late))
    days = []
    for name, there in listed(held, view, "overdue", late).items():
        held.hold(f"{name} overdue", there["overdue"]["value"], late[name][0])
        held.hold(f"{name} owner", there["owner"]["text"] == late[name][1], True)
        days.append(-late[name][0])
    held.hold("longest overdue first", days == sorted(days), True)
    if "requests" in case.read:
        parts = case.expected("intake_balance")["parts"]
        for name, there in listed(held, view, "intake", parts).items():
            value, text = parts[name]["value"], there["value"]["text"]
            held.hold(f"{name} is {text} for {value}", text == "unknown" if value is None else says(text, float(value)), True)


def forecast(held, case, view):
    figures(held, case, view)
    past = case.expected("forecast_reliability") if "forecasts" in case.read else None
    if past is not None:
        there = [[one["value"] for one in row["cells"]] for row in section(view, "periods")["rows"]]
        expected = past["spans"]
        held.hold("periods", len(there), len(expected))
        for found, amounts in zip(there, expected):
            for one, amount in zip(found, amounts):
                held.hold(f"period {amounts}", one, Money(int(amount)))
    pipeline = case.expected("pipeline_forecast") if "deals" in case.read else None
    errors = {}
    if past is not None:
        errors |= {"forecast": past["value"], "year_before": past["parts"]["seasonal_naive"]["value"]}
    if pipeline is not None:
        names = {"stage_and_age": "error", "probabilities": "error_probabilities", "deals_year_before": "error_seasonal_naive"}
        errors |= {name: pipeline["parts"][part]["value"] for name, part in names.items()}
    words = {row["id"]: row["word"] for row in section(view, "methods")["rows"]}
    for name, there in listed(held, view, "methods", errors).items():
        held.hold(f"error of {name}", there["error"]["value"], errors[name])
    for group in ("forecast", "year_before"), ("stage_and_age", "probabilities", "deals_year_before"):
        of = {name: errors[name] for name in group if errors.get(name) is not None}
        for name in group:
            if name in errors:
                closest = len(of) > 1 and errors[name] is not None and errors[name] <= min(of.values()) * (1 + 1e-12)
                held.hold(f"{name} is {words[name]}", words[name] == ("closest" if closest else ""), True)
    if pipeline is None:
        return
    months = pipeline["parts"]["months"]["parts"]
    for name, there in listed(held, view, "pipeline", months, 100).items():
        for column in ("forecast", "actual", "probabilities"):
            held.hold(f"{name} {column}", there[column]["value"], months[name]["parts"].get(column, {"value": None})["value"])
    expected = pipeline["cells"]
    for name, there in listed(held, view, "stages", expected, 100).items():
        amount, deals, share = expected[name]
        held.hold(f"{name} open", there["open"]["value"], Money(amount))
        held.hold(f"{name} deals", there["deals"]["value"], deals)
        if share is not None:
            cases, won = share
            held.hold(f"{name} share", there["share"]["value"], won / cases if cases else None)
            held.hold(f"{name} cases", there["cases"]["value"], cases)
            if cases and pipeline["value"] is not None:
                held.hold(f"{name} expected", there["expected"]["value"], amount / 1e6 * won / cases)


def segments(held, case, view):
    figures(held, case, view)
    parts = case.expected("segment_health")["parts"]
    order = []
    words = {row["id"]: row["word"] for row in section(view, "segments")["rows"]}
    for name, there in listed(held, view, "segments", parts, 100).items():
        inner = parts[name]["parts"]
        for column in ("engaged", "exhausted", "opt_out"):
            held.hold(f"{name} {column}", there[column]["value"], inner[column]["value"])
        held.hold(f"{name} sent to", there["sent"]["value"], parts[name]["denominator"])
        tired = inner["exhausted"]["value"] > inner["engaged"]["value"]
        held.hold(f"{name} is {words[name]}", words[name] == ("tired" if tired else ""), True)
        order.append(-inner["exhausted"]["value"])
    held.hold("most exhausted first", order == sorted(order), True)


def system_map(held, case, view):
    """Every connection, and what gets its data, at first or second hand, through it."""
    figures(held, case, view)
    tools = {one["id"]: one for one in rows(case, "tools")} if "tools" in case.read else {}
    links = [one for one in rows(case, "integrations") if one["from"] and one["to"]] if "integrations" in case.read else []
    hours = case.charter.get("policies", {}).get("integration_freshness_hours", 24)
    nodes = {*tools, *(one[end] for one in links for end in ("from", "to"))}
    into, run_in = defaultdict(set), defaultdict(int)
    for one in links:
        into[one["from"]].add(one["to"])
    for one in rows(case, "automations") if "automations" in case.read else []:
        run_in[one["tool"]] += 1

    def behind(tool):
        found, new = {tool}, {tool}
        while new:
            new = {other for one in new for other in into[one]} - found
            found |= new
        return found

    for name, there in listed(held, view, "tools", nodes, 400).items():
        held.hold(f"{name} downstream", there["downstream"]["value"], len(behind(name)) - 1)
        held.hold(f"{name} automations", there["automations"]["value"], run_in[name])
        held.hold(f"{name} owner", there["owner"]["text"] == (tools.get(name, {}).get("owner") or ""), True)
    standing = {}
    for one in links:
        state, last = (one["state"] or "").lower(), one["last_success_at"]
        last = last if known(last) and last <= case.as_of else None
        old = last is not None and case.as_of - last > hours * 3_600_000
        bad = state in ("workaround", "broken")
        if bad:
            word = state
        elif one["owner"] is None or old:
            word = "no owner" if one["owner"] is None else "stale"
        else:
            word = "unknown" if state != "stable" or last is None else "stable"
        weight = 1.0 if one["criticality"] is None else None if one["criticality"] == "bad" else one["criticality"] / 1e6
        standing[one["id"]] = (one, word, last, weight)
    words = {row["id"]: row["word"] for row in section(view, "tools_links")["rows"]}
    for name, there in listed(held, view, "tools_links", standing, 400).items():
        one, word, last, weight = standing[name]
        held.hold(f"{name} is {words[name]} for {word}", words[name] == word, True)
        for end in ("from", "to"):
            held.hold(f"{name} {end}", there[end]["text"] == one[end], True)
        held.hold(f"{name} owner", there["owner"]["text"] == (one["owner"] or ""), True)
        held.hold(f"{name} days", there["last_success"]["value"], None if last is None else round((case.as_of - last) / 8_640_000) / 10)
        held.hold(f"{name} criticality", there["criticality"]["value"], weight)
    if section(view, "broken") is not None:
        failing = {name: one for name, one in standing.items() if one[1] != "stable"}
        for name, there in listed(held, view, "broken", failing, 400).items():
            reached = behind(failing[name][0]["to"])
            held.hold(f"{name} stops", there["tools"]["value"], len(reached))
            held.hold(f"{name} stops automations", there["automations"]["value"], sum(run_in[one] for one in reached))
    expected = {(one["from"], one["to"]) for one in case.charter.get("stack", {}).get("connections", [])}
    there = {(one["from"], one["to"]) for one in links}
    missing = {f"{start} → {end}" for start, end in expected - there}
    if "integrations" in case.read:
        listed(held, view, "missing", missing, 400)


BOARDS = [
    ("attribution", attribution, "deals"), ("budget", budget, "budgets"), ("campaigns", campaigns, "campaigns"),
    ("forecast", forecast, "deals"), ("segments", segments, "contacts"), ("system_map", system_map, "integrations"),
]  # fmt: skip
