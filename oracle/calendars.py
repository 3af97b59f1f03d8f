"""Periods by name, in the charter's calendar."""

import re
from datetime import date, timedelta

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def first(year, month):
    """The first of a month that may lie past December or before January."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def months_before(day, months):
    """The same day of an earlier month, or that month's last."""
    at = first(day.year, day.month - months)
    return at + timedelta(days=min(day.day, (first(at.year, at.month + 1) - at).days) - 1)


def week(day, charter):
    """The first day of the week of a day."""
    return day - timedelta(days=(day.weekday() - DAYS.index(charter.get("week_start", "monday"))) % 7)


def days(text, today, charter):
    """The first day of a named period and the first after it."""
    starts = charter.get("fiscal_year_start_month", 1)
    if found := re.fullmatch(r"FY(\d{4})(?:-Q(\d))?", text):
        # A fiscal year is called after the calendar year in which it ends.
        year = int(found[1]) - (starts > 1)
        month, count = (starts, 12) if found[2] is None else (starts + 3 * int(found[2]) - 3, 3)
        return first(year, month), first(year, month + count)
    if found := re.fullmatch(r"(\d{4})-W(\d\d)", text):
        # Week 1 holds 4 January.
        begins = week(date(int(found[1]), 1, 4), charter) + timedelta(weeks=int(found[2]) - 1)
        return begins, begins + timedelta(days=7)
    if found := re.fullmatch(r"last-(\d+)-(day|week|month|quarter|year)s", text):
        count, unit = int(found[1]), found[2]
        if unit in MONTHS:
            return months_before(today, count * MONTHS[unit]), today
        return today - timedelta(days=count * {"day": 1, "week": 7}[unit]), today
    if text == "this-week":
        return week(today, charter), week(today, charter) + timedelta(days=7)
    if found := re.fullmatch(r"this-(month|quarter|year)", text):
        length = MONTHS[found[1]]
        month = (today.month - 1) // length * length + 1
        return first(today.year, month), first(today.year, month + length)
    year, _, rest = text.partition("-")
    if rest.startswith("Q"):
        return first(int(year), 3 * int(rest[1]) - 2), first(int(year), 3 * int(rest[1]) + 1)
    if rest:
        return first(int(year), int(rest)), first(int(year), int(rest) + 1)
    return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
