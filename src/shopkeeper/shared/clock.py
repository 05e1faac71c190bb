"""The one clock. Business time is an argument everywhere else; security and leases use machine time.

In a simulated installation business time is what the stepped simulator last set (see
foundation/business_time.py); otherwise it is the machine's.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1900, 2999  # nothing of a shop happens outside; at the calendar's own ends sums of days fail


def machine_now() -> datetime:
    return datetime.now(UTC)


def is_thinkable(day: date) -> bool:
    """Whether a day or moment that came from outside is one that can be counted on from."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def day_of(moment: datetime, zone: ZoneInfo = SHOP_ZONE) -> date:
    """The shop's calendar day of a moment."""
    return moment.astimezone(zone).date()


def at_time(day: date, clock_time: time, zone: ZoneInfo = SHOP_ZONE) -> datetime:
    """A clock time on a shop's day, as an aware UTC moment."""
    return datetime.combine(day, clock_time, zone).astimezone(UTC)


def next_of(moment: datetime, clock_times: list[time], zone: ZoneInfo = SHOP_ZONE) -> datetime:
    """The first of the day's clock times strictly after a moment."""
    today = day_of(moment, zone)
    candidates = [at_time(today + timedelta(days=d), t, zone) for d in (0, 1) for t in clock_times]
    return min(candidate for candidate in candidates if candidate > moment)
