"""O1.3: holding, deciding, cancelling; what waits for stock is served when it comes."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.retry_short_orders import RetryShort, retry_short_orders
from shopkeeper.flows.fulfilment.intake.models import Hold, Order
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.products.stock.models import Promise, Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


def test_the_same_hold_again_is_unchanged_and_its_time_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    assert hold_orders.one(SYSTEM, HoldOrder(order_id)).code == "done"
    due = Deadline.objects.get(kind="decide_holds").due_at
    stage.at(monkeypatch, make.NOON + timedelta(hours=1))
    assert hold_orders.one(SYSTEM, HoldOrder(order_id)).code == "unchanged"
    assert Deadline.objects.get(kind="decide_holds").due_at == due
    assert Hold.objects.count() == 1


@pytest.mark.parametrize("state", ["unpaid", "shipped", "signed", "completed", "cancelled"])
def test_what_is_not_at_work_cannot_be_held(state: str) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), **_at(state))
    assert hold_orders.one(SYSTEM, HoldOrder(order_id)).code == "wrong_state"
    assert stage.state_of(order_id) == (state, [])


def _at(state: str) -> dict[str, object]:
    platform = {"shipped": "shipped", "signed": "shipped", "completed": "done", "cancelled": "closed"}
    if state == "unpaid":
        return {"state": "unpaid", "paid_at": None}
    return {"state": platform[state]}


@pytest.fixture(autouse=True)
def _signed(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The platform has no word for signed: such an order is moved there."""
    if request.node.name.endswith("[signed]"):
        real = make.make_order

        def made(*args: object, **fields: object) -> int:
            order_id = real(*args, **fields)  # type: ignore[arg-type]
            advance_orders(SYSTEM, [AdvanceOrder(order_id, OrderState.SIGNED)])
            return order_id

        monkeypatch.setattr(make, "make_order", made)


def test_a_reason_nobody_knows_is_refused() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    assert hold_orders.one(SYSTEM, HoldOrder(order_id, "because")).code == "hold_unknown"


def test_passing_a_hold_leaves_who_when_and_why() -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), buyer_remark="发顺丰")
    actor = make.actor_with(stage.CHECK)
    item = DecideHold(order_id, "buyer_remark", "已备注")
    assert [decide_holds.one(actor, item).code for _ in range(2)] == ["done", "unchanged"]
    hold = Hold.objects.get()
    assert (hold.decision, hold.reason, hold.cleared_by) == ("pass", "已备注", actor.id)
    assert stage.state_of(order_id) == ("to_check", [])
    assert "decide_holds" not in stage.kinds_of(order_id)


def test_passing_all_leaves_what_must_vanish() -> None:
    shop, _ = stage.shop_with(0)
    order_id = make.make_order(shop, stage.unknown_line(), buyer_remark="快点")
    assert decide_holds.one(SYSTEM, DecideHold(order_id)).code == "done"
    assert stage.state_of(order_id)[1] == ["unknown_sku"]
    assert decide_holds.one(SYSTEM, DecideHold(order_id)).code == "hold_must_vanish"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (lambda i: DecideHold(i, "odd_price"), "hold_not_open"),
        (lambda i: DecideHold(i, "odd_quantity"), "reason_needed"),
        (lambda i: DecideHold(i, "odd_quantity", "  "), "reason_needed"),
        (lambda i: DecideHold(i, "odd_quantity", "已核实"), "done"),
    ],
)
def test_deciding_needs_an_open_hold_and_sometimes_a_reason(item: object, code: str) -> None:
    shop, sku = stage.shop_with(1_000)
    order_id = make.make_order(shop, make.received_line(sku, 60))
    assert decide_holds.one(SYSTEM, item(order_id)).code == code  # type: ignore[operator]


def test_deciding_an_order_elsewhere_is_refused() -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_released_order(shop, make.received_line(sku))
    assert decide_holds.one(SYSTEM, DecideHold(order_id)).code == "wrong_state"


@pytest.mark.clause("O1.2")
def test_under_continuous_a_decided_order_goes_on() -> None:
    shop, sku = stage.shop_with()
    stage.continuous(shop)
    order_id = make.make_order(shop, make.received_line(sku), buyer_remark="快点")
    assert stage.state_of(order_id)[0] == "to_check"
    decide_holds.one(SYSTEM, DecideHold(order_id))
    assert stage.state_of(order_id)[0] == "released"


def test_cancelling_gives_everything_back_once() -> None:
    shop, sku = stage.shop_with(5)
    order_id = make.make_order(shop, make.received_line(sku, 5), buyer_remark="快点")
    assert Stock.objects.get(sku=sku).promised == 5
    outcomes = [cancel_orders.one(SYSTEM, CancelOrder(order_id, "买家不要了")).code for _ in range(2)]
    assert outcomes == ["done", "unchanged"]
    assert stage.state_of(order_id) == ("cancelled", [])
    assert Stock.objects.get(sku=sku).promised == 0
    assert Hold.objects.get().decision == "cancelled"
    assert stage.kinds_of(order_id) == set()


def test_cancelling_needs_a_reason_and_an_order_still_here() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    assert cancel_orders.one(SYSTEM, CancelOrder(order_id, " ")).code == "reason_needed"
    sent = make.make_order(shop, make.received_line(sku), state="shipped")
    assert cancel_orders.one(SYSTEM, CancelOrder(sent, "晚了")).code == "already_shipped"
    assert stage.state_of(order_id)[0] == "to_check"
    assert stage.state_of(sent)[0] == "shipped"


def test_stock_received_serves_the_first_paid_first() -> None:
    shop, sku = stage.shop_with(0)
    first = make.make_order(shop, make.received_line(sku), modified_at=make.NOON)
    second = make.make_order(shop, make.received_line(sku), modified_at=make.NOON + timedelta(minutes=5))
    assert stage.state_of(first)[1] == stage.state_of(second)[1] == ["short_stock"]
    make.stock_up(sku, shop.default_warehouse, 1)
    item = RetryShort(sku.pk, shop.default_warehouse_id)
    assert retry_short_orders.one(SYSTEM, item).code == "done"
    assert stage.state_of(first)[1] == []
    assert stage.state_of(second)[1] == ["short_stock"]
    assert Promise.objects.get().order_id == first
    assert retry_short_orders.one(SYSTEM, item).code == "unchanged"


def test_advance_orders_stamps_the_moment_and_ends_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop, sku = stage.shop_with()
    order_id = make.make_released_order(shop, make.received_line(sku))
    way = [OrderState.PICKING, OrderState.TO_PACK, OrderState.PACKED, OrderState.SHIPPED, OrderState.SIGNED]
    for state in way:
        assert advance_orders.one(SYSTEM, AdvanceOrder(order_id, state)).code == "done"
    assert advance_orders.one(SYSTEM, AdvanceOrder(order_id, OrderState.SIGNED)).code == "unchanged"
    assert advance_orders.one(SYSTEM, AdvanceOrder(order_id, OrderState.PICKING)).code == "wrong_state"
    order = Order.objects.get(id=order_id)
    assert order.shipped_at == order.signed_at == make.NOON
    assert "ship_by" not in stage.kinds_of(order_id)


COMMANDS = {
    "hold": (hold_orders, lambda i: HoldOrder(i), "fulfilment.order.hold"),
    "decide": (decide_holds, lambda i: DecideHold(i), stage.CHECK),
    "cancel": (cancel_orders, lambda i: CancelOrder(i, "x"), "fulfilment.order.cancel"),
    "advance": (advance_orders, lambda i: AdvanceOrder(i, OrderState.RELEASED), "fulfilment.order.advance"),
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_strangers_change_nothing(name: str) -> None:
    command, item, permission = COMMANDS[name]
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), buyer_remark="快点")
    before = list(Order.objects.values())
    with pytest.raises(NotAllowed):
        command(make.actor_with(), [item(order_id)])
    foreign = make.actor_with(permission, shops=[make.make_shop()])
    assert command.one(foreign, item(order_id)).code == "not_found"
    assert list(Order.objects.values()) == before
