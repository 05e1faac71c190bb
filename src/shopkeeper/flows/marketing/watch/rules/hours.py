"""Whole hours: where one begins, which are over, which must be recorded, which come after an action."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from shopkeeper.shared.clock import at_time, day_of, is_thinkable

HOUR = timedelta(hours=1)


class Running(Protocol):
    """A watched campaign as its hours are counted."""

    @property
    def campaign_id(self) -> int: ...
    @property
    def shop_id(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def zone(self) -> str: ...


def counted_hour(campaign: Running, hour: datetime, until: datetime, new_days: int) -> dict[str, Any]:
    """An hour as it is counted. New is who paid nothing in so many days before the campaign's first day."""
    zone = ZoneInfo(campaign.zone)
    first_day = at_time(day_of(campaign.starts_at, zone), time.min, zone)
    return {
        "campaign_id": campaign.campaign_id,
        "shop_id": campaign.shop_id,
        "hour": hour,
        "until": until,
        "new_before": first_day,
        "old_since": first_day - timedelta(days=new_days),
    }


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def is_whole(moment: datetime) -> bool:
    """Whether a moment begins one of the hours that are watched: whole ones of UTC, whatever zone it is said in."""
    return is_thinkable(moment) and hour_of(moment.astimezone(UTC)) == moment


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
