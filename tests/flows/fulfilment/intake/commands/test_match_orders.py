"""O1.3: once the SKU is made, its order is matched again, judged and promised."""

import pytest

from shopkeeper.flows.fulfilment.intake.commands.match_orders import MatchOrder, match_orders
from shopkeeper.flows.fulfilment.intake.models import Hold, OrderLine
from shopkeeper.flows.products.stock.models import Promise
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


def waiting(shop: Shop, *codes: str, quantity: int = 1) -> int:
    lines = [make.received_line(None, quantity, outer_code=code) for code in codes]
    order_id = make.make_order(shop, *lines)
    assert stage.state_of(order_id)[1] == ["unknown_sku"]
    return order_id


def test_an_order_is_matched_promised_and_its_duty_ends() -> None:
    shop = make.make_shop()
    order_id = waiting(shop, "OLD-922")
    none = match_orders.one(SYSTEM, MatchOrder(order_id))
    assert (none.code, none.facts) == ("sku_still_unknown", {"sku": "OLD-922"})
    make.stock_up(make.make_sku(code="OLD-922"), shop.default_warehouse)
    assert match_orders.one(SYSTEM, MatchOrder(order_id)).code == "done"
    assert stage.state_of(order_id) == ("to_check", [])
    assert Hold.objects.get().decision == "fixed"
    assert Promise.objects.get().quantity == 1
    assert not Deadline.objects.filter(kind="decide_holds").exists()
    assert match_orders.one(SYSTEM, MatchOrder(order_id)).code == "unchanged"


def test_what_is_found_is_judged_as_on_arrival() -> None:
    shop = make.make_shop()
    order_id = waiting(shop, "OLD-922", quantity=2)
    make.make_sku(code="OLD-922", floor_minor=9_900)
    assert match_orders.one(SYSTEM, MatchOrder(order_id)).code == "done"
    assert sorted(stage.state_of(order_id)[1]) == ["odd_price", "short_stock"]
    assert Deadline.objects.filter(kind="decide_holds", subject_id=order_id).exists()


def test_the_next_unknown_code_is_named_then() -> None:
    shop = make.make_shop()
    order_id = waiting(shop, "A-1", "B-1")
    make.make_sku(code="A-1")
    assert match_orders.one(SYSTEM, MatchOrder(order_id)).code == "done"
    assert stage.state_of(order_id)[1] == ["unknown_sku"]
    assert Hold.objects.get(cleared_at=None).facts == {"code": "B-1"}
    assert OrderLine.objects.filter(sku=None).count() == 1
    assert not Promise.objects.exists()


def test_orders_checked_continuously_go_on_at_once() -> None:
    shop = make.make_shop()
    stage.continuous(shop)
    order_id = waiting(shop, "OLD-922")
    make.stock_up(make.make_sku(code="OLD-922"), shop.default_warehouse)
    match_orders(SYSTEM, [MatchOrder(order_id)])
    assert stage.state_of(order_id) == ("released", [])


def test_an_order_that_is_over_is_not_matched() -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, stage.unknown_line(), state="closed")
    assert match_orders.one(SYSTEM, MatchOrder(order_id)).code == "wrong_state"
