"""Random campaigns, touches, consent and suppression."""

from datetime import date, timedelta

from generate import BAD_DATES, OWNERS, SOURCES, dirty


def campaigns(maker):
    r = maker.random
    header = ["id", "channel", "owner", "checked_at", "approved_at", "launched_at", "qa_passed", "brand_approved"]
    rows = []
    for number in range(r.choice([1, 5, 40])):
        launched = maker.day(500, 40)
        before = [launched - timedelta(days=r.choice([0, 1, r.randrange(-2, 20)])) for _ in range(2)]
        rows.append([
            f"k{number}", "Search", maker.spoil(r.choice(OWNERS), [""]), maker.spoil(maker.moment(before[0]), [""]),
            maker.spoil(maker.moment(before[1]), [""]), maker.spoil(maker.moment(launched), BAD_DATES),
            maker.spoil(r.choice(["true", "true", "false"]), [""]), maker.spoil(r.choice(["true", "true", "false"]), [""]),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, "id")


def touches(maker, contacts):
    r = maker.random
    header = ["contact_id", "at", "kind", "direction", "automated", "channel", "owner"]
    kinds = ["email_sent", "email_sent", "email_open", "form", "call", "visit", "ad_click"]
    rows = []
    for _ in range(r.choice([2, 30, 300])):
        rows.append([
            f"c{r.randrange(contacts + 2)}", maker.spoil(maker.moment(maker.day()), BAD_DATES), r.choice(kinds),
            r.choice(["inbound", "outbound"]), r.choice(["true", "false"]), r.choice(["Search", "Email", "Social"]), r.choice(OWNERS),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, None)


def consent(maker, header, rows):
    """Adds consent and suppression to contacts."""
    r = maker.random
    more = ["email", "consent_state", "consent_basis", "consent_at", "suppressed", "suppressed_at",
            "first_response_at", "assigned_at", "first_owner"]
    wide = []
    for row in rows:
        if len(row) != len(header) or not any(row) or row[0] == "Total":
            wide.append(row[: len(header)] + [""] * len(more) + row[len(header) :])
            continue
        suppressed = maker.chance(0.15)
        since = maker.moment(maker.day()) if suppressed and maker.chance(0.8) else ""
        wide.append(row + [
            maker.spoil(f"{row[0]}@example.com", [""]), r.choice(["given", "given", "withdrawn", ""]),
            r.choice(["", "legitimate interest"]), maker.spoil(maker.moment(maker.day(900)), BAD_DATES),
            maker.spoil(str(suppressed).lower(), [""]), since, *answer(maker, row[header.index("created_at")]),
        ])  # fmt: skip
    return header + more, wide


def answer(maker, created):
    """First response, assignment and first owner of a contact."""
    r = maker.random
    try:
        day = date.fromisoformat(created[:10])
    except ValueError:
        day = maker.as_of
    response = maker.moment(day + timedelta(days=r.choice([0, 0, 1, 3, r.randrange(30)]))) if maker.chance(0.6) else ""
    return [maker.spoil(response, BAD_DATES), maker.moment(day + timedelta(days=r.randrange(3))), maker.spoil(r.choice(OWNERS), [""])]


def operations(maker):
    """Business hours, holidays and routing rules; some organisations have none."""
    r = maker.random
    rules = []
    for number in range(r.randrange(0, 4)):
        sources = r.sample(SOURCES, r.randrange(1, 3))
        rules.append({"id": f"rule{number}", "when": {"source": sources}, "owners": r.sample(OWNERS, r.randrange(1, 3))})
    found = {"routing": rules, "holidays": [(maker.as_of - timedelta(days=r.randrange(300))).isoformat() for _ in range(5)]}
    if maker.chance(0.5):
        found["business_hours"] = [{"day": day, "from": "08:30", "until": r.choice(["12:00", "18:15"])} for day in ("monday", "thursday", "saturday")]
    return found


def charter(maker):
    r = maker.random
    rules = []
    for number in range(r.randrange(0, 5)):
        rule = {"id": f"r{number}", "owner": maker.spoil("Ana", [""])}
        if maker.chance(0.8):
            rule["reviewed_at"] = (maker.as_of - timedelta(days=r.choice([0, 180, 181, r.randrange(-10, 300)]))).isoformat()
        rules.append(rule)
    people = [{"id": name.lower(), "name": name} | r.choice([{}, {"authority": True}, {"authority": False}]) for name in OWNERS]
    functions = [
        {
            "id": f"f{number}", "label": f"Function {number}", "layer": r.choice(["people", "process", "platform", "proof"]),
            "critical": maker.chance(0.8), "accountable": r.sample(["ana", "Bo", "chidi"], r.choice([0, 1, 1, 1, 2])),
        }
        for number in range(r.randrange(0, 9))
    ]  # fmt: skip
    work = ["configuration", "lead_management", "security", "network", "reporting_line"]
    teams = ["marketing_operations", "IT", "Marketing Operations", "sales"]
    held = [{"id": name, "held_by": r.choice(teams)} for name in r.sample(work, r.randrange(0, 5))]
    if maker.chance(0.3):
        held.append({"id": "events", "label": "Events", "held_by": "sales", "should_be_held_by": r.choice(teams)})
    governed = {"people": people if maker.chance(0.8) else [], "functions": functions, "responsibilities": held}
    return governed | {"suppression_rules": rules, "operations": operations(maker)}, {}


def make(maker, folder, write):
    write(folder, "campaigns", *campaigns(maker))
    write(folder, "touches", *touches(maker, 60))
