"""M2.3: identities that hold for any cart and any promotions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.offers import (
    ItemDiscount,
    NthItem,
    Percentage,
    PiecesDiscount,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.refunds import next_units, refundable
from shopkeeper.flows.marketing.promotions.rules.values import Cart, Layer, Line, Promotion, Scope
from tests.flows.marketing.promotions.rules.carts import ALL, AT, promotion, slow_best

pytestmark = pytest.mark.clause("M2.3")

TAGS = [frozenset(), frozenset({"x"}), frozenset({"y"})]
rates = st.integers(1, 1_000)
lines = st.lists(st.tuples(st.integers(1, 40_000), st.integers(1, 4), st.integers(1, 6)), min_size=1, max_size=5).map(
    lambda rows: tuple(Line(f"l{n}", sku, quantity, minor) for n, (minor, quantity, sku) in enumerate(rows))
)


def reductions() -> st.SearchStrategy[Reduction]:
    single = st.tuples(st.integers(1, 60_000), st.integers(1, 60_000), st.booleans(), st.integers(0, 3)).map(
        lambda t: Reduction(((max(t[0], t[1]), min(t[0], t[1])),), every=t[2], times=t[3])
    )
    tiers = st.tuples(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 20_000)).map(
        lambda t: Reduction(((t[0] + 1, 1 + t[0] // 3), (t[0] + t[1] + 2, 2 + t[0] // 3 + t[1] // 4)))
    )
    return st.one_of(single, tiers)


def offers() -> st.SearchStrategy[Reduction | Percentage]:
    percentages = st.tuples(rates, st.integers(0, 50_000), st.integers(0, 8_000)).map(lambda t: Percentage(*t))
    return st.one_of(reductions(), percentages)


@st.composite
def order_promotions(draw: st.DrawFn) -> list[Promotion]:
    made = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        made.append(
            promotion(
                number,
                draw(offers()),
                draw(st.sampled_from([Layer.SHOP, Layer.PLATFORM])),
                mutex_group=draw(st.sampled_from(["", "", "a", "b"])),
                tags=draw(st.sampled_from(TAGS)),
                stack_with=draw(st.sampled_from([ALL, frozenset({"x"}), frozenset({"x", "y"})])),
                threshold_base=draw(st.sampled_from(["after_item", "after_previous"])),
                priority=draw(st.integers(1, 3)),
            )
        )
    return made


@settings(max_examples=150, deadline=None)
@given(lines, order_promotions())
def test_the_choice_is_the_best_there_is(cart: tuple[Line, ...], promotions: list[Promotion]) -> None:
    result = price(Cart(cart, AT), RuleBook(promotions))
    result.check()
    assert result.searched == "all"
    assert result.payable_minor == slow_best(cart, promotions)


@settings(max_examples=150, deadline=None)
@given(lines, order_promotions(), rates, st.integers(2, 3), st.randoms(use_true_random=False))
def test_the_order_of_promotions_and_lines_changes_nothing(
    cart: tuple[Line, ...], promotions: list[Promotion], rate: int, n: int, rng: object
) -> None:
    some = Scope(skus=frozenset({1, 2, 3}))
    everything = [
        *promotions,
        promotion(90, ItemDiscount(rate), Layer.ITEM, scope=some),
        promotion(91, NthItem(n, 500), Layer.ITEM),
        promotion(92, PiecesDiscount(3, 700), Layer.ITEM),
    ]
    first = price(Cart(cart, AT), RuleBook(everything))
    first.check()
    rng.shuffle(everything)  # type: ignore[attr-defined]
    again = price(Cart(cart, AT), RuleBook(everything))
    assert again == first
    backwards = price(Cart(cart[::-1], AT), RuleBook(everything))
    assert backwards.payable_minor == first.payable_minor


@settings(max_examples=100, deadline=None)
@given(lines, order_promotions(), st.data())
def test_partial_refunds_in_any_sequence_come_to_what_was_paid(
    cart: tuple[Line, ...], promotions: list[Promotion], data: st.DataObject
) -> None:
    result = price(Cart(cart, AT), RuleBook(promotions))
    for line in cart:
        returned: list[int] = []
        total = 0
        while len(returned) < line.quantity:
            units = next_units(line.quantity, returned, data.draw(st.integers(1, line.quantity - len(returned))))
            total += refundable(result, line.id, returned, units)
            assert refundable(result, line.id, [*returned, *units], units) == 0
            returned += units
        assert total == result.paid_by_line()[line.id]


@settings(max_examples=60, deadline=None)
@given(lines, st.integers(1, 5_000))
def test_a_floor_is_never_passed_by_promotions(cart: tuple[Line, ...], off: int) -> None:
    floored = tuple(Line(x.id, x.sku_id, x.quantity, x.list_minor, floor_minor=x.list_minor * 9 // 10) for x in cart)
    many = [promotion(n, Reduction(((off, off),))) for n in (1, 2)]
    result = price(Cart(floored, AT), RuleBook([*many, promotion(3, ItemDiscount(880), Layer.ITEM)]))
    paid = result.paid_by_line()
    assert all(paid[line.id] >= line.floor_minor * line.quantity for line in floored)


def test_many_promotions_are_approached_and_it_says_so() -> None:
    promotions = [promotion(n, Reduction(((1_000, n),))) for n in range(1, 31)]
    result = price(Cart((Line("a", 1, 1, 100_000),), AT), RuleBook(promotions))
    result.check()
    assert result.searched == "greedy"
    assert result.payable_minor == 100_000 - sum(range(1, 31))
