"""The figures of forecasts, from their definitions."""

from datetime import timedelta
from fractions import Fraction

import numpy
from scipy.stats import norm
from statsmodels.tools.eval_measures import meanabs

from cell import EPOCH, local_day, midnight
from compare import Money
from interval import rate
from stack import converted, ledger, rounded, rows


def span(row):
    """Start and end in milliseconds, or the reason that there is no such period."""
    for name in ("start_at", "end_at"):
        if row[name] is None:
            return "blank_field"
        if row[name] == "bad":
            return "unparsable_date"
    return "negative_duration" if row["end_at"] <= row["start_at"] else (row["start_at"], row["end_at"])


def day_start(case, day):
    return midnight(EPOCH + timedelta(days=day), case.zone)


def year_before(case, period):
    """The same local times on the same dates a year before; 29 February becomes the 28th."""

    def back(instant):
        local = case_day(case, instant)
        date = EPOCH + timedelta(days=local)
        earlier = date.replace(year=date.year - 1, day=28) if (date.month, date.day) == (2, 29) else date.replace(year=date.year - 1)
        return midnight(earlier, case.zone) + instant - day_start(case, local)

    return back(period[0]), back(period[1])


def case_day(case, instant):
    return local_day(instant, case.zone)


def actual_sums(case):
    """Exact amount of every period that is over; None where a line can't be read."""
    found = {}
    for row in rows(case, "actuals"):
        period = span(row)
        if isinstance(period, str) or period[1] > case.as_of:
            continue
        amount = converted(case, row["amount"], row["currency"], case_day(case, period[0]))
        known = found.get(period, 0)
        found[period] = None if isinstance(amount, str) or known is None else known + amount
    return {period: amount for period, amount in found.items() if amount is not None}


def forecast_reliability(case):
    horizon = case.parameter("forecast_reliability", "horizon_days", 30)
    tolerance = case.parameter("forecast_reliability", "tolerance_percent", 10)
    has_actuals = "actuals" in case.read
    actuals = actual_sums(case) if has_actuals else {}
    table = rows(case, "forecasts")
    made, broken = {}, set()
    for row in table:
        period = span(row)
        if not isinstance(period, str) and row["made_at"] not in (None, "bad") and row["made_at"] <= case.as_of:
            made.setdefault(period, []).append(row["made_at"])
            if isinstance(converted(case, row["amount"], row["currency"], case_day(case, period[0])), str):
                broken.add((period, row["made_at"]))
    judged, reasons = {}, []
    for row in table:
        period = span(row)
        reason = period if isinstance(period, str) else None
        if reason is None:
            inside = (case.start is None or case.start <= period[0]) and (case.end is None or period[0] < case.end)
            until = day_start(case, case_day(case, period[1]) - horizon)
            at = row["made_at"]
            if not inside:
                reason = "outside_period"
            elif period[1] > case.as_of:
                reason = "in_flight"
            elif at is None:
                reason = "blank_field"
            elif at == "bad":
                reason = "unparsable_date"
            elif at > case.as_of:
                reason = "after_as_of"
            elif at > until:
                reason = "outside_window"
            else:
                stood = max(one for one in made[period] if one <= until)
                amount = converted(case, row["amount"], row["currency"], case_day(case, period[0]))
                if at < stood:
                    reason = "not_counted"
                elif isinstance(amount, str):
                    reason = amount
                elif (period, at) in broken:
                    reason = "no_evidence"
                elif period not in actuals:
                    reason = "unmatched"
                else:
                    judged[period] = judged.get(period, 0) + amount
        reasons.append(reason)
    lines = ledger(case, "forecasts", reasons)
    order = sorted(judged)
    forecast = numpy.array([judged[period] for period in order], dtype=object)
    actual = numpy.array([actuals[period] for period in order], dtype=object)
    naive = {period: actuals[year_before(case, period)] for period in actuals if year_before(case, period) in actuals}

    def share(part, whole):
        return float(Fraction(int(part)) / Fraction(int(whole))) if whole else None

    def wape(pairs):
        return share(sum(abs(one - other) for one, other in pairs), sum(other for _, other in pairs))

    def sided(part, whole):
        return {"value": share(part, whole)} | ({"numerator": Money(int(part)), "denominator": Money(int(whole))} if whole else {})

    pairs = list(zip(forecast, actual))
    before = [(naive[period], actuals[period]) for period in naive if order and period[1] <= order[0][0]]
    errors = abs(forecast - actual)
    mape = mase = None
    if order and all(actual):
        mape = numpy.mean([float(Fraction(int(e)) / Fraction(int(a))) for e, a in zip(errors, actual)])
    if order and before:
        scale = meanabs(*(numpy.array(side, dtype=float) for side in zip(*before)))
        if scale > 0:
            mase = meanabs(forecast.astype(float), actual.astype(float)) / scale
    close = sum(bool(100 * e <= tolerance * a) for e, a in zip(errors, actual))
    last = [(naive[period], actuals[period]) for period in order if period in naive]
    figure = {"value": wape(pairs) if order else None, **lines}
    if order:
        figure |= {"numerator": Money(int(sum(errors))), "denominator": Money(int(sum(actual)))}
    parts = {
        "bias": sided(sum(forecast - actual), sum(actual)) if order else {"value": None},
        "mape": {"value": mape},
        "mase": {"value": mase},
        "within_tolerance": rate(close, len(order)) if order else {"value": None},
        "seasonal_naive": sided(sum(abs(one - other) for one, other in last), sum(other for _, other in last)) if last else {"value": None},
        "periods": {"value": len(order)},
    }
    return figure | {"parts": parts, "spans": pairs}


AGES = {"to_30": 30, "to_60": 60, "to_90": 90, "to_180": 180, "over_180": float("inf")}


def stage_names(case):
    """Every name of a deal stage with its place in the charter (from 1) and its state."""
    names = {}
    for place, stage in enumerate(case.charter["deal_stages"], 1):
        for name in (stage["id"], stage.get("label", ""), *stage.get("aliases", [])):
            if name.strip():
                names.setdefault(name.strip().lower(), (place, stage["state"]))
    return names


def state_of(deal, names):
    if deal["is_won"] is True:
        return "won"
    if deal["is_closed"] is False:
        return "open"
    if deal["is_won"] is False and deal["is_closed"] is True:
        return "lost"
    if deal["stage"] is None:
        return "blank_field"
    return names.get(deal["stage"].strip().lower(), (0, "unknown_stage"))[1]


def life_of(case, deal, names):
    """When a deal was made, when and how it was closed by the as-of instant; or the reason that nobody knows."""
    if not deal["kept"]:
        return "outside_filter"
    created = deal["created_at"]
    if created not in (None, "bad") and created > case.as_of:
        return "after_as_of"
    state = state_of(deal, names)
    if state not in ("open", "won", "lost"):
        return state
    for name in ("created_at",) if state == "open" else ("created_at", "closed_at"):
        if deal[name] is None:
            return "blank_field"
        if deal[name] == "bad":
            return "unparsable_date"
    closed = None if state == "open" else deal["closed_at"]
    if closed is not None and closed < created:
        return "negative_duration"
    return created, closed if closed is not None and closed <= case.as_of else None, state == "won"


def shares(cases, won, least):
    """Of each stage and age the cells whose cases it learns from: its own, those of its age where they are too few, or
    all; with these cases and those won."""
    found = {}
    for stage, age in numpy.ndindex(cases.shape):
        choices = {(stage, age)}, {(other, age) for other in range(cases.shape[0])}, set(numpy.ndindex(cases.shape))
        sums = [(sum(cases[cell] for cell in cells), sum(won[cell] for cell in cells)) for cells in choices]
        choice = next((at for at in range(2) if sums[at][0] >= least), 2)
        found[stage, age] = (*sums[choice], choices[choice])
    return found


def half(found, present, squares, lives):
    """Half of the interval, from the variance of outcomes and that of the shares, deal by deal."""
    share = {cell: won / cases if cases else 0.0 for cell, (cases, won, _) in found.items()}
    outcomes = sum(squares[cell] * share[cell] * (1 - share[cell]) for cell in found)
    moved = 0.0
    for life in lives:
        moves = 0.0
        for at, won in life:
            for cell, (cases, _, cells) in found.items():
                if at in cells:
                    moves += (won - share[cell]) * float(present[cell]) / float(cases)
        moved += moves**2
    return norm.ppf(0.975) * (outcomes + moved) ** 0.5


def pipeline_forecast(case):
    def parameter(name, default):
        return case.parameter("pipeline_forecast", name, default)

    horizon, lookback = parameter("horizon_days", 90), parameter("lookback_months", 24)
    needed, least = parameter("cases_needed", 100), parameter("cases_of_stage", 20)
    names = stage_names(case)
    open_places = {place for place, state in names.values() if state == "open"}
    today = EPOCH + timedelta(days=case.as_of_day)
    months = []
    for back in range(lookback):
        at = today.year * 12 + today.month - 1 - back
        first = today.replace(year=at // 12, month=at % 12 + 1, day=1)
        months.append((first, midnight(first, case.zone), midnight(first + timedelta(days=horizon), case.zone)))
    entries = {}
    for event in rows(case, "deal_stage_events") if "deal_stage_events" in case.read else []:
        place = names.get((event["stage"] or "").strip().lower(), (0, ""))[0]
        if place and event["at"] not in (None, "bad"):
            entries.setdefault(event["deal_id"], []).append((event["at"], place))

    def stage_at(deal, before):
        """The open stage of a deal by its entries before an instant; 0 where they don't say."""
        known = [entry for entry in entries.get(deal["id"], []) if entry[0] < before]
        place = max(known)[1] if known else 0
        return place if place in open_places else 0

    def age_at(created, instant):
        days = case_day(case, instant) - case_day(case, created)
        return next(at for at, most in enumerate(AGES.values()) if days <= most)

    shape = (len(case.charter["deal_stages"]) + 1, len(AGES))
    count = {name: numpy.zeros((lookback, *shape), dtype=object) for name in ("cases", "won", "open", "brought")}
    lives = []
    present, squares, deals_now = numpy.zeros(shape, dtype=object), numpy.zeros(shape), numpy.zeros(shape, dtype=int)
    reasons, learned = [], []
    unpriced = 0
    for deal in rows(case, "deals"):
        life = life_of(case, deal, names)
        if isinstance(life, str):
            reasons.append(life)
            learned.append(life)
            continue
        created, closed, is_won = life
        amount = converted(case, deal["amount"], deal["currency"], case.as_of_day if closed is None else case_day(case, closed))
        life_cases = []
        for month, (_, start, end) in enumerate(months):
            if created < start and end <= case.as_of and (closed is None or closed >= start):
                cell = stage_at(deal, start), age_at(created, start)
                won = closed is not None and is_won and closed < end
                worth = 0 if isinstance(amount, str) else amount
                count["cases"][(month, *cell)] += 1
                count["won"][(month, *cell)] += won
                count["open"][(month, *cell)] += worth
                count["brought"][(month, *cell)] += worth * won
                life_cases.append((cell, won))
        learned.append(None if life_cases else "outside_window")
        lives.append(life_cases)
        if closed is not None:
            reasons.append("not_counted")
        elif isinstance(amount, str):
            reasons.append(amount)
            unpriced += 1
        else:
            reasons.append(None)
            stage = stage_at(deal, case.as_of + 1)
            if not stage:
                now = names.get((deal["stage"] or "").strip().lower(), (0, ""))[0]
                stage = now if now in open_places else 0
            cell = stage, age_at(created, case.as_of)
            present[cell] += amount
            deals_now[cell] += 1
            squares[cell] += float(amount) ** 2

    def learn(by):
        over = [month for month, (_, _, end) in enumerate(months) if end <= by]
        cases, won = (sum((count[name][month] for month in over), numpy.zeros(shape, dtype=object)) for name in ("cases", "won"))
        return (shares(cases, won, least), cases.sum()) if cases.sum() >= needed else (None, cases.sum())

    def expected(found, amounts):
        return sum(rounded(Fraction(int(amounts[cell]) * int(won), int(cases))) for cell, (cases, won, _) in found.items() if cases)

    def probable(amounts):
        known = weighted = 0.0
        for place, stage in enumerate(case.charter["deal_stages"], 1):
            if stage.get("probability") is not None:
                amount = float(amounts[place].sum())
                known += amount
                weighted += amount * stage["probability"]
        return round(weighted * (float(amounts.sum()) / known)) if known > 0 else None

    found, all_cases = learn(case.as_of)
    lines = ledger(case, "deals", reasons)
    no_amount = unpriced and not lines["used"]
    unknown = found is None or no_amount
    figure = {"value": None if unknown else Money(expected(found, present)), "interval": None} | lines
    if not unknown:
        reach = half(found, present, squares, lives) / 1e6
        figure["interval"] = [max(0.0, float(figure["value"]) - reach), min(float(figure["value"]) + reach, float(present.sum()) / 1e6)]
        figure["denominator"] = Money(int(present.sum()))
    tested, parts = {"error": [], "error_probabilities": [], "error_seasonal_naive": []}, {}
    for month in reversed(range(lookback)):
        first, start, end = months[month]
        known, _ = learn(start)
        if end > case.as_of or not count["cases"][month].sum() or known is None:
            continue
        brought = count["brought"][month].sum()
        before = count["cases"][month + 12].sum() > 0 if month + 12 < lookback else False
        methods = (
            expected(known, count["open"][month]), probable(count["open"][month]),
            count["brought"][month + 12].sum() if before else None,
        )  # fmt: skip
        for name, forecast in zip(tested, methods):
            if forecast is not None:
                tested[name].append((forecast, brought))
        inner = {"forecast": {"value": Money(methods[0])}, "actual": {"value": Money(brought)}}
        if methods[1] is not None:
            inner["probabilities"] = {"value": methods[1] / 1e6}
        if methods[2] is not None:
            inner["seasonal_naive"] = {"value": Money(methods[2])}
        value = float(Fraction(int(methods[0] - brought)) / Fraction(int(brought))) if brought else None
        parts[first.isoformat()] = {"value": value, "parts": inner}
        if brought:
            parts[first.isoformat()] |= {"numerator": Money(int(methods[0] - brought)), "denominator": Money(int(brought))}

    def wape(pairs):
        came = sum(int(actual) for _, actual in pairs)
        return float(Fraction(sum(abs(int(forecast) - int(actual)) for forecast, actual in pairs)) / Fraction(came)) if came else None

    stages = {}
    for place in range(shape[0]):
        if deals_now[place].sum():
            key = case.charter["deal_stages"][place - 1]["id"] if place else "unknown"
            ages = [age for age in range(shape[1]) if deals_now[place, age]]
            pair = {age: found[place, age] if found else None for age in ages}
            stages[key] = {"value": Money(expected({(place, age): pair[age] for age in ages}, present)) if found else None}
            if found:
                stages[key]["parts"] = {
                    list(AGES)[age]: {
                        "value": float(Fraction(int(pair[age][1]), int(pair[age][0]))), "denominator": int(pair[age][0]), "numerator": int(pair[age][1]),
                        "parts": {"open": {"value": Money(int(present[place, age]))}, "deals": {"value": int(deals_now[place, age])}},
                    }
                    for age in ages
                }
    cells = {
        f"{case.charter['deal_stages'][place - 1]['id'] if place else 'unknown'}/{list(AGES)[age]}":
            (int(present[place, age]), int(deals_now[place, age]), found and tuple(int(one) for one in found[place, age][:2]))
        for place, age in numpy.ndindex(shape) if deals_now[place, age]
    }  # fmt: skip
    likely = probable(present)
    return figure | {"cells": cells, "parts": {
        "open": {"value": None if no_amount else Money(int(present.sum()))},
        "probabilities": {"value": None if likely is None else likely / 1e6},
        **{name: {"value": wape(pairs)} for name, pairs in tested.items()},
        "history": {"value": sum(reason is None for reason in learned)} | ledger(case, "deals", learned),
        "stages": {"value": len(stages), "parts": stages},
        "months": {"value": len(parts), "parts": parts},
    }}  # fmt: skip


KPIS = {
    "forecast_reliability": (forecast_reliability, "forecasts", "actuals"),
    "pipeline_forecast": (pipeline_forecast, "deals", "deal_stage_events"),
}
