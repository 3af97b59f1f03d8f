"""Random forecasts and what really came."""

from datetime import date, timedelta

from generate import BAD_DATES, BAD_NUMBERS, dirty


def settings(maker):
    r = maker.random
    return {
        "forecast_reliability": {
            "parameters": {"horizon_days": r.choice([0, 14, 30, 90]), "tolerance_percent": r.choice([0, 10, 25])}
        },
        "pipeline_forecast": {
            "parameters": {
                "horizon_days": r.choice([14, 30, 90, 365]), "lookback_months": r.choice([6, 15, 36]),
                "cases_needed": r.choice([1, 10, 60]), "cases_of_stage": r.choice([1, 5, 20]),
            }
        },
    }  # fmt: skip


def probabilities(maker, stages):
    """Gives some deal stages a probability."""
    for stage in stages:
        if maker.chance(0.7):
            stage["probability"] = round(maker.random.random(), 2)


def entries(maker):
    """Stages that deals entered, in any order."""
    r = maker.random
    words = ["new", "New", "proposal", "Proposal sent", "won", "Lost", "Parked"]
    found = []
    for deal in range(150):
        for _ in range(r.choice([0, 1, 2, 4])):
            found.append([f"d{deal}", maker.spoil(r.choice(words), [""]), maker.spoil(maker.moment(maker.day()), BAD_DATES)])
    return found


def first(year, month):
    """The first of a month, counted on past December and back before January."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def amount(maker):
    r = maker.random
    return f"{r.choice([0, r.uniform(1, 900), r.uniform(1000, 90000)]):.{r.choice([0, 2, 6])}f}"


def make(maker, folder, write):
    r = maker.random
    months = r.choice([1, 3])
    until = maker.as_of.year * 12 + maker.as_of.month + 2
    starts = [first(at // 12, at % 12 + 1) for at in range(until - months * r.choice([1, 5, 14, 40]), until + 1, months)]
    forecasts, actuals = [], []
    for start in starts:
        after = first(start.year, start.month + months)
        currency = r.choice(["EUR", "EUR", "", "USD", "SEK"])
        for _ in range(r.choice([1, 1, 1, 2])):
            if not maker.chance(0.1):
                actuals.append([
                    maker.spoil(start.isoformat(), BAD_DATES), maker.spoil(after.isoformat(), BAD_DATES),
                    maker.spoil(amount(maker), BAD_NUMBERS), currency,
                ])  # fmt: skip
        for _ in range(r.choice([0, 1, 3, 6])):
            made = after - timedelta(days=r.choice([0, 14, 30, 90, r.randrange(-3, 120)]))
            forecasts.append([
                maker.spoil(start.isoformat(), BAD_DATES), maker.spoil(after.isoformat(), BAD_DATES),
                maker.spoil(r.choice([made.isoformat(), maker.moment(made)]), BAD_DATES),
                maker.spoil(amount(maker), BAD_NUMBERS), r.choice([currency, "EUR"]),
            ])  # fmt: skip
    header = ["start_at", "end_at", "made_at", "amount", "currency"]
    write(folder, "forecasts", header, dirty(maker, header, forecasts, None))
    if maker.chance(0.7):
        header = ["deal_id", "stage", "at"]
        write(folder, "deal_stage_events", header, dirty(maker, header, entries(maker), None))
    if maker.chance(0.9):
        header = ["start_at", "end_at", "amount", "currency"]
        write(folder, "actuals", header, dirty(maker, header, actuals, None))
