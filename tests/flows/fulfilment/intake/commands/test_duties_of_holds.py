"""O1.3: what an order's holds ask of whom: the order desk decides in time, the product desk makes the code."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.match_orders import MatchOrder, match_orders
from shopkeeper.flows.fulfilment.intake.commands.retry_short_orders import RetryShort, retry_short_orders
from shopkeeper.flows.fulfilment.intake.commands.wait_for_goods import WaitForGoods, wait_for_goods
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.reactions import match_waiting
from shopkeeper.flows.products.listing.events import ProductDrafted
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.shared.clock import at_time
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.fulfilment.intake import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]
HOURS = timedelta(hours=1)
TO_SHIP = make.NOON + 48 * HOURS


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def decision(order_id: int) -> Deadline:
    return Deadline.objects.get(kind="decide_holds", subject_id=order_id)


def short_order(quantity: int = 3, **fields: object) -> tuple[int, RetryShort]:
    shop, sku = stage.shop_with(1)
    order_id = make.make_order(shop, make.received_line(sku, quantity), **fields)
    assert "short_stock" in stage.state_of(order_id)[1]
    assert shop.default_warehouse_id is not None
    return order_id, RetryShort(sku.pk, shop.default_warehouse_id)


def test_an_order_that_waits_for_goods_waits_apart_until_before_its_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id, _ = short_order()
    duty = decision(order_id)
    assert (duty.opens_at, duty.due_at) == (TO_SHIP - 12 * HOURS, TO_SHIP)
    stage.at(monkeypatch, make.NOON + 10 * HOURS)
    sweep()
    assert decision(order_id).late_at is None


def test_without_a_promise_to_ship_it_is_decided_as_ever() -> None:
    order_id, _ = short_order(ship_by_at=None)
    assert (decision(order_id).opens_at, decision(order_id).due_at) == (None, make.NOON + 4 * HOURS)


def test_with_an_exception_of_another_kind_it_is_due_and_waits_again_once_that_is_passed() -> None:
    order_id, _ = short_order(receiver=make.received_receiver(phone="12"))
    assert (decision(order_id).opens_at, decision(order_id).due_at) == (None, make.NOON + 4 * HOURS)
    assert decide_holds.one(SYSTEM, DecideHold(order_id, "bad_phone", "电话核实过")).ok
    assert (decision(order_id).opens_at, decision(order_id).due_at) == (TO_SHIP - 12 * HOURS, TO_SHIP)


def test_judged_again_it_keeps_its_times(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, sku = stage.shop_with(0)
    order = make.received_order(shop, make.received_line(sku))
    order_id = make.take_in(order)[0]
    stage.at(monkeypatch, make.NOON + HOURS)

    make.take_in(replace(order, modified_at=make.NOON + HOURS, seller_memo="加急"))
    assert (decision(order_id).opens_at, decision(order_id).due_at) == (TO_SHIP - 12 * HOURS, TO_SHIP)


def test_goods_arrive_and_the_duty_ends() -> None:
    order_id, again = short_order()
    make.stock_up(Order.objects.get(id=order_id).lines.get().sku, Order.objects.get(id=order_id).warehouse, 10)
    assert retry_short_orders.one(SYSTEM, again).ok
    assert stage.kinds_of(order_id) & {"decide_holds"} == set()


def test_what_somebody_keeps_back_waits_until_before_its_promise_and_was_late(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), buyer_remark="周末送")
    stage.at(monkeypatch, decision(order_id).due_at + HOURS)
    sweep()
    assert decision(order_id).late_at is not None
    assert hold_orders.one(SYSTEM, HoldOrder(order_id, facts={"note": "等商品专员看价"})).changed
    duty = decision(order_id)
    assert (duty.opens_at, duty.due_at, duty.late_at) == (TO_SHIP - 12 * HOURS, TO_SHIP, None)
    assert was_late() == [True]
    assert decide_holds.one(SYSTEM, DecideHold(order_id, "by_hand", "看过了")).ok
    assert decision(order_id).opens_at is None  # the remark is to be decided now
    assert decision(order_id).due_at == make.NOON + 9 * HOURS


def test_held_by_hand_too_near_its_promise_it_is_not_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), buyer_remark="周末送")
    due = decision(order_id).due_at
    stage.at(monkeypatch, TO_SHIP - 12 * HOURS)
    assert hold_orders.one(SYSTEM, HoldOrder(order_id, facts={"note": "等等"})).changed
    assert (decision(order_id).opens_at, decision(order_id).due_at) == (None, due)


def test_holding_by_hand_what_waits_apart_makes_it_due() -> None:
    order_id, _ = short_order()
    assert hold_orders.one(SYSTEM, HoldOrder(order_id)).changed
    assert (decision(order_id).opens_at, decision(order_id).due_at) == (None, make.NOON + 4 * HOURS)


def unknown(*codes: str) -> int:
    shop = make.make_shop()
    return make.make_order(shop, *(make.received_line(None, outer_code=code) for code in codes))


def code_duty(order_id: int) -> Deadline:
    return Deadline.objects.get(kind="make_code", subject_id=order_id)


def endings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending FROM sop_deadlineclosed WHERE kind = 'make_code'")
        return [ending for (ending,) in cursor.fetchall()]


def was_late() -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT was_late FROM sop_deadlineclosed WHERE kind = 'decide_holds'")
        return [late for (late,) in cursor.fetchall()]


def wait(order_id: int, days: int = 5, reason: str = "买家同意等到周六补货") -> Outcome:
    return wait_for_goods.one(SYSTEM, WaitForGoods(order_id, (make.NOON + timedelta(days=days)).date(), reason))


def test_a_buyer_who_waits_puts_the_decision_off_until_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id, again = short_order()
    stage.at(monkeypatch, TO_SHIP + 24 * HOURS)
    sweep()
    assert decision(order_id).late_at is not None
    assert wait(order_id).changed
    opens_at = at_time((make.NOON + timedelta(days=5)).date(), time(9))
    duty = decision(order_id)
    assert (duty.opens_at, duty.due_at, duty.late_at) == (opens_at, opens_at + 4 * HOURS, None)
    assert was_late() == [True]
    assert wait(order_id).code == "unchanged"
    stage.at(monkeypatch, opens_at)
    assert wait(order_id, 9).changed  # they wait longer
    later = at_time((make.NOON + timedelta(days=9)).date(), time(9))
    assert decision(order_id).opens_at == later
    order = Order.objects.get(id=order_id)
    make.stock_up(order.lines.get().sku, order.warehouse, 10)
    assert retry_short_orders.one(SYSTEM, again).ok
    assert stage.kinds_of(order_id) & {"decide_holds"} == set()


def test_a_wait_for_goods_is_refused_where_it_makes_no_sense() -> None:
    order_id, _ = short_order()
    assert wait(order_id, 0).code == "until_in_past"
    assert wait(order_id, 181).code == "until_too_far"
    assert wait(order_id, reason="  ").code == "reason_needed"
    assert wait(stage.clean_order(*stage.shop_with())).code == "not_short"
    cancel_orders.one(SYSTEM, CancelOrder(order_id, "不要了"))
    assert wait(order_id).code == "wrong_state"


def test_while_the_buyer_waits_what_else_holds_the_order_is_due() -> None:
    order_id, _ = short_order(receiver=make.received_receiver(phone="12"))
    assert wait(order_id).changed
    assert (decision(order_id).opens_at, decision(order_id).due_at) == (None, make.NOON + 4 * HOURS)
    assert decide_holds.one(SYSTEM, DecideHold(order_id, "bad_phone", "电话核实过")).ok
    assert decision(order_id).opens_at == at_time((make.NOON + timedelta(days=5)).date(), time(9))


def test_a_missing_code_is_the_product_specialists_duty() -> None:
    order_id = unknown("OLD-404")
    duty = code_duty(order_id)
    assert (duty.role, duty.due_at) == ("product_specialist", make.NOON + 4 * HOURS)
    assert duty.label == f"OLD-404 JY{order_id:010d}"
    assert decision(order_id).opens_at == TO_SHIP - 12 * HOURS  # nothing for the order desk to decide before


def test_it_ends_with_the_code_and_names_the_next_one() -> None:
    order_id = unknown("A-1", "B-1")
    make.make_sku(code="A-1")
    assert match_orders.one(SYSTEM, MatchOrder(order_id)).changed
    assert code_duty(order_id).label.startswith("B-1 ")
    make.make_sku(code="B-1")
    assert match_orders.one(SYSTEM, MatchOrder(order_id)).changed
    assert not Deadline.objects.filter(kind="make_code").exists()
    assert endings() == ["done", "done"]


def test_it_ends_with_the_order() -> None:
    order_id = unknown("OLD-404")
    assert cancel_orders.one(SYSTEM, CancelOrder(order_id, "停售")).changed
    assert stage.kinds_of(order_id) == set()
    assert endings() == ["cancelled"]


def test_made_it_is_matched_by_itself() -> None:
    order_id, other = unknown("OLD-404"), unknown("OLD-405")
    sku = make.make_sku(code="OLD-404")
    event = ProductDrafted(sku.product_id, "OLD-404", "form")
    match_waiting(SYSTEM, [Recorded(1, 1, event, make.NOON, 0, "P2.1")])
    assert "unknown_sku" not in stage.state_of(order_id)[1]
    assert "unknown_sku" in stage.state_of(other)[1]
    match_waiting(SYSTEM, [Recorded(1, 1, event, make.NOON, 0, "P2.1")])
