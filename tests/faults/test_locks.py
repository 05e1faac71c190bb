"""docs/locks.md: commands that lock the same rows run against each other, slowly, and none waits in a circle."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.parcels.commands.handle_cases import CloseCase, OpenCase, close_cases, open_cases
from shopkeeper.flows.fulfilment.parcels.models import ParcelCase
from shopkeeper.flows.fulfilment.parcels.states import CaseKind, CaseOutcome
from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import NoteConfirmation, note_confirmations
from shopkeeper.flows.fulfilment.settlement.commands.record_follow_up import RecordFollowUp, record_follow_up
from shopkeeper.flows.fulfilment.settlement.deadlines import RECEIPT_WATCH
from shopkeeper.flows.fulfilment.settlement.models import FollowUp
from shopkeeper.flows.fulfilment.warehouse.commands.report_short_pick import ShortPick, report_short_pick
from shopkeeper.flows.fulfilment.warehouse.models import PickLine
from shopkeeper.flows.products.stock.models import Lot
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.deadlines import Arm, arm
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.fulfilment.parcels import making
from tests.flows.fulfilment.settlement import stage as ends
from tests.flows.fulfilment.warehouse.stage import books_balance, set_stage

ROUNDS = 2
PAUSE_S = 0.01  # after every statement: two transactions are always in the middle of each other


@pytest.fixture
def slowly(fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of its own, statements that take their time, and no deadlock at the end."""
    for name in ("rows", "run"):
        plain = getattr(Statement, name)

        def slow(self: Statement[Any], _plain: Callable[..., Any] = plain, **parameters: Any) -> Any:
            answer = _plain(self, **parameters)
            if threading.current_thread() is not threading.main_thread():
                time.sleep(PAUSE_S)
            return answer

        monkeypatch.setattr(Statement, name, slow)
    yield
    time.sleep(1.1)  # PostgreSQL's own count comes late
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert cursor.fetchone() == (0,)


def at_once(*works: Callable[[], list[Outcome]]) -> list[list[str]]:
    """Run against each other; the codes each got."""
    codes: list[list[str]] = [[] for _ in works]
    gate = threading.Barrier(len(works))

    def run(place: int, work: Callable[[], list[Outcome]]) -> None:
        gate.wait()
        try:
            codes[place] = [outcome.code for outcome in work()]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return codes


@pytest.mark.clause("O1.1")
def test_new_and_changed_orders_in_one_batch_ask_for_stock_in_one_order(slowly: None) -> None:
    shop = make.make_shop()
    one, two = make.make_sku(), make.make_sku()
    for sku in (one, two):
        make.stock_up(sku, shop.default_warehouse, 500)  # type: ignore[arg-type]

    def batch(new: Any, old: ReceivedOrder) -> list[ReceivedOrder]:
        """A new order for one SKU, and three pieces instead of one on an order for the other."""
        lines = tuple(replace(line, quantity=3, paid_minor=15_000) for line in old.lines)
        newer = replace(
            old, lines=lines, goods_minor=15_000, paid_minor=15_000, modified_at=old.modified_at.replace(hour=9)
        )
        return [make.received_order(shop, make.received_line(new)), newer]

    for _ in range(ROUNDS):
        first, second = (make.received_order(shop, make.received_line(sku)) for sku in (one, two))
        make.take_in(first, second)
        mine, yours = batch(two, first), batch(one, second)
        codes = at_once(lambda b=mine: take_in_orders(SYSTEM, b), lambda b=yours: take_in_orders(SYSTEM, b))
        assert codes == [["done", "done"]] * 2
    assert books_balance()


@pytest.mark.clause("O2.1")
def test_a_wave_that_leaves_orders_out_and_a_cancellation(slowly: None) -> None:
    stage = set_stage()
    for _ in range(ROUNDS):
        shirt, cup = stage.sku(("A-01-01", 50)), stage.sku(("A-01-02", 5))
        gone, short = stage.order((shirt, 1)), stage.order((shirt, 1), (cup, 2))
        stage.wave(gone, claimed=False)
        Lot.objects.filter(sku=cup).update(on_hand=1)  # the books and the lots have come apart
        codes = at_once(
            lambda s=short: [stage.release(s)],
            lambda g=gone: time.sleep(5 * PAUSE_S) or cancel_orders(SYSTEM, [CancelOrder(g, "买家取消")]),
        )
        assert codes == [["no_lot_for_orders"], ["done"]]
        Lot.objects.filter(sku=cup).update(on_hand=5)
    assert books_balance()


@pytest.mark.clause("O2.1")
def test_short_picks_of_two_orders_that_want_the_same(slowly: None) -> None:
    stage = set_stage()
    for _ in range(ROUNDS):
        shirt, cup = stage.sku(("A-01-01", 2)), stage.sku(("A-01-02", 2))
        first, second = stage.order((shirt, 1), (cup, 1)), stage.order((shirt, 1), (cup, 1))
        lines = []
        for order_id, sku in ((first, shirt), (second, cup)):
            stage.wave(order_id)
            lines.append(PickLine.objects.get(order_id=order_id, sku_id=sku.pk).pk)
        codes = at_once(*(lambda i=line: report_short_pick(stage.picker, [ShortPick(i)]) for line in lines))
        assert codes == [["done"]] * 2
        assert Order.objects.filter(id__in=[first, second], state="to_check").exists()
    assert books_balance()


@pytest.mark.clause("O3.2")
def test_a_parcel_written_off_while_news_of_it_comes(slowly: None) -> None:
    for _ in range(ROUNDS):
        parcel = making.sent_parcel()
        assert open_cases.one(SYSTEM, OpenCase(parcel.pk, CaseKind.LOST)).changed
        case = ParcelCase.objects.get(parcel=parcel)
        signed = making.scan("301", business_time.now())
        codes = at_once(
            lambda c=case: close_cases(SYSTEM, [CloseCase(c.pk, CaseOutcome.LOST, "快递确认丢失")]),
            lambda p=parcel, s=signed: [Outcome("done", making.hear(p, s))],  # type: ignore[arg-type]
        )
        assert codes[1] == ["done"]
        assert codes[0][0] in ("done", "case_closed")


@pytest.mark.clause("O4.2")
def test_a_buyer_confirms_while_somebody_asks(slowly: None) -> None:
    shop, now = make.make_shop(), business_time.now()
    for _ in range(ROUNDS):
        order_id = ends.signed_order(shop)
        asked = FollowUp.objects.create(
            order_id=order_id, shop=shop, state="open", state_at=now, opened_at=now, due_at=now
        )
        arm(Step(SYSTEM, now, record_follow_up), [Arm(RECEIPT_WATCH, order_id, now)])
        codes = at_once(
            lambda f=asked: record_follow_up(SYSTEM, [RecordFollowUp(f.pk, 1, "will_confirm")]),
            lambda o=order_id: note_confirmations(SYSTEM, [NoteConfirmation(o, now)]),
        )
        assert codes[1] == ["done"]
        assert codes[0][0] in ("done", "follow_up_ended")
