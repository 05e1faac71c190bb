"""O4.1: what is being booked at midnight is in the day that is signed, or in the next one; never beside both."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.flows.fulfilment.settlement.commands.close_days import CloseDay, close_days
from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.models import DayClose
from shopkeeper.flows.fulfilment.settlement.queries import books_balanced
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.outcomes import Outcome
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.fulfilment.settlement import stage

pytestmark = pytest.mark.clause("O4.1")

DAY = date(2026, 6, 1)
MIDNIGHT = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)  # in Shanghai


def test_a_signature_waits_for_what_is_being_booked_and_the_rest_goes_to_the_next_day(
    fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = threading.local()
    monkeypatch.setattr(business_time, "now", lambda: getattr(moments, "now", make.NOON))
    shop = make.make_shop()
    order_id, late = stage.completed_order(shop), stage.signed_order(shop)
    assert settle_orders.one(SYSTEM, SettleOrder(order_id)).changed
    booked, signed = threading.Event(), threading.Event()
    answers: dict[str, str] = {}

    def run(name: str, at: datetime, what: Callable[[], Outcome]) -> threading.Thread:
        def work() -> None:
            moments.now = at
            try:
                with transaction.atomic():
                    answers[name] = what().code
                    if name == "first":
                        booked.set()
                        answers["between"] = str(signed.wait(0.7))
                if name == "sign":
                    signed.set()
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    before = MIDNIGHT - timedelta(milliseconds=1)
    first = run("first", before, lambda: book_refunds.one(SYSTEM, BookRefund(order_id, 500, "event:8")))
    assert booked.wait(10)
    sign = run("sign", MIDNIGHT, lambda: close_days.one(SYSTEM, CloseDay(shop.pk, DAY)))
    first.join(20)
    sign.join(20)
    run("second", before, lambda: book_refunds.one(SYSTEM, BookRefund(order_id, 300, "event:9"))).join(20)
    moments.now = before
    stage.confirm(late)
    assert answers == {"first": "done", "between": "False", "sign": "done", "second": "done"}
    closed = DayClose.objects.get()
    assert (closed.settlement_count, closed.refund_count) == (1, 1)
    assert closed.totals["refunds"] == 500
    assert stage.settlement_of(late).completed_on == DAY + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, amount_minor, booked_on FROM settlement_entry WHERE account = 'refunds' ORDER BY 2"
        )
        assert cursor.fetchall() == [("refunds", 300, DAY + timedelta(days=1)), ("refunds", 500, DAY)]
    assert books_balanced()
