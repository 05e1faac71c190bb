"""Orders by an exact number: ours or the platform's."""

import re
from dataclasses import dataclass

from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.words import T
from shopkeeper.web.plugs import Hit

SHORTEST = 2

_OURS = re.compile(r"(?:JY)?0*(\d{1,12})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundOrder:
    id: int
    platform_no: str
    receiver_name_masked: str

    @property
    def number(self) -> str:
        return order_number(self.id)


FIND = Statement(
    """
    SELECT id, platform_no, receiver_name_masked FROM intake_order
    WHERE (id = %(id)s::bigint OR platform_no = %(text)s::text)
      AND (%(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s::bigint[]))
    ORDER BY id DESC LIMIT 5""",
    row=FoundOrder,
)


def find_orders(viewer: Actor, text: str) -> list[Hit]:
    """Orders of the viewer's shops with this number, for the palette."""
    wanted = text.strip()
    if not viewer.may(Permission.ORDER_VIEW) or len(wanted) < SHORTEST:
        return []
    ours = _OURS.fullmatch(wanted)
    shops = None if viewer.shops is None else sorted(viewer.shops)
    rows = FIND.rows(id=int(ours[1]) if ours else None, text=wanted[:64], shops=shops)
    return [
        Hit(
            f"{row.number} · {row.receiver_name_masked}",
            reverse("intake-order", args=[row.id]),
            str(T("订单 {no}", "Order {no}").format(no=row.platform_no)),
            "shopping-cart",
        )
        for row in rows
    ]
