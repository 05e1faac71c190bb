"""What decisions ask of the figures: which metrics there are, and one's value for some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shopkeeper.flows.analytics.decisions.states import FigureUnit
from shopkeeper.shared.words import T


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric by its write-once id, with its name and unit."""

    id: str
    name: T
    unit: FigureUnit


class FigureSource(Protocol):
    """Where figures come from."""

    def metrics(self) -> Sequence[Metric]:
        """Everything that can be measured, in the order people know it."""

    def metric(self, metric_id: str) -> Metric | None:
        """One metric; None for an id nobody defined."""

    def value(self, metric_id: str, shop_id: int | None, first_day: date, last_day: date) -> int | None:
        """The figure over these days, both included, of one shop or of all; None where there is none."""


class NoFigures:
    """Nothing can be measured: findings are refused until figures are plugged in."""

    def metrics(self) -> Sequence[Metric]:
        return ()

    def metric(self, metric_id: str) -> Metric | None:
        return None

    def value(self, metric_id: str, shop_id: int | None, first_day: date, last_day: date) -> int | None:
        return None


_source: list[FigureSource] = [NoFigures()]


def figure_source() -> FigureSource:
    """The figures that are plugged in."""
    return _source[0]


def provide_figures(source: FigureSource) -> None:
    """Plug in where figures come from (config does it when the house loads)."""
    _source[0] = source
