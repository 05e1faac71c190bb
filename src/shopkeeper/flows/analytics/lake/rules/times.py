"""Moments as the lake keeps them: the shop's wall-clock time without zone, and the shop's calendar day."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def wall_clock(moment: datetime | None, zone: str) -> datetime | None:
    """An aware moment as the clock on the shop's wall showed it, to the second."""
    return None if moment is None else moment.astimezone(zone_of(zone)).replace(tzinfo=None, microsecond=0)


def day_on(moment: datetime, zone: str) -> date:
    """The shop's calendar day of an aware moment."""
    return moment.astimezone(zone_of(zone)).date()
