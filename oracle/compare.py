"""Holds a figure of the report against what the oracle expects of it.

An expectation is a dictionary with any of `value`, `numerator`, `denominator`, `interval`, `bounds`, `read`, `used`,
`excluded`, `parts`; only what it names is compared. None means undefined. Counts and money are compared exactly, other
numbers to a relative 1e-9.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isclose

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Money:
    """An exact amount in millionths."""

    millionths: int

    def __float__(self):
        return self.millionths / 1_000_000


def number(found, expected):
    """Whether two numbers agree, each in its own way."""
    if found is None or expected is None:
        return found is None and expected is None
    if isinstance(expected, Money):
        return round(Fraction(found) * 1_000_000) == expected.millionths and isclose(found, expected, rel_tol=1e-12)
    if isinstance(expected, int):
        return found == expected
    return isclose(found, float(expected), rel_tol=TOLERANCE, abs_tol=1e-12)


def shown(value):
    if isinstance(value, Money):
        return f"{float(value)!r}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    return repr(value)


def status(found, settings, filtered):
    """Lines that say where a figure stands against the charter's target otherwise than it should."""
    target, value, direction = settings.get("target"), found["value"], found["definition"]["direction"]
    # Of some records nobody has set the target of a total.
    if filtered and found["target"] is None:
        target = None
    if found["target"] != target:
        return [f"figure target: mops {found['target']}, oracle {target}"]
    near = settings.get("tolerance", 0.1) * abs(target or 0)
    if value is None:
        expected = "undefined"
    elif target is None or direction == "none":
        expected = "no_target"
    else:
        short = {"higher": target - value, "lower": value - target}.get(direction)
        if short is None:
            # In a band so far off is on target, and twice as far near.
            short = abs(value - target) - near
        expected = "on_target" if short <= 0 else "near_target" if short <= near else "off_target"
    return [] if found["status"] == expected else [f"figure status: mops {found['status']}, oracle {expected}"]


def numbers(found, expected):
    """How many numbers of a figure and its parts are held, and the names of those that aren't."""
    held, open_ = 0, []
    for name in ("value", "numerator", "denominator", "interval", "bounds"):
        if name in expected:
            held += 1
        elif found.get(name) is not None:
            open_.append(name)
    for name in ("used", "excluded"):
        held += name in expected
    held += few(expected) is not None
    parts = expected.get("parts", {})
    for part in found["parts"]:
        if part["part"] in parts:
            inner, missing = numbers(part, parts[part["part"]])
            held += inner
            open_ += [f"{kind(part['part'])}/{name}" for name in missing]
        else:
            open_.append(kind(part["part"]))
    return held, open_


def few(expected):
    """Of how many records a share is that says how sure it is; nothing where it says none."""
    of = expected.get("denominator")
    return of if expected.get("interval") is not None and type(of) is int else None


def kind(part):
    """The name of a part that every case has, or what stands for names out of data."""
    return part if part.replace("_", "").isalpha() and part.islower() and len(part) > 2 else "…"


# What says that a row could have counted, had a cell of it been readable; and what says nothing of the others.
FAULTS = {
    "blank_field", "unparsable_date", "unparsable_number", "unmatched", "unknown_stage", "negative_amount",
    "negative_duration", "stage_out_of_order", "no_fx_rate", "no_evidence", "ambiguous", "suppressed", "malformed",
    "blank_id",
}  # fmt: skip


# Rows that are no records: they were read, and nothing is missing without them.
NO_RECORDS = {"blank_row", "total_row", "text_line", "duplicate_id"}


def faults(rows):
    """How many records a ledger leaves out for a fault."""
    return sum(count for reason, count in rows["excluded"].items() if reason in FAULTS)


def counted(rows):
    """So many records; all that were left out for a fault could be among them."""
    used, more = rows["used"], faults(rows)
    return {"value": used, "bounds": [used, used + more] if more else None}


def hides_all(found):
    """Whether every row that could count was left out for a fault: then 0 is not known."""
    excluded = found["excluded"]
    reasons = {reason for reason, count in excluded.items() if count} if isinstance(excluded, dict) else {line["reason"] for line in excluded}
    return not found["used"] and bool(reasons & FAULTS) and reasons <= FAULTS | NO_RECORDS | {"outside_filter"}


def told(expected):
    """The value of an expected whole figure: none where it would be a 0 that is not known."""
    zero = expected["value"] in (0, Money(0)) and "used" in expected and "excluded" in expected
    return None if zero and hides_all(expected) else expected["value"]


def differences(found, expected, path="", minimum_n=None):
    """Lines that say where a found figure is not the expected one."""
    lines = []

    def differ(what, ours, theirs):
        lines.append(f"{path or 'figure'} {what}: mops {shown(ours)}, oracle {shown(theirs)}")

    # A part may count rows of another table, which is none of these; the whole never does.
    nothing = expected.get("value") in (0, Money(0)) and hides_all(found)
    if nothing and not path and found["value"] is not None:
        differ("value", found["value"], None)
    elif nothing and found["value"] is None:
        pass
    elif "value" in expected and not number(found["value"], expected["value"]):
        differ("value", found["value"], expected["value"])
    for name in ("numerator", "denominator"):
        if name in expected:
            there = (found[name] or {}).get("value")
            if not number(there, expected[name]):
                differ(name, there, expected[name])
    for name in ("interval", "bounds"):
        if name in expected:
            there, wanted = found.get(name), expected[name]
            if isinstance(there, dict):
                there = [there["low"], there["high"]]
            # Bounds without width say that nothing is open, as none do.
            if name == "bounds" and wanted is None and there is not None and there[0] == there[1]:
                there = None
            same = (there is None) == (wanted is None)
            if same and there is not None:
                same = all(number(one, other) for one, other in zip(there, wanted))
            if not same:
                differ(name, there, wanted)
    if (of := few(expected)) is not None and minimum_n is not None and found["value"] is not None and found["thin"] != (of < minimum_n):
        differ("thin", found["thin"], of < minimum_n)
    for name in ("read", "used"):
        if name in expected and found[name] != expected[name]:
            differ(name, found[name], expected[name])
    if "excluded" in expected:
        there = {line["reason"]: line["count"] for line in found["excluded"]}
        wanted = {reason: count for reason, count in expected["excluded"].items() if count}
        if there != wanted:
            names = sorted(set(there) | set(wanted))
            names = [name for name in names if there.get(name, 0) != wanted.get(name, 0)]
            differ("excluded", {n: there.get(n, 0) for n in names}, {n: wanted.get(n, 0) for n in names})
    if "parts" in expected:
        there = {part["part"]: part for part in found["parts"]}
        if not expected.get("some_parts") and list(sorted(there)) != sorted(expected["parts"]):
            differ("parts", sorted(there), sorted(expected["parts"]))
        for name, part in expected["parts"].items():
            if name in there:
                lines += differences(there[name], part, f"{path}/{name}", minimum_n)
            elif expected.get("some_parts"):
                differ("parts", "none called", name)
    return lines
