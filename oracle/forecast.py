"""The figures of forecasts, from their definitions."""

from datetime import timedelta
from fractions import Fraction

import numpy
from statsmodels.tools.eval_measures import meanabs

from cell import EPOCH, local_day, midnight
from compare import Money
from stack import converted, ledger, rows


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
    made = {}
    for row in table:
        period = span(row)
        if not isinstance(period, str) and row["made_at"] not in (None, "bad") and row["made_at"] <= case.as_of:
            made.setdefault(period, []).append(row["made_at"])
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
                elif made[period].count(stood) > 1:
                    reason = "ambiguous"
                elif isinstance(amount, str):
                    reason = amount
                elif period not in actuals:
                    reason = "unmatched"
                else:
                    judged[period] = amount
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
        "bias": {"value": share(sum(forecast - actual), sum(actual)) if order else None},
        "mape": {"value": mape},
        "mase": {"value": mase},
        "within_tolerance": {"value": close / len(order) if order else None},
        "seasonal_naive": {"value": wape(last) if last else None},
        "periods": {"value": len(order)},
    }
    return figure | {"parts": parts}


KPIS = {"forecast_reliability": (forecast_reliability, "forecasts", "actuals")}
