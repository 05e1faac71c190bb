"""What is too low: conversion against the plan and a named benchmark, stock against the pace it goes at."""

from collections.abc import Sequence
from dataclasses import dataclass

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class ConversionHour:
    """One hour as conversion is judged by it; `visitors` None where no source told."""

    visitors: int | None
    buyers: int
    benchmark_bp: int | None


@dataclass(frozen=True, slots=True)
class ConversionBounds:
    """What conversion is measured by. A target of 0 means that the plan names none."""

    target_bp: int
    share_bp: int
    least_visitors: int
    in_a_row: int


def is_judgeable(hour: ConversionHour, bounds: ConversionBounds) -> bool:
    return hour.visitors is not None and hour.visitors >= bounds.least_visitors


def is_low(hour: ConversionHour, bounds: ConversionBounds) -> bool:
    """Below the plan's own target, or below the policy's share of the benchmark. Exact: nothing is rounded."""
    visitors = hour.visitors or 0
    below_target = hour.buyers * WHOLE < bounds.target_bp * visitors
    benchmark = hour.benchmark_bp or 0
    below_benchmark = hour.buyers * WHOLE * WHOLE < benchmark * bounds.share_bp * visitors
    return below_target or below_benchmark


def conversion_verdict(newest_first: Sequence[ConversionHour], bounds: ConversionBounds) -> str:
    """ "low" where the newest hours in a row all are, "fine" where the newest is not, "" where nothing can be said.

    An hour without figures or with fewer visitors than the base ends the row: nothing is concluded across a gap.
    """
    if not newest_first or not is_judgeable(newest_first[0], bounds):
        return ""
    if not is_low(newest_first[0], bounds):
        return "fine"
    row = newest_first[: bounds.in_a_row]
    if len(row) < bounds.in_a_row or not all(is_judgeable(hour, bounds) and is_low(hour, bounds) for hour in row):
        return ""
    return "low"


@dataclass(frozen=True, slots=True)
class StockPace:
    """A SKU's pieces left, and those sold in each of the last hours."""

    left: int
    sold: tuple[int, ...]
    minutes_to_end: int

    @property
    def sold_in_all(self) -> int:
        return sum(self.sold)

    @property
    def minutes_left(self) -> int | None:
        """How long the pieces last at the mean pace, rounded down; None where nothing was sold."""
        if self.left <= 0:
            return 0
        return self.left * len(self.sold) * 60 // self.sold_in_all if self.sold_in_all else None


def stock_verdict(pace: StockPace, least_minutes: int, least_sold: int) -> str:
    """ "low" where the pieces last less than the policy's time or not to the end, "fine" where they do.

    Sold out is low whatever the pace; below the least number sold nothing is concluded.
    """
    if pace.minutes_to_end <= 0:
        return "fine"
    if pace.left <= 0:
        return "low"
    if pace.sold_in_all < least_sold:
        return ""
    minutes = pace.minutes_left
    return "low" if minutes is not None and minutes < max(least_minutes, pace.minutes_to_end) else "fine"


def pieces_needed(pace: StockPace) -> int:
    """How many more pieces the pace takes until the end; at least one."""
    hours = max(len(pace.sold), 1)
    wanted = -(-pace.sold_in_all * pace.minutes_to_end // (hours * 60))
    return max(wanted - max(pace.left, 0), 1)
