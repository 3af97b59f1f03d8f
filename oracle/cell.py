"""What a cell of a file says: nothing, something unreadable, or a value."""

import re
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

# The words for "nothing" of a charter that lists none of its own.
BLANKS = ["null", "n/a", "na", "#n/a", "none", "-", "–", "—", "select…", "select...", "unknown", "(no value)"]
EPOCH = date(1970, 1, 1)
TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?\s*(Z|[+-]\d{2}:\d{2})?$"
)
AMOUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$")


class Unreadable(ValueError):
    """There is something, but it can't be read."""


def instant(text, zone):
    """Epoch milliseconds; a date is that day's midnight in the zone."""
    found = TIME.match(text)
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


def millionths(text):
    """An exact amount or number in millionths."""
    if not AMOUNT.match(text):
        raise Unreadable(text)
    try:
        return int((Decimal(text.replace(",", "")) * 1_000_000).to_integral_value(ROUND_HALF_EVEN))
    except InvalidOperation as error:
        raise Unreadable(text) from error


def flag(text):
    """Yes or no."""
    word = text.lower()
    if word in ("true", "yes", "1", "y"):
        return True
    if word in ("false", "no", "0", "n"):
        return False
    raise Unreadable(text)
