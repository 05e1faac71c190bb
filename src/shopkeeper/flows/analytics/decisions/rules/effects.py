"""What became of a figure after a decision, beside what was expected: arithmetic that a page can show."""

from dataclasses import dataclass
from datetime import date, timedelta

from shopkeeper.flows.analytics.decisions.states import DecisionEffect, FigureUnit

PARTS: dict[FigureUnit, int] = {
    FigureUnit.MONEY: 100,
    FigureUnit.COUNT: 1,
    FigureUnit.SHARE: 100,  # of a percentage point
    FigureUnit.RATIO: 100,
    FigureUnit.SECONDS: 10,
    FigureUnit.HOURS: 10,
    FigureUnit.DAYS: 10,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """`change` is after less before, `hoped` expected less before; `reached` is change over hoped in 1/10,000,
    None where nothing was hoped for or nothing measured."""

    change: int | None
    hoped: int
    reached: int | None
    effect: DecisionEffect


def measured(before: int, expected: int, after: int | None, least_percent: int) -> Measured:
    """Judge a figure: as far as hoped, part of the way, not to speak of (less than `least_percent` of it), or the
    other way. Whether more is better does not matter: what was hoped for says the direction."""
    hoped = expected - before
    if after is None:
        return Measured(None, hoped, None, DecisionEffect.UNKNOWN)
    change = after - before
    if hoped == 0:
        return Measured(change, 0, None, _held(before, change, least_percent))
    reached = change * 10_000 // hoped if change * hoped >= 0 else -(-change * 10_000 // hoped)
    return Measured(change, hoped, reached, _effect(reached, least_percent))


def _effect(reached: int, least_percent: int) -> DecisionEffect:
    least = least_percent * 100
    if reached >= 10_000:
        return DecisionEffect.REACHED
    if reached < 0 and reached <= -least:
        return DecisionEffect.OPPOSITE
    return DecisionEffect.PARTLY if reached > 0 and reached >= least else DecisionEffect.NONE


def _held(before: int, change: int, least_percent: int) -> DecisionEffect:
    """The figure was to stay as it is: it did, within the least part of itself."""
    return DecisionEffect.REACHED if abs(change) * 100 <= abs(before) * least_percent else DecisionEffect.OPPOSITE


def span_before(first: date, last: date) -> tuple[date, date]:
    """The same number of days just before."""
    days = (last - first).days + 1
    return first - timedelta(days=days), first - timedelta(days=1)


def span_after(first: date, last: date, measure_on: date) -> tuple[date, date]:
    """The same number of days that end the day before the day of measuring."""
    days = (last - first).days + 1
    return measure_on - timedelta(days=days), measure_on - timedelta(days=1)


def earliest_measure(first: date, last: date, decided_on: date) -> date:
    """The first day on which as many whole days have passed since the decision as the finding is about."""
    return decided_on + timedelta(days=(last - first).days + 2)


def as_typed(value: int, unit: FigureUnit | str) -> str:
    """A value as people type and read it: 1234 minor units are 12.34, 325 of a share 3.25 (per cent)."""
    parts = PARTS[FigureUnit(unit)]
    if parts == 1:
        return str(value)
    digits = len(str(parts)) - 1
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // parts}.{abs(value) % parts:0{digits}d}"


def from_typed(text: str, unit: FigureUnit | str) -> int | None:
    """What somebody typed, as a value; None for what is no number, or finer than the unit."""
    cleaned = text.strip().replace(",", "").replace("，", "").removesuffix("%").strip()
    sign, digits = (-1, cleaned[1:]) if cleaned.startswith("-") else (1, cleaned)
    whole, _, fine = digits.partition(".")
    parts = PARTS[FigureUnit(unit)]
    places = len(str(parts)) - 1
    if not (whole.isascii() and whole.isdecimal()) or len(whole) > 15 or len(fine) > places:
        return None
    if fine and not (fine.isascii() and fine.isdecimal()):
        return None
    return sign * (int(whole) * parts + int(fine.ljust(places, "0") or 0))
