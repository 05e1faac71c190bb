"""P1.2: every component from its value, and the total as their weighted mean."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.research.rules.reasons import reasons
from shopkeeper.flows.products.research.rules.scoring import FULL, Facts, Frame, Score, ranked, score
from shopkeeper.flows.products.research.states import Criterion

pytestmark = pytest.mark.clause("P1.2")

FRAME = Frame(
    target_minor=10_000_000,
    price_low_minor=5_000,
    price_high_minor=20_000,
    target_margin_basis_points=4_000,
    slowest_turnover_days=90,
    most_heat=9_999,
)
FACTS = Facts(
    cost_minor=4_000,
    price_minor=10_000,
    monthly_sales=50,
    turnover_days=30,
    positioning=80,
    heat=99,
    growth_basis_points=2_500,
)
EVEN = dict.fromkeys(Criterion, 10)


def marks(facts: Facts, frame: Frame = FRAME) -> dict[str, int]:
    return {str(part.criterion): part.mark for part in score(facts, frame, EVEN).parts}


def test_the_components_of_a_worked_example() -> None:
    assert marks(FACTS) == {
        "target_share": 500,  # 50 × 100 of 100,000 is 5 %; a tenth is the full mark
        "turnover": 800,  # 30 days between 15 (full) and 90 (nothing)
        "positioning": 800,
        "demand": 500,  # log 100 of log 10,000
        "growth": 500,  # +25 % between −50 % and +100 %
        "price_band": 1_000,
        "margin": 1_000,  # 60 % is 1.5 times the target
    }
    assert score(FACTS, FRAME, EVEN).total == 5_100 // 7


def test_outside_the_price_band_the_distance_counts() -> None:
    assert marks(replace(FACTS, price_minor=30_000))["price_band"] == 500
    assert marks(replace(FACTS, price_minor=2_500, cost_minor=1_000))["price_band"] == 500
    assert marks(replace(FACTS, price_minor=50_000))["price_band"] == 0


def test_what_is_not_known_scores_nothing_and_is_named() -> None:
    result = score(replace(FACTS, heat=None, turnover_days=None), FRAME, EVEN)
    assert result.unknown == [Criterion.TURNOVER, Criterion.DEMAND]
    assert [part.mark for part in result.parts if part.value is None] == [0, 0]


def test_a_loss_has_no_margin_mark_and_weights_decide() -> None:
    loss = replace(FACTS, cost_minor=12_000)
    assert marks(loss)["margin"] == 0
    assert score(FACTS, FRAME, {Criterion.PRICE_BAND: 1}).total == FULL
    with pytest.raises(ValueError, match="weight"):
        score(FACTS, FRAME, dict.fromkeys(Criterion, 0))


def test_equals_share_a_rank() -> None:
    assert ranked([Score(500, ()), Score(700, ()), Score(500, ()), Score(100, ())]) == [2, 1, 2, 4]


def test_reasons_name_the_strongest_and_the_weakest() -> None:
    why = reasons(score(replace(FACTS, heat=None, growth_basis_points=-4_500), FRAME, EVEN))
    assert why.strong == (Criterion.PRICE_BAND, Criterion.MARGIN)
    assert why.weak == (Criterion.GROWTH,)
    assert why.unknown == (Criterion.DEMAND,)


numbers = st.one_of(st.none(), st.integers(0, 10**9))


@given(
    numbers, numbers, numbers, numbers, st.one_of(st.none(), st.integers(0, 100)), numbers, st.integers(-20_000, 50_000)
)
def test_marks_stay_within_bounds_whatever_comes(
    cost: int | None,
    price: int | None,
    sales: int | None,
    days: int | None,
    fit: int | None,
    heat: int | None,
    growth: int,
) -> None:
    result = score(Facts(cost, price, sales, days, fit, heat, growth), replace(FRAME, most_heat=heat or 0), EVEN)
    assert all(0 <= part.mark <= FULL for part in result.parts)
    assert 0 <= result.total <= FULL
