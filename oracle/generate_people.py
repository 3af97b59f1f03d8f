"""Random people among the contacts, and the same people once more as somebody else has typed them in."""

import csv

NAMES = ["Ana", "Anna", "Bo", "Chidi", "Dana", "Élise", "Elise", "Jürgen", "Jurgen", "Martha", "Marhta", "Øyvind", "Łucja"]
FAMILIES = ["Petrova", "Petrowa", "Ode", "Okafor", "O'Neil", "ONeil", "Meyer", "Maier", "Mayer", "Dixon", "Dicksonx", "van der Berg", "Berg", "李"]
DOMAINS = ["kestrel.com", "tern.example.com", "MAIL.org", "mail.org", "gull.co"]
FIELDS = ["email", "name", "last_name", "phone", "account", "match:number"]


def person(maker, shared):
    r = maker.random
    name, family = r.choice(NAMES), r.choice(FAMILIES)
    number = r.randrange(10 if shared else 10**7)
    return {
        "email": f"{name[:1]}.{family.replace(' ', '')}{r.choice(['', r.randrange(90)])}@{r.choice(DOMAINS)}".lower(),
        "name": name, "last_name": family, "phone": f"+49 30 {1000000 + number}",
        "account": f"{r.choice(['Kestrel', 'Tern', 'Gull', 'Mallard', 'Northern'])} {r.choice(['Bay', 'Works', 'Bay AG', r.randrange(40)])}",
        "match:number": str(r.randrange(100, 99999)),
    }  # fmt: skip


def again(maker, one):
    """The same person, entered a second time."""
    r = maker.random
    one = dict(one)
    for _ in range(r.choice([0, 1, 1, 2, 3])):
        field = r.choice(FIELDS)
        text = one[field]
        match r.randrange(7):
            case 0:
                one[field] = ""
            case 1:
                one[field] = text.upper() + " "
            case 2 if len(text) > 2:
                at = r.randrange(len(text) - 1)
                one[field] = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            case 3 if text:
                at = r.randrange(len(text))
                one[field] = text[:at] + r.choice(["", "x", "7"]) + text[at + 1 :]
            case 4:
                one["name"], one["last_name"] = one["last_name"], one["name"]
            case 5:
                one["email"] = one["email"].replace("@", r.choice(["+news@", "+a+b@", "2@", "@mail."]))
            case _:
                one["phone"] = one["phone"].replace("+49 ", r.choice(["0", "0049-", "(0) "])).replace(" ", r.choice(["", "-", "/"]))
    return one


def match_fields(maker, document):
    """Which fields tell people apart; the documented ones where it says nothing."""
    r = maker.random
    if maker.chance(0.5):
        chosen = r.sample([*FIELDS, "country"], r.randrange(1, 6))
        document.setdefault("data_standard", {})["match_fields"] = chosen
        if "match:number" in chosen:
            document["sources"] = {"contacts": {"columns": {"match:number": "Customer number"}}}


def make(maker, folder, write, document):
    r = maker.random
    match_fields(maker, document)
    fields = [field for field in FIELDS if maker.chance(0.9) and (field != "match:number" or "sources" in document)]
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    names = ["Customer number" if field == "match:number" else field for field in fields]
    wide = header + [name for name in names if name not in header]
    places = [wide.index(name) for name in names]
    shared = maker.chance(0.3)
    known = []
    for row in rows:
        usable = len(row) == len(header) and any(row) and row[0] != "Total"
        row[len(header) : len(header)] = [""] * (len(wide) - len(header))
        if not usable:
            continue
        one = again(maker, r.choice(known)) if known and maker.chance(0.35) else person(maker, shared)
        known.append(one)
        blank = maker.chance(0.05)
        for field, place in zip(fields, places):
            row[place] = "" if blank else maker.spoil(one[field], ["", "?", "n/a"])
    write(folder, "contacts", wide, rows)

