"""Random data standards, and what contacts need to be held to them."""

from generate_revenue import widen

RULES = ["stage_order", "stage_has_date", "nothing_before_created", "closed_has_date"]
DIMENSIONS = ["completeness", "validity", "uniqueness", "consistency", "currentness", "referential_integrity"]
PHONES = ["+49 30 1234567", "030/7654321", "(555) 123-4567 x12", "12345", "call me", "030+1234567"]


def charter(maker, document):
    r = maker.random
    stages = [stage["id"] for stage in document["lifecycle"]["stages"]]
    fields = ["email", "phone", "source", "owner", "account", "country", "first_response_at"]
    standard = {}
    if maker.chance(0.5):
        standard["consistency"] = r.sample(RULES, r.randrange(0, 5))
    if maker.chance(0.5):
        standard["current_days"] = r.choice([1, 30, 180, 365])
    if maker.chance(0.5):
        standard["weights"] = {name: r.randrange(0, 4) for name in DIMENSIONS} | {r.choice(DIMENSIONS): 1}
    if maker.chance(0.4):
        standard["required"] = {stage: r.sample(fields, r.randrange(1, 4)) for stage in r.sample(stages, r.randrange(1, len(stages)))}
    elif maker.chance(0.2):
        # A field that often has no column.
        standard["required"] = {stages[0]: ["phone"]}
    if maker.chance(0.4):
        standard["rules"] = [
            {"field": "contacts.segment", "allowed": ["Enterprise", "Mid"]}, {"field": "contacts.phone", "shape": "phone"},
            {"field": "deals.amount", "least": r.choice([0, 50]), "most": 50_000},
        ]  # fmt: skip
    return {"data_standard": standard} if standard else {}


def make(maker, folder, write, document):
    """A stage, a phone number and a name, as people write them; not in every case each."""
    r = maker.random
    lifecycle = document["lifecycle"]
    named = [name for stage in lifecycle["stages"] for name in (stage["id"], stage["label"], stage["label"].upper())]
    named += [stage["label"] for stage in lifecycle["exits"]]

    def cells(_):
        made = {
            "stage": maker.spoil(r.choice(named), ["Parked"]),
            "phone": maker.spoil(r.choice(PHONES[:3] if maker.chance(0.8) else PHONES), ["?"]),
            "name": maker.spoil(r.choice(["Ana", "Bo", "Chidi", "Dana"]), [""]),
        }
        return [made[field] for field in fields]

    fields = [field for field in ("stage", "phone", "name") if maker.chance(0.7)]
    if fields:
        widen(folder, "contacts", write, fields, cells)
