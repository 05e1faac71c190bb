"""Stock arithmetic: what a count may be, how much to order, how long stock lasts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.stock.rules import (
    Count,
    RestockFacts,
    count_refusal,
    days_left,
    suggested_quantity,
    with_waiting,
)

pytestmark = pytest.mark.clause("P3.1")


@pytest.mark.parametrize(
    ("counted", "code"),
    [(12, ""), (6, ""), (5, "counted_below_promised"), (1, "counted_below_allotted"), (2, "counted_below_promised")],
)
def test_a_count_leaves_orders_what_they_were_promised(counted: int, code: str) -> None:
    assert count_refusal(Count(on_hand=10, allotted=2, free=4, is_quarantine=False), counted) == code


def test_quarantine_is_no_part_of_what_is_promised() -> None:
    assert count_refusal(Count(on_hand=10, allotted=0, free=0, is_quarantine=True), 0) == ""


@pytest.mark.parametrize(("suggested", "waiting", "pack", "ordered"), [(9, 24, 1, 33), (10, 24, 10, 40), (9, 0, 1, 9)])
def test_what_waiting_orders_lack_is_ordered_besides(suggested: int, waiting: int, pack: int, ordered: int) -> None:
    assert with_waiting(suggested, waiting, pack) == ordered


def test_the_suggestion_of_the_docstring() -> None:
    facts = RestockFacts(free=10, threshold=10, demand=60, demand_days=30, lead_days=7, cover_days=14)
    assert suggested_quantity(facts) == 42


@given(
    free=st.integers(0, 1_000),
    threshold=st.integers(0, 1_000),
    demand=st.integers(0, 10_000),
    days=st.integers(1, 180),
    lead=st.integers(0, 60),
    cover=st.integers(0, 60),
    pack=st.integers(1, 48),
)
def test_a_suggestion_comes_in_packs_and_is_neither_too_little_nor_a_pack_too_much(
    free: int, threshold: int, demand: int, days: int, lead: int, cover: int, pack: int
) -> None:
    facts = RestockFacts(free, threshold, demand, days, lead, cover, pack)
    quantity = suggested_quantity(facts)
    need = threshold + demand * (lead + cover) / days - free
    assert quantity > 0
    assert quantity % pack == 0
    assert quantity >= need - 1e-6
    assert quantity < max(need, 0) + pack + 1


@given(st.integers(0, 1_000), st.integers(0, 10_000), st.integers(1, 180), st.integers(1, 90))
def test_stock_lasts_at_least_a_day_and_at_most_the_bound(free: int, demand: int, days: int, most: int) -> None:
    assert 1 <= days_left(free, demand, days, most) <= most
    assert days_left(free + 10, demand, days, most) >= days_left(free, demand, days, most)
