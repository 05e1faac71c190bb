"""S2.3: an order of our own takes goods to the buyer of an earlier one, without money and under the buyer's key."""

import pytest

from shopkeeper.flows.fulfilment.intake.commands.order_again import OrderAgain, PieceAgain, order_again
from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.personal import destroy_keys, open_json
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


def piece(sku) -> PieceAgain:  # type: ignore[no-untyped-def]
    return PieceAgain(sku.code, sku.name, sku.spec, 1)


def test_the_same_buyer_no_money_and_once() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 5)  # type: ignore[arg-type]
    source = Order.objects.get(id=make.make_order(shop, make.received_line(sku)))
    item = OrderAgain(source.pk, "SH0000000001", (piece(sku),))
    outcome = order_again.one(SYSTEM, item)
    made = Order.objects.get(id=outcome.id)
    assert (made.platform_no, made.state, made.paid_minor) == ("OWN-SH0000000001", "to_check", 0)
    assert made.subject_id == source.subject_id
    theirs = open_json(source.subject_id, bytes(made.receiver_sealed))["receiver"]
    assert theirs == open_json(source.subject_id, bytes(source.receiver_sealed))["receiver"]
    assert OrderLine.objects.get(order=made).sku_id == sku.pk
    again = order_again.one(SYSTEM, item)
    assert (again.code, again.id) == ("unchanged", made.pk)


def test_without_goods_or_with_nobody_to_send_to_there_is_no_order() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    kept = make.make_order(shop, make.received_line(sku))
    gone = Order.objects.get(id=make.make_order(shop, make.received_line(sku)))
    destroy_keys([gone.subject_id], now=make.NOON)
    wishes = [
        OrderAgain(kept, "A", ()),
        OrderAgain(gone.pk, "B", (piece(sku),)),
        OrderAgain(kept, "C", (piece(sku),)),
    ]
    assert [outcome.code for outcome in order_again(SYSTEM, wishes)] == ["goods_needed", "buyer_erased", "done"]
