"""What the tests of this desk say again and again."""

from datetime import datetime
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.ports import ReceivedLine
from shopkeeper.foundation import business_time
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline, PolicyValue
from tests import factories as make

CHECK = "fulfilment.order.check"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def shop_with(quantity: int = 100) -> tuple[Shop, Any]:
    """A shop and a SKU of which its warehouse has so many."""
    shop, sku = make.make_shop(), make.make_sku()
    if quantity:
        make.stock_up(sku, shop.default_warehouse, quantity)  # type: ignore[arg-type]
    return shop, sku


def clean_order(shop: Shop, sku: Any, quantity: int = 1, **fields: Any) -> int:
    order_id = make.make_order(shop, make.received_line(sku, quantity), **fields)
    assert Order.objects.get(id=order_id).open_holds == []
    return order_id


def unknown_line() -> ReceivedLine:
    return make.received_line(None)


def state_of(order_id: int) -> tuple[str, list[str]]:
    order = Order.objects.get(id=order_id)
    return order.state, order.open_holds


def kinds_of(subject_id: int) -> set[str]:
    """The open deadlines of a subject."""
    return set(Deadline.objects.filter(subject_id=subject_id).values_list("kind", flat=True))


def continuous(shop: Shop) -> None:
    """Orders of this shop go on as soon as they are clean."""
    PolicyValue.objects.create(
        key="check_mode", shop=shop, value="continuous", set_at=make.NOON, set_by=0, reason="test"
    )
