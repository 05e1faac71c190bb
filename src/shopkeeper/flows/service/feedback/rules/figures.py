"""The figures of a day and of an effect, each defined once: the page, the paper and the API say the same.

Counts are whole numbers; shares are parts of 10,000; a figure nothing stands behind is None, never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WHOLE = 10_000
TOP_BOX = 4  # CSAT counts four and five stars
STARS = range(1, 6)


def share(part: int, whole: int) -> int | None:
    """Parts of 10,000, rounded half up."""
    return (part * WHOLE * 2 + whole) // (2 * whole) if whole else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Ratings by stars, and how many of the invited answered."""

    invited: int = 0
    invited_answered: int = 0
    stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def answered(self) -> int:
        return sum(self.stars)

    @property
    def mean_hundredths(self) -> int | None:
        """The mean score in hundredths of a star."""
        total = sum(star * n for star, n in zip(STARS, self.stars, strict=True))
        return (total * 200 + self.answered) // (2 * self.answered) if self.answered else None

    @property
    def satisfied(self) -> int:
        return sum(n for star, n in zip(STARS, self.stars, strict=True) if star >= TOP_BOX)

    @property
    def top_box(self) -> int | None:
        """Ratings of four and five among all ratings."""
        return share(self.satisfied, self.answered)

    @property
    def response(self) -> int | None:
        """The answered among the invited."""
        return share(self.invited_answered, self.invited)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What a summary says of its day. `stars` are ratings given that day; invited counts the trend's days, too."""

    opened: int = 0
    resolved: int = 0
    unfinished: int = 0
    by_stage: Mapping[str, int] = field(default_factory=dict)
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_channel: Mapping[str, int] = field(default_factory=dict)
    first_asked: int = 0
    first_in_time: int = 0
    offered: int = 0
    offered_in_time: int = 0
    offers_overdue: int = 0
    orders_paid: int = 0
    stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    invited: int = 0
    invited_answered: int = 0

    @property
    def is_empty(self) -> bool:
        """Did nothing happen that day?"""
        return not (self.opened or self.resolved or self.first_asked or self.offered or any(self.stars))

    @property
    def first_share(self) -> int | None:
        return share(self.first_in_time, self.first_asked)

    @property
    def offer_share(self) -> int | None:
        return share(self.offered_in_time, self.offered)

    @property
    def contact_hundredths(self) -> int | None:
        return contact_hundredths(self.opened, self.orders_paid)

    @property
    def satisfaction(self) -> Satisfaction:
        return Satisfaction(self.invited, self.invited_answered, self.stars)

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            for name, value in ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        }


def kept_figures(kept: Mapping[str, Any]) -> DayFigures:
    """The figures of a summary as they were kept."""
    known = {name: kept[name] for name in DayFigures.__dataclass_fields__ if name in kept}
    one, two, three, four, five = known.pop("stars", (0, 0, 0, 0, 0))
    return DayFigures(**known, stars=(one, two, three, four, five))


def contact_hundredths(tickets: int, orders: int) -> int | None:
    """Tickets per hundred paid orders, in hundredths."""
    return (tickets * WHOLE * 2 + orders) // (2 * orders) if orders else None


def change(today: int, before: int, days: int) -> int | None:
    """How far a day lies above (or below) the daily mean of the days before, in parts of 10,000; None for a new one."""
    return (today * days - before) * WHOLE // before if before else None


def effect_of(before: tuple[int, int], after: tuple[int, int], least_percent: int) -> str:
    """What the same figure, (tickets, orders), says after a change; less than `least_percent` is no change.

    Compared without division: tickets before × orders after against tickets after × orders before.
    """
    (was, was_orders), (now, now_orders) = before, after
    if not was_orders or not now_orders or not was:
        return "unknown"
    old, new = was * now_orders, now * was_orders
    if abs(new - old) * 100 < old * least_percent or new == old:
        return "same"
    return "better" if new < old else "worse"


def longest(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """Counts, most first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
