"""O2.1: which released orders go together, in which slot, and when the wave is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Candidate:
    """A released order that no wave holds."""

    order_id: int
    ship_by_at: datetime | None
    released_at: datetime | None


def waves_of(candidates: Sequence[Candidate], size_max: int) -> list[list[Candidate]]:
    """Cut candidates into waves of at most `size_max`, the most urgent ship-by first.

    An order without a ship-by time comes after those with one, then by the moment it was released.
    """
    ordered = sorted(candidates, key=_urgency)
    return [ordered[start : start + size_max] for start in range(0, len(ordered), size_max)]


def _urgency(candidate: Candidate) -> tuple[bool, float, float, int]:
    ship_by, released = candidate.ship_by_at, candidate.released_at
    return (
        ship_by is None,
        ship_by.timestamp() if ship_by else 0.0,
        released.timestamp() if released else 0.0,
        candidate.order_id,
    )


def due_at(now: datetime, minutes: int, ship_by_at: datetime | None) -> datetime:
    """When work of `minutes` is due: earlier if the platform's ship-by time falls before, never in the past."""
    due = now + timedelta(minutes=minutes)
    return ship_by_at if ship_by_at is not None and now < ship_by_at < due else due
