"""Numbers that people act on first and that stand in boards alone: what each tool costs and is used for, what consolidating
would save, what mending would change, and what is said of platforms."""

import re
from collections import defaultdict
from fractions import Fraction

from compare import Money
from duplicates import people
from operations import required_cells
from quality import counts
from stack import MILLION, by_tool, capability_share, converted, known, rounded, rows, seat_share, tool_seats, uses

UPKEEP = ("integration_cost", "training_cost")
BANDS = {"low": "used little", "middle": "used in part", "high": "used well", "unknown": "not measured"}


def section(view, name):
    return next((one for one in view["body"]["sections"] if one["id"] == name), None)


def cells(view, name):
    """Row id -> column -> cell of a section."""
    one = section(view, name)
    columns = [column["id"] for column in one["columns"]]
    return {row["id"]: dict(zip(columns, row["cells"])) for row in one["rows"]}


def money(amount):
    return None if amount is None else Money(amount)


def costs(case, tool):
    """What a year of a tool costs: licence, upkeep, people, and what is known of it all where the licence is."""
    rate = case.charter.get("stack", {}).get("admin_hourly_rate")

    def amount(field):
        found = converted(case, tool[field], tool["currency"], case.as_of_day)
        return None if isinstance(found, str) else found

    licence, more, hours = amount("annual_cost"), [amount(field) for field in UPKEEP], tool["admin_hours"]
    people = None
    if rate is not None and known(hours) and hours >= 0:
        people = rounded(Fraction(int(hours) * 12 * rounded(Fraction(str(rate)) * MILLION), MILLION))
    upkeep = None if more == [None, None] else sum(one or 0 for one in more)
    total = None if licence is None else licence + (upkeep or 0) + (people or 0)
    return licence, upkeep, people, total


def band(case, share):
    low = Fraction(int(case.parameter("renewal_exposure", "low_below", 40)), 100)
    high = Fraction(int(case.parameter("renewal_exposure", "high_from", 75)), 100)
    return BANDS["unknown" if share is None else "low" if share < low else "high" if share >= high else "middle"]


def tools(held, case, view):
    found = cells(view, "tools")
    words = {row["id"]: row["word"] for row in section(view, "tools")["rows"]}
    weights, used = by_tool(case), defaultdict(int)
    for one in uses(case):
        used[one["tool"]] += one["reason"] is None and one["use"]
    inventory = {tool["id"]: tool for tool in rows(case, "tools")}
    held.hold("tools", sorted(found) == sorted(inventory), True)
    for name, tool in inventory.items():
        if name not in found:
            continue
        there, (licence, upkeep, people, total) = found[name], costs(case, tool)

        def hold(column, expected, name=name, there=there):
            held.hold(f"{name} {column}", there[column]["value"], expected)

        def share(column, of, name=name, there=there):
            value, *ends = of
            held.hold(f"{name} {column}", there[column]["value"], None if value is None else float(value))
            if ends[0] == ends[1]:
                held.hold(f"{name} {column} bounds", there[column]["bounds"] is None, True)
            else:
                for at, end in enumerate(ends):
                    held.hold(f"{name} {column} bound {at}", (there[column]["bounds"] or [None, None])[at], float(end))

        of = capability_share(weights[name])
        share("utilisation", of)
        held.hold(f"{name} word", words[name] == band(case, of[0]), True)
        if tool_seats(tool):
            share("seats", seat_share(tool))
        else:
            hold("seats", None)
        for column, amount in (("licence", licence), ("upkeep", upkeep), ("people", people), ("total", total)):
            hold(column, money(amount))
        active = tool["seats_active"]
        by_user = total is not None and known(active) and active > 0
        hold("per_active_user", total / active if by_user else None)
        hold("per_capability", total / MILLION / used[name] if total is not None and used[name] else None)
        held.hold(f"{name} owner", there["owner"]["text"] == (tool["owner"] or ""), True)
    rank = {"used little": 0, "not measured": 1, "used in part": 2, "used well": 3}
    order = [(rank[words[name]], -(costs(case, inventory[name])[3] or -1)) for name in found]
    held.hold("worst first", order == sorted(order), True)


def redundancy(held, case, view):
    """What giving up all but the most adopted tool would save a year, and what hangs on them."""
    inventory = {tool["id"]: tool for tool in rows(case, "tools")}
    candidates, kept, only = case.redundancy
    found = cells(view, "redundancy")
    held.hold("candidates", sorted(found) == sorted(" · ".join(key) for key in candidates), True)
    hanging = {
        "integrations": lambda name: sum(name in (one["from"], one["to"]) for one in rows(case, "integrations")),
        "automations": lambda name: sum(one["tool"] == name for one in rows(case, "automations")),
    }
    for key, tools_ in candidates.items():
        there, spare = found.get(" · ".join(key)), [tool for tool in tools_ if tool != kept[key]]
        if there is None:
            continue
        licences = [costs(case, inventory[tool])[0] for tool in spare]
        if None not in licences:
            held.hold(f"{key} cost", there["cost"]["value"], Money(sum(licences)))
        saving = sum(costs(case, inventory[tool])[3] or 0 for tool in spare if tool in only)
        held.hold(f"{key} saving", there["saving"]["value"], Money(saving))
        for table, count in hanging.items():
            expected = sum(count(tool) for tool in spare) if table in case.read else 0
            held.hold(f"{key} {table}", there[table]["value"], expected)


def stack(held, case, view):
    tools(held, case, view)
    case.expected("stack_redundancy")
    redundancy(held, case, view)
    horizon = int(case.parameter("renewal_exposure", "horizon_days", 90))
    found, expected = cells(view, "renewals"), {}
    for tool in rows(case, "tools"):
        days = known(tool["renewal_at"]) and tool["renewal_at_day"] - case.as_of_day
        if days is not False and 0 <= days <= horizon:
            expected[tool["id"]] = (int(days), money(costs(case, tool)[0]))
    held.hold("renewals", sorted(found) == sorted(expected), True)
    for name, (days, licence) in expected.items():
        if name in found:
            held.hold(f"{name} renews in", found[name]["days"]["value"], days)
            held.hold(f"{name} renews for", found[name]["cost"]["value"], licence)
    said = case.charter.get("stack", {}).get("benchmarks", case.schema["$defs"]["Stack"]["properties"]["benchmarks"]["default"])
    shown = [(row["label"], row["cells"][0]["value"]) for row in section(view, "benchmarks")["rows"][1:]]
    held.hold("benchmarks", shown == [(f"{one['source']} {one['year']}", one["value"]) for one in said], True)


def amounts(text):
    """The numbers of a sentence with the half of their last digit: 1,234 is 1234 ± 0.5, and 31.4% is 0.314 ± 0.0005."""
    for sign, whole, decimals, percent in re.findall(r"([-−]?)[^\d\s]*(\d[\d,]*)(?:\.(\d+))?\s?(%?)", text):
        unit = Fraction(1, 100 if percent else 1)
        value = Fraction(whole.replace(",", "") + (f".{decimals}" if decimals else "")) * unit
        yield (-value if sign else value), unit / 10 ** len(decimals) / 2


def data_quality(held, case, view):
    """The dimensions, the fields, what figures hang on those that are blank or wrong, and the contacts to mend."""
    mend(held, case, view)
    expected = case.expected("data_quality")
    if expected["value"] is None:
        return
    parts = expected["parts"]
    for name, there in cells(view, "dimensions").items():
        held.hold(f"dimension {name}", there["share"]["value"], parts[name]["value"])
    by_field = cells(view, "by_field")
    for name, there in by_field.items():
        for dimension in ("fields", "validity", "consistency", "currentness", "referential_integrity"):
            part = parts[dimension]["parts"].get(name, {"value": None})
            held.hold(f"{name} {dimension}", there[dimension]["value"], part["value"])
    effects = cells(view, "effects")
    notes = {row["id"]: row["note"] for row in section(view, "effects")["rows"]}
    composed = {"readiness", "rollout", "threshold_signals", "control_stack", "data_completeness", "data_quality", "deal_data_quality"}
    for field, part in parts["fields"]["parts"].items():
        if part["value"] >= 1:
            continue
        for kpi, figure in case.figures.items():
            if kpi in composed or field not in figure["definition"]["inputs"]:
                continue
            found, name = case.expected(kpi), f"{field} {kpi}"
            open_ = found.get("bounds")
            if open_ is not None:
                held.hold(f"{name} is named", name in effects, True)
            if name not in effects:
                continue
            held.hold(f"{name} lacking", effects[name]["lacking"]["value"], float(1 - part["value"]))
            if open_ is not None and (there := re.search(r"between (.*) and (.*?)\.(?: |$)", notes[name])):
                for said, end in zip(there.groups(), open_):
                    held.hold(f"{name} could be {end}", says(said, float(end)), True)
            blank = re.search(r"([\d,]+) of its rows are left out", notes[name])
            if blank and "excluded" in found:
                held.hold(f"{name} blank", int(blank[1].replace(",", "")), found["excluded"].get("blank_field", 0))


def mend(held, case, view):
    """Contacts with something missing, wrong, broken, out of date or entered again; those with most first."""
    faults = defaultdict(set)
    counts(case, "contacts", faults)
    required_cells(case, faults)
    firsts, said = people(case).firsts()
    late = {one["id"] for one in rows(case, "contacts") if known(one["created_at"]) and one["created_at"] > case.as_of or not one["kept"]}
    for name in said:
        if name not in firsts and name not in late:
            faults[name].add(("uniqueness", "duplicate_of"))
    one = section(view, "mend")
    held.hold("contacts to mend", one["of"], len(faults))
    held.hold("contacts listed", len(one["rows"]), min(len(faults), 200))
    words = {row["id"]: row["word"] for row in one["rows"]}
    listed = []
    for name, there in cells(view, "mend").items():
        wrong = faults.get(name, set())
        listed.append(len(wrong))
        held.hold(f"{name} has {words[name]} for {sorted(wrong)}", words[name].split()[0] == str(len(wrong)), True)
        for column, dimensions in (("missing", ["completeness"]), ("invalid", ["validity"]), ("broken", ["consistency", "referential_integrity", "currentness"])):
            expected = {"current_days" if of == "currentness" else field for of, field in wrong if of in dimensions}
            held.hold(f"{name} {column} {there[column]['text']} for {sorted(expected)}", set(there[column]["text"].split(", ")) - {""} == expected, True)
        held.hold(f"{name} repeats another", bool(there["duplicate_of"]["text"]), ("uniqueness", "duplicate_of") in wrong)
    held.hold("most faults first", listed == sorted(map(len, faults.values()), reverse=True)[:200], True)


def says(text, value):
    """Whether a rounded number in a sentence is one of a value."""
    return any(abs(Fraction(value) - shown) <= half * Fraction(1001, 1000) for shown, half in amounts(text))


def reconciliation(held, case, view):
    """Claims, ours and gaps of each platform, and the days within which it claims."""
    parts = case.expected("reconciliation_gap").get("parts", {})
    platforms = {one["id"]: one for one in case.charter.get("platforms", [])}
    for metric in ("leads", "deals", "revenue"):
        if metric not in parts or section(view, metric) is None:
            continue
        for name, there in cells(view, metric).items():
            inner = parts[metric]["parts"][name]
            held.hold(f"{metric} {name} claimed", there["claimed"]["value"], inner["parts"]["claimed"]["value"])
            held.hold(f"{metric} {name} ours", there["ours"]["value"], inner["parts"]["ours"]["value"])
            held.hold(f"{metric} {name} gap", there["gap"]["value"], inner["value"])
            days = platforms[name].get("window_days")
            held.hold(f"{metric} {name} window", there["window"]["text"] == ("not declared" if days is None else f"{days} days"), True)


def features(held, case, view):
    """Who answers for AI features, what watches them, and which are due for review."""
    days = case.charter.get("policies", {}).get("ai_review_days", 180)
    words = {row["id"]: row["word"] for row in section(view, "ai_oversight")["rows"]}
    for one in rows(case, "ai_features"):
        if one["active"] is False or one["id"] not in words:
            held.hold(f"{one['id']} listed", one["id"] in words, one["active"] is not False)
            continue
        at = one["reviewed_at"]
        late = known(at) and at <= case.as_of and case.as_of_day - one["reviewed_at_day"] > days
        expected = "review overdue" if late else ""
        if one["owner"] is None or one["monitor"] is None:
            expected = "nobody’s" if one["owner"] is None else "unwatched"
        held.hold(f"{one['id']} is {expected}", words[one["id"]] == expected, True)
