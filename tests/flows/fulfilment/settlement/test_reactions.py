"""What others announce reaches this desk: each reaction twice has the effect of once."""

from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.events import BuyerConfirmed
from shopkeeper.flows.fulfilment.parcels.events import ParcelSigned
from shopkeeper.flows.fulfilment.settlement import reactions
from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.flows.fulfilment.settlement.events import OrderCompleted
from shopkeeper.flows.fulfilment.settlement.models import Refund
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Event, Recorded
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.settlement import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.1")]


def heard(event: Event, id_: int = 7) -> list[Recorded[Any]]:
    return [Recorded(id_, 1, event, make.NOON, 0, "O4.1")]


def test_the_way_from_signing_to_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop = make.make_shop()
    order_id = stage.signed_order(shop)
    for _ in range(2):
        reactions.watch_sent(SYSTEM, heard(ParcelSigned(1, order_id, shop.pk, make.NOON.isoformat())))
    assert Deadline.objects.filter(kind="receipt_watch").count() == 1
    for _ in range(2):
        reactions.complete_confirmed(SYSTEM, heard(BuyerConfirmed(order_id, shop.pk)))
    assert stage.settlement_of(order_id).state == "due"
    for _ in range(2):
        reactions.settle_completed(SYSTEM, heard(OrderCompleted(order_id, shop.pk)))
    assert stage.settlement_of(order_id).state == "settled"
    for _ in range(2):
        book_refunds.one(SYSTEM, BookRefund(order_id, 1_000, "case:7"))
    assert Refund.objects.get().reference == "case:7"
    assert stage.settlement_of(order_id).refund_minor == 1_000
