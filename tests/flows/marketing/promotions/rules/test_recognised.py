"""M2.3: which promotions a platform order was paid by, by arithmetic alone."""

from datetime import timedelta

import pytest

from shopkeeper.flows.marketing.promotions.rules.offers import Gift, ItemDiscount, Offer, Reduction
from shopkeeper.flows.marketing.promotions.rules.recognised import uses_paid
from shopkeeper.flows.marketing.promotions.rules.values import Audience, Cart, Layer, Line, Promotion
from tests.factories import NOON

pytestmark = pytest.mark.clause("M2.3")


def promotion(id_: int, layer: Layer, offer: Offer, **fields: object) -> Promotion:
    day = timedelta(days=1)
    return Promotion(id_, 1, layer, offer, NOON - day, NOON + day, stack_with=frozenset("*"), **fields)  # type: ignore[arg-type]


RATE = promotion(1, Layer.ITEM, ItemDiscount(850))
COUPON = promotion(2, Layer.SHOP, Reduction(((30_000, 2_000),)), needs_coupon=True)
MEMBERS = promotion(3, Layer.SHOP, Reduction(((30_000, 3_000),)), audience=Audience(levels=frozenset({"gold"})))
CART = Cart((Line("a", 1, 2, 20_000),), NOON)


@pytest.mark.parametrize(
    ("paid", "used"),
    [
        (40_000, {}),  # at its list price
        (34_000, {1: 6_000}),
        (34_050, {1: 6_000}),  # within what is tolerated
        (32_000, {1: 6_000, 2: 2_000}),
        (31_000, {1: 6_000, 3: 3_000}),
        (29_000, {1: 6_000, 2: 2_000, 3: 3_000}),
        (35_500, {}),  # like nothing of ours
        (20_000, {}),
    ],
)
def test_the_arithmetic_nearest_to_what_was_paid_says_what_was_used(paid: int, used: dict[int, int]) -> None:
    assert uses_paid(CART, paid, [RATE, COUPON, MEMBERS], slack_minor=100) == used


def test_a_gift_counts_where_one_of_its_choices_lies_in_the_parcel() -> None:
    gift = promotion(4, Layer.SHOP, Gift((8, 9), threshold=30_000, cost_minor=500))
    assert uses_paid(CART, 40_000, [gift]) == {}
    assert uses_paid(CART, 40_000, [gift], gift_skus={9}) == {4: 500}
