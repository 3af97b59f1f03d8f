"""Which contacts are the same person, from the definition of `duplicate_rate`: texts are compared by rapidfuzz, records
joined by a union-find of scipy."""

import math

import numpy
from rapidfuzz.distance import OSA, JaroWinkler
from scipy.cluster.hierarchy import DisjointSet

from stack import known, ledger, rows

USUAL = ["email", "phone", "name", "last_name", "account"]
NEIGHBOURS = 8


def address(text):
    """Without case and without what stands from the first plus sign to the last at sign."""
    name, at, domain = text.strip().lower().rpartition("@")
    return (name.partition("+")[0] or name) + at + domain if at else domain


def domain(text):
    return text.strip().lower().rpartition("@")[2] if "@" in text else ""


def phone(text):
    digits = [one for one in text if one in "0123456789"]
    return "".join(digits[-9:]) if len(digits) >= 6 else ""


def words(text):
    return " ".join("".join(one if one.isalnum() else " " for one in text.lower()).split())


class Field:
    """What records are compared by: the value of each, and what agreement on each value says."""

    def __init__(self, name, kind, values):
        self.name, self.kind, self.values = name, kind, values
        n = max(len(values), 1000)
        counts = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        self.bits = {value: math.log2(0.9 / min(0.9, max(count - 1, 1) / n)) for value, count in counts.items()}


def compared(case, records):
    """The fields that records are compared by, in the charter's order."""
    found = []
    for name in case.charter.get("data_standard", {}).get("match_fields", USUAL):
        if name not in case.columns["contacts"]:
            continue
        texts = [one[name] or "" for one in records]
        if name == "email":
            found.append(Field(name, "address", [address(text) for text in texts]))
            found.append(Field(name, "domain", [domain(text) for text in texts]))
        elif name == "phone":
            found.append(Field(name, "phone", [phone(text) for text in texts]))
        else:
            found.append(Field(name, "account" if name == "account" else "text", [words(text) for text in texts]))
    return found


def likeness(one, other):
    if one.isascii() and one.isdigit() and other.isascii() and other.isdigit():
        return 0.6 if min(len(one), len(other)) > 3 and OSA.distance(one, other) <= 1 else 0.0
    return max(0.0, 1 - 4 * (1 - JaroWinkler.similarity(one, other, prefix_weight=0.1)))


def evidence(fields, a, b):
    """Bits for two records being one person; infinite where they are for sure."""
    pairs = [(field, field.values[a], field.values[b]) for field in fields]
    if all(one == other for _, one, other in pairs) and sum(bool(one) for _, one, _ in pairs) > 1:
        return math.inf
    pairs = [(field, one, other) for field, one, other in pairs if one and other]
    no = math.log2(0.1)
    bits, employers = 0.0, []
    for field, one, other in pairs:
        if field.kind == "address" and one == other:
            return math.inf
        if field.kind in ("domain", "account"):
            employers.append((field, one, other))
        elif one == other:
            bits += field.bits[one]
        elif field.kind == "text":
            bits += near(field, one, other)
    same = [field.bits[one] for field, one, other in employers if one == other]
    accounts = [near(*pair) for pair in employers if pair[0].kind == "account"]
    if same:
        bits += max(same)
    elif accounts:
        bits += sum(accounts)
    elif employers:
        bits += no
    # Of one domain, and by other addresses: those of one address are one person already.
    if any(field.kind == "domain" and one == other for field, one, other in employers):
        bits += 2 * no
    return bits


def near(field, one, other):
    share = likeness(one, other)
    return share * min(field.bits[one], field.bits[other]) + (1 - share) * math.log2(0.1)


class People:
    """Entities among the records made by the as-of instant."""

    def __init__(self, case):
        self.records = [one for one in rows(case, "contacts") if not (known(one["created_at"]) and one["created_at"] > case.as_of)]
        self.fields = compared(case, self.records)
        self.needed = math.log2(max(len(self.records), 1000)) + 3
        numbers = range(len(self.records))
        self.sets = DisjointSet(numbers)
        seen = {}
        for place, field in enumerate(self.fields):
            order = sorted(
                (number for number in numbers if field.values[number]),
                key=lambda number: [by.values[number].encode() for by in self.fields[place:] + self.fields[:place]]
                + [self.records[number]["id"].encode()],
            )
            if field.kind == "address":
                for one, other in zip(order, order[1:]):
                    if field.values[one] == field.values[other]:
                        self.sets.merge(one, other)
                continue
            for at, one in enumerate(order):
                for other in order[at + 1 : at + 1 + NEIGHBOURS]:
                    pair = min(one, other), max(one, other)
                    if pair not in seen:
                        seen[pair] = evidence(self.fields, *pair) >= self.needed
                    if seen[pair]:
                        self.sets.merge(one, other)
        self.compared = len(seen)

    def missed(self):
        """Pairs of one person in two entities, found by comparing all pairs; those that are the same in all fields are
        neighbours in any order."""
        tables = []
        for field in self.fields:
            texts = sorted(set(field.values))
            place = {text: at for at, text in enumerate(texts)}
            tables.append((numpy.array([place[text] for text in field.values]), self.most(field, texts)))
        found = []
        for one in range(len(self.records)):
            # At least as much as they can say for one person: all that speaks for it, and nothing against.
            bits = sum(
                most[codes[one]][codes] if most.ndim == 2 else numpy.where(codes == codes[one], most[codes], 0)
                for codes, most in tables
            )
            for other in numpy.flatnonzero(bits >= self.needed - 1e-9):
                pair = one, int(other)
                if pair[0] < pair[1] and not self.sets.connected(*pair) and evidence(self.fields, *pair) >= self.needed:
                    found.append(pair)
        return found

    def most(self, field, texts):
        """The most bits that each value, or each pair of values, can give."""
        bits = numpy.array([field.bits[text] if text else 0.0 for text in texts])
        if field.kind not in ("text", "account"):
            return bits
        pairs = numpy.zeros((len(texts), len(texts)))
        for at, text in enumerate(texts):
            for other in range(at + 1):
                share = 1.0 if at == other else likeness(text, texts[other]) if text and texts[other] else 0.0
                pairs[at, other] = pairs[other, at] = share * min(bits[at], bits[other])
        return pairs

    def firsts(self):
        """Ids of the records that count, one of each entity; and of all that say who they are."""
        found = set()
        for group in self.sets.subsets():
            found.add(min((self.order(number) for number in group))[-1])
        said = {one["id"] for number, one in enumerate(self.records) if any(field.values[number] for field in self.fields)}
        return found, said

    def order(self, number):
        record = self.records[number]
        made = record["created_at"]
        return not known(made), made if known(made) else 0, record["id"].encode(), record["id"]


def people(case):
    """Kept with the case: other figures need them too."""
    if not hasattr(case, "people"):
        case.people = People(case)
    return case.people


def blocking(case):
    """Pairs of one person that are no neighbours and in no entity together, neighbours, and all pairs."""
    found = people(case)
    return len(found.missed()), found.compared, len(found.records) * (len(found.records) - 1) // 2


def duplicate_rate(case):
    firsts, said = people(case).firsts()
    reasons, entities = [], 0
    for one in rows(case, "contacts"):
        if not one["kept"]:
            reasons.append("outside_filter")
        elif known(one["created_at"]) and one["created_at"] > case.as_of:
            reasons.append("after_as_of")
        elif one["id"] not in said:
            reasons.append("no_evidence")
        else:
            reasons.append(None)
            entities += one["id"] in firsts
    lines = ledger(case, "contacts", reasons)
    records, unknown = lines["used"], reasons.count("no_evidence")
    again = records - entities
    # Without a column for any match field nothing is known of anybody, and nothing to be said of bounds.
    if not people(case).fields:
        return {"value": None, "bounds": None} | lines
    return {
        "value": again / records if records else None, "interval": None, "numerator": again, "denominator": records,
        "bounds": [again / (records + unknown), (again + unknown) / (records + unknown)] if unknown else None,
    } | lines  # fmt: skip


KPIS = {
    "duplicate_rate": (duplicate_rate, "contacts"),
}
