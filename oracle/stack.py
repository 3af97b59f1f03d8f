"""The figures of the stack, from their definitions."""

import math
from collections import Counter, defaultdict
from fractions import Fraction

from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.stats import binomtest, poisson

from compare import Money
from interval import median

MILLION = 1_000_000


def rounded(value):
    """To an integer, half to even."""
    return round(value)


def rows(case, table):
    """Rows as dictionaries; a cell that can't be read is the word `bad`."""
    names = [line[0] for line in case.rows(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position")]
    found = []
    for line in case.rows(f"SELECT * FROM {table} ORDER BY row_number"):
        row = dict(zip(names, line))
        found.append({n: "bad" if row.get(f"{n}_bad") else v for n, v in row.items() if not n.endswith("_bad")})
    return found


def known(value):
    return value is not None and value != "bad"


def converted(case, amount, currency, day, signed=False):
    """Millionths in the charter's currency, or the reason that there are none; below zero only where that says something."""
    if amount is None:
        return "blank_field"
    if amount == "bad":
        return "unparsable_number"
    if amount < 0 and not signed:
        return "negative_amount"
    if not currency or currency.upper() == case.currency:
        return int(amount)
    rate = case.one(f"SELECT arg_max(rate, from_day) FROM rates WHERE currency = '{currency.upper()}' AND from_day <= {day}")[0]
    return "no_fx_rate" if rate is None else rounded(Fraction(int(amount) * int(rate), 10**9))


def ledger(case, table, reasons):
    """Rows used and left out, from the reason of each row (None for used)."""
    excluded = dict(case.rejected[table])
    for reason in reasons:
        if reason:
            excluded[reason] = excluded.get(reason, 0) + 1
    return {"read": case.read[table], "used": sum(reason is None for reason in reasons), "excluded": excluded}


def spread(low, high, whole):
    """Bounds as a pair of shares, where they differ."""
    return None if whole == 0 or low == high else [float(Fraction(low) / Fraction(whole)), float(Fraction(high) / Fraction(whole))]


def why(case, row, field):
    """Why a date gives no evidence."""
    if row[field] == "bad":
        return "unparsable_date"
    return "after_as_of" if known(row[field]) and row[field] > case.as_of else "no_evidence"


def tool_seats(tool):
    """(used, licensed) seats, used being None where nobody measured; None without licensed seats."""
    licensed, active = tool["seats_licensed"], tool["seats_active"]
    if not known(licensed) or licensed <= 0:
        return None
    return (min(active, licensed) if known(active) and active >= 0 else None), licensed


def seat_utilisation(case):
    used = total = unknown = 0
    reasons = []
    for tool in rows(case, "tools"):
        seats, reason = tool_seats(tool), None
        if tool["seats_licensed"] is None:
            reason = "blank_field"
        elif "bad" in (tool["seats_licensed"], tool["seats_active"]):
            reason = "unparsable_number"
        elif seats is None:
            reason = "not_counted"
        elif seats[0] is None:
            reason = "no_evidence"
        else:
            used, total = used + seats[0], total + seats[1]
        if seats and seats[0] is None:
            unknown += seats[1]
        reasons.append(reason)
    figure = {"value": used / total if total else None, "bounds": spread(used, used + unknown, total + unknown)}
    if total:
        figure |= {"numerator": Money(int(used)), "denominator": Money(int(total))}
    each = {tool["id"]: use_of(seat_share(tool)) for tool in rows(case, "tools") if tool_seats(tool)}
    parts = {"tools": {"value": len(each), "parts": each}}
    return figure | ledger(case, "tools", reasons) | {"parts": parts, "some_parts": True}


def use_of(share):
    """A share of a tool as a figure."""
    value, low, high = share
    return {"value": None if value is None else float(value), "bounds": None if low == high else [float(low), float(high)]}


def uses(case):
    """Capabilities with whether each is used (None for unknown), its weight, and the reason it is left out."""
    tools = {tool["id"] for tool in rows(case, "tools")} if "tools" in case.read else None
    found = []
    for row in rows(case, "capabilities") if "capabilities" in case.read else []:
        reason = None
        use = row["in_use"] if known(row["in_use"]) else None
        if use is None and known(row["users"]):
            use = row["users"] > 0
        weight = row["weight"]
        if weight is None:
            weight = MILLION
        if row["tool"] is None:
            reason = "blank_field"
        elif tools is not None and row["tool"] not in tools:
            reason = "unmatched"
        elif row["capability"] is None:
            reason = "blank_field"
        elif weight == "bad":
            reason = "unparsable_number"
        elif weight < 0:
            reason = "negative_amount"
        elif use is None:
            reason = "no_evidence"
        found.append(row | {"use": use, "weight": weight, "reason": reason})
    return found


def capability_utilisation(case):
    found = uses(case)
    used = sum(one["weight"] for one in found if one["reason"] is None and one["use"])
    total = sum(one["weight"] for one in found if one["reason"] is None)
    unknown = sum(one["weight"] for one in found if one["reason"] == "no_evidence")
    figure = {"value": used / total if total else None, "bounds": spread(used, used + unknown, total + unknown)}
    if total:
        figure |= {"numerator": Money(int(used)), "denominator": Money(int(total))}
    each = {tool: use_of(capability_share(weights)) for tool, weights in by_tool(case).items()}
    parts = {"tools": {"parts": each, "some_parts": True}}
    return figure | ledger(case, "capabilities", [one["reason"] for one in found]) | {"parts": parts, "some_parts": True}


def by_tool(case):
    """Tool -> (used, known, unknown) weights."""
    sums = defaultdict(lambda: [0, 0, 0])
    for one in uses(case):
        if one["reason"] is None:
            sums[one["tool"]][0] += one["weight"] if one["use"] else 0
            sums[one["tool"]][1] += one["weight"]
        elif one["reason"] == "no_evidence":
            sums[one["tool"]][2] += one["weight"]
    return sums


def capability_share(weights):
    """(value or None, low, high) of a tool."""
    used, total, unknown = weights
    value = Fraction(int(used), int(total)) if total else None
    if total + unknown == 0:
        return None, Fraction(0), Fraction(1)
    return value, Fraction(int(used), int(total + unknown)), Fraction(int(used + unknown), int(total + unknown))


def seat_share(tool):
    seats = tool_seats(tool)
    if seats is None or seats[0] is None:
        return None, Fraction(0), Fraction(1)
    share = Fraction(int(seats[0]), int(seats[1]))
    return share, share, share


def stack_utilisation(case):
    sums = by_tool(case)
    reasons, plain = [], []
    top = bottom = low = high = whole = Fraction(0)
    reach_low, reach_high = [], []
    for tool in rows(case, "tools"):
        value, least, most = capability_share(sums[tool["id"]])
        cost = converted(case, tool["annual_cost"], tool["currency"], case.as_of_day)
        plain.append((value, least, most))
        if isinstance(cost, str):
            reach_low.append(least)
            reach_high.append(most)
        else:
            low, high, whole = low + cost * least, high + cost * most, whole + cost
        if isinstance(cost, str):
            reasons.append(cost)
        elif value is None:
            reasons.append("no_evidence")
        else:
            top, bottom = top + cost * value, bottom + cost
            reasons.append(None)
    figure = {"value": float(top / bottom) if bottom else None}
    if whole:
        reach_low, reach_high = [low / whole, *reach_low], [high / whole, *reach_high]
    if reach_low:
        least, most = min(reach_low), max(reach_high)
        figure["bounds"] = None if least == most else [float(least), float(most)]
    means = [value for value, *_ in plain if value is not None]
    unweighted = {"value": float(sum(means) / len(means)) if means else None}
    if means:
        least = sum(one[1] for one in plain) / len(plain)
        most = sum(one[2] for one in plain) / len(plain)
        unweighted["bounds"] = None if least == most else [float(least), float(most)]
    each = {tool["id"]: use_of(capability_share(sums[tool["id"]])) for tool in rows(case, "tools")}
    dark = {name: one for name, one in each.items() if one["value"] is None}
    parts = {"unweighted": unweighted, "not_measured": {"value": len(dark), "parts": dark}, "tools": {"value": len(each), "parts": each}}
    return figure | ledger(case, "tools", reasons) | {"parts": parts, "some_parts": True}


def shares(case, kpi):
    """A function from a tool to (value, low, high) of the utilisation that a KPI is told to use."""
    if case.parameter(kpi, "utilisation", "seats") == "seats":
        return seat_share
    sums = by_tool(case)
    return lambda tool: capability_share(sums[tool["id"]])


def shelfware_cost(case):
    share = shares(case, "shelfware_cost")
    reasons, total, low, high, each = [], 0, 0, 0, {}
    for tool in rows(case, "tools"):
        value, least, most = share(tool)
        cost = converted(case, tool["annual_cost"], tool["currency"], case.as_of_day)
        if isinstance(cost, str):
            reasons.append(cost)
            continue
        low, high = low + rounded(cost * (1 - most)), high + rounded(cost * (1 - least))
        if value is None:
            reasons.append("no_evidence")
            continue
        reasons.append(None)
        total += rounded(cost * (1 - value))
        each[tool["id"]] = {"value": Money(rounded(cost * (1 - value)))}
    rows_ = ledger(case, "tools", reasons)
    bounds = None if low == high else [Money(low), Money(high)]
    parts = {"tools": {"value": len(each), "parts": each}}
    return {"value": Money(total) if rows_["used"] else None, "bounds": bounds} | rows_ | {"parts": parts}


def stack_redundancy(case):
    tools = {tool["id"]: tool for tool in rows(case, "tools")}
    groups, doing, listed, may_be = defaultdict(dict), defaultdict(set), set(), defaultdict(lambda: defaultdict(set))
    for one in uses(case):
        if one["tool"] not in tools or one["capability"] is None:
            continue
        tool, capability, purpose = one["tool"], one["capability"].lower(), (one["purpose"] or "").lower()
        listed.add(tool)
        if one["use"] is False:
            continue
        may_be[capability][purpose].add(tool)
        # What a tool may be used for nobody can switch off either.
        doing[tool].add((capability, purpose) if one["use"] else (capability, purpose, "open"))
        if one["use"] and purpose:
            users = one["users"] if known(one["users"]) else None
            before = groups[capability, purpose].get(tool)
            groups[capability, purpose][tool] = max((n for n in (before, users) if n is not None), default=None)
    # Listed twice, it is used if either says so.
    doing = {tool: {use for use in found if len(use) == 2 or use[:2] not in found} for tool, found in doing.items()}
    candidates = {key: found for key, found in groups.items() if len(found) > 1}
    kept = {}

    def cost(tool):
        found = converted(case, tools[tool]["annual_cost"], tools[tool]["currency"], case.as_of_day)
        return None if isinstance(found, str) else found

    def adopted(tool, users):
        seats = tools[tool]["seats_active"]
        return users if users is not None else seats if known(seats) and seats >= 0 else None

    def order(found):
        lowest = lambda number: 1 if number is None else -number
        return sorted(found, key=lambda tool: (lowest(adopted(tool, found[tool])), lowest(cost(tool)), tool))

    def together(chosen):
        costs = [cost(tool) for tool in chosen]
        return {"value": None if None in costs else Money(sum(costs))}

    for key, found in candidates.items():
        kept[key] = order(found)[0]
    spare = {tool for key, found in candidates.items() for tool in found if tool != kept[key]}
    only = {tool for tool in spare if all(use in kept and kept[use] != tool for use in doing[tool])}
    # What the board lists.
    case.redundancy = candidates, kept, only
    reasons = [None if tool in listed else "no_evidence" for tool in tools]
    named = {
        " · ".join(key): together(set(found) - {kept[key]})
        | {"parts": {tool: {"value": (number := adopted(tool, found[tool])) and float(number) / MILLION} for tool in found}}
        for key, found in candidates.items()
    }
    more = sum(possible(purposes, {key[1] for key in candidates if key[0] == of}) for of, purposes in may_be.items())
    whole = len(candidates) if listed else None
    # Where none is known and some are possible, nobody can say what they cost.
    unknown = {"value": None} if not candidates and (more or not listed) else {}
    parts = {
        "cost": together(spare) | unknown,
        "saving": together(only) | unknown | {"parts": {tool: together([tool]) for tool in only}},
        "candidates": {"value": whole, "parts": named},
    }
    figure = {"value": whole, "bounds": [len(candidates), len(candidates) + more] if more else None}
    return figure | ledger(case, "tools", reasons) | {"parts": parts}


def possible(purposes, candidates):
    """How many more candidates a capability could make: purposes of which two tools may be used, and tools of which nobody
    says what for, each put to the purpose of a tool that is alone, or two of them to one of their own."""
    blanks = sorted(purposes.get("", ()))
    alone = [next(iter(tools)) for purpose, tools in sorted(purposes.items()) if purpose and len(tools) == 1]
    more = sum(len(tools) > 1 and bool(purpose) and purpose not in candidates for purpose, tools in purposes.items())
    pairs = 0
    if blanks and alone:
        meets = csr_matrix([[tool != other for other in alone] for tool in blanks])
        pairs = int((maximum_bipartite_matching(meets, perm_type="column") >= 0).sum())
    return more + pairs + (len(blanks) - pairs) // 2


def total_cost_of_ownership(case):
    rate = case.charter.get("stack", {}).get("admin_hourly_rate")
    rate = None if rate is None else rounded(Fraction(str(rate)) * MILLION)
    reasons, sums = [], {"licence": 0, "integration": 0, "people": 0, "training": 0}
    counts = dict.fromkeys(sums, 0)
    incomplete, each = 0, {}
    for tool in rows(case, "tools"):
        costs = {
            name: converted(case, tool[field], tool["currency"], case.as_of_day)
            for name, field in (("licence", "annual_cost"), ("integration", "integration_cost"), ("training", "training_cost"))
        }
        hours = tool["admin_hours"]
        costs["people"] = "no_evidence"
        if rate is not None and known(hours) and hours >= 0:
            costs["people"] = rounded(Fraction(int(hours) * 12 * rate, MILLION))
        if isinstance(costs["licence"], str):
            reasons.append(costs["licence"])
            continue
        reasons.append(None)
        incomplete += any(isinstance(cost, str) for cost in costs.values())
        each[tool["id"]] = {"value": Money(sum(cost for cost in costs.values() if not isinstance(cost, str)))}
        for name, cost in costs.items():
            if not isinstance(cost, str):
                sums[name] += cost
                counts[name] += 1
    rows_ = ledger(case, "tools", reasons)
    parts = {name: {"value": Money(total) if counts[name] else None} for name, total in sums.items()}
    parts |= {"incomplete": {"value": incomplete}, "tools": {"value": len(each), "parts": each}}
    return {"value": Money(sum(sums.values())) if rows_["used"] else None, **rows_, "parts": parts, "some_parts": True}


def renewal_exposure(case):
    share = shares(case, "renewal_exposure")
    horizon = int(case.parameter("renewal_exposure", "horizon_days", 90))
    low_below = Fraction(int(case.parameter("renewal_exposure", "low_below", 40)), 100)
    high_from = Fraction(int(case.parameter("renewal_exposure", "high_from", 75)), 100)
    bands = dict.fromkeys(("low", "middle", "high", "unknown"), 0)
    reasons, could_be = [], 0
    for tool in rows(case, "tools"):
        cost = converted(case, tool["annual_cost"], tool["currency"], case.as_of_day)
        if isinstance(cost, str):
            reasons.append(cost)
        elif not known(tool["renewal_at"]):
            reasons.append("unparsable_date" if tool["renewal_at"] == "bad" else "blank_field")
            could_be += cost
        elif not case.as_of_day <= tool["renewal_at_day"] <= case.as_of_day + horizon:
            reasons.append("outside_window")
        else:
            reasons.append(None)
            value = share(tool)[0]
            band = "unknown" if value is None else "low" if value < low_below else "high" if value >= high_from else "middle"
            bands[band] += cost
    total = sum(bands.values())
    bounds = [Money(total), Money(total + could_be)] if could_be else None
    parts = {band: {"value": Money(sum_)} for band, sum_ in bands.items()}
    rows_ = ledger(case, "tools", reasons)
    if not rows_["used"] and "outside_window" not in reasons:
        return {"value": None, **rows_}
    return {"value": Money(total), "bounds": bounds, **rows_, "parts": parts}


def integration_health(case):
    hours = case.charter.get("policies", {}).get("integration_freshness_hours", 24)
    good = total = unknown = 0
    reasons, states, no_owner, stale, since = [], defaultdict(int), 0, 0, []
    failed = counted = 0
    for one in rows(case, "integrations"):
        state = (one["state"] or "").lower()
        state = state if state in ("stable", "workaround", "broken") else None
        last = one["last_success_at"]
        last = last if known(last) and last <= case.as_of else None
        weight = MILLION if one["criticality"] is None else one["criticality"]
        old = last is not None and case.as_of - last > hours * 3_600_000
        states[state or "unknown"] += 1
        no_owner += one["owner"] is None
        stale += old
        if last is not None:
            since.append((case.as_of - last) // 3_600_000)
        runs, errors = one["runs"], one["errors"]
        if known(runs) and known(errors) and 0 <= errors <= runs:
            failed, counted = failed + errors, counted + runs
        if weight == "bad":
            reasons.append("unparsable_number")
        elif state in ("workaround", "broken") or one["owner"] is None or old:
            reasons.append(None)
            total += weight
        elif state is None or last is None:
            reasons.append("no_evidence" if state is None else why(case, one, "last_success_at"))
            unknown += weight
        else:
            reasons.append(None)
            good, total = good + weight, total + weight
    figure = {"value": good / total if total else None, "bounds": spread(good, good + unknown, total + unknown)}
    if total:
        figure |= {"numerator": good / MILLION, "denominator": total / MILLION}
    middle = median(since)
    parts = {name: {"value": states[name]} for name in ("stable", "workaround", "broken", "unknown")}
    parts |= {"no_owner": {"value": no_owner}, "stale": {"value": stale}}
    parts["hours_since_success"] = {"value": middle}
    parts["error_rate"] = {"value": None}
    if counted:
        parts["error_rate"] = {"value": failed / counted, "numerator": failed / MILLION, "denominator": counted / MILLION}
    return figure | ledger(case, "integrations", reasons) | {"parts": parts}


def integration_coverage(case):
    expected = {(one["from"], one["to"]) for one in case.charter.get("stack", {}).get("connections", [])}
    there = Counter((one["from"], one["to"]) for one in rows(case, "integrations"))
    exist = expected & set(there)
    figure = {"value": len(exist) / len(expected) if expected else None, "read": case.read["integrations"]}
    if expected:
        figure |= {"numerator": len(exist), "denominator": len(expected)}
        # How many integrations make each connection.
        figure |= {"parts": {f"{start} → {end}": {"value": there[start, end]} for start, end in expected}, "some_parts": True}
    return figure


def poisson_test(observed, intended):
    """Two-sided exact p-value: the probability of all counts no more probable than the observed one."""
    if intended == 0:
        return 1.0 if observed == 0 else 0.0
    limit = poisson.pmf(observed, intended) * (1 + 1e-7)
    reach = int(max(observed, intended) * 2 + 50 * math.sqrt(intended) + 100)
    return float(sum(p for p in poisson.pmf(range(reach), intended) if p <= limit))


def automation_drift(case):
    level = int(case.parameter("automation_drift", "level_percent", 1)) / 100
    days = case.charter.get("policies", {}).get("automation_review_days", 180)
    sides, ledgers = defaultdict(Counter), defaultdict(list)
    for one in rows(case, "automations"):
        checks = {}
        intended, observed = one["intended_runs"], one["observed_runs"]
        if known(intended) and known(observed) and intended >= 0 and observed >= 0:
            checks["runs"] = poisson_test(observed // MILLION, intended / MILLION) < level
        else:
            checks["runs"] = untold(intended, observed)
        share, reached = one["intended_outcome"], one["observed_outcomes"]
        if share is not None:
            if share != "bad" and known(reached) and known(observed) and 0 <= reached <= observed and 0 <= share <= MILLION:
                test = binomtest(int(reached // MILLION), int(observed // MILLION), share / MILLION) if observed else None
                checks["outcomes"] = test is not None and test.pvalue < level
            elif share != "bad" and known(reached) and known(observed):
                checks["outcomes"] = "ambiguous"
            else:
                checks["outcomes"] = untold(share, reached, observed)
        reviewed = one["reviewed_at"]
        if known(reviewed) and reviewed <= case.as_of:
            checks["review"] = case.as_of_day - one["reviewed_at_day"] > days
        else:
            checks["review"] = why(case, one, "reviewed_at")
        open_ = [check for check in checks.values() if isinstance(check, str)]
        drifts = True in checks.values()
        for name, check in [*checks.items(), ("", True if drifts else open_[0] if open_ else False)]:
            place = "unknown" if isinstance(check, str) else check
            sides[name][place] += 1
            ledgers[name].append(check if isinstance(check, str) else None)
        if "outcomes" not in checks:
            ledgers["outcomes"].append("not_counted")
    parts = {name: drift_share(sides[name]) | ledger(case, "automations", ledgers[name]) for name in ("runs", "outcomes", "review")}
    return drift_share(sides[""]) | ledger(case, "automations", ledgers[""]) | {"parts": parts}


def untold(*numbers):
    """Why a test can't be made of numbers, by the first that is missing."""
    return "unparsable_number" if next((one for one in numbers if not known(one)), None) == "bad" else "no_evidence"


def drift_share(side):
    """Of those that are known, so many drift."""
    drifting, total = side[True], side[True] + side[False]
    figure = {"value": drifting / total if total else None, "bounds": spread(drifting, drifting + side["unknown"], total + side["unknown"])}
    return figure | ({"numerator": drifting, "denominator": total} if total else {})


KPIS = {
    "seat_utilisation": (seat_utilisation, "tools"),
    "capability_utilisation": (capability_utilisation, "capabilities", "tools"),
    "stack_utilisation": (stack_utilisation, "tools", "capabilities"),
    "shelfware_cost": (shelfware_cost, "tools", "capabilities"),
    "stack_redundancy": (stack_redundancy, "tools", "capabilities"),
    "total_cost_of_ownership": (total_cost_of_ownership, "tools"),
    "renewal_exposure": (renewal_exposure, "tools", "capabilities"),
    "integration_health": (integration_health, "integrations"),
    "integration_coverage": (integration_coverage, "integrations"),
    "automation_drift": (automation_drift, "automations"),
}
