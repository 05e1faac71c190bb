"""Orders at their end, and a clock that stands where the test puts it."""

from datetime import datetime
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.ports import ReceivedLine
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import (
    NoteConfirmation,
    note_confirmations,
)
from shopkeeper.flows.fulfilment.settlement.commands.watch_receipts import WatchReceipt, watch_receipts
from shopkeeper.flows.fulfilment.settlement.models import Settlement
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from tests import factories as make

WAY = (OrderState.PICKING, OrderState.TO_PACK, OrderState.PACKED, OrderState.SHIPPED, OrderState.SIGNED)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def packed_order(shop: Shop, *lines: ReceivedLine, to: OrderState, **fields: Any) -> int:
    """An order that went through the warehouse up to a state."""
    given = lines or (make.received_line(stocked_sku(shop), 2),)
    order_id = make.make_released_order(shop, *given, **fields)
    for state in WAY[: WAY.index(to) + 1]:
        outcome = advance_orders.one(SYSTEM, AdvanceOrder(order_id, state))
        assert outcome.ok, outcome
    return order_id


def stocked_sku(shop: Shop, **fields: Any) -> Any:
    sku = make.make_sku(**fields)
    make.stock_up(sku, shop.default_warehouse, 1_000)  # type: ignore[arg-type]
    return sku


def signed_order(shop: Shop, *lines: ReceivedLine, **fields: Any) -> int:
    return packed_order(shop, *lines, to=OrderState.SIGNED, **fields)


def watched_order(shop: Shop, *lines: ReceivedLine, **fields: Any) -> int:
    order_id = signed_order(shop, *lines, **fields)
    assert watch_receipts.one(SYSTEM, WatchReceipt(order_id)).changed
    return order_id


def completed_order(shop: Shop, *lines: ReceivedLine, **fields: Any) -> int:
    order_id = signed_order(shop, *lines, **fields)
    confirm(order_id)
    return order_id


def confirm(order_id: int) -> None:
    """The platform tells that the buyer confirmed."""
    assert note_confirmations.one(SYSTEM, NoteConfirmation(order_id, business_time.now())).ok


def settlement_of(order_id: int) -> Settlement:
    return Settlement.objects.get(order_id=order_id)
