"""The figures of marketing's part in revenue, from their definitions."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

import cell
from compare import Money, counted, faults
from governance import within
from revenue import deals
from stack import converted, known, ledger, rows

USUAL_SOURCES = [
    "Organic Search", "Paid Search", "Email Marketing", "Email", "Organic Social", "Social Media", "Paid Social",
    "Referrals", "Referral", "Display", "Other Campaigns", "AI Referrals",
]  # fmt: skip


def setting(case, name, default=None):
    return case.charter.get("revenue", {}).get(name, default)


def deal_rows(case, day):
    """Deals with state and amount in the charter's currency at the rate of a day."""
    result = case.sql.execute(f"SELECT * FROM {deals(case, day)} ORDER BY row_number")
    names = [column[0] for column in result.description]
    return [dict(zip(names, line)) for line in result.fetchall()]


def amount_reason(one):
    if one["amount_bad"]:
        return "unparsable_number"
    if one["amount"] is None:
        return "blank_field"
    if one["amount"] < 0:
        return "negative_amount"
    return "no_fx_rate" if one["no_rate"] else None


def created_reason(case, one):
    """Why a deal is not among those created in the period."""
    if not one["kept"]:
        return "outside_filter"
    if one["created_at_bad"]:
        return "unparsable_date"
    if one["created_at"] is None:
        return "blank_field"
    if one["created_at"] > case.as_of:
        return "after_as_of"
    return None if within(case, one["created_at"]) else "outside_period"


def won_reason(case, one):
    """Why a deal is not among those won in the period."""
    if not one["kept"]:
        return "outside_filter"
    if one["created_at"] is not None and one["created_at"] > case.as_of:
        return "after_as_of"
    if one["state"] is None:
        return "blank_field" if one["stage"] is None else "unknown_stage"
    if one["state"] == "open":
        return "in_flight"
    if one["closed_at_bad"]:
        return "unparsable_date"
    if one["closed_at"] is None:
        return "blank_field"
    if one["closed_at"] > case.as_of:
        return "in_flight"
    if not within(case, one["closed_at"]):
        return "outside_period"
    return None if one["state"] == "won" else "not_counted"


def contact_ids(one):
    return [part.strip() for part in (one["contact_ids"] or "").split(";") if part.strip()]


class Sources:
    """Where deals came from, and whether that is marketing's."""

    def __init__(self, case):
        self.by_deal = setting(case, "sourced_by", "first_contact") == "deal"
        self.marketing = {name.lower() for name in setting(case, "marketing_sources", USUAL_SOURCES)}
        self.contacts = {one["id"]: one["source"] for one in rows(case, "contacts")} if "contacts" in case.read else {}

    def of(self, one):
        """None where nobody knows, with the reason."""
        if self.by_deal:
            return one["source"], "no_evidence"
        ids = contact_ids(one)
        if ids and ids[0] not in self.contacts:
            return None, "unmatched"
        return (self.contacts[ids[0]] if ids else None), "no_evidence"

    def is_marketing(self, source):
        return source.lower() in self.marketing


class Touches:
    """The touches of contacts, and which of them qualify as influence."""

    def __init__(self, case):
        self.case = case
        self.window = setting(case, "influence_window_days", 180)
        self.there = "touches" in case.read
        self.of_contact, self.touched = defaultdict(list), set()
        self.people = {one["id"] for one in rows(case, "contacts")} if "contacts" in case.read else None
        for one in rows(case, "touches") if self.there else []:
            self.touched.add(one["contact_id"])
            if known(one["at"]) and one["at"] <= case.as_of:
                good = one["channel"] is not None or one["campaign"] is not None
                bad = (one["direction"] or "").lower() == "outbound" or (one["kind"] or "").lower() in ("email_sent", "unsubscribe")
                self.of_contact[one["contact_id"]].append((one["at"], good and not bad))

    def of(self, deal):
        """(qualifying, all) touches in the window; None where nobody knows."""
        ids = set(contact_ids(deal))
        if not self.there or not ids:
            return None
        # People whom nobody knows and nobody touched may be called otherwise in another system.
        if self.people is not None and contact_ids(deal)[0] not in self.people and not ids & self.touched:
            return None
        closed = deal["state"] != "open" and deal["closed_at"] is not None and deal["closed_at"] <= self.case.as_of
        end = deal["closed_at"] if closed else self.case.as_of
        start = end - self.window * 86_400_000
        found = [good for one in ids for at, good in self.of_contact[one] if start <= at <= end]
        return sum(found), len(found)

    @staticmethod
    def fraction(amount, counts):
        qualifying, total = counts
        return round(Fraction(amount * qualifying, total)) if total else 0


def undated_amount(case, one, day=None):
    """What a deal of no known date would add, at the rate of some day; None where nobody knows."""
    amount = converted(case, "bad" if one["amount_bad"] else one["amount"], one["currency"], -(10**9) if day is None else day)
    return None if isinstance(amount, str) else amount


def is_undated(one, field):
    return one[field] is None


def spread(low, high):
    return None if low == high else [Money(low), Money(high)]


def share(low, whole, unknown):
    """A share of money, with bounds where amounts are unknown."""
    figure = {"value": low / whole if whole else None}
    if whole:
        figure |= {"numerator": Money(low), "denominator": Money(whole)}
    if whole + unknown:
        figure["bounds"] = [low / (whole + unknown), (low + unknown) / (whole + unknown)] if unknown else None
    return figure


def pipeline_sourced(case):
    sources = Sources(case)
    reasons, by_source, unknown, missing, more = [], defaultdict(int), 0, False, 0
    for one in deal_rows(case, "created_at"):
        reason = created_reason(case, one)
        if one["kept"] and is_undated(one, "created_at"):
            source, _ = sources.of(one)
            if source is None or sources.is_marketing(source):
                more += undated_amount(case, one) or 0
        if reason is None:
            reason = amount_reason(one)
            missing |= reason is not None
        if reason is None:
            amount, (source, why) = int(one["converted"]), sources.of(one)
            if source is None:
                reason, unknown = why, unknown + amount
            else:
                by_source[source] += amount
        reasons.append(reason)
    ours = sum(amount for source, amount in by_source.items() if sources.is_marketing(source))
    whole = sum(by_source.values())
    rows_ = ledger(case, "deals", reasons)
    value = Money(ours) if rows_["used"] or not (unknown or missing) else None
    parts = {"share": share(ours, whole, unknown)}
    parts |= {source: {"value": Money(amount)} for source, amount in by_source.items() if amount}
    return {"value": value, "bounds": spread(ours, ours + unknown + more), **rows_, "parts": parts}


def pipeline_influenced(case):
    touches = Touches(case)
    reasons, ours, fractional, whole, unknown, missing = [], 0, 0, 0, 0, False
    more = more_fractional = 0
    for one in deal_rows(case, "created_at"):
        reason = created_reason(case, one)
        if one["kept"] and is_undated(one, "created_at"):
            amount, counts = undated_amount(case, one) or 0, touches.of(one)
            more += amount if counts is None or counts[0] else 0
            more_fractional += amount if counts is None else touches.fraction(amount, counts)
        if reason is None:
            reason = amount_reason(one)
            missing |= reason is not None
        if reason is None:
            amount, counts = int(one["converted"]), touches.of(one)
            if counts is None:
                reason, unknown = "no_evidence", unknown + amount
            else:
                whole += amount
                ours += amount if counts[0] else 0
                fractional += touches.fraction(amount, counts)
        reasons.append(reason)
    rows_ = ledger(case, "deals", reasons)
    value = Money(ours) if rows_["used"] or not (unknown or missing) else None
    parts = {"share": share(ours, whole, unknown), "fractional": {"value": None if value is None else Money(fractional), "bounds": spread(fractional, fractional + unknown + more_fractional)}}
    return {"value": value, "bounds": spread(ours, ours + unknown + more), **rows_, "parts": parts}


def target(case):
    """The charter's target of the period: of exactly its days, or several that together are; in millionths."""
    if case.start is None or case.end is None:
        return None
    days = [
        (cell.midnight(date.fromisoformat(one["from"]), case.zone), cell.midnight(date.fromisoformat(one["until"]), case.zone), one["amount"])
        for one in setting(case, "targets", [])
    ]  # fmt: skip
    days.sort()
    for start, end, amount in days:
        if (start, end) == (case.start, case.end):
            return round(Fraction(str(amount)) * 1_000_000)
    total, at = Fraction(0), case.start
    for start, end, amount in days:
        if start == at and end <= case.end:
            total, at = total + Fraction(str(amount)), end
    return round(total * 1_000_000) if at == case.end else None


def pipeline_coverage(case):
    if "closed_at" not in case.columns["deals"]:
        return {"value": None} | ledger(case, "deals", []) | {"parts": {}}
    won_rows, open_rows = deal_rows(case, "closed_at"), deal_rows(case, "created_at")
    expected = "expected_close_at" if "expected_close_at" in case.columns["deals"] else "closed_at"
    reasons, won, still_open = [], 0, 0
    priced, unpriced = set(), set()
    # What deals without a date would add to each side, where that is known.
    more, dateless = {"open": 0, "won": 0, "lost": 0}, 0
    for one, other in zip(won_rows, open_rows):
        reason = won_reason(case, one)
        side = "open" if reason == "in_flight" else one["state"]
        if side is not None and reason not in ("outside_filter", "after_as_of") and is_undated(one, expected if side == "open" else "closed_at"):
            unpriced.add(side)
            amount = undated_amount(case, one, case.as_of_day if side == "open" else None)
            if amount is not None:
                more[side] += amount
                dateless += 1
        if reason == "in_flight":
            at = one[expected]
            if one[f"{expected}_bad"]:
                reason = "unparsable_date"
            elif at is None:
                reason = "blank_field"
            elif not within(case, at):
                reason = "outside_period"
            else:
                amount = converted(case, "bad" if one["amount_bad"] else one["amount"], one["currency"], case.as_of_day)
                reason = amount if isinstance(amount, str) else None
                still_open += 0 if reason else amount
                (unpriced if reason else priced).add("open")
        elif reason is None:
            reason = amount_reason(one)
            won += 0 if reason else int(one["converted"])
            (unpriced if reason else priced).add("won")
        reasons.append(reason)
    aim = target(case)
    figure = {"value": None}
    dark = unpriced - priced - {"lost"}
    if aim is not None and aim > won and not dark:
        figure = {"value": still_open / (aim - won), "numerator": Money(still_open), "denominator": Money(aim - won)}
    rows_ = ledger(case, "deals", reasons)
    told = dateless == faults(rows_)
    parts = {"open": still_open, "won": won}
    parts = {name: {"value": None if name in dark else Money(amount), "bounds": spread(amount, amount + more[name]) if told else None} for name, amount in parts.items()}
    parts["target"] = {"value": None if aim is None else Money(aim)}
    figure["bounds"] = None
    if told and aim is not None and aim > won + more["won"]:
        least, most = still_open / (aim - won), (still_open + more["open"]) / (aim - won - more["won"])
        figure["bounds"] = [least, most] if least < most else None
    return figure | rows_ | {"parts": parts}


def held(calculate, table, *others, keeps=()):
    """A figure that holds records of a table against others: a filter has to choose among all of them or none. Behind any
    other it has no value, and only those parts that are of its own records."""

    def is_apart(case):
        for field, _ in case.filters:
            own = field in case.columns.get(table, ())
            there = [field in case.columns[other] if other in case.read else False for other in others if other in case.read or other == "targets"]
            if any(other != own for other in there) or (own and there and field == "currency"):
                return True
        return False

    def figure(case):
        whole = calculate(case)
        if not is_apart(case):
            return whole
        rows_ = {name: whole[name] for name in ("read", "used", "excluded")}
        parts = {name: part for name, part in whole["parts"].items() if name in keeps and part["value"] is not None}
        return {"value": None, **rows_, "parts": parts, "some_parts": True}

    return figure


def months_back(day, months):
    number = day.year * 12 + day.month - 1 - months
    year, month = number // 12, number % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(day.day, last))


def lines(case, name, without=()):
    """Whether a cost line is among those that the charter names; all but some where it names none."""
    named = {line.lower() for line in setting(case, name, [])}
    return lambda line: (line or "").lower() in named if named else (line or "").lower() not in without


def costs(case, wanted, start, end):
    """Spend of a period: (channel, millionths) of each row that counts, and how many rows of all can't be read."""
    found, unread = [], 0
    for one in rows(case, "spend") if "spend" in case.read else []:
        if (known(one["at"]) and one["at"] > case.as_of) or not case.in_filter("spend", one):
            continue
        amount = converted(case, one["amount"], one["currency"], one["at_day"], signed=True) if known(one["at"]) else "undated"
        if isinstance(amount, str):
            unread += 1
        elif wanted(one["category"]) and (start is None or one["at"] >= start) and (end is None or one["at"] < end):
            found.append((one["channel"], amount))
    return found, unread


def silent(case):
    """Whether nothing is known of spend: there is none, or no row of it that is seen can be read."""
    if "spend" not in case.read:
        return True
    counted, unread = costs(case, lambda category: True, None, None)
    return bool(unread and not counted)


def lagged(case):
    """The period moved back by the charter's lag."""
    lag = setting(case, "acquisition_lag_months", 0)
    bounds = []
    for at in (case.start, case.end):
        day = None if at is None else cell.EPOCH + cell.timedelta(days=cell.local_day(at, case.zone))
        bounds.append(None if day is None else cell.midnight(months_back(day, lag), case.zone))
    return bounds


def entered_reason(case, one, field):
    """Why a contact is not among those that entered a stage in the period."""
    at = one[field]
    if not case.in_filter("contacts", one):
        return "outside_filter"
    if not known(at):
        return "unparsable_date" if at == "bad" else "not_started"
    if at > case.as_of:
        return "after_as_of"
    return None if within(case, at) else "outside_period"


def cac(case):
    customer = f"stage:{case.charter['lifecycle']['customer']}"
    reasons = [entered_reason(case, one, customer) for one in rows(case, "contacts")]
    rows_ = ledger(case, "contacts", reasons)
    found, unread = costs(case, lines(case, "acquisition_cost_lines"), *lagged(case))
    total, count = sum(amount for _, amount in found), rows_["used"]
    figure = {"value": None}
    if count and total > 0:
        figure = {"value": total / count / 1e6, "numerator": Money(total), "denominator": count}
    parts = {"customers": counted(rows_)}
    if unread:
        parts["spend_unread"] = {"value": unread}
    return figure | rows_ | {"parts": parts, "some_parts": True}


def cac_payback(case):
    margin = setting(case, "gross_margin")
    reasons, total = [], 0
    for one in deal_rows(case, "closed_at"):
        reason = won_reason(case, one)
        if reason is None:
            recurring = converted(case, "bad" if one["recurring_amount_bad"] else one["recurring_amount"], one["currency"], one["closed_at_day"])
            reason = recurring if isinstance(recurring, str) else None
            total += 0 if reason else recurring
        reasons.append(reason)
    rows_ = ledger(case, "deals", reasons)
    mean = Fraction(total, rows_["used"]) if rows_["used"] else None
    cost = cac(case)
    figure = {"value": None}
    if mean and margin and cost["value"] is not None:
        below = mean * Fraction(str(margin)) / 1_000_000
        figure = {"value": cost["value"] / float(below), "numerator": cost["value"], "denominator": float(below)}
    parts = {"recurring": {"value": None if mean is None else float(mean / 1_000_000)}}
    return figure | rows_ | {"parts": parts}


def won_deals(case):
    """(deal, amount) of the deals won in the period, with reasons for all."""
    found, reasons = [], []
    for one in deal_rows(case, "closed_at"):
        reason = won_reason(case, one) or amount_reason(one)
        reasons.append(reason)
        if reason is None:
            found.append((one, int(one["converted"]), len(reasons) - 1))
    return found, reasons


def revenue_contribution(case):
    sources, touches = Sources(case), Touches(case)
    found, reasons = won_deals(case)
    ours = whole = unknown = influenced = touched = untold = 0
    other = list(reasons)
    for one, amount, place in found:
        (source, why), counts = sources.of(one), touches.of(one)
        if source is None:
            reasons[place], unknown = why, unknown + amount
        else:
            whole += amount
            ours += amount if sources.is_marketing(source) else 0
        if counts is None:
            other[place], untold = "no_evidence", untold + amount
        else:
            touched += amount
            influenced += amount if counts[0] else 0
    sourced = share(ours, whole, unknown) | ledger(case, "deals", reasons)
    return sourced | {"parts": {"sourced": sourced, "influenced": share(influenced, touched, untold) | ledger(case, "deals", other)}}


def unpriced(case, found):
    """Whether any deal won in the period has no usable amount."""
    return len(found) < sum(won_reason(case, one) is None for one in deal_rows(case, "closed_at"))


def return_on(won, cost):
    """(won − cost) ÷ cost."""
    if not cost or cost < 0:
        return {"value": None}
    return {"value": float(Fraction(won - cost, cost)), "numerator": Money(won - cost), "denominator": Money(cost)}


def marketing_roi(case):
    how = case.parameter("marketing_roi", "attribution", "sourced")
    margin = setting(case, "gross_margin") if case.parameter("marketing_roi", "of", "revenue") == "gross_margin" else 1
    sources, touches = Sources(case), Touches(case)
    found, reasons = won_deals(case)
    ours = unknown = 0
    missing = unpriced(case, found)
    for one, amount, place in found:
        if how == "sourced":
            source, why = sources.of(one)
            part = None if source is None else amount * sources.is_marketing(source)
        else:
            counts, why = touches.of(one), "no_evidence"
            part = None if counts is None else touches.fraction(amount, counts) if how == "influenced_fractional" else amount * bool(counts[0])
        if part is None:
            reasons[place], unknown = why, unknown + amount
        else:
            ours += part
    spent, unread = costs(case, lines(case, "marketing_cost_lines", ["sales"]), case.start, case.end)
    cost = sum(amount for _, amount in spent)
    rows_ = ledger(case, "deals", reasons)
    told = rows_["used"] or not (unknown or missing)
    parts = {"won": {"value": Money(ours) if told else None, "bounds": spread(ours, ours + unknown)}}
    parts["cost"] = {"value": None if silent(case) else Money(cost)}
    if unread:
        parts["spend_unread"] = {"value": unread}
    if margin is None or not told:
        return {"value": None, **rows_, "parts": parts, "some_parts": True}
    left, more = (round(amount * Fraction(str(margin))) for amount in (ours, ours + unknown))
    figure = return_on(left, cost)
    if cost > 0:
        figure["bounds"] = None if left == more else [float(Fraction(one - cost, cost)) for one in (left, more)]
    return figure | rows_ | {"parts": parts, "some_parts": True}


def channel_roi(case):
    sources = Sources(case)
    found, reasons = won_deals(case)
    won, unknown = defaultdict(int), 0
    for one, amount, place in found:
        source, why = sources.of(one)
        if source is None:
            reasons[place], unknown = why, unknown + amount
        else:
            won[source] += amount
    spent, unread = costs(case, lines(case, "marketing_cost_lines", ["sales"]), case.start, case.end)
    table = "deals" if sources.by_deal else "contacts"
    there = {one["source"].lower() for one in rows(case, table) if one["source"]} if table in case.read else set()
    names, cost, loose = defaultdict(set), defaultdict(int), 0
    for channel, amount in spent:
        if channel is None or channel.lower() not in there:
            loose += amount
        else:
            names[channel.lower()].add(channel)
            cost[channel.lower()] += amount
    gained = defaultdict(int)
    for source, amount in won.items():
        gained[source.lower()] += amount
        if amount and source.lower() not in cost:
            names[source.lower()].add(source)

    rows_ = ledger(case, "deals", reasons)
    told = rows_["used"] or not (unknown or unpriced(case, found))

    def ratio(amount, cost):
        figure = return_on(amount, cost) if told else {"value": None}
        if cost and cost > 0:
            ends = [float(Fraction(one - cost, cost)) for one in (amount, amount + unknown)]
            figure["bounds"] = ends if unknown else None
        return figure

    parts = {min(spelled): ratio(gained[name], cost.get(name)) for name, spelled in names.items()}
    parts["unmatched_spend"] = {"value": None if silent(case) else Money(loose)}
    if unread:
        parts["spend_unread"] = {"value": unread}
    whole = ratio(sum(gained[name] for name in cost), sum(cost.values()))
    return whole | rows_ | {"parts": parts}


def cost_per_stage(case):
    spent, unread = costs(case, lines(case, "marketing_cost_lines", ["sales"]), case.start, case.end)
    people = rows(case, "contacts")
    there = {one["source"].lower() for one in people if one["source"]}
    total, channels, names, loose = sum(amount for _, amount in spent), defaultdict(int), defaultdict(set), 0
    for channel, amount in spent:
        if channel is None or channel.lower() not in there:
            loose += amount
        else:
            channels[channel.lower()] += amount
            names[channel.lower()].add(channel)

    def per(cost, count):
        if cost <= 0 or not count or "spend" not in case.read:
            return {"value": None}
        return {"value": cost / count / 1e6, "numerator": Money(cost), "denominator": count}

    parts, whole = {}, None
    shown = case.parameter("cost_per_stage", "stage", case.charter["lifecycle"]["lead"])
    for stage in case.stages():
        reasons, entered = [], defaultdict(int)
        for one in people:
            reason = entered_reason(case, one, f"stage:{stage}")
            reasons.append(reason)
            if reason is None:
                entered[(one["source"] or "").lower()] += 1
        rows_ = ledger(case, "contacts", reasons)
        part = per(total, rows_["used"]) | rows_
        if stage == shown:
            whole = part
        parts[stage] = part | {"parts": {min(names[name]): per(cost, entered[name]) | rows_ for name, cost in channels.items()}}
    parts["unmatched_spend"] = {"value": None if silent(case) else Money(loose)}
    if unread:
        parts["spend_unread"] = {"value": unread}
    return whole | {"parts": parts}


KPIS = {
    "pipeline_sourced": (pipeline_sourced, "deals", "contacts"),
    "pipeline_influenced": (pipeline_influenced, "deals", "touches"),
    "pipeline_coverage": (held(pipeline_coverage, "deals", "targets", keeps=("open", "won")), "deals"),
    "cac": (held(cac, "contacts", "spend", keeps=("customers",)), "contacts", "spend"),
    "cac_payback": (held(cac_payback, "deals", "contacts", "spend", keeps=("recurring",)), "deals", "contacts", "spend"),
    "revenue_contribution": (revenue_contribution, "deals", "contacts", "touches"),
    "marketing_roi": (held(marketing_roi, "deals", "spend", keeps=("won",)), "deals", "contacts", "touches", "spend"),
    "channel_roi": (held(channel_roi, "deals", "spend"), "deals", "contacts", "spend"),
    "cost_per_stage": (held(cost_per_stage, "contacts", "spend"), "contacts", "spend"),
}
