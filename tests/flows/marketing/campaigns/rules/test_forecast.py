"""The forecast's arithmetic: worked examples, and what holds for any plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.campaigns.rules.forecast import (
    Expected,
    GoodsLine,
    days_of_stock,
    forecast,
    share_bp,
    share_of,
)

pytestmark = pytest.mark.clause("M1.1")
PLAN = Expected(5_000_000, 20_000, 450, 8_000, 500_000, 500)
SHIRT = GoodsLine(1, 500, 9_900, 8_900, 4_000, 400, 12_500)
AMOUNT = st.integers(0, 10**9)
LINES = st.lists(
    st.builds(
        GoodsLine,
        sku_id=st.integers(1, 99),
        planned=st.integers(1, 10_000),
        price_minor=st.integers(1, 10**6),
        worst_minor=st.integers(0, 10**6),
        cost_minor=st.integers(0, 10**6),
        free=st.integers(0, 10_000),
        sold_daily_milli=st.integers(0, 10**6),
    ).filter(lambda line: line.worst_minor <= line.price_minor),
    max_size=6,
)
PLANS = st.builds(
    Expected,
    goal_sales_minor=AMOUNT,
    visitors=st.integers(0, 10**7),
    conversion_bp=st.integers(0, 10_000),
    basket_minor=st.integers(0, 10**6),
    budget_minor=AMOUNT,
    commission_bp=st.integers(0, 5_000),
)


def test_a_plan_whose_goods_are_the_bound() -> None:
    """500 × 99.00 = 49,500.00, less than 900 orders of 80.00; 5 % of it is the platform's."""
    found = forecast([SHIRT], PLAN)
    assert (found.orders, found.traffic_sales_minor, found.goods_sales_minor) == (900, 7_200_000, 4_950_000)
    assert (found.sales_minor, found.commission_minor) == (4_950_000, 247_500)
    assert (found.margin_minor, found.worst_margin_minor) == (2_950_000, 2_450_000)
    assert (found.profit_minor, found.worst_profit_minor) == (2_202_500, 1_702_500)
    assert (found.roi_bp, found.goal_bp, found.is_goal_in_reach) == (44_050, 9_900, False)
    assert (found.lacking, SHIRT.days_of_stock, SHIRT.cover_bp) == (100, 32, 8_000)


def test_a_plan_whose_visitors_are_the_bound_sells_a_share_of_its_goods() -> None:
    found = forecast([SHIRT], Expected(0, 1_000, 450, 8_000, 0, 0))
    assert (found.orders, found.sales_minor) == (45, 360_000)
    assert found.margin_minor == 214_545  # 2,950,000 × 360,000 / 4,950,000
    assert (found.roi_bp, found.goal_bp) == (None, None)


def test_what_is_not_known_is_not_made_up() -> None:
    unknown = GoodsLine(1, 10, 100, 100, 0, 10, 0)
    found = forecast([unknown, SHIRT], PLAN)
    assert (found.margin_minor, found.profit_minor, found.roi_bp, found.without_cost) == (None, None, None, 1)
    assert forecast([], PLAN).sales_minor == 7_200_000
    assert forecast([], Expected(0, 0, 0, 0, 0, 0)).sales_minor == 0
    assert days_of_stock(10, 0) is None


@given(LINES, PLANS)
def test_of_any_plan(lines: list[GoodsLine], plan: Expected) -> None:
    found = forecast(lines, plan)
    assert 0 <= found.sales_minor <= max(found.goods_sales_minor, found.traffic_sales_minor or 0)
    assert 0 <= found.commission_minor <= found.sales_minor
    if found.margin_minor is not None and found.worst_margin_minor is not None:
        assert found.worst_margin_minor <= found.margin_minor <= found.sales_minor
    assert found.lacking <= sum(line.planned for line in lines)


@given(AMOUNT, st.integers(1, 10**9))
def test_a_share_and_its_amount_agree_to_half_a_point(part: int, whole: int) -> None:
    share = share_bp(part, whole)
    assert share is not None
    assert abs(share_of(whole, share) - part) <= whole / 20_000 + 1
