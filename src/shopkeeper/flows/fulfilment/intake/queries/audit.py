"""Orders for auditors: every one we hold, by its platform number, with state and holds; nothing personal."""

from dataclasses import dataclass

from django.db.models import Count

from shopkeeper.flows.fulfilment.intake.models import Hold, Order, order_number
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class OrderFact:
    id: int
    number: str
    shop_id: int
    warehouse_id: int | None
    platform_no: str
    state: str
    refund_state: str
    open_holds: list[str]


_FIELDS = ("id", "shop_id", "warehouse_id", "platform_no", "state", "refund_state", "open_holds")


def order_facts(viewer: Actor, *, after: int = 0, state: str = "", limit: int = 1_000) -> list[OrderFact]:
    """Orders of the viewer's shops by id, after a given one."""
    rows = Order.objects.filter(id__gt=after).order_by("id")
    if state:
        rows = rows.filter(state=state)
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return [OrderFact(number=order_number(row["id"]), **row) for row in rows.values(*_FIELDS)[:limit]]


def holds_by_code() -> dict[str, int]:
    """How often each kind of hold was ever opened."""
    return dict(Hold.objects.order_by("code").values_list("code").annotate(n=Count("id")))


def orders_by_state() -> dict[str, int]:
    return dict(Order.objects.order_by("state").values_list("state").annotate(n=Count("id")))
