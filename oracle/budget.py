"""The figures of budgets, from their definitions."""

from collections import defaultdict
from fractions import Fraction

from compare import Money
from governance import within
from marketing import setting
from stack import converted, known, ledger, rows


def name(one):
    return (one["channel"] or "").lower(), (one["campaign"] or "").lower()


def made(one):
    """When a plan was made; one without a readable date before all others."""
    return one["planned_at"] if known(one["planned_at"]) else float("-inf")


def dated(one):
    return known(one["start_at"]) and known(one["end_at"])


def span(one):
    return one["start_at"], one["end_at"], *name(one)


def plan_reason(case, one):
    """Why a line of the budgets is no plan of the period."""
    for field in ("start_at", "end_at"):
        if not known(one[field]):
            return "unparsable_date" if one[field] == "bad" else "blank_field"
    if not within(case, one["start_at"]):
        return "outside_period"
    if one["end_at"] <= one["start_at"]:
        return "negative_duration"
    if {"channel", "campaign"} & case.columns["budgets"] and name(one) == ("", ""):
        return "blank_field"
    amount = converted(case, one["amount"], one["currency"], one["start_at_day"])
    return amount if isinstance(amount, str) else None


def stood_reason(lines, one, at):
    """Why a plan did not stand at an instant."""
    if made(one) > at:
        return "outside_window"
    later = [other for other in lines if dated(other) and span(other) == span(one) and made(one) < made(other) <= at]
    return "not_counted" if later else None


class Spend:
    """Everything that was spent and reported."""

    def __init__(self, case):
        self.until = case.as_of_day - setting(case, "reporting_lag_days", 0)
        self.found, self.unread, self.there = [], 0, "spend" in case.read
        self.divided = bool({"channel", "campaign"} & case.columns.get("budgets", set()))
        for one in rows(case, "spend") if "spend" in case.read else []:
            if known(one["at"]) and one["at"] > case.as_of:
                continue
            amount = converted(case, one["amount"], one["currency"], one["at_day"], signed=True) if known(one["at"]) else "undated"
            if isinstance(amount, str):
                self.unread += 1
            else:
                self.found.append((one["at"], one["at_day"], name(one), amount))

    def known(self, amount):
        """An amount, where anything is known of spend."""
        return {"value": Money(amount) if self.there and (self.found or not self.unread) else None}

    def told(self):
        """Whether it can be said what was spent on plans: not where they have names and no spend does."""
        unnamed = self.found and all(called == ("", "") for _, _, called, _ in self.found)
        return self.known(0)["value"] is not None and not (self.divided and unnamed)

    @staticmethod
    def fits(plan, called):
        return plan != ("", "") and all(not wanted or wanted == said for wanted, said in zip(plan, called))

    def on(self, plan, until):
        """What was spent on a plan before a day."""
        return sum(
            amount for _, day, called, amount in self.found
            if self.fits(name(plan), called) and plan["start_at_day"] <= day < until
        )  # fmt: skip

    def loose(self, case, lines):
        """What was spent in the period on what no plan names."""
        plans = [name(one) for one in lines if dated(one) and made(one) <= case.as_of]
        if not {"channel", "campaign"} & case.columns["budgets"]:
            return 0
        return sum(
            amount for at, day, called, amount in self.found
            if within(case, at) and day < self.until and not any(self.fits(plan, called) for plan in plans)
        )  # fmt: skip


def plans(case, lines, reasons):
    """The plans whose lines count: (line, amount of all its lines)."""
    groups = defaultdict(list)
    for one, reason in zip(lines, reasons):
        if reason is None:
            groups[span(one), made(one)].append(one)
    return [
        (group[0], sum(converted(case, one["amount"], one["currency"], one["start_at_day"]) for one in group))
        for group in groups.values()
    ]


def label(lines, one):
    """The name of a plan: of all ways in which budgets write it, the first in the alphabet."""
    wanted = name(one)[0] or name(one)[1]
    written = {each[field] for each in lines for field in ("channel", "campaign") if each[field]}
    return min(text for text in written if text.lower() == wanted) if wanted else ""


def budget_pacing(case):
    spend, lines, reasons = Spend(case), rows(case, "budgets"), []
    for one in lines:
        reason = plan_reason(case, one) or stood_reason(lines, one, case.as_of)
        if reason is None and spend.until <= one["start_at_day"]:
            reason = "in_flight"
        reasons.append(reason)
    sums = defaultdict(lambda: dict.fromkeys(("budget", "due", "spent", "projected"), 0))
    for one, amount in plans(case, lines, reasons):
        start, end = one["start_at_day"], one["end_at_day"]
        elapsed = min(spend.until, end) - start
        spent = spend.on(one, min(spend.until, end))
        more = {
            "budget": amount, "spent": spent,
            "due": round(Fraction(amount * elapsed, end - start)), "projected": round(Fraction(spent * (end - start), elapsed)),
        }  # fmt: skip
        for key, value in more.items():
            sums[label(lines, one)][key] += value

    def pace(of):
        if not of["due"] or not spend.told():
            return {"value": None}
        return {"value": of["spent"] / of["due"], "numerator": Money(of["spent"]), "denominator": Money(of["due"])}

    def amounts(of):
        return {key: spend.known(of[key]) if key == "budget" or spend.told() else {"value": None} for key in ("budget", "spent", "projected")}

    total = {key: sum(of[key] for of in sums.values()) for key in ("budget", "due", "spent", "projected")}
    rows_ = ledger(case, "budgets", reasons)
    parts = {"channels": {"value": len(sums) if rows_["used"] else None, "parts": {channel: pace(of) | {"parts": amounts(of)} for channel, of in sums.items()}}}
    if rows_["used"]:
        parts |= amounts(total) | {"unbudgeted": spend.known(spend.loose(case, lines))}
    if spend.unread:
        parts["spend_unread"] = {"value": spend.unread}
    return pace(total) | rows_ | {"parts": parts, "some_parts": True}


def budget_accuracy(case):
    spend, lines = Spend(case), rows(case, "budgets")
    reasons = [
        plan_reason(case, one) or ("in_flight" if one["end_at_day"] > spend.until else stood_reason(lines, one, one["start_at"]))
        for one in lines
    ]
    sums = defaultdict(lambda: [0, 0])
    for one, amount in plans(case, lines, reasons):
        sums[label(lines, one)][0] += amount
        sums[label(lines, one)][1] += abs(spend.on(one, one["end_at_day"]) - amount)

    def accuracy(plan, off):
        if not plan or not spend.told():
            return {"value": None}
        return {"value": (plan - off) / plan, "numerator": Money(plan - off), "denominator": Money(plan)}

    parts = {channel: accuracy(*of) for channel, of in sums.items()}
    parts["unbudgeted"] = spend.known(spend.loose(case, lines))
    if spend.unread:
        parts["spend_unread"] = {"value": spend.unread}
    whole = accuracy(sum(plan for plan, _ in sums.values()), sum(off for _, off in sums.values()))
    return whole | ledger(case, "budgets", reasons) | {"parts": parts}


KPIS = {
    "budget_pacing": (budget_pacing, "budgets", "spend"),
    "budget_accuracy": (budget_accuracy, "budgets", "spend"),
}
