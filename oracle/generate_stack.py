"""Random tools, capabilities, integrations and automations."""

from datetime import timedelta

from generate import BAD_DATES, BAD_NUMBERS, OWNERS, dirty


def tools(maker):
    r = maker.random
    header = ["id", "name", "owner", "annual_cost", "currency", "seats_licensed", "seats_active", "shared_logins",
              "admin_hours", "integration_cost", "training_cost", "renewal_at", "access_reviewed_at", "category"]  # fmt: skip
    rows = []
    for number in range(r.choice([1, 3, 12, 40])):
        licensed = r.randrange(1, 80)
        rows.append([
            f"t{number}", f"Tool {number}", maker.spoil(r.choice(OWNERS), [""]),
            maker.spoil(f"{r.uniform(0, 90000):.{r.choice([0, 2, 6])}f}", BAD_NUMBERS),
            r.choice(["EUR", "", "USD", "GBP", "SEK"]), maker.spoil(str(licensed), [""]),
            maker.spoil(str(r.randrange(0, licensed + 3)), ["", ""]), r.choice(["true", "false", ""]),
            maker.spoil(str(r.randrange(0, 60)), [""]), maker.spoil(f"{r.uniform(0, 9000):.2f}", [""]),
            maker.spoil(f"{r.uniform(0, 3000):.2f}", [""]),
            maker.spoil((maker.as_of + timedelta(days=r.choice([0, 90, r.randrange(-60, 400)]))).isoformat(), [""]),
            maker.spoil((maker.as_of - timedelta(days=r.choice([0, 365, r.randrange(-30, 900)]))).isoformat(), BAD_DATES),
            "",
        ])  # fmt: skip
    return header, dirty(maker, header, rows, "id")


def capabilities(maker, count):
    r = maker.random
    header = ["tool", "capability", "purpose", "in_use", "weight", "users"]
    rows, seen = [], set()
    for _ in range(count):
        tool, name, purpose = f"t{r.randrange(45)}", r.choice(["E-mail", "e-mail", "Forms", "Scoring", "Chat"]), r.choice(["Sales", "sales", "Marketing"])
        if (tool, name.lower(), purpose.lower()) in seen:
            continue
        seen.add((tool, name.lower(), purpose.lower()))
        use = maker.spoil(r.choice(["true", "false"]), [""])
        rows.append([tool, name, maker.spoil(purpose, [""]), use, r.choice(["", "1", "2", "0.5"]), maker.spoil(str(r.randrange(0, 30)), [""])])
    return header, dirty(maker, header, rows, None)


def integrations(maker):
    r = maker.random
    header = ["id", "from", "to", "state", "owner", "last_success_at", "runs", "errors", "criticality"]
    rows = []
    for number in range(r.choice([1, 5, 30])):
        runs = r.randrange(0, 5000)
        last = maker.as_of - timedelta(days=r.choice([0, 1, r.randrange(-3, 30)]))
        rows.append([
            f"i{number}", f"t{r.randrange(12)}", f"t{r.randrange(12)}",
            maker.spoil(r.choice(["stable", "stable", "workaround", "broken"]), [""]), maker.spoil(r.choice(OWNERS), [""]),
            maker.spoil(maker.moment(last), BAD_DATES), maker.spoil(str(runs), [""]),
            maker.spoil(str(r.randrange(0, runs + 1)), [""]), r.choice(["", "1", "3", "5"]),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, "id")


def automations(maker):
    r = maker.random
    header = ["id", "owner", "intended_runs", "observed_runs", "observed_days", "intended_outcome", "observed_outcomes", "reviewed_at"]
    rows = []
    for number in range(r.choice([1, 5, 30])):
        intended = r.choice([0, 1, 7, r.randrange(1, 400)])
        observed = max(0, intended + r.randrange(-1 - intended // 4, 2 + intended // 4))
        share = round(r.uniform(0.05, 0.95), 2)
        outcomes = min(observed, max(0, round(observed * share) + r.randrange(-4, 5)))
        rows.append([
            f"a{number}", r.choice(OWNERS), maker.spoil(str(intended), [""]), maker.spoil(str(observed), [""]), "90",
            str(share) if maker.chance(0.7) else "", maker.spoil(str(outcomes), [""]),
            maker.spoil((maker.as_of - timedelta(days=r.choice([0, 180, 181, r.randrange(-20, 300)]))).isoformat(), BAD_DATES),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, "id")


def charter(maker):
    """What the charter says of the stack, and its policies."""
    r = maker.random
    connections = {(f"t{r.randrange(12)}", f"t{r.randrange(12)}") for _ in range(r.randrange(0, 12))}
    stack = {"connections": [{"from": one, "to": other} for one, other in sorted(connections) if one != other]}
    if maker.chance(0.6):
        stack["admin_hourly_rate"] = r.choice([45, 62.5, 88.1])
    policies = {"automation_review_days": r.choice([90, 180]), "access_review_days": 365, "integration_freshness_hours": r.choice([12, 24, 72])}
    if maker.chance(0.8):
        policies["consent_age_days"] = r.choice([180, 365, 730])
    settings = {
        "shelfware_cost": {"parameters": {"utilisation": r.choice(["seats", "capabilities"])}},
        "renewal_exposure": {"parameters": {"utilisation": r.choice(["seats", "capabilities"]), "horizon_days": r.choice([1, 90, 200])}},
        "automation_drift": {"parameters": {"level_percent": r.choice([1, 5])}},
    }
    return {"stack": stack, "policies": policies}, settings


def make(maker, folder, write):
    write(folder, "tools", *tools(maker))
    write(folder, "capabilities", *capabilities(maker, maker.random.choice([2, 20, 120])))
    write(folder, "integrations", *integrations(maker))
    write(folder, "automations", *automations(maker))
