"""What follows by itself: conversions, changes and interceptions hear of orders and parcels through the log."""

from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.service.tickets.commands.answer_changes import AnswerChange, answer_changes
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.request_interceptions import (
    RequestInterception,
    request_interceptions,
)
from shopkeeper.flows.service.tickets.commands.wishes import ReceiverWish
from shopkeeper.flows.service.tickets.models import Interception, OrderChange
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.readers import ensure_cursors, run_readers
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.fulfilment.parcels import making
from tests.flows.service.tickets.stage import NOON, make_ticket

MINE = {reader.name: reader for reader in READERS if reader.name.startswith("tickets.")}
WISH = ReceiverWish("李雷", "13700005678", "江苏省", "南京市", "鼓楼区", "中山北路1号2栋303室")


@pytest.fixture(autouse=True)
def at_noon(fresh_db: FreshDatabase, settings: Any) -> None:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    ensure_cursors(list(MINE.values()))


def heard() -> None:
    """The readers take in what was announced, until nothing is left."""
    while run_readers(MINE):
        pass


@pytest.mark.clause("S2.1")
def test_an_order_of_who_asked_before_counts_as_converted() -> None:
    shop = make.make_shop()
    ticket = make_ticket(shop, "有货吗", customer_ref="uid-1")
    placed = NOON + timedelta(hours=1)
    order = make.make_order(shop, make.received_line(), buyer_ref="uid-1", placed_at=placed, modified_at=placed)
    heard()
    ticket.refresh_from_db()
    assert ticket.converted_order_id == order


@pytest.mark.clause("S2.2")
def test_a_newer_version_of_the_order_ends_the_change() -> None:
    shop = make.make_shop()
    received = make.received_order(shop, make.received_line())
    (order,) = make.take_in(received)
    outcome = request_changes.one(SYSTEM, RequestChange(order, "address", "wrong_address", receiver=WISH))
    answer_changes.one(SYSTEM, AnswerChange(outcome.id or 0, "acknowledged"))
    changed = {"modified_at": NOON + timedelta(minutes=1), "platform_no": received.platform_no}
    make.take_in(make.received_order(shop, *received.lines, buyer_ref=received.buyer_ref, **changed))
    heard()
    assert OrderChange.objects.get().state == "done"


@pytest.mark.clause("S2.2")
def test_tracking_ends_the_interception() -> None:
    parcel = making.sent_parcel()
    request_interceptions.one(SYSTEM, RequestInterception(parcel.pk, "return", "changed_mind"))
    for code in ("103", "6", "4"):
        making.hear(parcel, making.scan(code, making.later(hours=1)))
    heard()
    assert Interception.objects.get().state == "received"
