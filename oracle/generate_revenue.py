"""Random spend, budgets, requests and reports; what deals, touches, campaigns and contacts need for them."""

import csv
from datetime import date, timedelta

from generate import BAD_DATES, BAD_NUMBERS, OWNERS, SOURCES, dirty

CHANNELS = ["Paid Social", "paid social", "Organic Search", "Referral", "Search", "Email", "Fairs"]
CURRENCIES = ["EUR", "EUR", "", "USD", "GBP", "gbp", "SEK"]
CATEGORIES = ["media", "Media", "tools", "people", "sales", "agency", ""]
KINDS = ["email_sent", "form", "visit", "ad_click", "unsubscribe", "email_click"]


def widen(folder, table, write, fields, cells):
    """Adds columns to a table that is written already; rows that no figure can use get blank cells."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    wide = []
    for row in rows:
        usable = len(row) == len(header) and any(row) and row[0] != "Total"
        more = cells(dict(zip(header, row))) if usable else [""] * len(fields)
        wide.append(row[: len(header)] + more + row[len(header) :])
    write(folder, table, header + fields, wide)


def amount(maker, most):
    r = maker.random
    text = f"{r.choice([0, r.uniform(1, 100), r.uniform(100, most)]):.{r.choice([0, 2, 6])}f}"
    if maker.chance(maker.fault / 2):
        text = "-" + text
    return maker.spoil(text, BAD_NUMBERS)


def spend(maker):
    r = maker.random
    header = ["at", "channel", "campaign", "category", "amount", "currency"]
    rows = []
    for _ in range(r.choice([1, 20, 150])):
        rows.append([
            maker.spoil(maker.moment(maker.day()), BAD_DATES), r.choice(CHANNELS + [""]), r.choice(["", "", "k1", "K2", "k3"]),
            r.choice(CATEGORIES), amount(maker, 20000), r.choice(CURRENCIES),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, None)


def quarters(maker):
    """The quarters around the as-of date."""
    found = []
    for number in range(-8, 2):
        months = maker.as_of.year * 4 + (maker.as_of.month - 1) // 3 + number
        found.append([date(m // 4, m % 4 * 3 + 1, 1) for m in (months, months + 1)])
    return found


def budgets(maker):
    r = maker.random
    header = ["start_at", "end_at", "planned_at", "channel", "campaign", "amount", "currency"]
    rows = []
    for _ in range(r.choice([1, 6, 60])):
        start, end = r.choice(quarters(maker))
        if maker.chance(maker.fault):
            end = start - timedelta(days=r.randrange(3))
        planned = start + timedelta(days=r.choice([-20, -1, 0, 1, r.randrange(-60, 60)]))
        rows.append([
            maker.spoil(start.isoformat(), BAD_DATES), maker.spoil(end.isoformat(), BAD_DATES),
            maker.spoil(maker.moment(planned), BAD_DATES), r.choice(CHANNELS + [""]), r.choice(["", "", "", "k1", "K1", "k2"]),
            amount(maker, 90000), r.choice(CURRENCIES),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, None)


def deal(maker, size):
    """Contacts, expected closing date, recurring revenue and campaign of a deal."""
    r = maker.random

    def cells(row):
        ids = [f"c{r.randrange(size + 2)}" for _ in range(r.choice([0, 1, 1, 1, 2, 3]))]
        expected = maker.spoil(maker.moment(maker.day(300, 200)), BAD_DATES)
        return [r.choice([";", "; "]).join(ids), expected, amount(maker, 3000), maker.spoil(f"k{r.randrange(8)}", [""])]

    return cells


def touch(maker):
    """Campaign and UTM parameters of a touch; one touch in four has no channel."""
    r = maker.random

    def cells(row):
        tags = ["", "", ""]
        if maker.chance(0.6):
            tags = [
                r.choice(["google", "Google", "linkedin", "newsletter", "(direct)", "bing", "youtube", ""]),
                r.choice(["cpc", "email", "Email", "social", "paid-social", "organic", "referral", "(none)", "display", "banner", "sms", "odd", ""]),
                r.choice(["2025-03_spring", "spring", "Spring sale", "2025-04_shop_x", ""]),
            ]  # fmt: skip
        return [r.choice(["", "", "k1", "k2"]), *tags, r.choice(["", "", "shoes"])]

    return cells


def campaign(maker):
    """Brief, build and due dates and returns of a campaign."""
    r = maker.random

    def cells(row):
        day = maker.day(500, 40)
        try:
            day = date.fromisoformat(row["launched_at"][:10])
        except ValueError:
            pass
        briefed = day - timedelta(days=r.choice([0, 10, r.randrange(-3, 70)]))
        built = briefed + timedelta(days=r.choice([0, 3, r.randrange(-2, 20)]))
        due = day + timedelta(days=r.choice([0, 0, r.randrange(-9, 9)]))
        return [
            maker.spoil(maker.moment(briefed), BAD_DATES), maker.spoil(maker.moment(built), BAD_DATES),
            maker.spoil(maker.moment(due), BAD_DATES), maker.spoil(str(r.choice([0, 0, 1, 2, 5])), BAD_NUMBERS),
        ]  # fmt: skip

    return cells


def unlaunched(maker, folder, write):
    """Some campaigns are briefed and not launched."""
    with (folder / "campaigns.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index("launched_at")
    for row in rows:
        if len(row) == len(header) and maker.chance(0.2):
            row[place] = ""
    write(folder, "campaigns", header, rows)


def requests(maker):
    r = maker.random
    header = ["id", "requester", "owner", "kind", "created_at", "started_at", "closed_at", "due_at"]
    rows = []
    for number in range(r.choice([1, 10, 120])):
        asked = maker.day(500, 20)
        started = asked + timedelta(days=r.choice([0, 2, r.randrange(-1, 30)]))
        closed = started + timedelta(days=r.choice([0, 5, r.randrange(-1, 60)]))
        begun, done = maker.chance(0.85), maker.chance(0.75)
        rows.append([
            f"q{number}", "Sales", maker.spoil(r.choice(OWNERS), [""]),
            maker.spoil(r.choice(["strategic", "Strategic", "reactive", "fix", "project", "odd"]), [""]),
            maker.spoil(maker.moment(asked), BAD_DATES), maker.spoil(maker.moment(started), BAD_DATES) if begun else "",
            maker.spoil(maker.moment(closed), BAD_DATES) if done else "", maker.moment(asked + timedelta(days=14)),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, "id")


def reports(maker):
    r = maker.random
    header = ["name", "owner", "due_at", "delivered_at", "hours"]
    rows = []
    for _ in range(r.choice([1, 10, 80])):
        due = maker.day(500, 20)
        late = due + timedelta(days=r.choice([0, 0, -1, 1, r.randrange(-3, 6)]))
        rows.append([
            r.choice(["Weekly", "Board"]), r.choice(OWNERS), maker.spoil(maker.moment(due), BAD_DATES),
            maker.spoil(maker.moment(late), BAD_DATES) if maker.chance(0.85) else "",
            maker.spoil(r.choice(["0.5", "2", "3.25", "-1"]), BAD_NUMBERS),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, None)


def revenue(maker):
    """What the charter says of revenue; some say little."""
    r = maker.random
    said = {
        "sourced_by": r.choice(["first_contact", "deal"]),
        "influence_window_days": r.choice([0, 7, 90, 180]),
        "reporting_lag_days": r.choice([0, 0, 3]),
        "acquisition_lag_months": r.choice([0, 0, 1, 3]),
    }
    if maker.chance(0.7):
        said["marketing_sources"] = r.sample(["paid social", "Organic Search", "Referral"], r.randrange(0, 3))
    if maker.chance(0.5):
        said["marketing_cost_lines"] = r.sample(["media", "tools", "people"], r.randrange(1, 3))
    if maker.chance(0.5):
        said["acquisition_cost_lines"] = r.sample(["media", "Sales", "people"], r.randrange(1, 3))
    if maker.chance(0.7):
        said["gross_margin"] = r.choice([0.8, 0.655, 1])
    targets = [
        {"from": start.isoformat(), "until": end.isoformat(), "amount": round(r.uniform(1, 2000000), r.choice([0, 2]))}
        for start, end in quarters(maker)
    ]
    said["targets"] = targets if maker.chance(0.8) else targets[::2]
    return said


def charter(maker):
    r = maker.random
    settings = {
        "marketing_roi": {"parameters": {
            "attribution": r.choice(["sourced", "influenced", "influenced_fractional"]), "of": r.choice(["revenue", "gross_margin"]),
        }},
        "intake_balance": {"parameters": {"most_reactive": r.choice([0, 40, 50])}},
        "segment_health": {"parameters": {"window_days": r.choice([1, 90, 400]), "exhausting_sends": r.choice([1, 2, 5])}},
        "ai_oversight": {"parameters": {"quality_bar": r.choice([0, 50, 90, 99])}},
    }  # fmt: skip
    return {"revenue": revenue(maker)}, settings


def operations(maker, said):
    """More of how work runs."""
    r = maker.random
    if maker.chance(0.5):
        said["strategic_kinds"] = ["strategic", "project"]
        said["reactive_kinds"] = ["Reactive", "fix"]
    if maker.chance(0.5):
        said["engagement_kinds"] = r.sample(KINDS[1:4], r.randrange(1, 3))


def person(maker):
    """Segment, region, country and account of a contact."""
    r = maker.random

    def cells(row):
        return [
            maker.spoil(r.choice(["Enterprise", "Small", "Mid"]), [""]), r.choice(["DACH", "Nordics", ""]),
            maker.spoil(r.choice(["DE", "SE"]), [""]), maker.spoil(f"Account {r.randrange(30)}", [""]),
        ]  # fmt: skip

    return cells


def make(maker, folder, write, size):
    widen(folder, "contacts", write, ["segment", "region", "country", "account"], person(maker))
    write(folder, "spend", *spend(maker))
    write(folder, "budgets", *budgets(maker))
    write(folder, "requests", *requests(maker))
    write(folder, "reports", *reports(maker))
    widen(folder, "deals", write, ["contact_ids", "expected_close_at", "recurring_amount", "campaign"], deal(maker, size))
    widen(folder, "touches", write, ["campaign", "utm_source", "utm_medium", "utm_campaign", "utm_term"], touch(maker))
    widen(folder, "campaigns", write, ["briefed_at", "built_at", "due_at", "returns"], campaign(maker))
    unlaunched(maker, folder, write)
