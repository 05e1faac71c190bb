"""Whole hours: where one begins, which are over, which must be recorded, which come after an action."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

HOUR = timedelta(hours=1)


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def is_whole(moment: datetime) -> bool:
    return hour_of(moment) == moment


def hours_over(next_hour: datetime, until: datetime, most: int) -> Iterator[datetime]:
    """The hours from `next_hour` on that are over at `until`, oldest first, at most so many."""
    for _ in range(most):
        if next_hour + HOUR > until:
            return
        yield next_hour
        next_hour += HOUR


def must_be_recorded(hour: datetime, from_hour: int, to_hour: int, zone: tzinfo) -> bool:
    """Whether an hour lies in the part of the day that people record."""
    return from_hour <= hour.astimezone(zone).hour < to_hour


def first_full_hour(moment: datetime) -> datetime:
    """The hour that begins at or after a moment: the first that an action of that moment shaped wholly."""
    hour = hour_of(moment)
    return hour if hour == moment else hour + HOUR
