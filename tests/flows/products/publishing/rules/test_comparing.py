"""P4.2 and P5: every field of a listing beside the platform's; shares of stock."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.publishing.ports import ListingFacts, SkuFacts
from shopkeeper.flows.products.publishing.rules.comparing import Said, SkuSaid, compare, differences, takes_down
from shopkeeper.flows.products.publishing.rules.shares import Share, shown

SAID = Said("保温杯", "5001", "CNY", ("a", "b"), (SkuSaid("S1", 5_900, 7), SkuSaid("S2", 6_900, None)))
SEEN = ListingFacts(
    "9", "CUP", True, "5001", "保温杯", "CNY", ("a", "b"),
    (SkuFacts("1", "S1", 5_900, 7), SkuFacts("2", "S2", 6_900, 400)),
)  # fmt: skip


def fields(seen: ListingFacts | None) -> list[tuple[str, str, str, str]]:
    return [(row.field, row.sku, row.ours, row.theirs) for row in differences(compare(SAID, seen))]


@pytest.mark.clause("P4.2")
def test_a_listing_as_told_has_no_difference() -> None:
    assert fields(SEEN) == []
    assert {row.field for row in compare(SAID, SEEN)} == {
        "on_sale", "category", "title", "currency", "images", "price", "stock", "orderable",
    }  # fmt: skip


@pytest.mark.clause("P4.2")
@pytest.mark.parametrize(
    ("facts", "difference"),
    [
        ({"is_on_sale": False}, ("on_sale", "", "yes", "no")),
        ({"category_leaf": "77"}, ("category", "", "5001", "77")),
        ({"title": "杯"}, ("title", "", "保温杯", "杯")),
        ({"currency": "USD"}, ("currency", "", "CNY", "USD")),
        ({"images": ("b", "a")}, ("images", "", "2:2", "2:0")),
        ({"images": ("a",)}, ("images", "", "2:2", "1:1")),
    ],
)
def test_each_field_of_the_item(facts: dict[str, object], difference: tuple[str, ...]) -> None:
    assert fields(replace(SEEN, **facts)) == [difference]


@pytest.mark.clause("P4.2")
def test_each_field_of_a_variant() -> None:
    first, second = SEEN.skus
    assert fields(replace(SEEN, skus=(replace(first, price_minor=590), second))) == [("price", "S1", "5900", "590")]
    assert fields(replace(SEEN, skus=(replace(first, quantity=8), second))) == [("stock", "S1", "7", "8")]
    assert fields(replace(SEEN, skus=(replace(first, quantity=6), second))) == []
    assert fields(replace(SEEN, skus=(replace(first, can_be_ordered=False), second))) == [
        ("orderable", "S1", "yes", "no")
    ]
    assert fields(replace(SEEN, skus=(first,))) == [("sku", "S2", "listed", "gone")]
    extra = SkuFacts("3", "S3", 1, 1)
    assert fields(replace(SEEN, skus=(first, second, extra))) == [("sku", "S3", "gone", "listed")]


@pytest.mark.clause("P4.2")
def test_what_is_gone_is_one_difference_and_cannot_be_taken_down() -> None:
    assert fields(None) == [("gone", "", "on_sale", "gone")]
    assert not takes_down("anything", differences(compare(SAID, None)))


@pytest.mark.clause("P4.2")
def test_which_difference_takes_a_listing_down_is_policy() -> None:
    title = differences(compare(SAID, replace(SEEN, title="杯")))
    price = differences(compare(SAID, replace(SEEN, skus=(replace(SEEN.skus[0], price_minor=1), SEEN.skus[1]))))
    assert [takes_down(policy, title) for policy in ("nothing", "price", "anything")] == [False, False, True]
    assert [takes_down(policy, price) for policy in ("nothing", "price", "anything")] == [False, True, True]


@pytest.mark.clause("P5")
@given(st.integers(-50, 10_000), st.integers(0, 100), st.integers(0, 500), st.integers(0, 5_000))
def test_a_share_is_never_more_than_is_free_nor_than_the_most(free: int, percent: int, kept: int, most: int) -> None:
    quantity = shown(free, Share(percent, kept, most))
    assert 0 <= quantity <= min(max(free - kept, 0), most)


@pytest.mark.clause("P5")
def test_shares_round_down() -> None:
    assert shown(11, Share(50, 2, 100)) == 4
    assert shown(3, Share(100, 5, 100)) == 0
    assert shown(500, Share(100, 0, 99)) == 99
