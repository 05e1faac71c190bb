"""Hours as exports and people write them: "14", "14:00", "14:00-15:00", "2026-06-18 14:00"."""

import re
from datetime import UTC, date, datetime, time, tzinfo

_HOUR = re.compile(
    r"(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]?)?\s*(\d{1,2})(?:[:：点时]0{0,2}(?::00)?)?"
    r"(?:\s*[-~–—至]\s*(?:\d{1,2}(?:[:：](?:00|59))?(?::(?:00|59))?))?"
)
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]00:00(?::00)?)?")


class HourWrong(ValueError):
    """A text that is no whole hour."""


def read_day(text: str) -> date:
    """A day as exports write it: 2026-06-18, 2026/6/18, 20260618."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else _wrong(text)
    except ValueError as error:
        raise HourWrong(text) from error


def read_hour(text: str, day: date, zone: tzinfo) -> datetime:
    """When an hour began, in UTC; without a day of its own it is one of `day`. 24 is no hour of a day."""
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        raise HourWrong(text)
    *own_day, hour = found.groups()
    try:
        if own_day[0]:
            day = date(*(int(part) for part in own_day))
        return datetime.combine(day, time(int(hour)), zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise HourWrong(text) from error


def _wrong(text: str) -> date:
    raise HourWrong(text)
