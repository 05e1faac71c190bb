"""O1.3: only clean orders go to the warehouse, in a session or when they cannot wait for the next."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.products.stock.commands.release_promises import ReleasePromise, release_promises
from shopkeeper.flows.products.stock.models import Promise, Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make
from tests.flows.fulfilment.intake import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


def test_a_clean_order_goes_to_the_warehouse_once() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    make.open_session(shop)
    outcomes = [release_orders.one(SYSTEM, ReleaseOrder(order_id)) for _ in range(2)]
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    order = Order.objects.get(id=order_id)
    assert (order.state, order.released_at is not None) == ("released", True)
    assert stage.kinds_of(order_id) == {"ship_by"}


def test_held_orders_stay() -> None:
    shop, _ = stage.shop_with(0)
    order_id = make.make_order(shop, stage.unknown_line())
    make.open_session(shop)
    assert release_orders.one(SYSTEM, ReleaseOrder(order_id)).code == "holds_open"
    assert stage.state_of(order_id)[0] == "to_check"


def test_an_order_with_a_refund_open_stays_even_without_its_hold() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    Order.objects.filter(id=order_id).update(refund_state="requested")
    make.open_session(shop)
    assert release_orders.one(SYSTEM, ReleaseOrder(order_id)).code == "refund_open"


def test_a_shop_without_warehouse_sends_nothing() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    Order.objects.filter(id=order_id).update(warehouse=None)
    make.open_session(shop)
    assert release_orders.one(SYSTEM, ReleaseOrder(order_id)).code == "no_warehouse"


@pytest.mark.clause("O1.2")
@pytest.mark.parametrize(("hours", "code"), [(9, "no_open_session"), (7.9, "done"), (5, "done")])
def test_outside_a_session_only_what_cannot_wait(monkeypatch: pytest.MonkeyPatch, hours: float, code: str) -> None:
    """At 12:00 the next session is at 14:00... of today; what must ship within two hours of it goes now."""
    stage.at(monkeypatch, make.NOON)
    shop, sku = stage.shop_with()
    urgent_until = make.NOON + timedelta(hours=2) + timedelta(hours=hours - 6)
    order_id = stage.clean_order(shop, sku, ship_by_at=urgent_until)
    assert release_orders.one(SYSTEM, ReleaseOrder(order_id)).code == code
    assert ("urgent_order" in stage.kinds_of(order_id)) is False
    if code == "no_open_session":
        assert stage.state_of(order_id)[0] == "to_check"


@pytest.mark.clause("O1.2")
def test_what_is_raised_as_urgent_may_be_released(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work list and the command follow one rule: nobody is called to what is then refused."""
    stage.at(monkeypatch, make.NOON)
    shop, sku = stage.shop_with()
    for minutes in range(0, 360, 20):
        order_id = stage.clean_order(shop, sku, ship_by_at=make.NOON + timedelta(minutes=minutes))
        raised = "urgent_order" in stage.kinds_of(order_id)
        assert (release_orders.one(SYSTEM, ReleaseOrder(order_id)).code == "done") is raised


def test_an_order_whose_stock_went_is_held_as_short() -> None:
    shop, sku = stage.shop_with(1)
    order_id = stage.clean_order(shop, sku)
    step = Step(SYSTEM, make.NOON, release_promises)
    release_promises.within(step, [ReleasePromise(order_id)])
    other = stage.clean_order(shop, sku)
    make.open_session(shop)
    assert release_orders.one(SYSTEM, ReleaseOrder(order_id)).code == "short_stock"
    assert stage.state_of(order_id) == ("to_check", ["short_stock"])
    assert Promise.objects.get().order_id == other
    assert Stock.objects.get(sku=sku).promised == 1


def test_an_order_not_paid_or_ended_is_refused() -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), state="unpaid", paid_at=None)
    make.open_session(shop)
    assert release_orders.one(SYSTEM, ReleaseOrder(order_id)).code == "wrong_state"


def test_strangers_change_nothing() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    make.open_session(shop)
    with pytest.raises(NotAllowed):
        release_orders(make.actor_with(), [ReleaseOrder(order_id)])
    foreign = make.actor_with(stage.CHECK, shops=[make.make_shop()])
    assert release_orders.one(foreign, ReleaseOrder(order_id)).code == "not_found"
    assert stage.state_of(order_id)[0] == "to_check"


def test_history_is_never_in_the_clean_set() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    Order.objects.filter(id=order_id).update(is_history=True)
    from shopkeeper.flows.fulfilment.intake.sql.orders import CLEAN_TO_CHECK

    assert CLEAN_TO_CHECK.rows(shop_id=shop.pk, limit=10) == []


def test_a_hold_after_release_brings_it_back() -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_released_order(shop, make.received_line(sku))
    assert hold_orders.one(SYSTEM, HoldOrder(order_id)).code == "done"
    assert stage.state_of(order_id) == ("to_check", ["by_hand"])
    assert not Promise.objects.exists()
