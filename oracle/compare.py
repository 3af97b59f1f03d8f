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


@dataclass(frozen=True)
class Near:
    """A number that chance or an approximation may move so far."""

    value: float
    within: float


def number(found, expected):
    """Whether two numbers agree, each in its own way."""
    if found is None or expected is None:
        return found is None and expected is None
    if isinstance(expected, Money):
        return round(Fraction(found) * 1_000_000) == expected.millionths and isclose(found, expected, rel_tol=1e-12)
    if isinstance(expected, Near):
        return abs(found - expected.value) <= expected.within
    if isinstance(expected, int):
        return found == expected
    return isclose(found, float(expected), rel_tol=TOLERANCE, abs_tol=1e-12)


def shown(value):
    if isinstance(value, Money):
        return f"{float(value)!r}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    return repr(value)


def differences(found, expected, path=""):
    """Lines that say where a found figure is not the expected one."""
    lines = []

    def differ(what, ours, theirs):
        lines.append(f"{path or 'figure'} {what}: mops {shown(ours)}, oracle {shown(theirs)}")

    if "value" in expected and not number(found["value"], expected["value"]):
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
            same = (there is None) == (wanted is None)
            if same and there is not None:
                same = all(number(one, other) for one, other in zip(there, wanted))
            if not same:
                differ(name, there, wanted)
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
                lines += differences(there[name], part, f"{path}/{name}")
            elif expected.get("some_parts"):
                differ("parts", "none called", name)
    return lines
