"""`make bench`: what this machine does, beside what the database alone can do on it in the same run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shopkeeper.config.bench import (
    carts,
    chat,
    collector,
    coupons,
    deadlines,
    desk,
    images,
    intake,
    lake,
    lists,
    order_api,
    product_import,
    reports,
    stock_push,
    word_check,
)
from shopkeeper.config.bench.result import Measured

MEASUREMENTS: dict[str, Callable[[], Sequence[Measured]]] = {
    "intake": intake.measure,
    "order_api": order_api.measure,
    "deadlines": deadlines.measure,
    "lists": lists.measure,
    "chat": chat.measure,
    "collector": collector.measure,
    "desk": desk.measure,
    "words": word_check.measure,
    "stock_push": stock_push.measure,
    "carts": carts.measure,
    "coupons": coupons.measure,
    "images": images.measures,
    "lake": lake.measure,
    "product_import": product_import.measure,
    "reports": reports.measure,
}


def measure(names: Sequence[str], progress: Callable[[int, int | None], None]) -> list[Mapping[str, Any]]:
    """Run the named measurements (all without names), one after the other, on the database at hand."""
    chosen = [name for name in MEASUREMENTS if not names or name in names]
    rows: list[Mapping[str, Any]] = []
    for done, name in enumerate(chosen):
        progress(done, len(chosen))
        rows += [result.as_row() for result in MEASUREMENTS[name]()]
    progress(len(chosen), len(chosen))
    return rows
