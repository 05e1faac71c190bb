"""What changed, which part of it explains most, and what is out of the ordinary. Whole numbers, parts of 10,000."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from shopkeeper.flows.analytics.reports.rules.metric import Figure, FigureOf, Metric, Unit

WHOLE = 10_000
LEAST_WEEKS = 4
M = TypeVar("M", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Change:
    """How far a figure moved: shares in points of a per cent (parts of 10,000), all others relative to what they were.

    `parts` None: there was nothing to compare with. `is_thin`: too few stand behind it to say anything.
    """

    parts: int | None
    is_points: bool
    is_thin: bool = False


def change(metric: Metric, now: Figure, before: Figure, least_base: int = 0) -> Change:
    """Against an earlier figure. With fewer than `least_base` behind it, it is thin."""
    is_points = metric.unit is Unit.SHARE
    new, old = FigureOf(metric, now).parts, FigureOf(metric, before).parts
    if new is None or old is None:
        return Change(None, is_points)
    is_thin = _is_thin(metric, now, before, least_base)
    if is_points:
        return Change(new - old, True, is_thin)
    return Change(relative(new, old), False, is_thin)


def _is_thin(metric: Metric, now: Figure, before: Figure, least_base: int) -> bool:
    """Quotients need enough beneath the line in both periods, counts enough in either; money speaks for itself."""
    if metric.denominator:
        return min(now.denominator or 0, before.denominator or 0) < least_base
    largest = max(abs(now.numerator or 0), abs(before.numerator or 0))
    return metric.unit is Unit.COUNT and largest < least_base


def relative(new: int, old: int) -> int | None:
    """(new − old) ÷ |old| in parts of 10,000, rounded half away from zero; None where there was nothing."""
    if not old:
        return None
    delta, whole = new - old, abs(old)
    rounded = (2 * abs(delta) * WHOLE + whole) // (2 * whole)
    return rounded if delta >= 0 else -rounded


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one member of a dimension did to the change of the whole; `share` of it in parts of 10,000, None where the
    whole did not change. Members that moved against the whole have negative shares; all shares make 10,000."""

    member: Hashable
    now: int
    before: int
    share: int | None

    @property
    def delta(self) -> int:
        return self.now - self.before


def contributions(now: Mapping[M, int], before: Mapping[M, int], most: int) -> list[Contribution]:
    """The members that moved most, by how far; ties by their name."""
    total = sum(now.values()) - sum(before.values())
    found = []
    for member in {**now, **before}:
        new, old = now.get(member, 0), before.get(member, 0)
        if new != old:
            found.append(Contribution(member, new, old, _share(new - old, total) if total else None))
    found.sort(key=lambda one: (-abs(one.delta), str(one.member)))
    return found[:most]


def _share(delta: int, total: int) -> int:
    """delta ÷ total in parts of 10,000, rounded half away from zero."""
    size = (2 * abs(delta) * WHOLE + abs(total)) // (2 * abs(total))
    return size if (delta > 0) == (total > 0) else -size


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A day's value against the same weekday before: the median, and the median distance from it."""

    value: int
    median: int
    mad: int
    weeks: int

    @property
    def is_high(self) -> bool:
        return self.value > self.median


def anomaly(value: int, history: Sequence[int], tenths: int) -> Anomaly | None:
    """Further from the median than `tenths`/10 times the median distance? Too short a history says nothing.

    Where the weekday was always the same, anything beyond a tenth of it is out of the ordinary.
    """
    if len(history) < LEAST_WEEKS:
        return None
    median = middle(history)
    mad = middle([abs(one - median) for one in history])
    allowed = mad * tenths if mad else abs(median)
    if abs(value - median) * 10 <= allowed:
        return None
    return Anomaly(value, median, mad, len(history))


def middle(values: Sequence[int]) -> int:
    """The median; of two in the middle their mean, rounded down."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2
