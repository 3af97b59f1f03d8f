"""Random AI features, sign-offs, gates and standards."""

from datetime import timedelta

from generate import OWNERS, dirty

FIELDS = ["contacts.email", "contacts.source", "contacts.owner", "deals.amount", "deals.owner", "contacts.phone", "nowhere.at_all"]
# Figures that gates are decided by, some with a part.
DECIDING = [
    ("data_completeness", None), ("tracking_compliance", None), ("tracking_compliance", "untagged"), ("routing_accuracy", "match_rate"),
    ("integration_health", None), ("ownership_coverage", None), ("quality_control", "checklist"), ("automation_drift", None),
    ("win_rate", "by_value"), ("permission_review", None), ("suppression_health", None), ("campaign_cycle_time", "no_such_part"),
]  # fmt: skip


def features(maker):
    r = maker.random
    header = ["id", "owner", "active", "monitor", "inputs", "reviewed_at"]
    rows = [
        [
            f"f{number}", maker.spoil(r.choice(OWNERS), [""]), maker.spoil(r.choice(["true", "true", "false"]), ["", "perhaps"]),
            maker.spoil("Weekly", [""]), "; ".join(r.sample(FIELDS, r.choice([0, 1, 1, 2, 3]))), maker.moment(maker.day()),
        ]
        for number in range(r.choice([1, 6, 30]))
    ]  # fmt: skip
    return header, dirty(maker, header, rows, "id")


def sets(maker, count):
    r = maker.random

    def gate(number):
        figure, part = r.choice(DECIDING)
        bar = {r.choice(["at_least", "at_most"]): r.choice([0, 0.5, 0.8, 1, round(r.random(), 2)])}
        return {"id": f"g{number}", "label": f"Gate {number}", "figure": figure} | bar | ({"part": part} if part else {})

    return [
        {"id": f"s{number}", "label": f"Set {number}", "gates": [gate(one) for one in range(r.randrange(1, 5))]}
        for number in range(count)
    ]


def sign(maker, settings):
    """Owners, and sign-offs of definitions that have changed since; the caller signs some as they are."""
    r = maker.random
    for one in settings.values():
        if maker.chance(0.5):
            one["owner"] = r.choice(OWNERS)
        if maker.chance(0.4):
            at = maker.as_of + timedelta(days=r.choice([-100, -1, 0, 1]))
            one["sign_off"] = {"by": r.choice([*OWNERS, "bo", "Nobody"]), "at": at.isoformat(), "hash": "0123456789abcdef"}


def charter(maker):
    r = maker.random
    said = {}
    for name in ("signals", "rollout"):
        if maker.chance(0.6):
            said[name] = sets(maker, r.randrange(1, 4))
    if maker.chance(0.6):
        said["readiness"] = {"decisions": sets(maker, r.randrange(1, 4))}
    if maker.chance(0.7):
        said["tracking"] = {
            "required": r.sample(["utm_source", "utm_medium", "utm_campaign"], r.randrange(0, 4)), "lower_case": maker.chance(0.5),
            "known_channel": maker.chance(0.7), "sources": r.choice([[], ["google", "linkedin"]]),
            "mediums": r.choice([[], ["cpc", "email", "Email"]]), "campaign_pattern": r.choice(["", "####-##_*", "*spring", "#*"]),
        }  # fmt: skip
    return said


def make(maker, folder, write):
    write(folder, "ai_features", *features(maker))
