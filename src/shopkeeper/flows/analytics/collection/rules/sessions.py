"""Own sessionisation: a visit ends after thirty idle minutes, or at the shop's midnight.

Events of a visitor in the order of their times; what the page's script calls a session is only a hint and not used,
so the same events give the same visits wherever they were collected.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shopkeeper.flows.analytics.collection.rules.channels import first_touch, last_non_direct

IDLE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Touch:
    """One event as a visit needs it: the shop's wall-clock time without zone."""

    visitor: str
    at: datetime
    channel: str
    kind: str = "view"
    page: str = ""


@dataclass(slots=True)
class Visit:
    """One visit: what it is made of, and where it came from under either attribution."""

    visitor: str
    started_at: datetime
    ended_at: datetime
    touches: list[Touch] = field(default_factory=list)

    @property
    def channel(self) -> str:
        """By last non-direct touch, the house's attribution."""
        return last_non_direct([touch.channel for touch in self.touches])

    @property
    def first_channel(self) -> str:
        return first_touch([touch.channel for touch in self.touches])

    @property
    def page_views(self) -> int:
        return sum(touch.kind == "view" for touch in self.touches)

    @property
    def is_bounce(self) -> bool:
        """One page and nothing else done."""
        return self.page_views == 1 and all(touch.kind in ("view", "exposure") for touch in self.touches)


def visits(touches: Iterable[Touch]) -> Iterator[Visit]:
    """Visits of touches that come in any order; each touch belongs to exactly one."""
    current: Visit | None = None
    for touch in sorted(touches, key=lambda t: (t.visitor, t.at, t.kind, t.page, t.channel)):
        if current is not None and _goes_on(current, touch):
            current.touches.append(touch)
            current.ended_at = touch.at
            continue
        if current is not None:
            yield current
        current = Visit(touch.visitor, touch.at, touch.at, [touch])
    if current is not None:
        yield current


def _goes_on(visit: Visit, touch: Touch) -> bool:
    return (
        touch.visitor == visit.visitor and touch.at - visit.ended_at < IDLE and touch.at.date() == visit.ended_at.date()
    )
