"""What a cell of a file says: nothing, something unreadable, or a value."""

import re
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal

# The words for "nothing" of a charter that lists none of its own.
BLANKS = ["null", "n/a", "na", "#n/a", "none", "-", "–", "—", "select…", "select...", "unknown", "(no value)"]
EPOCH = date(1970, 1, 1)
TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?\s*(Z|[+-]\d{2}:\d{2})?$"
)
# Day, month and year in figures, or the month by its name.
CIVIL = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ]+(.+))?$")
NAMED = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})(?: (.+))?$")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Unreadable(ValueError):
    """There is something, but it can't be read."""


def iso(text, order):
    """A date that people write, as ISO 8601 has it; anything else as it stands.

    Points mean day first. With strokes the charter's order decides, or a part above 12, or two equal parts."""
    if found := NAMED.match(text):
        day, month, year, time = int(found[1]), found[2], found[3], found[4]
        if month not in MONTHS:
            raise Unreadable(text)
        month = MONTHS.index(month) + 1
    elif found := CIVIL.match(text):
        one, two, year, time = int(found[1]), int(found[3]), found[4], found[5]
        if found[2] == "." or order == "day_month_year":
            day, month = one, two
        elif order == "month_day_year":
            day, month = two, one
        elif one > 12 or one == two:
            day, month = one, two
        elif two > 12:
            day, month = two, one
        else:
            raise Unreadable(text)
    else:
        return text
    return f"{year}-{month:02}-{day:02}" + (f" {time}" if time else "")


def instant(text, zone, order=None):
    """Epoch milliseconds; a date is that day's midnight in the zone."""
    found = TIME.match(iso(text, order))
    if not found:
        raise Unreadable(text)
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError as error:
        raise Unreadable(text) from error
    moment = moment.replace(microsecond=int((fraction or "0").ljust(6, "0")))
    if offset is None:
        moment = moment.replace(tzinfo=zone)
    elif offset == "Z":
        moment = moment.replace(tzinfo=timezone.utc)
    else:
        sign = -1 if offset[0] == "-" else 1
        moment = moment.replace(tzinfo=timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))))
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def local_day(milliseconds, zone):
    """Days since 1970-01-01 of the local date of an instant."""
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)
    return (moment.astimezone(zone).date() - EPOCH).days


def midnight(day, zone):
    """The first instant of a local date."""
    return instant(day.isoformat(), zone)


def millionths(text, sign=None):
    """An exact amount or number in millionths. The charter's decimal sign settles what is one; without it the later of
    two signs is, a single point always, and a single comma unless it may part three digits from what is before."""
    if sign is None:
        last = max(text.rfind("."), text.rfind(","))
        mark = text[last] if last >= 0 else "."
        alone = ("," if mark == "." else ".") not in text
        grouping = alone and (text.count(mark) > 1 or (mark == "," and re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", text)))
        sign = {",": ".", ".": ","}[mark] if grouping else mark
    apart = "," if sign == "." else "."
    if not re.fullmatch(rf"-?(\d+|\d{{1,3}}(\{apart}\d{{3}})+)(\{sign}\d+)?", text):
        raise Unreadable(text)
    plain = text.replace(apart, "").replace(sign, ".")
    return int((Decimal(plain) * 1_000_000).to_integral_value(ROUND_HALF_EVEN))


def clue(text):
    """The decimal sign that a readable amount proves; None where it has no sign, or one that could part thousands."""
    found = re.sub(r"[^\d.,]", "", text)
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", found):
        return None
    marks = re.sub(r"\d", "", found)
    if len(set(marks)) == 2 or len(marks) == 1:
        return marks[-1]
    # Of one kind and several: they part thousands, so the other one divides decimals.
    return {",": ".", ".": ","}[marks[0]] if marks else None


def decimal_sign(amounts):
    """The decimal sign of a file, from all its amounts with their currencies: what those prove that prove any, where they
    agree."""
    proved = set()
    for text, currency in amounts:
        try:
            amount(text, currency)
        except Unreadable:
            continue
        proved.add(clue(text))
    proved.discard(None)
    return proved.pop() if len(proved) == 1 else None


# Whose a sign may be: of many dollars and pounds nobody knows which.
SIGNS = {
    "€": r"EUR", "$": r"..D|MXN|BRL|ARS|CLP|COP|UYU|DOP|CUP", "£": r"..P", "¥": r"JPY|CNY",
}  # fmt: skip


def amount(text, currency, sign=None):
    """An amount that may say its currency; which of two is right nobody knows."""
    found = re.fullmatch(r"([€$£¥]|[A-Z]{3})?\s*(-?[\d.,]+)\s*([€$£¥]|[A-Z]{3})?", text)
    if not found:
        return millionths(text, sign)
    for said in (found[1], found[3]):
        if said and not re.fullmatch(SIGNS.get(said, said), currency):
            raise Unreadable(text)
    return millionths(found[2], sign)


def flag(text):
    """Yes or no."""
    word = text.lower()
    if word in ("true", "yes", "1", "y"):
        return True
    if word in ("false", "no", "0", "n"):
        return False
    raise Unreadable(text)
