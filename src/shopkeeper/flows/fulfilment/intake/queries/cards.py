"""Orders as frozen rows for the later desks, and receivers for labels."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine, order_number
from shopkeeper.flows.fulfilment.intake.ports import Receiver
from shopkeeper.foundation.personal import open_many


@dataclass(frozen=True, slots=True)
class LineCard:
    id: int
    platform_line_no: str
    sku_id: int | None
    sku_code: str
    barcode: str
    name: str
    spec: str
    quantity: int
    price_minor: int
    discount_minor: int
    paid_minor: int
    is_gift: bool
    weight_g: int
    is_fragile: bool
    is_unbendable: bool
    cost_minor: int


@dataclass(frozen=True, slots=True)
class OrderCard:
    """What the warehouse, the parcels and the settlement need of an order; nothing personal in plain."""

    id: int
    number: str
    shop_id: int
    platform_no: str
    state: str
    warehouse_id: int | None
    refund_state: str
    open_holds: tuple[str, ...]
    placed_at: datetime
    paid_at: datetime | None
    ship_by_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    completed_at: datetime | None
    currency: str
    goods_minor: int
    freight_minor: int
    discount_minor: int
    paid_minor: int
    province: str
    city: str
    receiver_name_masked: str
    receiver_phone_masked: str
    receiver_address_masked: str
    receiver_token: str
    subject_id: int
    lines: tuple[LineCard, ...]


_PLAIN = [name for name in OrderCard.__dataclass_fields__ if name not in {"number", "open_holds", "lines"}]


def orders_by_id(ids: Iterable[int]) -> dict[int, OrderCard]:
    """Orders with their lines, in two statements; ids that do not exist are left out."""
    wanted = list(ids)
    lines: dict[int, list[LineCard]] = defaultdict(list)
    for line in OrderLine.objects.filter(order_id__in=wanted).select_related("sku").order_by("id"):
        lines[line.order_id].append(_line_card(line))
    return {
        row["id"]: OrderCard(
            number=order_number(row["id"]),
            open_holds=tuple(row.pop("open_holds")),
            lines=tuple(lines[row["id"]]),
            **row,
        )
        for row in Order.objects.filter(id__in=wanted).order_by("id").values(*_PLAIN, "open_holds")
    }


def _line_card(line: OrderLine) -> LineCard:
    sku: Any = line.sku
    return LineCard(
        id=line.pk,
        platform_line_no=line.platform_line_no,
        sku_id=line.sku_id,
        sku_code=sku.code if sku else line.outer_code,
        barcode=sku.barcode if sku else "",
        name=sku.name if sku else line.title,
        spec=sku.spec if sku else line.spec,
        quantity=line.quantity,
        price_minor=line.price_minor,
        discount_minor=line.discount_minor,
        paid_minor=line.paid_minor,
        is_gift=line.is_gift,
        weight_g=sku.weight_g if sku else 0,
        is_fragile=bool(sku and sku.is_fragile),
        is_unbendable=bool(sku and sku.is_unbendable),
        cost_minor=sku.cost_minor if sku else 0,
    )


def receivers_of(order_ids: Iterable[int]) -> dict[int, Receiver]:
    """Receivers in plain, for waybills and labels only; the calling command is the record of it.

    Raises foundation.personal.Erased where the person was erased.
    """
    sealed = {
        order_id: (subject_id, bytes(data))
        for order_id, subject_id, data in Order.objects.filter(id__in=list(order_ids)).values_list(
            "id", "subject_id", "receiver_sealed"
        )
    }
    return {order_id: Receiver(**document["receiver"]) for order_id, document in open_many(sealed).items()}
