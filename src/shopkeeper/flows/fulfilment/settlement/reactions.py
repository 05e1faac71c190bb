"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.events import (
    BuyerConfirmed,
    OrderCancelled,
    OrderRefunded,
    OrderReturned,
)
from shopkeeper.flows.fulfilment.parcels.events import ParcelHandedOver, ParcelLost, ParcelReturned, ParcelSigned
from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import (
    NoteConfirmation,
    note_confirmations,
)
from shopkeeper.flows.fulfilment.settlement.commands.end_returned_orders import (
    CloseCameBack,
    SettleReturned,
    close_came_back,
    settle_returned,
)
from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.commands.watch_receipts import WatchReceipt, watch_receipts
from shopkeeper.flows.fulfilment.settlement.events import OrderCompleted
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def complete_confirmed(actor: Actor, events: Sequence[Recorded[BuyerConfirmed]]) -> None:
    """BuyerConfirmed: the order is completed, or will be once its parcel left."""
    note_confirmations(actor, [NoteConfirmation(e.event.order_id, e.occurred_at) for e in events])


def watch_sent(actor: Actor, events: Sequence[Recorded[ParcelHandedOver | ParcelSigned | OrderCancelled]]) -> None:
    """ParcelHandedOver, ParcelSigned: the wait for the confirmation begins. OrderCancelled: it ends."""
    orders = dict.fromkeys(e.event.order_id for e in events)
    watch_receipts(actor, [WatchReceipt(order_id) for order_id in orders])


def settle_completed(actor: Actor, events: Sequence[Recorded[OrderCompleted]]) -> None:
    """OrderCompleted: settled by itself where everything is known; else it stays due for finance."""
    settle_orders(actor, [SettleOrder(e.event.order_id) for e in events])


def close_refunded(actor: Actor, events: Sequence[Recorded[OrderRefunded | ParcelReturned | ParcelLost]]) -> None:
    """OrderRefunded, ParcelReturned, ParcelLost: with the last of money and parcels the order is at its end."""
    close_came_back(actor, [CloseCameBack(order_id) for order_id in dict.fromkeys(e.event.order_id for e in events)])


def settle_sent_back(actor: Actor, events: Sequence[Recorded[OrderReturned]]) -> None:
    """OrderReturned: the order's books are written and closed."""
    settle_returned(actor, [SettleReturned(e.event.order_id, e.event.are_goods_back) for e in events])
