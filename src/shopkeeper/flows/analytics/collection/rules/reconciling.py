"""The same figure from several sources: how far apart, and whether that may pass."""

from collections.abc import Mapping
from dataclasses import dataclass

from shopkeeper.flows.analytics.collection.states import ComparedFigure, FigureOrigin

BASIS_POINTS = 10_000
# What is held against: our orders for what was sold, our script for who came.
BASE: dict[ComparedFigure, FigureOrigin] = {
    ComparedFigure.ORDERS: FigureOrigin.OWN,
    ComparedFigure.PAID_MINOR: FigureOrigin.OWN,
    ComparedFigure.BUYERS: FigureOrigin.OWN,
    ComparedFigure.VISITORS: FigureOrigin.COLLECTOR,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One source against the base. `is_beyond` where somebody has to say why."""

    figure: ComparedFigure
    source: FigureOrigin
    other_source: str
    value: int
    other_value: int
    is_beyond: bool

    @property
    def by(self) -> int:
        return self.other_value - self.value

    @property
    def share_bp(self) -> int | None:
        """The difference in 1/10,000 of the base; None where the base is nought."""
        return share_of(self.value, self.other_value)


def share_of(base: int, other: int) -> int | None:
    """How far `other` is from `base`, in 1/10,000 of it."""
    return round((other - base) * BASIS_POINTS / base) if base else None


def is_beyond(base: int, other: int, tolerance_bp: int, least: int) -> bool:
    """More than the tolerance apart; differences below `least` are never worth a person's time."""
    by = abs(other - base)
    return by >= max(least, 1) and by * BASIS_POINTS > tolerance_bp * max(abs(base), abs(other))


def differences(
    figures: Mapping[str, Mapping[str, int]],
    tolerance_bp: Mapping[ComparedFigure, int],
    least: Mapping[ComparedFigure, int],
) -> list[Difference]:
    """Every source that knows a figure, against the base; `figures` is source → figure → value."""
    found = []
    for figure, base in BASE.items():
        value = figures.get(base, {}).get(figure)
        if value is None:
            continue
        for source in sorted(figures):
            other = figures[source].get(figure)
            if source != base and other is not None:
                beyond = is_beyond(value, other, tolerance_bp[figure], least[figure])
                found.append(Difference(figure, base, source, value, other, beyond))
    return found
