"""M2.3: how low a piece can get when everything that may combine does."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.promotions.rules.offers import (
    FlashPrice,
    FreeFreight,
    ItemDiscount,
    NthItem,
    Percentage,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.rules.stack import worst_price
from shopkeeper.flows.marketing.promotions.rules.values import Audience, Layer, Line, Promotion, Scope
from tests.flows.marketing.promotions.rules.carts import AT, line, priced, promotion

pytestmark = pytest.mark.clause("M2.3")


def worst(*promotions: Promotion, **fields: Any) -> int:
    return worst_price(line(**fields), promotions, AT).price_minor


def test_without_promotions_the_price_stays() -> None:
    found = worst_price(line(), [], AT)
    assert (found.price_minor, found.at, found.promotion_ids) == (10_000, None, ())


def test_a_threshold_takes_most_off_a_piece_in_a_cart_that_just_reaches_it() -> None:
    """300−50: a piece of 100 in a cart of exactly 300 bears 16.67 of it, in one of 400 only 12.50."""
    assert worst(promotion(1, Reduction(((30_000, 5_000),)))) == 8_333
    assert worst(promotion(1, Reduction(((30_000, 5_000), (50_000, 10_000))))) == 8_000


def test_a_dear_piece_alone_reaches_it() -> None:
    assert worst(promotion(1, Reduction(((30_000, 5_000),))), list_minor=40_000) == 35_000


def test_layers_add_up_and_a_coupon_is_thought_in_hand() -> None:
    item = promotion(1, ItemDiscount(900), Layer.ITEM)
    coupon = promotion(2, Percentage(800), needs_coupon=True, audience=Audience(only_new=True))
    platform = promotion(3, Percentage(500), Layer.PLATFORM)
    found = worst_price(line(), [item, coupon, platform], AT)
    assert (found.price_minor, found.promotion_ids) == (2_700, (1, 2, 3))


def test_every_nth_piece_is_the_worst_one() -> None:
    assert worst(promotion(1, NthItem(2, 500), Layer.ITEM)) == 5_000
    assert worst(promotion(1, Reduction(((3, 6_000),), counts_pieces=True))) == 8_000


def test_those_that_exclude_each_other_are_not_added() -> None:
    one = promotion(1, Percentage(900), mutex_group="g")
    other = promotion(2, Percentage(800), mutex_group="g")
    assert worst(one, other) == 8_000


def test_what_starts_later_counts_from_then_on_and_what_is_over_does_not() -> None:
    later = promotion(1, FlashPrice({1: 7_000}), Layer.ITEM, starts_at=AT + timedelta(hours=1))
    over = promotion(2, FlashPrice({1: 100}), Layer.ITEM, ends_at=AT)
    found = worst_price(line(), [later, over], AT)
    assert (found.price_minor, found.at) == (7_000, AT + timedelta(hours=1))


def test_other_goods_and_freight_do_not_count_and_floors_do_not_save() -> None:
    assert worst(promotion(1, Percentage(500), scope=Scope(skus=frozenset({2})))) == 10_000
    assert worst(promotion(1, FreeFreight(), Layer.FREIGHT)) == 10_000
    assert worst(promotion(1, Percentage(500)), floor_minor=9_000) == 5_000


@given(
    st.integers(100, 50_000),
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(500, 60_000), st.integers(1, 40)), min_size=1, max_size=3),
)
def test_no_cart_of_the_same_goods_gets_below_it(list_minor: int, quantity: int, tiers: list[tuple[int, int]]) -> None:
    """Rounding aside: a fen may fall on either piece of a cart."""
    rules = [promotion(n, Reduction(((t, max(t * p // 100, 1)),))) for n, (t, p) in enumerate(tiers, 1)]
    own: Line = line(list_minor=list_minor, quantity=quantity)
    assert min(priced(*rules, lines=[own]).unit_prices("a")) >= worst_price(own, rules, AT).price_minor - len(rules)
