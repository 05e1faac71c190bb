"""What a kind of export is: its columns, the headings each may have, how each is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shopkeeper.flows.analytics.collection.states import FigureBreakdown, FigureOrigin
from shopkeeper.shared.words import T


class Reads(StrEnum):
    """How a column's text is read: a count, money in minor units, seconds rounded, a ratio in parts per million."""

    COUNT = "count"
    MINOR = "minor"
    SECONDS = "seconds"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Field:
    """One of our figures: its word, the headings it may have, how it reads."""

    label: T
    headings: tuple[str, ...]
    reads: Reads = Reads.COUNT


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of export. `day` are the headings of the period; a channel sheet has one for the channel's name."""

    name: str
    title: T
    source: FigureOrigin
    breakdown: FigureBreakdown
    day: tuple[str, ...]
    fields: Mapping[str, Field]
    channel: tuple[str, ...] = ()
