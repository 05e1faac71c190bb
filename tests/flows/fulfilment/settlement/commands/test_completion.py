"""O4.1: the buyer confirms, the order is completed, its settlement is due."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import (
    CompleteOrder,
    NoteConfirmation,
    complete_orders,
    note_confirmations,
)
from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.commands.watch_receipts import WatchReceipt, watch_receipts
from shopkeeper.flows.fulfilment.settlement.models import Confirmation, Settlement
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.fulfilment.settlement import stage

pytestmark = pytest.mark.clause("O4.1")


def test_the_buyer_confirms_and_the_order_is_completed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop = make.make_shop()
    order_id = stage.watched_order(shop)
    stage.confirm(order_id)
    order = Order.objects.get(id=order_id)
    assert (order.state, order.completed_at) == (OrderState.COMPLETED, make.NOON)
    settlement = stage.settlement_of(order_id)
    assert (settlement.state, settlement.due_at) == ("due", make.NOON + timedelta(hours=24))
    due = Deadline.objects.get(kind="settlement", subject_id=settlement.pk)
    assert (due.role, due.clause, due.shop_id, due.due_at) == ("finance", "O4.1", shop.pk, settlement.due_at)
    assert not Deadline.objects.filter(kind="receipt_watch", subject_id=order_id).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM foundation_event WHERE type = 'settlement.order_completed' AND subject_id = %s",
            [order_id],
        )
        assert cursor.fetchone() == (1,)


def test_a_second_confirmation_changes_nothing(db: None) -> None:
    order_id = stage.completed_order(make.make_shop())
    assert complete_orders.one(SYSTEM, CompleteOrder(order_id)).code == "unchanged"
    stage.confirm(order_id)
    assert Settlement.objects.filter(order_id=order_id).count() == 1


def test_the_same_order_twice_in_a_batch_is_done_once(db: None) -> None:
    order_id = stage.signed_order(make.make_shop())
    Confirmation.objects.create(order_id=order_id, confirmed_at=make.NOON)
    codes = [o.code for o in complete_orders(SYSTEM, [CompleteOrder(order_id)] * 2)]
    assert codes == ["done", "unchanged"]


def test_a_confirmation_before_the_parcel_completes_once_it_left(db: None) -> None:
    order_id = stage.packed_order(make.make_shop(), to=OrderState.PACKED)
    outcome = note_confirmations.one(SYSTEM, NoteConfirmation(order_id, make.NOON))
    assert (outcome.code, outcome.facts) == ("unchanged", {"waits_for": "not_shipped"})
    stage.advance_orders.one(SYSTEM, stage.AdvanceOrder(order_id, OrderState.SHIPPED))
    assert watch_receipts.one(SYSTEM, WatchReceipt(order_id)).changed
    assert Order.objects.get(id=order_id).state == OrderState.COMPLETED
    assert not Deadline.objects.filter(kind="receipt_watch", subject_id=order_id).exists()


@pytest.mark.parametrize(
    ("state", "code"),
    [(OrderState.SIGNED, "not_confirmed"), (OrderState.PACKED, "not_shipped")],
)
def test_what_may_not_complete_is_refused(db: None, state: OrderState, code: str) -> None:
    order_id = stage.packed_order(make.make_shop(), to=state)
    assert complete_orders.one(SYSTEM, CompleteOrder(order_id)).code == code
    assert Order.objects.get(id=order_id).state == state
    assert not Settlement.objects.exists()


def test_a_cancelled_order_is_not_completed(db: None) -> None:
    order_id = stage.signed_order(make.make_shop())
    stage.advance_orders.one(SYSTEM, stage.AdvanceOrder(order_id, OrderState.CANCELLED))
    assert complete_orders.one(SYSTEM, CompleteOrder(order_id)).code == "order_cancelled"


def test_only_who_may_and_only_in_their_shops(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    order_id = stage.signed_order(shop)
    Confirmation.objects.create(order_id=order_id, confirmed_at=make.NOON)
    with pytest.raises(NotAllowed):
        complete_orders.one(make.actor_with(Permission.SETTLEMENT_VIEW), CompleteOrder(order_id))
    stranger = make.actor_with(Permission.ORDER_COMPLETE, shops=[other])
    assert complete_orders.one(stranger, CompleteOrder(order_id)).code == "not_found"
    assert Order.objects.get(id=order_id).state == OrderState.SIGNED


def test_double_completion_in_parallel_gives_one_settlement(fresh_db: FreshDatabase) -> None:
    shop = make.make_shop()
    order_id = stage.signed_order(shop)
    codes: list[str] = []
    start = threading.Barrier(4)

    def finish() -> None:
        try:
            start.wait(timeout=30)
            for _ in range(3):
                codes.append(note_confirmations.one(SYSTEM, NoteConfirmation(order_id, make.NOON)).code)
                codes.append(settle_orders.one(SYSTEM, SettleOrder(order_id)).code)
        finally:
            connection.close()

    threads = [threading.Thread(target=finish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(set(codes)) == ["done", "unchanged"]
    assert codes.count("done") == 2  # one completion, one settlement
    assert Settlement.objects.filter(order_id=order_id, state="settled").count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(amount_minor) FROM settlement_entry WHERE account IN "
            "('goods_revenue', 'platform_receivable', 'platform_commission', 'cost_of_goods', 'inventory')"
        )
        assert cursor.fetchone() == (6, 0)
