"""The figures of governance, from their definitions."""

from datetime import date

import cell
from compare import Money
from interval import rate
from stack import known, ledger, rows, spread, why


def policy(case, name, default):
    return case.charter.get("policies", {}).get(name, default)


def permission_review(case):
    days = policy(case, "access_review_days", 365)
    good = total = unknown = 0
    reasons = []
    for tool in rows(case, "tools"):
        at = tool["access_reviewed_at"]
        if not known(at) or at > case.as_of:
            reasons.append(why(case, tool, "access_reviewed_at"))
            unknown += 1
            continue
        reasons.append(None)
        total += 1
        good += case.as_of_day - tool["access_reviewed_at_day"] <= days
    figure = {"value": good / total if total else None, "bounds": spread(good, good + unknown, total + unknown)}
    if total:
        figure |= {"numerator": good, "denominator": total}
    return figure | ledger(case, "tools", reasons)


def passed(flag, at, launched, as_of):
    """Whether a check was passed before going live; None where nobody says."""
    if flag is False:
        return False
    if known(flag) and known(at):
        return at <= launched
    return None


def quality_control(case):
    good = total = unknown = 0
    reasons, checks, brands = [], [], []
    for one in rows(case, "campaigns"):
        at = one["launched_at"]
        if not case.in_filter("campaigns", one):
            reasons.append("outside_filter")
        elif at == "bad":
            reasons.append("unparsable_date")
        elif at is None:
            reasons.append("not_started")
        elif at > case.as_of:
            reasons.append("after_as_of")
        elif not within(case, at):
            reasons.append("outside_period")
        else:
            check = passed(one["qa_passed"], one["checked_at"], at, case.as_of)
            brand = passed(one["brand_approved"], one["approved_at"], at, case.as_of)
            checks += [check] if check is not None else []
            brands += [brand] if brand is not None else []
            if False in (check, brand):
                total += 1
                reasons.append(None)
            elif None in (check, brand):
                unknown += 1
                reasons.append("no_evidence")
            else:
                good, total = good + 1, total + 1
                reasons.append(None)
    whole = rate(good, total) if total else {"value": None}
    whole["bounds"] = spread(good, good + unknown, total + unknown)
    parts = {
        "checklist": rate(sum(checks), len(checks)) if checks else {"value": None},
        "brand": rate(sum(brands), len(brands)) if brands else {"value": None},
    }
    return whole | ledger(case, "campaigns", reasons) | {"parts": parts}


def within(case, at):
    return (case.start is None or at >= case.start) and (case.end is None or at < case.end)


def consent_currency(case):
    days = policy(case, "consent_age_days", None)
    counts = dict.fromkeys(("current", "too_old", "withdrawn", "undated", "unknown"), 0)
    addressed = "email" in case.columns["contacts"]
    reasons = []
    for one in rows(case, "contacts"):
        if not case.in_filter("contacts", one):
            reasons.append("outside_filter")
        elif known(one["created_at"]) and one["created_at"] > case.as_of:
            reasons.append("after_as_of")
        elif one["suppressed"] is True or (addressed and one["email"] is None):
            reasons.append("not_counted")
        else:
            reasons.append(None)
            state = (one["consent_state"] or "").lower()
            at = one["consent_at"]
            if state == "withdrawn":
                counts["withdrawn"] += 1
            elif state != "given" and one["consent_basis"] is None:
                counts["unknown"] += 1
            elif not known(at) or at > case.as_of:
                counts["undated"] += 1
            elif days is not None and case.as_of_day - one["consent_at_day"] <= days:
                counts["current"] += 1
            else:
                counts["too_old"] += 1
    rows_ = ledger(case, "contacts", reasons)
    total = rows_["used"]
    if days is None or not total:
        return {"value": None}
    parts = {name: rate(count, total) for name, count in counts.items()}
    return parts["current"] | rows_ | {"parts": parts}


def suppression_health(case):
    contacts = {one["id"]: one for one in rows(case, "contacts")} if "contacts" in case.read else {}
    fine = breaches = unknown = 0
    for one in rows(case, "touches"):
        if not case.in_filter("touches", one) or one["kind"] != "email_sent" or not known(one["at"]):
            continue
        if one["at"] > case.as_of or not within(case, one["at"]) or one["contact_id"] not in contacts:
            continue
        contact = contacts[one["contact_id"]]
        since = contact["suppressed_at"]
        if known(since):
            breaches += one["at"] >= since
            fine += one["at"] < since
        elif contact["suppressed"] in (True, "bad") or since == "bad":
            unknown += 1
        else:
            fine += 1
    days = policy(case, "suppression_review_days", 180)
    rules = case.charter.get("suppression_rules", [])
    kept = 0
    for rule in rules:
        at = rule.get("reviewed_at")
        day = (date.fromisoformat(at) - cell.EPOCH).days if at else None
        kept += bool(rule.get("owner")) and day is not None and 0 <= case.as_of_day - day <= days
    sends = fine + breaches
    respected = {"value": fine / sends if sends else None, "bounds": None}
    if sends:
        respected |= {"numerator": fine, "denominator": sends}
    if unknown:
        respected["bounds"] = [fine / (sends + unknown), (fine + unknown) / (sends + unknown)]
    of_rules = {"value": kept / len(rules) if rules else None}
    # What each side could be: nobody knows that of one without a value, nor of sends to those since nobody knows when.
    ends = [respected["bounds"] or [respected["value"]] * 2 if sends else [0, 1], [of_rules["value"]] * 2 if rules else [0, 1]]
    bounds = [min(one[side] for one in ends) for side in (0, 1)]
    if not (sends or rules):
        bounds = respected["bounds"]
    elif bounds[0] == bounds[1]:
        bounds = None
    sides = [side["value"] for side in (respected, of_rules) if side["value"] is not None]
    parts = {"respected": respected, "rules": of_rules}
    if sends:
        parts["breaches"] = {"value": breaches, "bounds": [breaches, breaches + unknown] if unknown else None}
    return {"value": min(sides, default=None), "bounds": bounds, "read": case.read["touches"], "parts": parts, "some_parts": True}


USUAL = {
    **dict.fromkeys(
        ("configuration", "lead_management", "data_quality", "attribution", "campaign_operations"), "marketing_operations"
    ),
    **dict.fromkeys(("security", "network", "single_sign_on", "privacy", "enterprise_integration"), "it"),
}


def person(case, reference):
    people = case.charter.get("people", [])
    name = reference.strip()
    by_id = [one for one in people if one["id"] == name]
    return next(iter(by_id + [one for one in people if one.get("name", "").lower() == name.lower()]), None)


LAYERS = ["people", "process", "platform", "proof"]


def ownership_coverage(case):
    people = case.charter.get("people", [])
    whole, layers = [0, 0, 0], {layer: [0, 0, 0] for layer in LAYERS}
    why = {"conflict": 0, "gap": 0, "no_authority": 0}
    for function in case.charter.get("functions", []):
        if not function["critical"]:
            continue
        accountable = function.get("accountable", [])
        owner = person(case, accountable[0]) if len(accountable) == 1 else None
        authority = owner.get("authority") if owner else False if people or len(accountable) != 1 else None
        if authority is False:
            why["gap" if not accountable else "conflict" if len(accountable) > 1 else "no_authority"] += 1
        for counts in (whole, layers[function["layer"]]):
            counts[0] += authority is True
            counts[1] += authority is not None
            counts[2] += authority is None

    def covered(good, total, unknown):
        figure = {"value": good / total if total else None, "bounds": spread(good, good + unknown, total + unknown)}
        return figure | ({"numerator": good, "denominator": total} if total else {})

    if not case.charter.get("functions"):
        return covered(*whole)
    parts = {layer: covered(*counts) for layer, counts in layers.items()}
    parts |= {name: {"value": count} for name, count in why.items() if whole[1]}
    return covered(*whole) | {"parts": parts, "some_parts": True}


def ops_alignment(case):
    def team(name):
        return name.strip().lower().replace(" ", "_").replace("-", "_")

    said = {one["id"]: one for one in case.charter.get("responsibilities", [])}
    good = total = unknown = 0
    for name in {**USUAL, **said}:
        if name == "reporting_line":
            continue
        should = said.get(name, {}).get("should_be_held_by") or USUAL.get(name, "")
        held = said.get(name, {}).get("held_by", "")
        if not held or not should:
            unknown += 1
        else:
            good, total = good + (team(held) == team(should)), total + 1
    figure = {"value": good / total if total else None, "bounds": spread(good, good + unknown, total + unknown)}
    # The team that marketing operations reports to is that of the person named, or the one that is named itself.
    line, to = said.get("reporting_line", {}), case.charter.get("reports_to")
    held = line.get("held_by", "")
    if to is not None:
        who = person(case, to)
        held = who.get("team", "") if who else to
    should = line.get("should_be_held_by") or "marketing"
    parts = {"reporting_line": {"value": float(team(held) == team(should)) if held else None}}
    if total:
        parts["misaligned"] = {"value": total - good}
    return figure | ({"numerator": good, "denominator": total} if total else {}) | {"parts": parts, "some_parts": True}


KPIS = {
    "ownership_coverage": (ownership_coverage,),
    "ops_alignment": (ops_alignment,),
    "permission_review": (permission_review, "tools"),
    "quality_control": (quality_control, "campaigns"),
    "consent_currency": (consent_currency, "contacts"),
    "suppression_health": (suppression_health, "touches", "contacts"),
}
