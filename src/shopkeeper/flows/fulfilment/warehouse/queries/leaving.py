"""Parcels about to leave: which of them no label was ever printed for, and where one is printed."""

from collections.abc import Iterable

from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.models import Parcel, parcel_number
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.flows.fulfilment.warehouse.models import WaveOrder
from shopkeeper.flows.fulfilment.warehouse.queries.scope import in_scope
from shopkeeper.flows.fulfilment.warehouse.states import WaveOrderState
from shopkeeper.foundation.actor import Actor


def without_label(viewer: Actor, parcel_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of those packed parcels whose label was never printed."""
    found = Parcel.objects.filter(
        in_scope(viewer),
        id__in=list(parcel_ids),
        state=ParcelState.PACKED,
        print_count=0,
        order__state=OrderState.PACKED,
    )
    return {parcel_id: parcel_number(parcel_id) for parcel_id in found.values_list("id", flat=True)}


def packed_in(viewer: Actor, order_ids: Iterable[int]) -> dict[int, int]:
    """The wave orders in which these orders were packed, by order."""
    found = WaveOrder.objects.filter(in_scope(viewer), order_id__in=list(order_ids), state=WaveOrderState.PACKED)
    return dict(found.order_by("id").values_list("order_id", "id"))
