"""S1.1 as the supervisor sees it: how each channel keeps its seconds today, who has whom, who is free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shopkeeper.flows.service.conversations.sql import reading as sql
from shopkeeper.flows.service.conversations.sql.reading import StaffRow
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE


@dataclass(frozen=True, slots=True)
class Promise:
    """How one channel (or all together) kept its promise in a span of time. Milliseconds.

    `share` counts first words given in time among those that were due by now: who still waits within the time is
    not counted, who waits beyond it counts as not kept.
    """

    channel: str
    asked: int
    replied: int
    kept: int
    late_open: int
    off_duty: int
    median_ms: int | None
    p90_ms: int | None
    greeted: int
    greeting_ms: int | None

    @property
    def judged(self) -> int:
        return self.replied + self.late_open

    @property
    def share(self) -> float | None:
        return self.kept / self.judged if self.judged else None

    @property
    def share_text(self) -> str:
        return "–" if self.share is None else f"{self.share * 100:.1f}%"

    @property
    def median_text(self) -> str:
        return seconds_text(self.median_ms)

    @property
    def p90_text(self) -> str:
        return seconds_text(self.p90_ms)

    @property
    def greeting_text(self) -> str:
        return seconds_text(self.greeting_ms)


def seconds_text(ms: int | None) -> str:
    """`4.2 s`; a dash where nothing was measured."""
    return "–" if ms is None else f"{ms / 1000:.1f} s"


__all__ = ["Promise", "StaffRow", "day_begins", "promises", "seconds_text", "share_of", "staff", "today"]


def day_begins(now: datetime, zone: ZoneInfo = SHOP_ZONE) -> datetime:
    """The shop's midnight before a moment."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def promises(viewer: Actor, since: datetime, until: datetime, now: datetime) -> list[Promise]:
    """Channels with anything asked between two moments."""
    rows = sql.CLOCKS.rows(**_scope(viewer), since=since, until=until, now=now)
    return [Promise(*(getattr(row, name) for name in Promise.__dataclass_fields__)) for row in rows]


def today(viewer: Actor, now: datetime) -> list[Promise]:
    return promises(viewer, day_begins(now), now + timedelta(seconds=1), now)


def share_of(found: Sequence[Promise]) -> float | None:
    """The share over all channels."""
    judged = sum(promise.judged for promise in found)
    return sum(promise.kept for promise in found) / judged if judged else None


def staff(viewer: Actor, now: datetime) -> list[StaffRow]:
    """Agents with what they have in hand and how they kept their seconds today."""
    return sql.STAFF.rows(**_scope(viewer), since=day_begins(now))


def _scope(viewer: Actor) -> dict[str, Any]:
    return {"everywhere": viewer.shops is None, "shops": sorted(viewer.shops or ())}
