"""What an increment is compared with: the same hours of the same weekdays, in the weeks before the campaign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = 7


@dataclass(frozen=True, slots=True)
class Window:
    """A span of one past day that stands beside `day` of the campaign."""

    day: date
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Sold:
    """What was paid in a window, and whether another campaign ran in it."""

    window: Window
    is_taken: bool
    paid_minor: int
    orders: int


def base_windows(since: datetime, until: datetime, weeks: int, zone: ZoneInfo) -> list[Window]:
    """For each day of [since, until): its hours on the same weekday in each of the `weeks` before the first day."""
    windows = []
    first = since.astimezone(zone).date()
    for start, end in _days(since, until, zone):
        day = start.astimezone(zone).date()
        behind = (day - first).days // WEEK + 1
        for week in range(weeks):
            back = timedelta(days=WEEK * (behind + week))
            windows.append(Window(day, _back(start, back, zone), _back(end, back, zone)))
    return windows


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The span cut at the shop's midnights."""
    start = since
    while start < until:
        day = start.astimezone(zone).date() + timedelta(days=1)
        end = min(until, datetime.combine(day, time.min, zone))
        yield start, end
        start = end


def _back(moment: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """The same clock time so many days before."""
    local = moment.astimezone(zone)
    return (local.replace(tzinfo=None) - by).replace(tzinfo=zone)


def base_of(sold: Sequence[Sold]) -> tuple[int, int, int, int, int]:
    """(days, days with a base, windows left out, paid amount, orders): the sum of each day's mean over free windows."""
    by_day: dict[date, list[Sold]] = {}
    for one in sold:
        by_day.setdefault(one.window.day, []).append(one)
    days_with = excluded = 0
    paid = orders = 0
    for windows in by_day.values():
        free = [one for one in windows if not one.is_taken]
        excluded += len(windows) - len(free)
        if free:
            days_with += 1
            paid += (sum(one.paid_minor for one in free) * 2 + len(free)) // (2 * len(free))
            orders += (sum(one.orders for one in free) * 2 + len(free)) // (2 * len(free))
    return len(by_day), days_with, excluded, paid, orders
