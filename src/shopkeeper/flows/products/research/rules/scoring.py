"""How a candidate scores (P1.2): every component from 0 to 1,000 with the value it comes from; the total is their
weighted mean. What is not known scores nothing and is shown as not known, so that nobody gains by leaving it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from shopkeeper.flows.products.research.states import Criterion

FULL = 1_000
FULL_SHARE_BASIS_POINTS = 1_000  # a candidate that carries a tenth of the target has the full mark
BEST_TURNOVER_DAYS = 15
GROWTH_FLOOR, GROWTH_CEILING = -5_000, 10_000  # basis points


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a candidate. Money in minor units per piece, sales in pieces a month, rates in 1/10,000."""

    cost_minor: int | None = None
    price_minor: int | None = None
    monthly_sales: int | None = None
    turnover_days: int | None = None
    positioning: int | None = None  # 0–100, as judged by a person
    heat: int | None = None
    growth_basis_points: int | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What candidates are held against: the period's target, the strategy, the hottest keyword among them."""

    target_minor: int
    price_low_minor: int
    price_high_minor: int
    target_margin_basis_points: int
    slowest_turnover_days: int
    most_heat: int


@dataclass(frozen=True, slots=True)
class Part:
    """One component: the value it was read from (None: not known), its mark, its weight."""

    criterion: Criterion
    value: int | None
    mark: int
    weight: int


@dataclass(frozen=True, slots=True)
class Score:
    total: int
    parts: tuple[Part, ...]

    @property
    def unknown(self) -> list[Criterion]:
        return [part.criterion for part in self.parts if part.value is None and part.weight]


def score(facts: Facts, frame: Frame, weights: Mapping[Criterion, int]) -> Score:
    """Score one candidate. Raises ValueError where all weights are nought."""
    whole = sum(weights.values())
    if whole <= 0:
        raise ValueError("some weight must be above nought")
    parts = tuple(
        Part(criterion, value, mark if value is not None else 0, weights.get(criterion, 0))
        for criterion, (value, mark) in _marks(facts, frame).items()
    )
    return Score(sum(part.mark * part.weight for part in parts) // whole, parts)


def ranked(scores: Sequence[Score]) -> list[int]:
    """The rank of each, 1 the best; equals share a rank, and the next one is passed over."""
    totals = sorted((score.total for score in scores), reverse=True)
    return [totals.index(score.total) + 1 for score in scores]


def margin_basis_points(price_minor: int | None, cost_minor: int | None) -> int | None:
    """Gross margin at a price, in 1/10,000 of it; None where either is not known."""
    if not price_minor or cost_minor is None:
        return None
    return (price_minor - cost_minor) * 10_000 // price_minor


def target_share_basis_points(facts: Facts, target_minor: int) -> int | None:
    """The share of the period's sales target that a month's expected sales would carry."""
    if facts.price_minor is None or facts.monthly_sales is None or target_minor <= 0:
        return None
    return facts.price_minor * facts.monthly_sales * 10_000 // target_minor


def _marks(facts: Facts, frame: Frame) -> dict[Criterion, tuple[int | None, int]]:
    share = target_share_basis_points(facts, frame.target_minor)
    margin = margin_basis_points(facts.price_minor, facts.cost_minor)
    days, growth = facts.turnover_days, facts.growth_basis_points
    slowest = max(frame.slowest_turnover_days, BEST_TURNOVER_DAYS + 1)
    return {
        Criterion.TARGET_SHARE: (share, _between(share, 0, FULL_SHARE_BASIS_POINTS)),
        Criterion.TURNOVER: (days, FULL - _between(days, BEST_TURNOVER_DAYS, slowest)),
        Criterion.POSITIONING: (facts.positioning, _between(facts.positioning, 0, 100)),
        Criterion.DEMAND: (facts.heat, _heat(facts.heat, frame.most_heat)),
        Criterion.GROWTH: (growth, _between(growth, GROWTH_FLOOR, GROWTH_CEILING)),
        Criterion.PRICE_BAND: (facts.price_minor, _in_band(facts.price_minor, frame)),
        Criterion.MARGIN: (margin, _between(margin, 0, max(1, frame.target_margin_basis_points * 3 // 2))),
    }


def _between(value: int | None, nothing: int, full: int) -> int:
    """Linear from `nothing` (0) to `full` (1,000), held inside."""
    if value is None:
        return 0
    return max(0, min(FULL, (value - nothing) * FULL // (full - nothing)))


def _heat(heat: int | None, most: int) -> int:
    """Search heat is spread over powers of ten: the mark is its logarithm against the hottest."""
    if not heat or heat < 0 or most <= 0:
        return 0
    return min(FULL, int(log1p(heat) / log1p(most) * FULL))


def _in_band(price_minor: int | None, frame: Frame) -> int:
    """Full inside the strategy's band; outside, less by the distance in shares of the nearer edge."""
    if price_minor is None or frame.price_high_minor <= 0:
        return 0
    if frame.price_low_minor <= price_minor <= frame.price_high_minor:
        return FULL
    edge = frame.price_low_minor if price_minor < frame.price_low_minor else frame.price_high_minor
    return max(0, FULL - abs(price_minor - edge) * FULL // max(edge, 1))
