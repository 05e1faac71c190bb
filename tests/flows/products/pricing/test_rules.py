"""Price arithmetic: margins, ladders, strike-through, amounts as people write them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.pricing.rules import (
    Prices,
    Span,
    margin_of,
    margins,
    overlaps,
    percent,
    price_refusal,
    read_amount,
    strike_refusal,
    times_refusal,
    worst_of,
)
from shopkeeper.flows.products.pricing.states import PriceName

pytestmark = pytest.mark.clause("P3.2")
NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("price", "cost", "basis_points"),
    [(5_000, 2_000, 6_000), (3_000, 2_000, 3_333), (2_000, 2_000, 0), (1_000, 2_000, -10_000), (0, 2_000, -10_000)],
)
def test_margin_is_what_is_left_of_the_price_rounded_down(price: int, cost: int, basis_points: int) -> None:
    assert margin_of(price, cost) == basis_points


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_margin_never_seems_better_than_it_is(price: int, cost: int) -> None:
    exact = Decimal(price - cost) * 10_000 / price
    assert margin_of(price, cost) <= exact < margin_of(price, cost) + 1


@given(st.integers(-30_000, 10_000))
def test_percent_says_basis_points_rounded_down(basis_points: int) -> None:
    said = Decimal(percent(basis_points).removesuffix("%"))
    assert said <= Decimal(basis_points) / 100 < said + Decimal("0.1")


def test_every_price_has_its_margin_and_the_worst_case_is_one_of_them() -> None:
    prices = Prices(2_000, 5_000, list_minor=6_000, discount_minor=4_500, member_minor=4_000)
    table = margins(prices, worst_minor=3_000, target_basis_points=4_000)
    assert [(m.name, m.basis_points, m.meets_target) for m in table] == [
        (PriceName.LIST, 6_666, True),
        (PriceName.SALE, 6_000, True),
        (PriceName.DISCOUNT, 5_555, True),
        (PriceName.MEMBER, 5_000, True),
        (PriceName.WORST, 3_333, False),
    ]


@pytest.mark.parametrize(
    ("prices", "code", "name"),
    [
        (Prices(2_000, 5_000), None, None),
        (Prices(2_000, 2_000), None, None),
        (Prices(2_000, 5_000, 6_000, 4_000, 4_000), None, None),
        (Prices(0, 5_000), "cost_unknown_for_price", None),
        (Prices(2_000, 0), "price_zero", PriceName.SALE),
        (Prices(2_000, -1), "price_negative", PriceName.SALE),
        (Prices(2_000, 5_000, discount_minor=0), "price_zero", PriceName.DISCOUNT),
        (Prices(2_000, 5_000, competitor_minor=0), "price_zero", None),
        (Prices(2_000, 5_000, discount_minor=5_001), "price_out_of_order", PriceName.DISCOUNT),
        (Prices(2_000, 5_000, discount_minor=4_000, member_minor=4_001), "price_out_of_order", PriceName.MEMBER),
        (Prices(2_000, 5_000, member_minor=5_001), "price_out_of_order", PriceName.MEMBER),
        (Prices(2_000, 5_000, list_minor=5_000), "strike_not_above_sale", PriceName.LIST),
        (Prices(2_000, 1_999), "price_below_cost", PriceName.SALE),
        (Prices(2_000, 5_000, member_minor=1_999), "price_below_cost", PriceName.MEMBER),
        (Prices(2_000, 10**12), "price_too_high", None),
    ],
)
def test_an_impossible_price_says_why(prices: Prices, code: str | None, name: PriceName | None) -> None:
    refusal = price_refusal(prices)
    assert (refusal.code if refusal else None) == code
    assert (refusal.price if refusal else None) == name


def test_a_strike_through_price_needs_a_lowest_price_at_least_as_high() -> None:
    assert strike_refusal(None, None) is None
    assert strike_refusal(6_000, 6_000) is None
    above, without = strike_refusal(6_001, 6_000), strike_refusal(6_000, None)
    assert above is not None
    assert (above.code, above.limit_minor) == ("strike_above_lowest", 6_000)
    assert without is not None
    assert without.code == "strike_without_history"


@given(st.integers(1, 9_000), st.integers(0, 5_000), st.integers(0, 5_000), st.integers(-100, 20_000))
def test_the_worst_case_is_never_above_what_is_offered(cost: int, down: int, more: int, stacked: int) -> None:
    sale = cost + down + more
    prices = Prices(cost, sale, discount_minor=cost + down, member_minor=cost)
    worst = worst_of(prices, {sale: stacked})
    assert 0 <= worst <= prices.lowest_minor
    assert worst <= max(0, stacked)


def test_a_plan_does_not_end_before_it_begins() -> None:
    hour = timedelta(hours=1)
    assert times_refusal(Span(NOW, None), NOW) == ""
    assert times_refusal(Span(NOW + hour, NOW + 2 * hour), NOW) == ""
    assert times_refusal(Span(NOW + hour, NOW + hour), NOW) == "price_time_backwards"
    assert times_refusal(Span(NOW - hour, NOW), NOW) == "price_time_backwards"
    assert times_refusal(Span(NOW + timedelta(days=400), None), NOW) == "price_too_far_ahead"


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_two_passing_plans_overlap_where_they_share_a_moment(a: int, b: int, c: int, d: int) -> None:
    one = Span(NOW + timedelta(hours=a), NOW + timedelta(hours=a + b))
    two = Span(NOW + timedelta(hours=c), NOW + timedelta(hours=c + d))
    shared = set(range(a, a + b)) & set(range(c, c + d))
    assert overlaps(one, [two]) == overlaps(two, [one]) == bool(shared)
    assert not overlaps(Span(one.since, None), [two])
    assert not overlaps(one, [Span(two.since, None)])


@pytest.mark.parametrize(
    ("text", "minor", "code"),
    [
        ("12.34", 1_234, ""), ("12", 1_200, ""), ("12.", 1_200, ""), ("12.3", 1_230, ""), ("12.340", 1_234, ""),
        ("1,234.50", 123_450, ""), ("￥12.50", 1_250, ""), (" 12.5 元", 1_250, ""), ("１２", 1_200, ""),
        ("12．5", 1_250, ""), ("-3", -300, ""), ("0", 0, ""), ("", None, ""), ("12.345", None, "price_three_decimals"),
        ("abc", None, "price_unreadable"), ("1e5", None, "price_unreadable"), ("1,23", None, "price_unreadable"),
        ("9" * 13, None, "price_too_high"), ("=1+1", None, "price_unreadable"),
    ],
)  # fmt: skip
def test_amounts_are_read_exactly_or_not_at_all(text: str, minor: int | None, code: str) -> None:
    amount = read_amount(text)
    assert (amount.minor, amount.code) == (minor, code)


@given(st.integers(-(10**11), 10**11))
def test_an_amount_written_is_the_amount_read(minor: int) -> None:
    assert read_amount(f"{Decimal(minor).scaleb(-2):.2f}").minor == minor
    assert read_amount(f"{Decimal(minor).scaleb(-2):,.2f}").minor == minor
