"""What parcels do when orders are cancelled or confirmed: one command call each. Wired in config/wiring.py."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.fulfilment.intake.events import BuyerConfirmed, OrderCancelled
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import DropParcels, drop_parcels
from shopkeeper.flows.fulfilment.parcels.commands.watch_parcels import StopWatching, stop_watching_parcels
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def drop_parcels_of_cancelled(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """Cancelled orders' parcels that have not left are void, their numbers given back."""
    orders = dict.fromkeys(e.event.order_id for e in events if isinstance(e.event, OrderCancelled))
    drop_parcels(actor, [DropParcels(order_id) for order_id in orders])


def stop_watching_confirmed(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """Confirmed orders' parcels are watched no longer."""
    orders = dict.fromkeys(e.event.order_id for e in events if isinstance(e.event, BuyerConfirmed))
    stop_watching_parcels(actor, [StopWatching(order_id) for order_id in orders])
