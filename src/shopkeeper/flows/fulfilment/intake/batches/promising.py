"""O1.3: lines without a promise get one, first paid first served."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.products.stock.commands.promise_stock import PromiseLine, promise_stock
from shopkeeper.foundation.commands import Step


def promise_missing(step: Step, order_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Promise what these orders lack; return the orders that are short, with what of."""
    if not order_ids:
        return {}
    rows = sql.UNPROMISED_LINES.rows(orders=sorted(order_ids))
    impossible = {r.order_id for r in rows if r.sku_id is None or r.warehouse_id is None or r.quantity < 1}
    wishes = [
        PromiseLine(r.order_line_id, r.order_id, r.sku_id, r.warehouse_id, r.quantity)
        for r in rows
        if r.order_id not in impossible and r.sku_id is not None and r.warehouse_id is not None
    ]
    short: dict[int, dict[str, Any]] = {}
    for wish, answer in zip(wishes, promise_stock.within(step, wishes), strict=True):
        if not answer.ok:
            facts = {"sku_id": wish.sku_id, "wanted": wish.quantity, "available": answer.facts["available"]}
            short.setdefault(wish.order_id, facts)
    return short
