"""Random cases with the faults that real exports have, the same for the same seed."""

import csv
import json
import random
from datetime import date, datetime, timedelta

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]
BAD_DATES = ["soon", "2025-02-30", "31/31/2025", "not yet", "2025-13-01"]
BAD_NUMBERS = ["tbc", "12 or 13", "1.2.3.4", "ask Ana"]
BLANKS = ["", "", "  ", "N/A", "-", "Select…", "Unknown", "NULL"]
OWNERS = ["Ana", "Bo", "Chidi"]
SOURCES = ["Paid Social", "Organic Search", "Referral", "Offline"]


class Maker:
    """Draws a case."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        # How often a cell is blank, unreadable or out of order in this case; some cases are clean.
        self.fault = self.random.choice([0, 0.02, 0.08])
        self.as_of = date(2025, 1, 1) + timedelta(days=self.random.randrange(0, 500))

    def chance(self, share):
        return self.random.random() < share

    def moment(self, day, hour=None):
        """A time on a date, as a date alone, with a local time, or with an offset; never in the hours of clock changes."""
        shape = self.random.random()
        if shape < 0.3:
            return day.isoformat()
        clock = f"{self.random.randrange(4, 24):02}:{self.random.randrange(60):02}"
        if shape < 0.9:
            return f"{day.isoformat()} {clock}"
        return f"{day.isoformat()}T{clock}:{self.random.randrange(60):02}Z"

    def spoil(self, text, bad):
        """A cell that may be blank or unreadable."""
        if self.chance(self.fault):
            return self.random.choice(BLANKS)
        if self.chance(self.fault / 2):
            return self.random.choice(bad)
        return text

    def day(self, back=700, ahead=40):
        """A date around the as-of date, mostly before it."""
        if self.chance(0.03):
            return self.as_of
        return self.as_of + timedelta(days=self.random.randrange(-back, ahead))


def dirty(maker, header, rows, key):
    """Adds the rows that no figure can use."""
    width = len(header)
    rows = list(rows)
    if key and rows and maker.fault:
        for row in [row for row in rows if maker.chance(0.03)]:
            twin = list(row)
            if "updated_at" in header:
                twin[header.index("updated_at")] = (date(2010, 1, 1) + timedelta(days=len(rows))).isoformat()
            rows.append(twin)
        if maker.chance(0.5):
            rows.append([""] * width)
        if maker.chance(0.3):
            rows.append(["Total"] + [""] * (width - 1))
        if maker.chance(0.3):
            rows.append(rows[0] + ["one too many"])
        if maker.chance(0.3):
            rows.append([""] + rows[0][1:])
    maker.random.shuffle(rows)
    return rows


def write(folder, table, header, rows):
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def charter(maker):
    r = maker.random
    names = ["subscriber", "lead", "mql", "sql", "opportunity", "customer"]
    stages = names[r.choice([0, 1]) :]
    if maker.chance(0.2):
        stages = ["lead", "customer"]
    if maker.chance(0.2):
        stages = stages + ["evangelist"]
    exits = r.choice([[], ["disqualified"], ["disqualified", "recycled"]])
    settings = {
        "conversion_matured": {"parameters": {"horizon_days": r.choice([1, 14, 90, 365])}},
        "velocity_by_cohort": {"parameters": {"age_months": r.choice([0, 1, 3, 12])}},
        "lifecycle_conversion": {"parameters": {"semantics": r.choice(["all_stages", "any_stages"])}},
        "time_in_stage": {"parameters": {"stage": r.choice(stages[:-1])}},
        "cost_per_stage": {"parameters": {"stage": r.choice(stages)}},
    }

    def stage(name):
        made = {"id": name, "label": name.title()}
        if maker.chance(0.5):
            made["target"] = round(r.random(), 2)
        return made

    rates = []
    for currency in ("USD", "GBP"):
        for start in sorted(r.sample(range(700), r.randrange(1, 4))):
            begins = maker.as_of - timedelta(days=start)
            rates.append({"currency": currency, "from": begins.isoformat(), "rate": f"{r.uniform(0.5, 1.9):.9f}"})
    deal_stages = [
        {"id": "new", "label": "New", "state": "open", "qualified": False},
        {"id": "proposal", "label": "Proposal sent", "state": "open", "qualified": True},
        {"id": "won", "label": "Won", "aliases": ["Closed Won"], "state": "won", "qualified": True},
        {"id": "lost", "label": "Lost", "state": "lost", "qualified": maker.chance(0.5)},
    ]
    return {
        "time_zone": r.choice(ZONES),
        "currency": "EUR",
        "exchange_rates": rates,
        "minimum_n": 10,
        "lifecycle": {
            "stages": [stage(name) for name in stages],
            "lead": "lead",
            "customer": "customer",
            "exits": [stage(name) for name in exits],
        },
        "deal_stages": deal_stages,
        "kpis": settings,
    }


def contacts(maker, document, count):
    r = maker.random
    stages = [stage["id"] for stage in document["lifecycle"]["stages"]]
    exits = [stage["id"] for stage in document["lifecycle"]["exits"]]
    header = ["id", "created_at", "updated_at", "owner", "source"] + [f"stage:{one}" for one in stages + exits]
    steep = r.uniform(0.3, 0.9)
    rows = []
    for number in range(count):
        day, times, left = maker.day(), {}, None
        for one in stages:
            times[one] = day
            if not maker.chance(steep):
                left = one
                break
            day = day + timedelta(days=r.choice([0, 0, 1, 3, 7, r.randrange(60)]))
        if exits and left and maker.chance(0.5):
            times[r.choice(exits)] = day + timedelta(days=r.randrange(40))
        for one in list(times):
            if maker.chance(maker.fault):
                # Out of order, or skipped.
                if maker.chance(0.5):
                    times[one] = times[one] - timedelta(days=r.randrange(80))
                else:
                    del times[one]
        cells = [maker.spoil(maker.moment(times[one]), BAD_DATES) if one in times else "" for one in stages + exits]
        rows.append([
            f"c{number}", maker.moment(maker.day()), datetime(2026, 5, 1).date().isoformat(),
            maker.spoil(r.choice(OWNERS), BLANKS), maker.spoil(r.choice(SOURCES), BLANKS), *cells,
        ])  # fmt: skip
    return header, dirty(maker, header, rows, "id")


def deals(maker, document, count):
    r = maker.random
    header = ["id", "amount", "currency", "stage", "created_at", "closed_at", "updated_at", "owner", "source"]
    flags = maker.chance(0.4)
    if flags:
        header += ["is_won", "is_closed"]
    rows = []
    for number in range(count):
        created = maker.day()
        state = r.choice(["new", "proposal", "Proposal sent", "won", "Closed Won", "lost", "LOST"])
        if maker.chance(maker.fault):
            state = r.choice(["Parked", ""])
        closed = created + timedelta(days=r.choice([0, 0, 5, r.randrange(90), r.randrange(200)]))
        if maker.chance(maker.fault):
            closed = created - timedelta(days=r.randrange(1, 30))
        is_closed = state.lower() in ("won", "closed won", "lost")
        amount = f"{r.choice([0, r.uniform(1, 100), r.uniform(100, 90000)]):.{r.choice([0, 2, 6])}f}"
        if maker.chance(maker.fault / 2):
            amount = "-" + amount
        row = [
            f"d{number}", maker.spoil(amount, BAD_NUMBERS), r.choice(["EUR", "EUR", "", "USD", "GBP", "usd", "SEK"]),
            state, maker.spoil(maker.moment(created), BAD_DATES),
            maker.spoil(maker.moment(closed), BAD_DATES) if is_closed or maker.chance(0.1) else "",
            date(2026, 5, 1).isoformat(), maker.spoil(r.choice(OWNERS), BLANKS), maker.spoil(r.choice(SOURCES), BLANKS),
        ]  # fmt: skip
        if flags:
            won = state.lower() in ("won", "closed won")
            row += [str(won).lower(), str(is_closed).lower()] if maker.chance(0.9) else ["", ""]
        rows.append(row)
    return header, dirty(maker, header, rows, "id")


def question(maker):
    """As-of, period and filter."""
    r = maker.random
    day = maker.as_of
    year, month = day.year, day.month
    period = r.choice([
        "all", "all", f"{year}", f"{year - 1}", f"{year}-Q{(month - 1) // 3 + 1}", f"{year}-{month:02}",
        f"{year - 1}-Q2", f"{(day - timedelta(days=90)).isoformat()}/{(day - timedelta(days=30)).isoformat()}",
    ])  # fmt: skip
    filters = [("owner", r.choice(OWNERS + [""]))] if maker.chance(0.15) else []
    if maker.chance(0.15):
        filters.append(r.choice([("source", r.choice(SOURCES)), ("campaign", r.choice(["", "k1", "k2"])), ("channel", "Email")]))
    return day.isoformat(), period, filters


def make(folder, seed):
    """Writes a case into a folder and gives its question."""
    import generate_attribution
    import generate_charter
    import generate_edges
    import generate_forecast
    import generate_governance
    import generate_oversight
    import generate_people
    import generate_quality
    import generate_reading
    import generate_revenue
    import generate_stack

    maker = Maker(seed)
    document = charter(maker)
    size = maker.random.choice([0, 1, 3, 12, 60, 300])
    folder.mkdir(parents=True, exist_ok=True)
    header, rows = contacts(maker, document, size)
    write(folder, "deals", *deals(maker, document, maker.random.choice([1, 4, 20, 150])))
    # A generator of its own, so that what is added here leaves the draws above as they are.
    other = Maker(seed * 7919 + 1)
    other.as_of, other.fault = maker.as_of, maker.fault
    write(folder, "contacts", *generate_governance.consent(other, header, rows))
    for part in (generate_stack, generate_governance):
        more, settings = part.charter(other)
        document |= more
        document["kpis"] |= settings
        part.make(other, folder, write)
    # And one more, for the same reason.
    other = Maker(seed * 104729 + 3)
    other.as_of, other.fault = maker.as_of, maker.fault
    document["kpis"] |= generate_forecast.settings(other)
    generate_forecast.probabilities(other, document["deal_stages"])
    generate_forecast.make(other, folder, write)
    third = Maker(seed * 104729 + 2)
    third.as_of, third.fault = maker.as_of, maker.fault
    more, settings = generate_revenue.charter(third)
    document |= more
    document["kpis"] |= settings
    generate_revenue.operations(third, document["operations"])
    generate_revenue.make(third, folder, write, size)
    fourth = Maker(seed * 104729 + 4)
    fourth.as_of, fourth.fault = maker.as_of, maker.fault
    more, settings = generate_attribution.charter(fourth)
    document |= more
    document["kpis"] |= settings
    generate_attribution.make(fourth, folder, write)
    fifth = Maker(seed * 15485863 + 4)
    fifth.as_of, fifth.fault = maker.as_of, maker.fault
    document |= generate_oversight.charter(fifth)
    generate_oversight.sign(fifth, document["kpis"])
    generate_oversight.make(fifth, folder, write)
    sixth = Maker(seed * 32452843 + 5)
    sixth.as_of, sixth.fault = maker.as_of, maker.fault
    document |= generate_quality.charter(sixth, document)
    generate_quality.make(sixth, folder, write, document)
    seventh = Maker(seed * 49979687 + 6)
    seventh.as_of, seventh.fault = maker.as_of, maker.fault
    if seventh.chance(0.8):
        generate_people.make(seventh, folder, write, document)
    eighth = Maker(seed * 67867967 + 7)
    eighth.as_of, eighth.fault = maker.as_of, maker.fault
    if eighth.chance(0.8):
        generate_charter.add(eighth, folder, write, document)
    ninth = Maker(seed * 86028121 + 8)
    ninth.as_of, ninth.fault = maker.as_of, maker.fault
    as_of, period, filters = question(maker)
    tenth = Maker(seed * 141650939 + 9)
    tenth.as_of, tenth.fault = maker.as_of, maker.fault
    if tenth.chance(0.7):
        generate_edges.make(tenth, folder, write)
    eleventh = Maker(seed * 160481183 + 10)
    for path in sorted(folder.glob("*.csv")):
        if eleventh.chance(0.15):
            generate_reading.doubtful(eleventh, path, path.stem)
    if ninth.chance(0.8):
        generate_reading.add(ninth, folder, write, document)
        period = generate_reading.period(ninth, period)
    (folder / "charter.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return as_of, period, filters
