"""M2.3: the worked examples of docs/promotions.md, and what makes a promotion not apply."""

import pytest

from shopkeeper.flows.marketing.promotions.rules.offers import (
    FlashPrice,
    FreeFreight,
    Gift,
    ItemDiscount,
    NthItem,
    Percentage,
    PiecesDiscount,
    Reduction,
    problems,
)
from shopkeeper.flows.marketing.promotions.rules.values import (
    Audience,
    Buyer,
    Coupon,
    Layer,
    Limits,
    Scope,
)
from tests.flows.marketing.promotions.rules.carts import AT, line, priced, promotion, reason

pytestmark = pytest.mark.clause("M2.3")

TIERS = Reduction(((30_000, 5_000), (50_000, 10_000)))
EVERY_300 = Reduction(((30_000, 4_000),), every=True)


@pytest.mark.parametrize(("goods", "off"), [(29_999, 0), (30_000, 5_000), (49_999, 5_000), (50_000, 10_000)])
def test_tiered_reduction_takes_the_highest_tier_reached(goods: int, off: int) -> None:
    assert priced(promotion(1, TIERS), lines=[line(list_minor=goods)]).payable_minor == goods - off


@pytest.mark.parametrize(("goods", "times", "off"), [(29_999, 0, 0), (65_000, 0, 8_000), (125_000, 3, 12_000)])
def test_every_x_takes_off_again_up_to_its_cap(goods: int, times: int, off: int) -> None:
    offer = Reduction(((30_000, 4_000),), every=True, times=times)
    assert priced(promotion(1, offer), lines=[line(list_minor=goods)]).payable_minor == goods - off


def test_a_threshold_in_pieces_counts_units_over_all_lines() -> None:
    offer = Reduction(((3, 2_000),), counts_pieces=True)
    assert priced(promotion(1, offer), lines=[line("a", 1_000, 1), line("b", 5_000, 2)]).payable_minor == 9_000


def test_a_percentage_rounds_the_price_half_up_and_keeps_to_its_cap() -> None:
    assert priced(promotion(1, Percentage(850)), lines=[line(list_minor=999)]).payable_minor == 849
    capped = Percentage(500, most_minor=3_000)
    assert priced(promotion(1, capped), lines=[line(list_minor=10_000)]).payable_minor == 7_000


def test_the_second_item_at_half_price_pairs_the_dear_with_the_next() -> None:
    """100, 80, 60, 40: 80 and 40 are halved, whatever the order in the cart."""
    prices = {"a": 4_000, "b": 10_000, "c": 6_000, "d": 8_000}
    lines = [line(name, minor, sku_id=n) for n, (name, minor) in enumerate(prices.items())]
    result = priced(promotion(1, NthItem(2, 500), Layer.ITEM), lines=lines)
    assert result.paid_by_line() == {"a": 2_000, "b": 10_000, "c": 6_000, "d": 4_000}


def test_the_second_of_the_same_item_leaves_single_items_alone() -> None:
    lines = [line("a", 10_000, 3, sku_id=1), line("b", 8_000, 1, sku_id=2)]
    result = priced(promotion(1, NthItem(2, 500, mixed=False), Layer.ITEM), lines=lines)
    assert result.unit_prices("a") == [10_000, 5_000, 10_000]
    assert result.paid_by_line()["b"] == 8_000


def test_of_equally_dear_goods_the_same_piece_is_reduced_however_they_lie_in_the_cart() -> None:
    third = promotion(1, NthItem(3, 500), Layer.ITEM)
    cheap = promotion(2, ItemDiscount(100), Layer.ITEM, scope=Scope(skus=frozenset({1})))
    lines = [line("a", 10_000, 1, sku_id=4), line("b", 10_000, 2, sku_id=1)]
    ahead, behind = (priced(third, cheap, lines=some).payable_minor for some in (lines, lines[::-1]))
    assert ahead == behind == 7_000  # two at a tenth, and the third at half


def test_m_pieces_n_off_starts_at_m_pieces() -> None:
    offer = promotion(1, PiecesDiscount(3, 700), Layer.ITEM)
    assert priced(offer, lines=[line(quantity=2)]).payable_minor == 20_000
    assert priced(offer, lines=[line(quantity=3)]).payable_minor == 21_000


def test_one_winner_per_unit_and_it_is_the_lowest_price() -> None:
    flash = promotion(1, FlashPrice({1: 7_900}), Layer.ITEM)
    discount = promotion(2, ItemDiscount(850), Layer.ITEM)
    result = priced(discount, flash, lines=[line()])
    assert result.payable_minor == 7_900
    assert (reason(result, 1).code, reason(result, 2).code) == ("applied", "lost")


def test_the_member_price_is_a_price_fact_that_other_promotions_start_from() -> None:
    member = line(member_minor={"gold": 9_000})
    assert priced(lines=[member]).payable_minor == 10_000
    assert priced(lines=[member], buyer=Buyer("gold")).payable_minor == 9_000
    assert (
        priced(promotion(1, ItemDiscount(900), Layer.ITEM), lines=[member], buyer=Buyer("gold")).payable_minor == 8_100
    )


def test_thresholds_of_shop_and_platform_stand_side_by_side() -> None:
    """Price 400, shop coupon 400−380 leaves 20; cross-shop 400−50 still applies and the payable stops at 0."""
    shop = promotion(1, Reduction(((40_000, 38_000),)))
    platform = promotion(2, Reduction(((40_000, 5_000),)), Layer.PLATFORM)
    result = priced(shop, platform, lines=[line(list_minor=40_000)])
    assert result.payable_minor == 0
    assert [entry.amount_minor for entry in result.entries] == [38_000, 2_000]


def test_what_one_line_cannot_bear_moves_to_the_others_in_scope() -> None:
    shop = promotion(1, Reduction(((20_000, 19_000),)), scope=Scope(skus=frozenset({1})))
    platform = promotion(2, Reduction(((40_000, 5_000),)), Layer.PLATFORM)
    lines = [line("a", 20_000, sku_id=1), line("b", 20_000, sku_id=2)]
    result = priced(shop, platform, lines=lines)
    assert result.paid_by_line() == {"a": 762, "b": 15_238}  # opening 1,000 and 20,000 share 5,000 by weight


def test_a_threshold_may_be_tested_on_what_the_layer_before_left() -> None:
    shop = promotion(1, Reduction(((40_000, 38_000),)))
    platform = promotion(2, Reduction(((40_000, 5_000),)), Layer.PLATFORM, threshold_base="after_previous")
    assert priced(shop, platform, lines=[line(list_minor=40_000)]).payable_minor == 2_000


def test_a_mutex_group_has_one_winner_and_says_who_lost_to_whom() -> None:
    small = promotion(1, Reduction(((10_000, 500),)), mutex_group="coupon")
    large = promotion(2, Reduction(((10_000, 900),)), mutex_group="coupon")
    result = priced(small, large)
    assert result.payable_minor == 9_100
    assert (reason(result, 1).code, reason(result, 1).facts) == ("lost", {"to": 2})


def test_both_sides_must_agree_to_be_used_together() -> None:
    shy = promotion(1, Reduction(((10_000, 500),)), tags=frozenset({"coupon"}), stack_with=frozenset())
    open_ = promotion(2, Reduction(((10_000, 300),)))
    assert priced(shy, open_).payable_minor == 9_500
    friendly = promotion(1, Reduction(((10_000, 500),)), tags=frozenset({"coupon"}), stack_with=frozenset({"full"}))
    full = promotion(2, Reduction(((10_000, 300),)), tags=frozenset({"full"}), stack_with=frozenset({"coupon"}))
    assert priced(friendly, full).payable_minor == 9_200


def test_a_coupon_needs_to_be_in_hand_and_the_one_that_expires_first_goes_first() -> None:
    late = promotion(1, Reduction(((10_000, 500),)), mutex_group="coupon", needs_coupon=True)
    soon = promotion(2, Reduction(((10_000, 500),)), mutex_group="coupon", needs_coupon=True)
    assert reason(priced(late, soon), 1).code == "no_coupon"
    coupons = (Coupon("A", 1, AT.replace(day=30)), Coupon("B", 2, AT.replace(day=20)))
    assert reason(priced(late, soon, coupons=coupons), 2).code == "applied"


def test_limits_and_audience_keep_a_promotion_out_and_say_so() -> None:
    offer = Reduction(((10_000, 500),))
    assert reason(priced(promotion(1, offer), limits=Limits(uses={1: 0})), 1).code == "used_up"
    assert reason(priced(promotion(1, offer), limits=Limits(buyer_uses={1: 0})), 1).code == "used_up_by_buyer"
    assert reason(priced(promotion(1, offer), limits=Limits(budget_minor={1: 0})), 1).code == "budget"
    only_new = promotion(1, offer, audience=Audience(only_new=True))
    assert reason(priced(only_new), 1).code == "audience"
    assert priced(only_new, buyer=Buyer(is_new=True)).payable_minor == 9_500


def test_the_rest_of_a_budget_is_all_that_is_given() -> None:
    result = priced(promotion(1, Reduction(((10_000, 500),))), limits=Limits(budget_minor={1: 120}))
    assert result.payable_minor == 9_880


def test_a_floor_refuses_the_combination_that_would_go_below_it() -> None:
    shop = promotion(1, Reduction(((10_000, 3_000),)))
    platform = promotion(2, Reduction(((10_000, 2_000),)), Layer.PLATFORM)
    result = priced(shop, platform, lines=[line(floor_minor=6_000)])
    assert result.payable_minor == 7_000
    assert reason(result, 2).code == "not_better"
    below = priced(promotion(1, ItemDiscount(500), Layer.ITEM), lines=[line(floor_minor=6_000)])
    assert (below.payable_minor, reason(below, 1).code) == (10_000, "floor")


def test_a_gift_comes_at_zero_with_its_cost_or_its_substitute_or_not_at_all_and_said_so() -> None:
    gift = promotion(1, Gift(choices=(71, 72), threshold=10_000, cost_minor=800))
    assert [(g.sku_id, g.cost_minor, g.is_substitute) for g in priced(gift).gifts] == [(71, 800, False)]
    second = priced(gift, limits=Limits(gift_stock={71: 0}))
    assert [(g.sku_id, g.is_substitute) for g in second.gifts] == [(72, True)]
    none = priced(gift, limits=Limits(gift_stock={71: 0, 72: 0}))
    assert (none.gifts, reason(none, 1).code) == ((), "gift_out_of_stock")


def test_what_lacks_for_the_next_tier_is_told() -> None:
    result = priced(promotion(1, TIERS), lines=[line(list_minor=28_000)])
    assert reason(result, 1).facts == {"missing": 2_000, "base": 28_000}


def test_freight_is_reduced_by_what_the_goods_come_to_after_everything() -> None:
    free = promotion(2, FreeFreight(threshold=9_600), Layer.FREIGHT)
    result = priced(promotion(1, Reduction(((10_000, 500),))), free, freight_minor=800)
    assert (result.payable_minor, reason(result, 2).facts["missing"]) == (10_300, 100)
    assert priced(free, freight_minor=800).payable_minor == 10_000


def test_what_the_buyer_chose_is_computed_and_nothing_else() -> None:
    small, large = promotion(1, Reduction(((10_000, 500),))), promotion(2, Reduction(((10_000, 900),)))
    result = priced(small, large, chosen=frozenset({1}))
    assert (result.payable_minor, reason(result, 2).code) == (9_500, "not_chosen")


def test_the_cost_is_split_over_its_bearers_to_the_fen() -> None:
    shared = promotion(1, Reduction(((10_000, 1_001),)), bearers=(("shop", 500), ("platform", 500)))
    assert priced(shared).entries[0].bearers == (("shop", 501), ("platform", 500))


def test_eleven_lines_lose_six_fen_and_nobody_gains() -> None:
    """Where the last line takes the rest, it ends at 1.04; here no line pays more than it did."""
    lines = [line(str(n), 100, sku_id=n) for n in range(11)]
    paid = priced(promotion(1, Reduction(((1_100, 6),))), lines=lines).paid_by_line()
    assert sorted(paid.values()) == [99] * 6 + [100] * 5


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        (Reduction(((300, 50), (200, 60))), "tiers_not_rising"),
        (Reduction(()), "tiers_missing"),
        (Reduction(((300, 400),)), "more_off_than_threshold"),
        (Reduction(((300, 10), (400, 20)), every=True), "every_needs_one_tier"),
        (ItemDiscount(0), "rate_out_of_bounds"),
        (NthItem(1, 500), "nth_below_two"),
        (PiecesDiscount(0, 500), "pieces_below_one"),
        (Gift(()), "gift_missing"),
        (FlashPrice({1: 0}), "price_not_positive"),
    ],
)
def test_a_senseless_offer_is_named(offer: object, code: str) -> None:
    assert problems(offer) == [code]  # type: ignore[arg-type]


def test_a_sensible_offer_has_no_problems() -> None:
    assert [problems(offer) for offer in (TIERS, EVERY_300, Percentage(850), NthItem(2, 500), Gift((1,)))] == [[]] * 5
