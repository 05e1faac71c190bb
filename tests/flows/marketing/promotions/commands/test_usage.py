"""M2.3 Try, Confirm, Release: what orders hold of promotions and coupons, counted exactly."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.marketing.promotions.commands.end_rules import PauseRule, pause_rules
from shopkeeper.flows.marketing.promotions.commands.reserve_usage import ReserveUsage, reserve_usage
from shopkeeper.flows.marketing.promotions.commands.settle_usage import (
    ConfirmUsage,
    ReleaseUnpaid,
    ReleaseUsage,
    confirm_usage,
    release_unpaid,
    release_usage,
)
from shopkeeper.flows.marketing.promotions.models import Counter, Coupon, CouponBatch, OrderPricing, Usage
from shopkeeper.flows.marketing.promotions.queries.carts import AskedLine
from shopkeeper.flows.marketing.promotions.queries.usage import counters_true
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.promotions import stage
from tests.flows.marketing.promotions.stage import NOON, batch, claimed, order, published

pytestmark = pytest.mark.clause("M2.3")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


def placed(item: ReserveUsage) -> Any:
    return reserve_usage.one(stage.checkout(), item)


def confirm(shop: Any, number: str = "P1") -> str:
    return confirm_usage.one(stage.checkout(), ConfirmUsage(shop.pk, number)).code


def release(shop: Any, number: str = "P1", reason: str = "取消") -> str:
    return release_usage.one(stage.checkout(), ReleaseUsage(shop.pk, number, reason)).code


def counts(rule_id: int) -> tuple[int, int, int, int]:
    counter = Counter.objects.get(rule_id=rule_id)
    return counter.uses_reserved, counter.uses_used, counter.reserved_minor, counter.used_minor


@pytest.mark.django_db
def test_an_order_freezes_its_price_with_ledger_versions_and_reasons() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=20_000)
    rule_id = published(shop)
    outcome = placed(order(shop, sku, 2, expected_minor=35_000))
    assert (outcome.code, outcome.facts) == ("done", {"payable_minor": 35_000, "discount_minor": 5_000})
    pricing = OrderPricing.objects.get(id=outcome.id)
    assert (pricing.list_minor, pricing.payable_minor, pricing.currency) == (40_000, 35_000, "CNY")
    assert pricing.lines[0]["unit_minors"] == [17_500, 17_500]
    assert pricing.ledger[0]["units"] == [[2_500, 2]]
    assert pricing.trace["reasons"] == [{"rule_id": rule_id, "code": "applied", "facts": {}}]
    assert Usage.objects.get().version.number == 1
    assert counts(rule_id) == (1, 0, 5_000, 0)
    pause_rules.one(stage.specialist(), PauseRule(rule_id, "改规则"))
    assert placed(order(shop, sku, 2, expected_minor=35_000)).code == "unchanged"
    assert counters_true()


@pytest.mark.django_db
def test_paid_it_is_used_and_each_action_counts_once() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop)
    placed(order(shop, sku))
    assert [confirm(shop), confirm(shop)] == ["done", "unchanged"]
    assert counts(rule_id) == (0, 1, 0, 5_000)
    assert stage.ended("promotion_hold") == [("done", False)]
    assert confirm(shop, "P9") == "order_not_priced"
    with pytest.raises(NotAllowed):
        confirm_usage(stage.specialist(), [ConfirmUsage(shop.pk, "P1")])


@pytest.mark.django_db
def test_a_cancelled_order_releases_what_it_held_or_used() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, needs_coupon=True, uses=1)
    batch_id = batch(rule_id)
    coupon = claimed(batch_id, shop, "b1")
    placed(order(shop, sku))
    assert Coupon.objects.get(id=coupon).state == "reserved"
    confirm(shop)
    assert (Coupon.objects.get(id=coupon).state, CouponBatch.objects.get().used) == ("used", 1)
    assert release(shop, reason=" ") == "reason_needed"
    assert [release(shop), release(shop)] == ["done", "unchanged"]
    assert counts(rule_id) == (0, 0, 0, 0)
    assert (Coupon.objects.get(id=coupon).state, CouponBatch.objects.get().used) == ("claimed", 0)
    assert (confirm(shop), placed(order(shop, sku)).code) == ("order_released", "order_released")
    assert placed(order(shop, sku, number="P2")).facts["payable_minor"] == 35_000
    assert counters_true()
    CouponBatch.objects.update(claimed=2)
    assert not counters_true()


@pytest.mark.django_db
def test_an_order_not_paid_in_time_gives_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, needs_coupon=True)
    coupon = claimed(batch(rule_id, valid_to=NOON + timedelta(days=1)), shop, "b1")
    placed(order(shop, sku))
    placed(order(shop, sku, number="P2", buyer="b2"))
    confirm(shop, "P2")
    stage.at(monkeypatch, NOON + timedelta(days=2))
    sweep()
    first, second = OrderPricing.objects.order_by("id")
    assert (first.state, first.released_because, second.state) == ("released", "unpaid", "confirmed")
    assert Coupon.objects.get(id=coupon).state == "expired"
    assert counts(rule_id) == (0, 0, 0, 0)
    assert release_unpaid.one(SYSTEM, ReleaseUnpaid(first.pk)).code == "unchanged"


@pytest.mark.django_db
def test_a_promotion_that_takes_nothing_off_does_not_count() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=10_000)
    rule_id = published(shop, uses=1)
    assert placed(order(shop, sku)).facts["payable_minor"] == 10_000
    assert (counts(rule_id), Usage.objects.count()) == ((0, 0, 0, 0), 0)


@pytest.mark.django_db
def test_split_orders_do_not_count_twice() -> None:
    """The parts of a split order carry the number of the whole purchase."""
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, uses_per_buyer=1)
    whole = order(shop, sku)
    outcomes = reserve_usage(stage.checkout(), [whole, whole])
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    assert outcomes[0].id == outcomes[1].id
    confirm_usage(stage.checkout(), [ConfirmUsage(shop.pk, "P1"), ConfirmUsage(shop.pk, "P1")])
    assert counts(rule_id) == (0, 1, 0, 5_000)


@pytest.mark.django_db
def test_limits_hold_within_one_batch_and_over_all() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, uses=2, uses_per_buyer=1)
    outcomes = reserve_usage(
        stage.checkout(), [order(shop, sku, number=f"P{n}", buyer=buyer) for n, buyer in enumerate("aabc")]
    )
    assert [o.code for o in outcomes] == ["done", "promotion_gone", "done", "promotion_gone"]
    assert outcomes[1].facts == {"rule": "促销 618"}
    assert placed(order(shop, sku, number="P9", buyer="d")).facts["payable_minor"] == 40_000
    assert counts(rule_id) == (2, 0, 10_000, 0)


@pytest.mark.django_db
def test_the_rest_of_a_budget_goes_to_one_order() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, budget_minor=7_000)
    assert placed(order(shop, sku, number="P1")).facts["discount_minor"] == 5_000
    assert placed(order(shop, sku, number="P2")).facts["discount_minor"] == 2_000
    assert placed(order(shop, sku, number="P3")).facts["discount_minor"] == 0
    assert counts(rule_id) == (2, 0, 7_000, 0)


@pytest.mark.django_db
def test_what_is_not_as_shown_is_refused_and_nothing_held() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, needs_coupon=True)
    coupon = claimed(batch(rule_id), shop, "b1")
    item = order(shop, sku)
    assert placed(replace(item, expected_minor=1)).facts == {"payable_minor": 35_000}
    wrong = {
        "cart_empty": replace(item, lines=()),
        "cart_quantity": replace(item, lines=(AskedLine(sku.pk, 0),)),
        "cart_sku_unknown": replace(item, lines=(AskedLine(0),)),
        "cart_freight": replace(item, freight_minor=-1),
        "coupon_gone": replace(item, buyer="b2", coupon_ids=(coupon,)),
    }
    for code, other in wrong.items():
        assert placed(other).code == code
    assert OrderPricing.objects.count() == 0
    assert placed(item).changed
    assert placed(replace(item, expected_minor=1)).code == "order_differs"


@pytest.mark.django_db
def test_as_many_statements_for_one_order_as_for_ten() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    batch_id = batch(published(shop, needs_coupon=True, uses_per_buyer=5), total=50)
    for n in range(11):
        claimed(batch_id, shop, f"b{n}")
    placed(order(shop, sku, number="first", buyer="b0"))
    seen = []
    for numbers in ([1], range(2, 11)):
        with CaptureQueriesContext(connection) as queries:
            items = [order(shop, sku, number=f"P{n}", buyer=f"b{n}") for n in numbers]
            assert {o.facts["discount_minor"] for o in reserve_usage(stage.checkout(), items)} == {5_000}
        seen.append(len(queries))
    assert seen[0] == seen[1]


def test_counters_stay_true_whatever_happens_at_once(fresh_db, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight hands place, pay and cancel forty orders in any order; the counters are what the uses sum up to."""
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = published(shop, uses=12, uses_per_buyer=2, budget_minor=52_000)
    actor = stage.checkout()

    def hand(seed: int) -> set[str]:
        rng, codes = random.Random(seed), set()
        try:
            for _ in range(15):
                number = f"P{rng.randrange(40)}"
                what = rng.choice(("place", "place", "pay", "cancel"))
                if what == "place":
                    item = order(shop, sku, number=number, buyer=f"b{rng.randrange(10)}")
                    codes.add(reserve_usage.one(actor, item).code)
                elif what == "pay":
                    codes.add(confirm_usage.one(actor, ConfirmUsage(shop.pk, number)).code)
                else:
                    codes.add(release_usage.one(actor, ReleaseUsage(shop.pk, number, "取消")).code)
        finally:
            connection.close()
        return codes

    with ThreadPoolExecutor(8) as hands:
        codes = set().union(*hands.map(hand, range(8)))
    assert "done" in codes
    assert codes <= {"done", "unchanged", "promotion_gone", "order_released", "order_not_priced"}
    assert counters_true()
    held, used, held_minor, used_minor = counts(rule_id)
    assert held + used <= 12
    assert held_minor + used_minor <= 52_000
    by_buyer = Usage.objects.filter(is_live=True).values_list("subject_id", flat=True)
    assert max((list(by_buyer).count(buyer) for buyer in set(by_buyer)), default=0) <= 2
