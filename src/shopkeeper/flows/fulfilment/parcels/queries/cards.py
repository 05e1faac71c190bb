"""Parcels as frozen rows for the other desks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.models import Parcel, parcel_number
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.flows.fulfilment.parcels.words import MARK_WORDS, weight_text
from shopkeeper.shared.words import T


@dataclass(frozen=True, slots=True)
class ParcelCard:
    id: int
    label: str
    order_id: int
    part: int
    line_ids: tuple[int, ...]
    shop_id: int
    warehouse_id: int
    courier: str
    courier_reason: str
    number: str | None
    state: str
    routing_code: str
    hub: str
    marks: tuple[str, ...]
    print_data: str
    print_count: int
    weight_g: int | None
    planned_weight_g: int
    planned_cost_minor: int
    handed_over_at: datetime | None
    signed_at: datetime | None

    @property
    def weight(self) -> T:
        """The weight measured, else the planned one."""
        return weight_text(self.weight_g or self.planned_weight_g)

    @property
    def mark_words(self) -> list[T]:
        return [MARK_WORDS.get(mark, T(mark, mark)) for mark in self.marks]


_PLAIN = [name for name in ParcelCard.__dataclass_fields__ if name not in {"label", "line_ids", "marks"}]


def parcels_of_orders(order_ids: Iterable[int]) -> dict[int, ParcelCard]:
    """The parcel of each order that has one and is not void; of several, the first part."""
    return {order_id: cards[0] for order_id, cards in all_parcels_of_orders(order_ids).items()}


def all_parcels_of_orders(order_ids: Iterable[int]) -> dict[int, list[ParcelCard]]:
    """Every parcel of each order that is not void, by part."""
    found: dict[int, list[ParcelCard]] = defaultdict(list)
    rows = (
        Parcel.objects.filter(order_id__in=list(order_ids))
        .exclude(state=ParcelState.CANCELLED)
        .order_by("order_id", "part", "id")
        .values(*_PLAIN, "line_ids", "marks")
    )
    for row in rows:
        card = _card(row)
        found[card.order_id].append(card)
    return dict(found)


def parcels_by_id(parcel_ids: Iterable[int]) -> dict[int, ParcelCard]:
    """Parcels by id, void ones included."""
    rows = Parcel.objects.filter(id__in=list(parcel_ids)).order_by("id").values(*_PLAIN, "line_ids", "marks")
    return {row["id"]: _card(row) for row in rows}


def _card(row: dict[str, Any]) -> ParcelCard:
    line_ids, marks = tuple(row.pop("line_ids")), tuple(row.pop("marks"))
    return ParcelCard(label=parcel_number(row["id"]), line_ids=line_ids, marks=marks, **row)


def unlabelled_count(warehouses: Sequence[int] | None) -> int:
    """Parcels of these warehouses (None: of all) to be handed over whose label was never printed."""
    packed = Parcel.objects.filter(state=ParcelState.PACKED, order__state=OrderState.PACKED, print_count=0)
    return (packed if warehouses is None else packed.filter(warehouse_id__in=warehouses)).count()
