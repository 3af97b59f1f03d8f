"""Sign-offs of definitions and oversight of AI features, from their definitions."""

from datetime import date

import cell
from governance import person
from stack import ledger, rows, spread


def definition_coverage(case):
    good = total = lapsed = unsigned = powerless = 0
    due = {}
    for kpi, settings in case.charter.get("kpis", {}).items():
        total += 1
        record = settings.get("sign_off")
        signed = record is not None and cell.midnight(date.fromisoformat(record["at"]), case.zone) <= case.as_of
        fresh = signed and record["hash"] == case.figures[kpi]["definition"]["hash"]
        who = person(case, record["by"]) if record else None
        power = who.get("authority") if who else False if case.charter.get("people") else None
        fine = fresh and power is not False
        good += fine
        lapsed += signed and not fresh
        unsigned += not signed
        powerless += fresh and power is False
        if not fine:
            owner = settings.get("owner") or ""
            due[owner] = due.get(owner, 0) + 1
    figure = {"value": good / total if total else None}
    if total:
        figure |= {"numerator": good, "denominator": total, "read": total, "used": total, "excluded": {}}
    parts = {"lapsed": {"value": lapsed}, "unsigned": {"value": unsigned}, "no_authority": {"value": powerless}}
    parts |= {f"due:{owner}": {"value": count} for owner, count in due.items()}
    return figure | ({"parts": parts} if total else {})


def share(good, total):
    """A share of a list that is known whole: no sample, so no interval."""
    return {"value": good / total, "numerator": good, "denominator": total, "interval": None} if total else {"value": None}


def ai_oversight(case):
    bar = int(case.parameter("ai_oversight", "quality_bar", 90)) / 100
    reasons, good, total, unknown = [], 0, 0, 0
    owned, watched, inputs = [], [], []

    def quality(field):
        """Whether a field reaches the bar; None where that is not measured."""
        # A filter is about records, not about what works with them: that reads the quality of all.
        whole = case.whole().expected("deal_data_quality" if field.startswith("deals.") else "data_quality")
        share = whole.get("parts", {}).get("fields", {"parts": {}})["parts"].get(field)
        return None if share is None else share["value"] >= bar

    for one in rows(case, "ai_features"):
        if one["active"] is not True:
            reasons.append("not_counted" if one["active"] is False else "no_evidence")
            unknown += one["active"] is not False
            continue
        fields = [part.strip() for part in (one["inputs"] or "").split(";") if part.strip()]
        checks = [quality(field) for field in fields]
        fine = False if False in checks else None if None in checks or not checks else True
        owned.append(one["owner"] is not None)
        watched.append(one["monitor"] is not None)
        if fine is not None:
            inputs.append(fine)
        if fine is None and owned[-1] and watched[-1]:
            unknown += 1
        else:
            total += 1
            good += bool(fine and owned[-1] and watched[-1])
        reasons.append(None)
    whole = share(good, total)
    whole["bounds"] = spread(good, good + unknown, total + unknown)
    parts = {
        name: share(sum(flags), len(flags))
        for name, flags in (("owned", owned), ("watched", watched), ("inputs", inputs))
    }
    return whole | ledger(case, "ai_features", reasons) | {"parts": parts}


KPIS = {
    "definition_coverage": (definition_coverage,),
    "ai_oversight": (ai_oversight, "ai_features"),
}
