"""A shop's collector, sources and disagreements, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from shopkeeper.flows.analytics.collection.commands.take_in_figures import FigureLine
from shopkeeper.flows.analytics.collection.models import (
    CollectorKey,
    Delivery,
    Disagreement,
    FigureImport,
    FigureSource,
)
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = date(2026, 5, 31)


@dataclass
class Collection:
    source: int
    delivery: int
    figure_import: int
    disagreement: int


def collection_of(shop: Shop) -> Collection:
    """A collector that is open, a day that is awaited, an import that runs, two sources that differ."""
    CollectorKey.objects.create(shop=shop, key=f"key-{shop.pk}", opened_at=NOW)
    source = FigureSource.objects.create(shop=shop, source="sycm", since_on=DAY, added_at=NOW)
    delivery = Delivery.objects.create(figure_source=source, shop=shop, day=DAY, state_at=NOW, due_at=NOW)
    figure_import = FigureImport.objects.create(
        shop=shop, source="sycm", profile="sycm_shop", digest="a" * 64, state="running", state_at=NOW, asked_at=NOW,
        asked_by=0,
    )  # fmt: skip
    disagreement = Disagreement.objects.create(
        shop=shop, day=DAY, figure="orders", source="own", other_source="sycm", value=10, other_value=20,
        state_at=NOW, opened_at=NOW, due_at=NOW,
    )  # fmt: skip
    return Collection(source.pk, delivery.pk, figure_import.pk, disagreement.pk)


def _of_shop(name: str, **more: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[name].item(shop_id=place.shop.pk, **more)


def _item(name: str, field: str, source: str, **more: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[name].item(**{field: getattr(place.collection, source)}, **more)


COLLECTION_ITEMS: dict[str, Callable[[Any], Any]] = {
    "open_collectors": _of_shop("open_collectors", origins=("https://other.example",)),
    "renew_collector_keys": _of_shop("renew_collector_keys", version=1),
    "close_collectors": _of_shop("close_collectors"),
    "add_figure_sources": _of_shop("add_figure_sources", source="sycm"),
    "retire_figure_sources": _item("retire_figure_sources", "source_id", "source"),
    "excuse_deliveries": _item("excuse_deliveries", "delivery_id", "delivery", excuse="平台维护"),
    "take_in_figures": _of_shop(
        "take_in_figures", source="sycm", breakdown="shop", lines=(FigureLine(DAY, DAY, {"visitors": 5}),)
    ),
    "start_figure_imports": _of_shop("start_figure_imports", profile="sycm_channels", digest="b" * 64),
    "stop_figure_imports": _item("stop_figure_imports", "import_id", "figure_import"),
    "compare_sources": _of_shop("compare_sources", day=date(2026, 5, 30)),
    "answer_disagreements": _item(
        "answer_disagreements", "case_id", "disagreement", reason="rule_differs", value=10, other_value=20
    ),
}
