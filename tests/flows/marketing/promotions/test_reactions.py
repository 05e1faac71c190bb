"""M2.3: platform orders held against our promotions; orders priced here followed; what price plans ask."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.models import Hold
from shopkeeper.flows.marketing.promotions.commands.count_platform_uses import (
    CountPlatformUse,
    EndPlatformUse,
    count_platform_uses,
    end_platform_uses,
)
from shopkeeper.flows.marketing.promotions.commands.end_rules import EndRule, end_rules
from shopkeeper.flows.marketing.promotions.commands.reserve_usage import reserve_usage
from shopkeeper.flows.marketing.promotions.models import Counter, OrderPricing, PlatformUse
from shopkeeper.flows.marketing.promotions.queries.rules import RuleFilter, rules_page
from shopkeeper.flows.marketing.promotions.queries.usage import counters_true
from shopkeeper.flows.products.pricing.ports import Offered, promotion_stack
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.readers import ensure_cursors, run_readers
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from tests import factories as make
from tests.flows.marketing.promotions import stage
from tests.flows.marketing.promotions.stage import NOON, published

pytestmark = pytest.mark.clause("M2.3")
OWN = {reader.name: reader for reader in READERS if reader.name.startswith("promotions.")}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


def read() -> None:
    ensure_cursors(list(OWN.values()))
    while run_readers(OWN):
        pass


def paid(shop: Any, sku: Any, off_minor: int, **fields: Any) -> int:
    """A platform order of one piece from which the platform took so much off."""
    line = make.received_line(sku)
    rest = line.price_minor - off_minor
    line = replace(line, discount_minor=off_minor, paid_minor=rest)
    return make.make_order(shop, line, **{"discount_minor": off_minor, "paid_minor": rest, **fields})


def held(order_id: int) -> list[dict[str, int]]:
    return [hold.facts for hold in Hold.objects.filter(order_id=order_id, code="price_unlike_promotions")]


def test_an_order_paid_unlike_our_promotions_waits_and_says_why(fresh_db) -> None:
    warehouse = make.make_warehouse()
    shop, other = make.make_shop(warehouse), make.make_shop(warehouse)
    sku = make.make_sku(price_minor=40_000)
    make.stock_up(sku, warehouse)
    published(shop)
    published(shop, "coupon", {"kind": "reduction", "tiers": [[20_000, 1_000]]}, needs_coupon=True)
    just, with_coupon = paid(shop, sku, 5_000), paid(shop, sku, 6_000)
    too_much, too_little = paid(shop, sku, 9_000), paid(shop, sku, 0)
    within, elsewhere = paid(shop, sku, 6_100), paid(other, sku, 9_000)
    read()
    assert held(too_much) == [{"paid": 31_000, "least": 34_000, "most": 35_000}]
    assert held(too_little) == [{"paid": 40_000, "least": 34_000, "most": 35_000}]
    assert [held(order_id) for order_id in (just, with_coupon, within, elsewhere)] == [[], [], [], []]


def test_the_check_can_be_switched_off_and_what_ended_before_does_not_count(fresh_db) -> None:
    warehouse = make.make_warehouse()
    shop, sku = make.make_shop(warehouse), make.make_sku(price_minor=40_000)
    make.stock_up(sku, warehouse)
    rule_id = published(shop)
    set_policy.one(SYSTEM, SetPolicy("promotion_price_check", "off", "平台自设", shop.pk))
    off = paid(shop, sku, 9_000)
    read()
    assert held(off) == []
    set_policy.one(SYSTEM, SetPolicy("promotion_price_check", "hold", "恢复", shop.pk))
    end_rules.one(SYSTEM, EndRule(rule_id, "结束"))
    after = paid(shop, sku, 0, placed_at=NOON + timedelta(minutes=1), paid_at=NOON + timedelta(minutes=2))
    read()
    assert held(after) == []


def test_an_order_priced_here_is_confirmed_when_paid_and_released_when_cancelled(fresh_db) -> None:
    warehouse = make.make_warehouse()
    shop, sku = make.make_shop(warehouse), make.make_sku(price_minor=40_000)
    make.stock_up(sku, warehouse)
    published(shop)
    reserve_usage(stage.checkout(), [stage.order(shop, sku, number=number) for number in ("T1", "T2")])
    order_id = paid(shop, sku, 5_000, platform_no="T1")
    wrong = paid(shop, sku, 4_000, platform_no="T2")
    read()
    assert list(OrderPricing.objects.order_by("id").values_list("state", flat=True)) == ["confirmed", "confirmed"]
    assert (held(order_id), held(wrong)) == ([], [{"paid": 36_000, "least": 35_000, "most": 35_000}])
    assert cancel_orders.one(SYSTEM, CancelOrder(order_id, "不要了")).ok
    read()
    pricing = OrderPricing.objects.get(order_no="T1")
    assert (pricing.state, pricing.released_because) == ("released", "cancelled")


@pytest.mark.django_db
def test_price_plans_know_how_low_promotions_bring_a_price() -> None:
    sku, stack = make.make_sku(), promotion_stack()

    def least(price: int, shop_id: int | None = None) -> int:
        offered = Offered(sku.pk, shop_id, price)
        return stack.worst_prices([offered])[offered]

    assert least(10_000) == 10_000
    shop = make.make_shop()
    published(shop, "p", {"kind": "percentage", "permille": 900})
    published(make.make_shop(), "elsewhere", {"kind": "percentage", "permille": 800})
    published(None, "coupon", {"kind": "reduction", "tiers": [[10_000, 1_000]]}, needs_coupon=True)
    assert least(10_000) == 7_000
    with CaptureQueriesContext(connection) as queries:
        stack.worst_prices([Offered(sku.pk, None, price) for price in range(20_000, 20_050)])
    assert len(queries) == 1
    assert least(10_000, shop.pk) == 8_000
    published(shop, "tagged", {"kind": "discount", "permille": 500}, goods_tags=["hot"])
    assert least(10_000) == 7_000


def counted(rule_id: int) -> tuple[int, int]:
    row = Counter.objects.get(rule_id=rule_id)
    return row.platform_uses, row.platform_minor


def test_orders_that_a_platform_priced_by_a_promotion_count_as_its_uses_until_they_are_cancelled(fresh_db) -> None:
    warehouse = make.make_warehouse()
    shop, other = make.make_shop(warehouse), make.make_shop(warehouse)
    sku = make.make_sku(price_minor=32_800)
    make.stock_up(sku, warehouse)
    rate = published(shop, "85", {"kind": "discount", "permille": 850})
    coupon = published(shop, "coupon", {"kind": "reduction", "tiers": [[25_000, 2_000]]}, needs_coupon=True)
    first = paid(shop, sku, 4_920)
    with_coupon, at_list, elsewhere = paid(shop, sku, 6_920), paid(shop, sku, 0), paid(other, sku, 4_920)
    paid(shop, sku, 15_000)
    read()
    assert (counted(rate), counted(coupon)) == ((2, 9_840), (1, 2_000))
    assert not PlatformUse.objects.filter(order_id__in=[at_list, elsewhere]).exists()
    assert counters_true()
    assert cancel_orders.one(SYSTEM, CancelOrder(with_coupon, "不要了")).ok
    read()
    assert (counted(rate), counted(coupon)) == ((1, 4_920), (0, 0))
    assert counters_true()
    shown = rules_page(stage.supervisor(), RuleFilter(text="85"))[0][0]
    assert (shown.all_uses, shown.all_minor) == (1, 4_920)
    assert count_platform_uses.one(SYSTEM, CountPlatformUse(first, rate, shown.version_id, 4_920)).changed is False
    assert end_platform_uses.one(SYSTEM, EndPlatformUse(with_coupon)).changed is False
    assert counted(rate) == (1, 4_920)


def test_a_promotion_that_the_platform_put_into_its_unit_price_is_recognised(fresh_db) -> None:
    warehouse = make.make_warehouse()
    shop, sku = make.make_shop(warehouse), make.make_sku(price_minor=32_800)
    make.stock_up(sku, warehouse)
    rate = published(shop, "85", {"kind": "discount", "permille": 850})
    line = replace(make.received_line(sku), price_minor=27_880, paid_minor=27_880)
    make.make_order(shop, line, paid_minor=27_880)
    read()
    assert counted(rate) == (1, 4_920)
