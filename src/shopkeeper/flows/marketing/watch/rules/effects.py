"""What an action brought: the same figures over hours before and hours after it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.marketing.watch.rules.hours import HOUR, first_full_hour, hour_of
from shopkeeper.flows.marketing.watch.rules.traffic import rate_bp

AFTER_HOURS = (1, 3)


def span_before(taken_at: datetime) -> tuple[datetime, datetime]:
    """The whole hours before an action, from and until: as many as the longest look after it."""
    last = hour_of(taken_at)
    return last - HOUR * max(AFTER_HOURS), last


def span_after(taken_at: datetime, hours: int) -> tuple[datetime, datetime]:
    """So many whole hours after an action, from and until."""
    first = first_full_hour(taken_at)
    return first, first + HOUR * hours


@dataclass(frozen=True, slots=True)
class HourFacts:
    """One closed hour; `visitors` None where no source told; `left` is what stood when it closed."""

    visitors: int | None
    buyers: int
    orders: int
    sold: int
    left: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Several hours together. Conversion counts only hours whose visitors are known, on both sides."""

    hours: int
    hours_with_traffic: int
    visitors: int
    buyers: int
    orders: int
    sold: int
    left: int | None

    @property
    def conversion_bp(self) -> int | None:
        return rate_bp(self.buyers, self.visitors)

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "conversion_bp": self.conversion_bp}


def measured(oldest_first: Iterable[HourFacts]) -> Measured:
    """Add hours up."""
    hours = list(oldest_first)
    told = [hour for hour in hours if hour.visitors is not None]
    return Measured(
        hours=len(hours),
        hours_with_traffic=len(told),
        visitors=sum(hour.visitors or 0 for hour in told),
        buyers=sum(hour.buyers for hour in told),
        orders=sum(hour.orders for hour in hours),
        sold=sum(hour.sold for hour in hours),
        left=hours[-1].left if hours else None,
    )
