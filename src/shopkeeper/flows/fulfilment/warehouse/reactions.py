"""What the warehouse does as orders and parcels move: call for waves and hand-overs, let go of what was called back."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.fulfilment.intake.events import OrderReleased
from shopkeeper.flows.fulfilment.warehouse.commands.call_for_hand_overs import CallForHandOver, call_for_hand_overs
from shopkeeper.flows.fulfilment.warehouse.commands.call_for_waves import CallForWave, call_for_waves
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import LeaveWave, leave_waves
from shopkeeper.flows.fulfilment.warehouse.queries.leaving import places_of_parcels
from shopkeeper.flows.fulfilment.warehouse.queries.scope import warehouse_choices
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded
from shopkeeper.sop.events import PolicyChanged


def call_for_a_wave(actor: Actor, events: Sequence[Recorded[OrderReleased]]) -> None:
    """OrderReleased: the warehouse is asked to release a wave in time."""
    places = sorted({event.event.warehouse_id for event in events if event.event.warehouse_id})
    call_for_waves(actor, [CallForWave(place) for place in places])


def call_by_new_times(actor: Actor, events: Sequence[Recorded[PolicyChanged]]) -> None:
    """PolicyChanged: what waits is due by the new time from now on."""
    keys = {event.event.key for event in events}
    if "wave_call_minutes" in keys:
        call_for_waves(actor, [CallForWave(place) for place, _ in warehouse_choices(actor)])
    if "hand_over_hours" in keys:
        call_for_hand_overs(actor, [CallForHandOver(place) for place, _ in warehouse_choices(actor)])


def call_back_orders(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """OrderCancelled, OrderHeld: orders that were called back leave their waves."""
    orders = sorted({event.event.order_id for event in events})
    leave_waves(actor, [LeaveWave(order_id) for order_id in orders])


def call_for_a_hand_over(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """Whatever brings a packed parcel to the door or takes it away: its warehouse looks anew at what waits there."""
    places = places_of_parcels({event.event.order_id for event in events})
    call_for_hand_overs(actor, [CallForHandOver(place) for place in places])
