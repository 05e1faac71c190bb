"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.events import OrderCancelled, OrderChanged, OrderTakenIn, RefundRequested
from shopkeeper.flows.fulfilment.parcels.events import ParcelLost, ParcelMoved, ParcelReturned, ParcelSigned
from shopkeeper.flows.service.tickets.commands.answer_changes import FollowChange, follow_changes
from shopkeeper.flows.service.tickets.commands.answer_interceptions import (
    FollowInterception,
    follow_interceptions,
)
from shopkeeper.flows.service.tickets.commands.note_conversions import NoteConversion, note_conversions
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def follow_orders(actor: Actor, events: Sequence[Recorded[OrderChanged | OrderCancelled | RefundRequested]]) -> None:
    """OrderChanged, OrderCancelled, RefundRequested: changes under way see whether they are in the order now."""
    follow_changes(actor, [FollowChange(order_id) for order_id in dict.fromkeys(e.event.order_id for e in events)])


def follow_parcels(
    actor: Actor, events: Sequence[Recorded[ParcelMoved | ParcelSigned | ParcelReturned | ParcelLost]]
) -> None:
    """ParcelMoved, ParcelSigned, ParcelReturned, ParcelLost: interceptions follow their parcels."""
    parcels = dict.fromkeys(e.event.parcel_id for e in events)
    follow_interceptions(actor, [FollowInterception(parcel_id) for parcel_id in parcels])


def count_conversions(actor: Actor, events: Sequence[Recorded[OrderTakenIn]]) -> None:
    """OrderTakenIn: inquiries of the same customer shortly before have become an order."""
    note_conversions(actor, [NoteConversion(e.event.order_id) for e in events])
