"""An order as one opens a case from it: by any of its numbers, with what of each line is left."""

import re
from dataclasses import dataclass

from django.db.models import Q

from shopkeeper.flows.fulfilment.intake.models import Order, order_number
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.service.aftersale.queries.cases import CaseFilter, CaseRow, cases_page, in_shops
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.foundation.actor import Actor

_OURS = re.compile(r"JY0*(\d{1,18})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LineToOpen:
    """One line: what was bought, and how many of it were not given back."""

    id: int
    name: str
    spec: str
    sku_code: str
    quantity: int
    left: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class OrderToOpen:
    id: int
    number: str
    platform_no: str
    shop: str
    buyer: str
    state: str
    currency: str
    paid_minor: int
    lines: tuple[LineToOpen, ...]
    cases: tuple[CaseRow, ...]


def order_to_open(viewer: Actor, number: str) -> OrderToOpen | None:
    """The order of the viewer's shops with this number, ours or the platform's."""
    ours = _OURS.fullmatch(number)
    named = Q(platform_no=number) | (Q(id=int(ours[1])) if ours else Q(pk__in=[]))
    order = in_shops(Order.objects.filter(named).select_related("shop"), viewer).order_by("-id").first()
    if order is None:
        return None
    given = {row.id: row.given_quantity for row in sql.ORDER_LINES.rows(orders=[order.pk])}
    lines = order.lines.select_related("sku").order_by("id")
    return OrderToOpen(
        id=order.pk,
        number=order_number(order.pk),
        platform_no=order.platform_no,
        shop=order.shop.name,
        buyer=order.receiver_name_masked,
        state=order.state,
        currency=order.currency,
        paid_minor=order.paid_minor,
        lines=tuple(
            LineToOpen(
                id=line.pk,
                name=line.sku.name if line.sku else line.title,
                spec=line.sku.spec if line.sku else line.spec,
                sku_code=line.sku.code if line.sku else line.outer_code,
                quantity=line.quantity,
                left=line.quantity - given[line.pk],
                paid_minor=line.paid_minor,
            )
            for line in lines
        ),
        cases=tuple(cases_page(viewer, CaseFilter(order_id=order.pk))[0]),
    )


def exchange_choices(sku_id: int | None) -> list[tuple[str, str]]:
    """The other variants of a SKU's product that are on sale."""
    product = Sku.objects.filter(id=sku_id or 0).values_list("product_id", flat=True).first()
    if product is None:
        return []
    rows = Sku.objects.filter(product_id=product, is_delisted=False).exclude(id=sku_id or 0).order_by("id")[:100]
    return [(str(row.pk), f"{row.spec or row.name} · {row.code}") for row in rows]
