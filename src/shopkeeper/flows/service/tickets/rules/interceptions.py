"""S2.2: what a parcel's state says of the interception that was asked for."""

from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.flows.service.tickets.states import InterceptionKind, InterceptionState


def next_state(kind: str, state: str, parcel_state: str) -> InterceptionState | None:
    """Where an interception under way goes; None where nothing follows yet.

    Signed for ends a return as failed. A redirection is done when it is signed for after the courier took it on.
    """
    if parcel_state == ParcelState.RETURNED:
        return InterceptionState.RECEIVED
    if parcel_state == ParcelState.LOST:
        return InterceptionState.FAILED
    if parcel_state == ParcelState.SIGNED:
        redirected = kind == InterceptionKind.REDIRECT and state == InterceptionState.ACCEPTED
        return InterceptionState.REDIRECTED if redirected else InterceptionState.FAILED
    if parcel_state in (ParcelState.RETURNING, ParcelState.REFUSED) and state != InterceptionState.RETURNING:
        return InterceptionState.RETURNING
    return None
