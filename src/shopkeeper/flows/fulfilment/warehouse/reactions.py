"""What the warehouse does when intake speaks: call for a wave, let go of what was called back."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.fulfilment.intake.events import OrderReleased
from shopkeeper.flows.fulfilment.warehouse.commands.call_for_waves import CallForWave, call_for_waves
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import LeaveWave, leave_waves
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def call_for_a_wave(actor: Actor, events: Sequence[Recorded[OrderReleased]]) -> None:
    """OrderReleased: the warehouse is asked to release a wave in time."""
    places = sorted({event.event.warehouse_id for event in events if event.event.warehouse_id})
    call_for_waves(actor, [CallForWave(place) for place in places])


def call_back_orders(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """OrderCancelled, OrderHeld: orders that were called back leave their waves."""
    orders = sorted({event.event.order_id for event in events})
    leave_waves(actor, [LeaveWave(order_id) for order_id in orders])
