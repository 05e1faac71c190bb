"""A month of the marketing calendar: days by weeks, occasions and campaigns that touch them, working days."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shopkeeper.flows.marketing.campaigns.queries.lists import CampaignLine, campaigns_between
from shopkeeper.flows.marketing.campaigns.queries.working_days import entered_days
from shopkeeper.flows.marketing.campaigns.rules.calendar import is_working_day
from shopkeeper.flows.marketing.campaigns.rules.occasions import Occasion, occasions_between
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import day_of

WEEKEND = 5
LEAST = timedelta(microseconds=1)  # what ends at midnight is over the day before


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day: what falls on it, and whether it is worked otherwise than its weekday says."""

    day: date
    is_of_month: bool
    is_today: bool
    is_working: bool
    occasions: tuple[Occasion, ...]
    campaigns: tuple[CampaignLine, ...]

    @property
    def mark(self) -> str:
        """ "off" for a free weekday, "work" for a worked weekend, as calendars print them."""
        is_weekend = self.day.weekday() >= WEEKEND
        return "work" if is_weekend and self.is_working else "off" if not (is_weekend or self.is_working) else ""

    @property
    def is_empty(self) -> bool:
        return not (self.occasions or self.campaigns)


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[MonthDay, ...], ...]
    occasions: tuple[Occasion, ...]
    campaigns: tuple[CampaignLine, ...]

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.first + timedelta(days=31):%Y-%m}"


def month_of(viewer: Actor, first: date, today: date, shop_id: int | None = None) -> Month:
    """The month that begins on `first`, whole weeks from Monday."""
    days = list(Calendar().itermonthdates(first.year, first.month))
    occasions = occasions_between(days[0], days[-1])
    campaigns = campaigns_between(viewer, days[0], days[-1], shop_id)
    entered = entered_days()
    shown = [_day(day, first, today, occasions, campaigns, entered) for day in days]
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    return Month(
        first,
        tuple(tuple(shown[place : place + 7]) for place in range(0, len(shown), 7)),
        tuple(one for one in occasions if one.first <= last and one.last >= first),
        tuple(campaigns),
    )


def _day(
    day: date,
    first: date,
    today: date,
    occasions: Sequence[Occasion],
    campaigns: Sequence[CampaignLine],
    entered: Mapping[date, bool],
) -> MonthDay:
    return MonthDay(
        day,
        day.month == first.month,
        day == today,
        is_working_day(day, entered),
        tuple(one for one in occasions if one.first <= day <= one.last),
        tuple(one for one in campaigns if day_of(one.starts_at) <= day <= day_of(one.ends_at - LEAST)),
    )
