"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.events import OrderCancelled, OrderChanged, OrderTakenIn, RefundRequested
from shopkeeper.flows.fulfilment.parcels.events import ParcelLost, ParcelMoved, ParcelReturned, ParcelSigned
from shopkeeper.flows.fulfilment.settlement.events import BuyerReportedProblem
from shopkeeper.flows.fulfilment.settlement.ports import problem_reference
from shopkeeper.flows.fulfilment.settlement.queries.follow_ups import problems_of
from shopkeeper.flows.service.tickets.commands.answer_changes import FollowChange, follow_changes
from shopkeeper.flows.service.tickets.commands.answer_interceptions import (
    FollowInterception,
    follow_interceptions,
)
from shopkeeper.flows.service.tickets.commands.note_conversions import NoteConversion, note_conversions
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.states import Channel
from shopkeeper.flows.service.tickets.words import TOLD_ON_FOLLOW_UP
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def follow_orders(actor: Actor, events: Sequence[Recorded[OrderChanged | OrderCancelled | RefundRequested]]) -> None:
    """OrderChanged, OrderCancelled, RefundRequested: changes under way see whether they are in the order now."""
    moved = {e.event.order_id for e in events if isinstance(e.event, OrderChanged) and e.event.address_changed}
    orders = dict.fromkeys(e.event.order_id for e in events)
    follow_changes(actor, [FollowChange(order_id, order_id in moved) for order_id in orders])


def follow_parcels(
    actor: Actor, events: Sequence[Recorded[ParcelMoved | ParcelSigned | ParcelReturned | ParcelLost]]
) -> None:
    """ParcelMoved, ParcelSigned, ParcelReturned, ParcelLost: interceptions follow their parcels."""
    parcels = dict.fromkeys(e.event.parcel_id for e in events)
    follow_interceptions(actor, [FollowInterception(parcel_id) for parcel_id in parcels])


def count_conversions(actor: Actor, events: Sequence[Recorded[OrderTakenIn]]) -> None:
    """OrderTakenIn: inquiries of the same customer shortly before have become an order."""
    note_conversions(actor, [NoteConversion(e.event.order_id) for e in events])


def take_up_problems(actor: Actor, events: Sequence[Recorded[BuyerReportedProblem]]) -> None:
    """BuyerReportedProblem: what the buyer told on the telephone is a ticket, one per follow-up."""
    told = problems_of(e.event.followup_id for e in events)
    open_tickets(
        actor,
        [
            OpenTicket(
                shop_id=e.event.shop_id,
                channel=Channel.PHONE,
                external_ref=problem_reference(e.event.followup_id),
                subject=TOLD_ON_FOLLOW_UP.zh,
                text=told.get(e.event.followup_id, ""),
                order_id=e.event.order_id,
            )
            for e in events
        ],
    )
