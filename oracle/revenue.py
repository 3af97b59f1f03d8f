"""The figures of deals, from their definitions."""

from compare import Money, counted, faults
from interval import median, order_statistics, rate


def state_sql(case):
    """won, lost, open, or NULL where neither flags nor the charter's deal stages say."""
    names = []
    for stage in case.charter["deal_stages"]:
        for name in {stage["id"], stage.get("label", ""), *stage.get("aliases", [])} - {""}:
            names.append((name.lower(), stage["state"]))
    stages = " ".join(f"WHEN lower(stage) = '{name}' THEN '{state}'" for name, state in names)
    return f"""CASE WHEN is_won THEN 'won' WHEN is_closed AND is_won = FALSE THEN 'lost' WHEN is_closed = FALSE THEN 'open'
        {stages} END"""


def qualified_sql(case):
    names = []
    for stage in case.charter["deal_stages"]:
        if stage.get("qualified"):
            names += [name.lower() for name in {stage["id"], stage.get("label", ""), *stage.get("aliases", [])} - {""}]
    return "lower(stage) IN (" + ", ".join(f"'{name}'" for name in names or ["\u0000"]) + ")"


def deals(case, day):
    """Deals with their state and their amount in the charter's currency at the rate of a day."""
    return f"""(SELECT *, CASE WHEN own THEN amount WHEN rate IS NULL THEN NULL
            ELSE scaled // 1000000000 + CASE WHEN 2 * (scaled % 1000000000) > 1000000000
                OR (2 * (scaled % 1000000000) = 1000000000 AND (scaled // 1000000000) % 2 = 1) THEN 1 ELSE 0 END
            END AS converted, NOT own AND rate IS NULL AS no_rate
        FROM (SELECT *, amount * rate AS scaled FROM
            (SELECT d.*, {state_sql(case)} AS state, coalesce(upper(currency) = '{case.currency}', TRUE) AS own,
                (SELECT arg_max(rate, from_day) FROM rates r
                    WHERE r.currency = upper(d.currency) AND from_day <= d.{day}_day) AS rate FROM deals d)))"""


AMOUNT = """WHEN amount_bad THEN 'unparsable_number' WHEN amount IS NULL THEN 'blank_field'
    WHEN amount < 0 THEN 'negative_amount' WHEN no_rate THEN 'no_fx_rate'"""


def closed(case):
    """Why a deal is not among those closed in the period; without ELSE."""
    return f"""WHEN NOT kept THEN 'outside_filter' WHEN created_at > {case.as_of} THEN 'after_as_of'
        WHEN state IS NULL AND stage IS NULL THEN 'blank_field' WHEN state IS NULL THEN 'unknown_stage'
        WHEN state = 'open' THEN 'in_flight' WHEN closed_at_bad THEN 'unparsable_date'
        WHEN closed_at IS NULL THEN 'blank_field' WHEN closed_at > {case.as_of} THEN 'in_flight'
        WHEN NOT {case.period_sql("closed_at")} THEN 'outside_period'"""


def ledger(case, relation):
    excluded, used = dict(case.rejected["deals"]), 0
    for reason, count in case.rows(f"SELECT reason, count(*) FROM {relation} GROUP BY 1"):
        if reason is None:
            used = count
        else:
            excluded[reason] = excluded.get(reason, 0) + count
    return {"read": case.read["deals"], "used": used, "excluded": excluded}


def win_rate(case):
    relation = f"(SELECT *, CASE {closed(case)} END AS reason FROM {deals(case, 'closed_at')})"
    won, total = case.one(f"SELECT count(*) FILTER (state = 'won'), count(*) FROM {relation} WHERE reason IS NULL")
    by_count = rate(won, total) | ledger(case, relation)
    relation = f"(SELECT *, CASE {closed(case)} {AMOUNT} END AS reason FROM {deals(case, 'closed_at')})"
    won, total = case.one(
        f"SELECT sum(converted) FILTER (state = 'won'), sum(converted) FROM {relation} WHERE reason IS NULL"
    )
    value = int(won or 0) / int(total) if total else None
    by_value = {"value": value, "interval": None} | ledger(case, relation)
    if total:
        by_value |= {"numerator": Money(int(won or 0)), "denominator": Money(int(total))}
    return by_count | {"parts": {"by_count": by_count, "by_value": by_value}}


def won_amounts(case):
    reason = f"CASE {closed(case)} WHEN state <> 'won' THEN 'not_counted' {AMOUNT} END"
    relation = f"(SELECT *, {reason} AS reason FROM {deals(case, 'closed_at')})"
    return [int(row[0]) for row in case.rows(f"SELECT converted FROM {relation} WHERE reason IS NULL")], ledger(
        case, relation
    )


def average_deal(case):
    amounts, rows = won_amounts(case)
    mean = {"value": None, "interval": None} | rows
    if amounts:
        mean |= {
            "value": sum(amounts) / len(amounts) / 1e6,
            "numerator": Money(sum(amounts)),
            "denominator": len(amounts),
        }
    limits = order_statistics(amounts)
    middle = median(amounts)
    part = {
        "value": None if middle is None else middle / 1e6,
        "interval": limits and [Money(limit) for limit in limits],
    } | rows
    return mean | {"parts": {"mean": mean, "median": part}}


def sales_cycle(case):
    reason = f"""CASE {closed(case)} WHEN state <> 'won' THEN 'not_counted'
        WHEN created_at_bad THEN 'unparsable_date' WHEN created_at IS NULL THEN 'blank_field'
        WHEN closed_at < created_at THEN 'negative_duration' END"""
    relation = f"(SELECT *, {reason} AS reason FROM {deals(case, 'closed_at')})"
    days = [row[0] for row in case.rows(f"SELECT closed_at_day - created_at_day FROM {relation} WHERE reason IS NULL")]
    rows = ledger(case, relation)
    middle = {"value": median(days), "interval": order_statistics(days)} | rows
    mean = {"value": sum(days) / len(days) if days else None} | rows
    return middle | {"parts": {"median": middle, "mean": mean}}


def pipeline_created(case):
    reason = f"""CASE WHEN NOT kept THEN 'outside_filter' WHEN created_at_bad THEN 'unparsable_date'
        WHEN created_at IS NULL THEN 'blank_field' WHEN created_at > {case.as_of} THEN 'after_as_of'
        WHEN NOT {case.period_sql("created_at")} THEN 'outside_period' {AMOUNT} END"""
    relation = f"(SELECT *, {reason} AS reason FROM {deals(case, 'created_at')})"
    total, count = case.one(f"SELECT coalesce(sum(converted), 0), count(*) FROM {relation} WHERE reason IS NULL")
    rows = ledger(case, relation)
    left_out = case.one(f"""SELECT count(*) FROM {relation} WHERE reason IS NOT NULL AND created_at <= {case.as_of}
        AND kept AND {case.period_sql("created_at")}""")[0]
    value = None if count == 0 and left_out else Money(int(total))
    # Of no known day, only amounts in the charter's own currency are known.
    undated, more = case.one(f"""SELECT count(*), coalesce(sum(amount), 0) FROM {relation}
        WHERE kept AND created_at IS NULL AND amount >= 0 AND own""")
    bounds = [Money(int(total)), Money(int(total + more))] if more and undated == faults(rows) else None
    return {"value": value, "numerator": value, "bounds": bounds, **rows, "parts": {"deals": counted(rows) | rows}}


def pipeline_velocity(case):
    end = case.as_of if case.end is None else min(case.as_of, case.end - 1)
    relation = deals(case, "closed_at")
    count = case.one(f"""SELECT count(*) FROM {relation} WHERE kept AND state IS NOT NULL AND coalesce(created_at <= {end}, TRUE)
        AND {qualified_sql(case)} AND (state = 'open' OR closed_at > {end})""")[0]
    wins, average, cycle = win_rate(case), average_deal(case), sales_cycle(case)
    factors = [count, wins["value"], average["value"], cycle["value"]]
    value = None
    if None not in factors and cycle["value"] > 0:
        value = count * wins["value"] * average["value"] / cycle["value"]
    # The parts leave out deals each in its own way, which the definition doesn't name: values alone are compared.
    parts = {"open_qualified": {"value": count}}
    for name, figure in (("win_rate", wins), ("average_deal", average), ("sales_cycle", cycle)):
        parts[name] = {key: figure[key] for key in ("value", "interval") if key in figure}
    return {"value": value, "read": case.read["deals"], "parts": parts}


KPIS = {
    "pipeline_created": (pipeline_created, "deals"),
    "win_rate": (win_rate, "deals"),
    "average_deal": (average_deal, "deals"),
    "sales_cycle": (sales_cycle, "deals"),
    "pipeline_velocity": (pipeline_velocity, "deals"),
}
