"""Parcels for auditors: every number with the parcel it is on."""

from dataclasses import dataclass

from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class ParcelFact:
    id: int
    order_id: int
    shop_id: int
    warehouse_id: int
    courier: str
    number: str | None
    state: str


_FIELDS = tuple(ParcelFact.__dataclass_fields__)


def parcel_facts(viewer: Actor, *, after: int = 0, state: str = "", limit: int = 1_000) -> list[ParcelFact]:
    """Parcels of the viewer's shops and warehouses by id, after a given one."""
    rows = Parcel.objects.filter(id__gt=after).order_by("id")
    if state:
        rows = rows.filter(state=state)
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    if viewer.warehouses is not None:
        rows = rows.filter(warehouse_id__in=viewer.warehouses)
    return [ParcelFact(**row) for row in rows.values(*_FIELDS)[:limit]]
