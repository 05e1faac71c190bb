"""Parcels about to leave: where they stand, and where a label of theirs is printed."""

from collections.abc import Iterable

from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.warehouse.models import WaveOrder
from shopkeeper.flows.fulfilment.warehouse.queries.scope import in_scope
from shopkeeper.flows.fulfilment.warehouse.states import HELD_BY_WAVE, WaveOrderState
from shopkeeper.foundation.actor import Actor


def packed_in(viewer: Actor, order_ids: Iterable[int]) -> dict[int, int]:
    """The wave orders in which these orders were packed, by order."""
    found = WaveOrder.objects.filter(in_scope(viewer), order_id__in=list(order_ids), state=WaveOrderState.PACKED)
    return dict(found.order_by("id").values_list("order_id", "id"))


def wave_order_of_parcel(viewer: Actor, parcel_id: int) -> int | None:
    """The wave order that packs this parcel, where its papers come from."""
    found = WaveOrder.objects.filter(in_scope(viewer), order__parcels=parcel_id, state__in=HELD_BY_WAVE)
    return found.values_list("id", flat=True).first()


def places_of_parcels(order_ids: Iterable[int]) -> list[int]:
    """The warehouses where parcels of these orders were opened."""
    found = Parcel.objects.filter(order_id__in=list(order_ids)).order_by("warehouse_id")
    return list(found.values_list("warehouse_id", flat=True).distinct())
