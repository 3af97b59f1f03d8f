"""Credit of channels, whether it holds, and what platforms claim, from their definitions."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from itertools import combinations
from math import exp, factorial, floor
from zoneinfo import ZoneInfo

import numpy
from scipy.stats import rankdata

import cell
from compare import Money
from governance import within
from marketing import Sources, amount_reason, contact_ids, deal_rows, won_reason
from stack import known, ledger, rows

DAY = 86_400_000
MILLION = 1_000_000
OWN = ["first", "last", "last_non_direct", "linear", "u_shaped", "w_shaped", "full_path", "time_decay", "shapley"]
RESAMPLES = 100


def apportion(total, weights):
    """Divides a whole by weights to the last unit: what is left over goes to the largest remainders, the first first."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [Fraction(total) * weight / whole for weight in weights]
    parts = [floor(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts


class Deals:
    """Closed deals of the period with the touches before."""

    def __init__(self, case):
        self.case = case
        self.touches = defaultdict(list)
        for one in rows(case, "touches") if "touches" in case.read else []:
            counts = one["channel"] is not None and one["direction"] != "outbound" and one["kind"] not in ("email_sent", "unsubscribe")
            if counts and known(one["at"]) and one["at"] <= case.as_of:
                self.touches[one["contact_id"]].append((one["at"], one["channel"]))
        lead = f"stage:{case.charter['lifecycle']['lead']}"
        contacts = rows(case, "contacts") if "contacts" in case.read else []
        self.leads = {one["id"]: one[lead] for one in contacts if known(one[lead]) and one[lead] <= case.as_of}
        self.rows = deal_rows(case, "closed_at")
        self.half_life = int(case.parameter("attribution_credit", "half_life_days", 7))

    def path(self, deal, days):
        """Touches of its contacts up to the close, in order of time and channel."""
        first = deal["closed_at"] - days * DAY
        found = [touch for one in dict.fromkeys(contact_ids(deal)) for touch in self.touches[one]]
        return sorted(touch for touch in found if first <= touch[0] <= deal["closed_at"])

    def weights(self, deal, path):
        """What each touch weighs, by model."""
        n = len(path)

        def last_until(at):
            before = [place for place, touch in enumerate(path) if at is not None and touch[0] <= at]
            return before[-1] if before else None

        ids = contact_ids(deal)
        lead = last_until(self.leads.get(ids[0]) if ids else None)
        created = deal["created_at"]
        made = last_until(created if created is not None and created <= self.case.as_of else None)

        def position(marks, rest):
            if n <= 2:
                return [1] * n
            weights = [Fraction(0)] * n
            for place, weight in marks:
                if place is not None:
                    weights[place] += weight
            free = [place for place in range(n) if not weights[place]]
            for place in free:
                weights[place] = Fraction(rest) / len(free)
            return weights

        others = [place for place, touch in enumerate(path) if touch[1].lower() not in ("direct", "(direct)", "direct traffic")]
        fresh = [touch[1] not in {before[1] for before in path[:place]} for place, touch in enumerate(path)]
        ages = [(path[-1][0] - touch[0]) / (DAY * self.half_life) for touch in path]
        return {
            "first": [place == 0 for place in range(n)],
            "last": [place == n - 1 for place in range(n)],
            "last_non_direct": [place == (others or [n - 1])[-1] for place in range(n)],
            "linear": [1] * n,
            "u_shaped": position([(0, 40), (n - 1, 40)], 20),
            "w_shaped": position([(0, 30), (lead, 30), (made, 30)], 10),
            "full_path": position([(0, Fraction(45, 2)), (lead, Fraction(45, 2)), (made, Fraction(45, 2)), (n - 1, Fraction(45, 2))], 10),
            "time_decay": [floor(2 ** (40 - age) + 0.5) for age in ages],
            "shapley": fresh,
        }

    def credit(self, deal, path, total):
        """(model, channel) -> what it is credited of a whole."""
        found = Counter()
        for model, weights in self.weights(deal, path).items():
            for (_, channel), part in zip(path, apportion(total, [Fraction(weight) for weight in weights])):
                found[model, channel] += part
        return found


def conversion(channels, steps, without=None):
    """How probable it is to be won from the start; who would go to the channel left out is lost."""
    alive = [channel for channel in channels if channel != without]
    leaving = Counter()
    for (source, _), count in steps.items():
        leaving[source] += count

    def share(source, target):
        return steps.get((source, target), 0) / leaving[source] if leaving[source] else 0.0

    system = numpy.array([[float(a == b) - share(a, b) for b in alive] for a in alive]).reshape(len(alive), len(alive))
    solved = numpy.linalg.solve(system, numpy.array([share(a, 1) for a in alive])) if alive else []
    return share(0, 1) + sum(share(0, channel) * x for channel, x in zip(alive, solved))


def removal_effects(steps):
    """1 − conversion without a channel ÷ conversion; a path goes from 0 over names of channels to 1 (won) or 2 (lost)."""
    channels = sorted({target for _, target in steps if isinstance(target, str)})
    whole = conversion(channels, steps)
    effect = {channel: max(0.0, 1 - conversion(channels, steps, channel) / whole) if whole else 0.0 for channel in channels}
    return effect


def steps_of(path, won):
    places = [0, *(channel for _, channel in path), 1 if won else 2]
    return list(zip(places, places[1:]))


def shapley_by_force(worth):
    """Of the game in which a coalition is worth the deals that its channels alone touched."""
    players = sorted({channel for path in worth for channel in path})
    n = len(players)
    value = {
        frozenset(group): sum(amount for path, amount in worth.items() if path <= frozenset(group))
        for size in range(n + 1)
        for group in combinations(players, size)
    }
    return {
        player: sum(
            Fraction(factorial(len(group)) * factorial(n - len(group) - 1), factorial(n)) * (value[group | {player}] - value[group])
            for group in value
            if player not in group
        )
        for player in players
    }


def attribution_credit(case):
    deals = Deals(case)
    days = int(case.parameter("attribution_credit", "lookback_days", 90))
    amounts, counts, steps, worth, reasons = Counter(), Counter(), Counter(), Counter(), []
    total = 0
    for one in deals.rows:
        reason = won_reason(case, one)
        path = deals.path(one, days) if reason in (None, "not_counted") else []
        if path:
            steps.update(steps_of(path, reason is None))
        reason = reason or amount_reason(one) or (None if path else "no_evidence")
        reasons.append(reason)
        if reason is None:
            amount = int(one["converted"])
            total += amount
            amounts.update(deals.credit(one, path, amount))
            counts.update(deals.credit(one, path, MILLION))
            worth[frozenset(channel for _, channel in path)] += amount
    rows_ = ledger(case, "deals", reasons)
    used = rows_["used"]
    if len({channel for path in worth for channel in path}) <= 8:
        for channel, value in shapley_by_force(worth).items():
            assert abs(value - amounts["shapley", channel]) <= used, (channel, value, amounts["shapley", channel])
    if not used:
        return {"value": None, **rows_}

    def part(credit, deals_):
        return {"value": Money(credit), "numerator": Money(deals_)}

    parts = {}
    for model in OWN:
        channels = {channel: part(amount, counts[model, channel]) for (of, channel), amount in amounts.items() if of == model}
        parts[model] = {"value": Money(total), "parts": channels}
    effects = removal_effects(steps)
    weights = [Fraction(round(effect * 2**40)) for effect in effects.values()]
    shares = {
        channel: {"value": amount / MILLION, "numerator": number / MILLION}
        for channel, amount, number in zip(effects, apportion(total, weights), apportion(used * MILLION, weights))
    }
    parts["markov"] = {"value": Money(total), "parts": shares}
    return {"value": Money(total), **rows_, "parts": parts}


def resample(name):
    """How often a deal occurs in each resample."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    times = []
    for _ in range(RESAMPLES):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
        uniform = (z ^ (z >> 31)) / 2**64
        count, below = 0, exp(-1)
        while uniform >= below and count < 20:
            count += 1
            below += exp(-1) / factorial(count)
        times.append(count)
    return times


def middle(values):
    values = sorted(values)
    out = len(values) // 40
    return [values[out], values[len(values) - 1 - out]] if values else []


def concordance(judges):
    """Kendall's W with ties, by average ranks."""
    ranks = numpy.array([rankdata(judge) for judge in judges])
    m, n = ranks.shape
    ties = sum(count**3 - count for judge in judges for count in Counter(judge).values())
    spread = ((ranks.sum(axis=0) - m * (n + 1) / 2) ** 2).sum()
    most = m**2 * (n**3 - n) - m * ties
    return 12 * spread / most if most else None


def attribution_consistency(case):
    deals = Deals(case)
    base = int(case.parameter("attribution_credit", "lookback_days", 90))
    settings = {"short_window_days": 30, "long_window_days": 180, "stable_percent": 90, "unstable_percent": 70, "undisputed_percent": 50}
    said = {name: int(case.parameter("attribution_consistency", name, value)) for name, value in settings.items()}
    windows = {"base": base, "short": said["short_window_days"], "long": said["long_window_days"]}
    # By resample (a number) or window (a name).
    credit, steps = defaultdict(Counter), defaultdict(Counter)
    reasons = []
    for one in deals.rows:
        reason = won_reason(case, one)
        closed = reason in (None, "not_counted")
        paths = {window: deals.path(one, days) if closed else [] for window, days in windows.items()}
        won = reason is None
        reason = reason or amount_reason(one) or (None if any(paths.values()) else "no_evidence")
        reasons.append(reason)
        times = resample(one["id"]) if any(paths.values()) else []
        for window, path in paths.items():
            if not path:
                continue
            columns = [(window, 1)] + (list(enumerate(times)) if window == "base" else [])
            own = deals.credit(one, path, int(one["converted"])) if reason is None else {}
            for column, count in columns:
                for step in steps_of(path, won):
                    steps[column][step] += count
                for key, amount in own.items():
                    credit[column][key] += amount * count
    rows_ = ledger(case, "deals", reasons)
    shares = {}
    for column, amounts in credit.items():
        total = sum(amount for (model, _), amount in amounts.items() if model == "linear")
        if not total:
            continue
        shares[column] = {model: {} for model in [*OWN, "markov"]}
        for (model, channel), amount in amounts.items():
            shares[column][model][channel] = amount / total
        effects = removal_effects({step: count for step, count in steps[column].items() if count})
        whole = sum(effects.values())
        shares[column]["markov"] = {channel: effect / whole for channel, effect in effects.items()} if whole else {}
    named = [window for window in windows if window in shares]
    channels = sorted({
        channel for window in named for model in shares[window].values() for channel, share in model.items() if share > 0
    })  # fmt: skip
    if "base" not in named or len(channels) < 2:
        return {"value": None, **rows_, "parts": {}}
    models = [*OWN, "markov"]
    drawn = [column for column in range(RESAMPLES) if column in shares]

    def share(column, model, channel):
        return shares[column][model].get(channel, 0.0)

    def width(values):
        return max(values) - min(values) if values else 0.0

    by = {"by_model": 0.0, "by_window": 0.0, "by_chance": 0.0}
    spread = undisputed = 0.0
    parts = {}
    for channel in channels:
        whole = []
        for model in models:
            ways = [share(window, model, channel) for window in named]
            chance = middle([share(column, model, channel) for column in drawn])
            by["by_window"] += width(ways) / len(models)
            by["by_chance"] += width(chance) / len(models)
            whole += ways + chance
        by["by_model"] += width([share("base", model, channel) for model in models])
        spread += width(whole)
        undisputed += min(whole)
        medians = [float(numpy.median([share(column, model, channel) for model in models])) for column in drawn]
        median = float(numpy.median([share("base", model, channel) for model in models]))
        limits = [*middle(medians), median]
        parts[channel] = {"value": median, "bounds": [min(whole), max(whole)], "interval": [min(limits), max(limits)]}
    n = len(channels)
    judges = [tuple(floor(share(window, model, channel) * 1e6 + 0.5) for channel in channels) for window in named for model in models]
    agreement = concordance(judges)
    value = 1 - spread / n
    least = 100 * min(value, value if agreement is None else agreement)
    verdict = "use_with_care"
    if least < said["unstable_percent"]:
        verdict = "unstable"
    elif least >= said["stable_percent"] and 100 * undisputed >= said["undisputed_percent"] and rows_["used"] >= case.minimum_n:
        verdict = "stable"
    return {"value": value, **rows_, "parts": {
        verdict: {"value": value}, "agreement": {"value": agreement}, "undisputed": {"value": undisputed},
        **{name: {"value": total / n} for name, total in by.items()},
        "channels": {"value": n, "parts": parts},
    }}  # fmt: skip


def reconciliation_gap(case):
    platforms = {one["id"].lower(): one for one in case.charter.get("platforms", [])}
    lead = f"stage:{case.charter['lifecycle']['lead']}"
    events = defaultdict(list)
    if "contacts" in case.read and lead in case.columns["contacts"]:
        for one in rows(case, "contacts"):
            if known(one[lead]) and one[lead] <= case.as_of:
                events["leads"].append((one[lead], (one["source"] or "").lower(), 1))
    if "deals" in case.read and "closed_at" in case.columns["deals"]:
        sources, everything = Sources(case), (case.start, case.end)
        case.start = case.end = None
        for one in deal_rows(case, "closed_at"):
            # Filters don't reach ours.
            if won_reason(case, one | {"kept": True}) is None:
                source = (sources.of(one)[0] or "").lower()
                events["deals"].append((one["closed_at"], source, 1))
                if amount_reason(one) is None:
                    events["revenue"].append((one["closed_at"], source, int(one["converted"])))
        case.start, case.end = everything
    def shown(at, platform):
        """An instant as a platform's clock shows it, read as time of the charter; what has no time stays on its day."""
        name = platform.get("time_zone") or case.charter.get("time_zone", "UTC")
        if name == case.charter.get("time_zone", "UTC") or at == cell.midnight(cell.EPOCH + timedelta(days=cell.local_day(at, case.zone)), case.zone):
            return at
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=at)
        return cell.instant(moment.astimezone(ZoneInfo(name)).replace(tzinfo=None).isoformat(), case.zone)

    claims, days, undeclared, reasons = Counter(), defaultdict(set), Counter(), []
    for one in rows(case, "platform_reports"):
        reason = None
        start, end = one["start_at"], one["end_at"]
        bad = next((at for at in (start, end) if not known(at)), 0)
        name, metric = one["platform"], one["metric"]
        if bad != 0:
            reason = "unparsable_date" if bad == "bad" else "blank_field"
        elif end <= start:
            reason = "negative_duration"
        elif end > case.as_of:
            reason = "in_flight"
        elif (case.start is not None and start < case.start) or (case.end is not None and end > case.end):
            reason = "outside_period"
        elif name is None or metric is None:
            reason = "blank_field"
        elif name.lower() not in platforms:
            undeclared[name] += 1
            reason = "unmatched"
        else:
            platform = platforms[name.lower()]
            own = {of["metric"].lower(): of["compared_to"] for of in platform["metrics"]}
            value = one["value"]
            if metric.lower() not in own:
                undeclared[f"{name}: {metric}"] += 1
                reason = "unmatched"
            elif not known(value):
                reason = "unparsable_number" if value == "bad" else "blank_field"
            elif value < 0:
                reason = "negative_amount"
            else:
                key = own[metric.lower()], platform["id"]
                claims[key] += Fraction(int(value), MILLION)
                days[key].add((start, end))
        reasons.append(reason)
    rows_ = ledger(case, "platform_reports", reasons)

    def ours(what, spans, wanted=None, platform={}):
        unit = MILLION if what == "revenue" else 1
        return sum(
            Fraction(amount, unit) for start, end in spans for at, source, amount in events[what]
            if shown(start, platform) <= shown(at, platform) < shown(end, platform) and (wanted is None or source in wanted)
        )  # fmt: skip

    headline = case.parameter("reconciliation_gap", "metric", "revenue")
    parts, whole = {}, {"value": None}

    def quotient(part, whole, what):
        """Both sides as the metric has them: money to the millionth."""
        sides = [Money(int(side * MILLION)) if what == "revenue" else float(side) for side in (part, whole)]
        return {"value": float(part / whole), "numerator": sides[0], "denominator": sides[1]}

    for what in ("leads", "deals", "revenue"):
        inner, off, held = {}, Fraction(0), Fraction(0)
        for platform in platforms.values():
            key = what, platform["id"]
            if key not in days:
                continue
            wanted = {source.lower() for source in platform.get("sources", [])}
            count = ours(what, days[key], wanted, platform)
            gap = claims[key] - count
            inner[platform["id"]] = {
                **(quotient(gap, count, what) if count else {"value": None}),
                "parts": {"claimed": {"value": float(claims[key])}, "ours": {"value": float(count)}},
            }
            if count:
                off, held = off + abs(gap), held + count
        if not inner:
            continue
        spans = {span for key in days if key[0] == what for span in days[key]}
        # Spans within others count once; spans that cut others leave the total open.
        cut = any(a[0] < b[0] < a[1] < b[1] for a in spans for b in spans)
        outer = [a for a in spans if not any(b != a and b[0] <= a[0] and a[1] <= b[1] for b in spans)]
        total = ours(what, outer)
        claimed = sum(claims[key] for key in days if key[0] == what)
        parts[what] = ({"value": None} if cut or not total else quotient(claimed, total, what)) | {"parts": inner}
        if what == headline and held:
            whole = quotient(off, held, what)
    if undeclared:
        parts["undeclared"] = {
            "value": sum(undeclared.values()),
            "parts": {name: {"value": count} for name, count in undeclared.items()},
        }
    return whole | rows_ | {"parts": parts}


KPIS = {
    "attribution_credit": (attribution_credit, "deals", "touches", "contacts"),
    "attribution_consistency": (attribution_consistency, "deals", "touches", "contacts"),
    "reconciliation_gap": (reconciliation_gap, "platform_reports", "contacts", "deals"),
}
