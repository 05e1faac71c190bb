"""What cleaning set aside in a shop, a source that is known, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from shopkeeper.flows.analytics.lake.models import KnownSource, SetAside
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass
class Cleaned:
    set_aside: int
    source: int


def cleaned_of(shop: Shop, order_id: int) -> Cleaned:
    set_aside = SetAside.objects.create(
        shop=shop, subject="orders", key=str(order_id), rule="repeat_buyer", state_at=NOW, biz_date=date(2026, 6, 1),
        row_count=1, amount_minor=5_000, found_at=NOW, found_by=0,
    )  # fmt: skip
    source = KnownSource.objects.create(
        kind="staff_visitor", key=f"visitor-{shop.pk:08d}", note="客服办公室", listed_at=NOW, listed_by=0
    )
    return Cleaned(set_aside.pk, source.pk)


def _item(name: str, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[name].item(
        **{field: value(place) if callable(value) else value for field, value in fields.items()}
    )


LAKE_ITEMS: dict[str, Callable[[Any], Any]] = {
    "set_aside_orders": _item("set_aside_orders", order_id=lambda p: p.held_order, reason="自拍单"),
    "confirm_set_asides": _item("confirm_set_asides", set_aside_id=lambda p: p.cleaned.set_aside),
    "put_back": _item("put_back", set_aside_id=lambda p: p.cleaned.set_aside, reason="真实订单"),
    "list_test_buyers": _item("list_test_buyers", order_id=lambda p: p.held_order, note="测试号"),
    "list_staff_visitors": _item("list_staff_visitors", visitor="visitor-front-desk", note="前台"),
    "unlist_sources": _item("unlist_sources", source_id=lambda p: p.cleaned.source),
    "ask_rebuild": _item("ask_rebuild", reason="核对口径"),
}
