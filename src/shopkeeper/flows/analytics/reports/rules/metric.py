"""A registered figure: its definition in both languages, what it is made of, how it may be added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.money import HOME_CURRENCY
from shopkeeper.shared.words import T

METRICS: dict[str, "Metric"] = {}
FROM = date(2026, 1, 1)


class Unit(StrEnum):
    """What a figure's value is, and its smallest part: targets and answers of the API are kept in those."""

    MONEY = "money"  # fen
    COUNT = "count"  # one
    SHARE = "share"  # 1/10,000
    RATIO = "ratio"  # 1/100
    SECONDS = "seconds"  # 1/10 s
    HOURS = "hours"  # 1/10 h
    DAYS = "days"  # 1/10 day


SMALLEST: dict[Unit, int] = {
    Unit.MONEY: 1, Unit.COUNT: 1, Unit.SHARE: 10_000, Unit.RATIO: 100, Unit.SECONDS: 10, Unit.HOURS: 10, Unit.DAYS: 10,
}  # fmt: skip


class Additivity(StrEnum):
    """Whether days may be added up to a week."""

    ADDITIVE = "additive"  # the sum of the days is the week's
    PARTS = "parts"  # numerator and denominator are added, then divided; ratios are never averaged
    NONE = "none"  # people are counted once a period: the days say nothing about the week


class Dimension(StrEnum):
    """By what a figure may be divided."""

    DAY = "day"
    SHOP = "shop_id"
    PLATFORM = "platform"
    HOUR = "hour"
    CATEGORY = "category"
    SKU = "sku_code"
    CHANNEL = "channel"
    REASON = "reason"
    COURIER = "courier"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `numerator` adds (and subtracts) measures; without a denominator it is a sum or a count.

    `per` divides the quotient into its unit (milliseconds into seconds). `id` is written once and never reused.
    `more_is_better` colours changes; None = neither.
    """

    id: str
    block: Block
    name: T
    formula: T
    numerator: tuple[tuple[int, str], ...]
    unit: Unit
    additivity: Additivity
    time_field: T
    source: T
    denominator: str = ""
    per: int = 1
    entity: T = T("–", "–")
    filters: T = T("有效行", "valid rows")
    dimensions: tuple[Dimension, ...] = (Dimension.DAY,)
    more_is_better: bool | None = True
    owner: str = "data_specialist"
    status: str = "approved"
    version: int = 1
    valid_from: date = FROM

    def __post_init__(self) -> None:
        if self.id in METRICS:
            raise RuntimeError(f"two figures are called {self.id}")
        METRICS[self.id] = self

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of everything it is made of."""
        parts = tuple(name for _, name in self.numerator)
        return (*parts, self.denominator) if self.denominator else parts


@dataclass(frozen=True, slots=True)
class Figure:
    """A value by its parts. None = no source says anything; a ratio over nothing has no value, it is not zero."""

    numerator: int | None
    denominator: int | None = None

    @property
    def is_known(self) -> bool:
        return self.numerator is not None


@dataclass(frozen=True, slots=True)
class FigureOf:
    """A figure with what it is a figure of; amounts are in its shop's currency."""

    metric: Metric
    figure: Figure
    currency: str = HOME_CURRENCY

    @property
    def value(self) -> float | None:
        """In the unit people read: fen, counts, shares of one, seconds, hours, days."""
        top, bottom = self.figure.numerator, self.figure.denominator
        if top is None:
            return None
        if not self.metric.denominator:
            return top
        return top / bottom / self.metric.per if bottom else None

    @property
    def parts(self) -> int | None:
        """In whole smallest parts of its unit, rounded half up: what targets are set in."""
        top, bottom = self.figure.numerator, self.figure.denominator
        if top is None:
            return None
        if not self.metric.denominator:
            return top
        if not bottom:
            return None
        whole = bottom * self.metric.per
        return (2 * top * SMALLEST[self.metric.unit] + whole) // (2 * whole)


class WrongRollUp(BusinessError):
    """Somebody wants to add up what may not be added up."""


def roll_up(metric: Metric, figures: Sequence[Figure]) -> Figure:
    """Days into a longer span. Raises WrongRollUp where people would be counted twice."""
    if metric.additivity is Additivity.NONE and len(figures) > 1:
        raise WrongRollUp("wrong_roll_up", metric=metric.name.text())
    if any(figure.numerator is None for figure in figures):
        return Figure(None)
    top = sum(figure.numerator or 0 for figure in figures)
    bottom = sum(figure.denominator or 0 for figure in figures) if metric.denominator else None
    return Figure(top, bottom)


def known(metric_id: str) -> bool:
    return metric_id in METRICS


def check_dimension(metric: Metric, dimension: Dimension) -> None:
    """Raises BusinessError where the figure's sources do not tell of it."""
    if dimension not in metric.dimensions:
        raise BusinessError("metric_not_by_dimension", metric=metric.name.text())
