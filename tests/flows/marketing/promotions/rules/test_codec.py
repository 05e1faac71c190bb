"""M2.3: promotions as JSON and back; what makes no promotion is named with its place."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.promotions.rules.codec import (
    LAYERS_OF,
    BadTerms,
    Terms,
    promotion_of,
    read_terms,
    write_terms,
)
from shopkeeper.flows.marketing.promotions.rules.offers import (
    FlashPrice,
    FreeFreight,
    Gift,
    ItemDiscount,
    NthItem,
    Offer,
    Percentage,
    PiecesDiscount,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.rules.values import Audience, Layer
from tests.flows.marketing.promotions.rules.carts import AT

pytestmark = pytest.mark.clause("M2.3")
REDUCTION = {"kind": "reduction", "tiers": [[300, 50]]}

amounts = st.integers(1, 10**9)
offers: st.SearchStrategy[Offer] = st.one_of(
    st.builds(ItemDiscount, st.integers(1, 1_000)),
    st.builds(FlashPrice, st.dictionaries(amounts, amounts, min_size=1, max_size=4)),
    st.builds(NthItem, st.integers(2, 9), st.integers(1, 1_000), st.booleans()),
    st.builds(PiecesDiscount, st.integers(1, 9), st.integers(1, 1_000)),
    st.builds(Reduction, amounts.map(lambda n: ((n + 1, n),)), st.booleans(), st.integers(0, 5)),
    st.builds(Percentage, st.integers(1, 1_000), st.integers(0, 10**6), st.integers(0, 10**6), st.booleans()),
    st.builds(Gift, st.lists(amounts, min_size=1, max_size=3).map(tuple), st.integers(1, 5)),
    st.builds(FreeFreight, st.integers(0, 10**6), st.integers(0, 10**6)),
)
words = st.frozensets(st.sampled_from(["a", "b", "coupon", "*"]))
limits = st.none() | amounts


@st.composite
def some_terms(draw: st.DrawFn) -> Terms:
    offer = draw(offers)
    kind = Terms(Layer.ITEM, offer).kind
    return Terms(
        draw(st.sampled_from(sorted(LAYERS_OF[kind]))),
        offer,
        skus=draw(st.frozensets(amounts, max_size=3)),
        goods_tags=draw(words),
        audience=Audience(draw(words), frozenset(), draw(st.booleans())),
        uses=draw(limits),
        uses_per_buyer=draw(limits),
        budget_minor=draw(limits),
        tags=draw(words),
        stack_with=draw(words),
        needs_coupon=draw(st.booleans()),
        bearers=draw(st.sampled_from([(("shop", 1_000),), (("shop", 400), ("platform", 600))])),
    )


@given(some_terms())
def test_what_is_written_reads_the_same(terms: Terms) -> None:
    written = write_terms(terms)
    assert read_terms(written) == terms
    assert write_terms(read_terms(written)) == written


@pytest.mark.parametrize(
    ("raw", "code", "where"),
    [
        ({}, "offer_unknown", "offer"),
        ({"offer": {"kind": "magic"}}, "offer_unknown", "offer"),
        ({"offer": {"kind": ["reduction"]}}, "offer_unknown", "offer"),
        ({"offer": {"kind": "reduction"}}, "offer_incomplete", "offer"),
        ({"offer": {"kind": "reduction", "tiers": [[300, 50], [200, 60]]}}, "tiers_not_rising", "offer"),
        ({"offer": {"kind": "reduction", "tiers": [[300]]}}, "terms_unreadable", "offer.tiers"),
        ({"offer": {"kind": "reduction", "tiers": "30"}}, "terms_unreadable", "offer.tiers"),
        ({"offer": {**REDUCTION, "color": 1}}, "terms_unknown", "offer.color"),
        ({"offer": {**REDUCTION, "every": 1}}, "terms_unreadable", "offer.every"),
        ({"offer": {"kind": "discount", "permille": True}}, "terms_unreadable", "offer.permille"),
        ({"offer": {"kind": "discount", "permille": 10**13}}, "terms_out_of_bounds", "offer.permille"),
        ({"offer": {"kind": "flash", "prices": {"a": 1}}}, "terms_unreadable", "offer.prices"),
        ({"offer": {"kind": "flash", "prices": [1]}}, "terms_unreadable", "offer.prices"),
        ({"offer": REDUCTION, "layer": "item"}, "offer_unlike_layer", "layer"),
        ({"offer": REDUCTION, "layer": 3}, "offer_unlike_layer", "layer"),
        ({"offer": REDUCTION, "speed": 1}, "terms_unknown", "speed"),
        ({"offer": REDUCTION, "skus": [0]}, "terms_out_of_bounds", "skus"),
        ({"offer": REDUCTION, "skus": list(range(1, 2_002))}, "terms_too_many", "skus"),
        ({"offer": REDUCTION, "uses": 0}, "terms_out_of_bounds", "uses"),
        ({"offer": REDUCTION, "audience": {"age": 3}}, "terms_unreadable", "audience"),
        ({"offer": REDUCTION, "tags": ["x" * 41]}, "terms_unreadable", "tags"),
        ({"offer": REDUCTION, "threshold_base": "moon"}, "terms_unreadable", "threshold_base"),
        ({"offer": REDUCTION, "bearers": [["shop", 900]]}, "bearers_not_whole", "bearers"),
        ({"offer": REDUCTION, "bearers": [["shop", 500], ["shop", 500]]}, "bearers_not_whole", "bearers"),
        ({"offer": REDUCTION, "bearers": [["moon", 1_000]]}, "bearer_unknown", "bearers"),
        ({"offer": REDUCTION, "bearers": ["shop"]}, "terms_unreadable", "bearers"),
    ],
)
def test_what_makes_no_promotion_is_named(raw: dict[str, Any], code: str, where: str) -> None:
    with pytest.raises(BadTerms) as refused:
        read_terms(raw)
    assert (refused.value.code, refused.value.field) == (code, where)


def test_the_engine_gets_the_shop_as_scope_and_the_version() -> None:
    terms = read_terms({"offer": REDUCTION, "skus": [7], "needs_coupon": True})
    made = promotion_of(terms, 3, 2, 9, AT, AT + timedelta(days=1))
    assert (made.id, made.version, made.scope.shops, made.scope.skus) == (3, 2, frozenset({9}), frozenset({7}))
    assert (made.layer, made.needs_coupon, terms.kind) == (Layer.SHOP, True, "reduction")
    assert promotion_of(terms, 3, 2, None, AT, AT).scope.shops == frozenset()
