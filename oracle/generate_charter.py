"""Random parts of the charter that need no files of their own: what is blank, how many records are few, targets, what the
control stack is made of."""

import csv

from generate_revenue import widen

STACKED = [
    "data_quality", "tracking_compliance", "tracking_compliance/untagged", "consent_currency", "suppression_health", "duplicate_rate",
    "suppression_health/respected", "integration_health", "integration_coverage", "stack_utilisation", "permission_review",
    "ownership_coverage", "ownership_coverage/people", "quality_control", "quality_control/brand", "automation_drift", "ai_oversight",
    "definition_coverage", "reporting_rhythm", "forecast_reliability", "routing_accuracy", "intake_balance", "data_completeness",
]  # fmt: skip
TARGETS = {
    "win_rate": 0.4, "average_deal": 9000, "sales_cycle": 40, "data_quality": 0.8, "duplicate_rate": 0.1, "budget_pacing": 1,
    "seat_utilisation": 0.5, "forecast_reliability": 0.2, "readiness": 1, "control_stack": 50, "speed_to_lead": 60, "cac": 500,
    "integration_health": 0.6, "pipeline_created": 500_000, "ownership_coverage": 0.5, "time_in_stage": 9, "tracking_compliance": 0.5,
}  # fmt: skip


def control_stack(maker):
    r = maker.random

    def scores(prefix, count):
        return [
            {"id": f"{prefix}{at}", "label": f"{prefix} {at}", "inputs": r.sample(STACKED, r.randrange(1, 5))} for at in range(count)
        ]

    said = {}
    if maker.chance(0.8):
        said["layers"] = scores("layer", r.randrange(1, 6))
    if maker.chance(0.5):
        said["pillars"] = scores("pillar", r.randrange(0, 4))
    return said


def pace(maker):
    """How fast a migration goes."""
    r = maker.random
    least = r.choice([0, 0.5, 3])
    said = {"hours_per_automation": {"least": least, "most": least + r.choice([0, 4.5])}}
    if maker.chance(0.5):
        said |= {"hours_a_week": r.choice([8, 37.5]), "steps_where_unknown": {"least": 1, "most": 30}}
    if maker.chance(0.5):
        said |= {"fixed_weeks": {"least": 0, "most": 2}, "hours_per_step": {"least": 0.1, "most": 0.1}}
    return said


def unreadable(maker, folder, write):
    """Some marks of suppressed contacts, and dates since when, that nobody can read."""
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows:
        for name in ("suppressed", "suppressed_at"):
            if len(row) == len(header) and any(row) and row[0] != "Total" and maker.chance(maker.fault / 2):
                row[header.index(name)] = maker.random.choice(["perhaps", "?", ""])
    write(folder, "contacts", header, rows)


def add(maker, folder, write, document):
    r = maker.random
    if maker.chance(0.5):
        document["readiness"] = document.get("readiness", {}) | {"migration": pace(maker)}
    unreadable(maker, folder, write)
    widen(folder, "automations", write, ["steps"], lambda _: [maker.spoil(str(r.randrange(0, 40)), ["", "many", "-3"])])
    if maker.chance(0.6):
        document["control_stack"] = control_stack(maker)
    if maker.chance(0.3):
        document["blanks"] = r.sample(["n/a", "null", "unknown", "-", "select…", "parked", "bo", "0"], 5)
    if maker.chance(0.5):
        document["minimum_n"] = r.choice([0, 1, 5, 30])
    policies = document.setdefault("policies", {})
    if maker.chance(0.5):
        policies["suppression_review_days"] = r.choice([30, 179, 180, 365])
    if maker.chance(0.3):
        document["currency"] = "USD"
        for rate in document["exchange_rates"]:
            rate["currency"] = {"USD": "EUR"}.get(rate["currency"], rate["currency"])
    standard = {}
    if maker.chance(0.4):
        standard["references"] = r.sample([
            {"field": "deals.contact_ids", "to": "contacts"}, {"field": "deals.campaign", "to": "campaigns"},
            {"field": "contacts.owner", "to": "contacts"}, {"field": "contacts.account", "to": "tools"},
        ], r.randrange(0, 4))  # fmt: skip
    if maker.chance(0.4):
        standard["required_of_deals"] = r.sample(["stage", "amount", "owner", "closed_at", "campaign", "contact_ids", "is_won"], r.randrange(0, 4))
    if standard:
        document["data_standard"] = document.get("data_standard", {}) | standard
    if "tracking" in document and maker.chance(0.5):
        document["tracking"]["kinds"] = r.sample(["visit", "form", "ad_click", "email_click"], r.randrange(1, 3))
    for stage in document["lifecycle"]["stages"]:
        if maker.chance(0.3):
            stage["aliases"] = [f"{stage['id']} lead", f"our {stage['id']}"][: r.randrange(3)]
    for kpi, around in TARGETS.items():
        if maker.chance(0.5):
            settings = document["kpis"].setdefault(kpi, {})
            other = round(around * r.uniform(0.5, 1.2), 3)
            settings["target"] = r.choice([around, 0, other])
            if maker.chance(0.5):
                settings["tolerance"] = r.choice([0, 0.05, 0.5])
