"""P3.1: a lot was counted; what the books say becomes what is there, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.stock.events import SellableChanged, StockAdjusted
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.rules import Count, Place, count_refusal
from shopkeeper.flows.products.stock.sql import counting as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

QUANTITY_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """The pieces of a lot as counted, those picked and not yet shipped included.

    `seen` is what the books said when it was counted: where they say otherwise by now, the count is refused.
    """

    lot_id: int
    counted: int
    reason: Annotated[str, Field(max_length=300)]
    seen: int | None = None


@command(clause="P3.1", permission=Permission.STOCK_ADJUST, scope=WarehouseOf("stock_lot", "lot_id"))
def adjust_stock(step: Step, items: Sequence[AdjustStock]) -> list[Outcome]:
    """Book the difference between count and books into ledger, lot and balance.

    Refused: "reason_needed", "quantity_out_of_bounds", "lot_changed" since it was counted,
    "counted_below_allotted" and "counted_below_promised", where orders would go without. The same count again
    is unchanged.
    """
    lots = [item.lot_id for item in items]
    free: dict[Place, int] = {(row.sku_id, row.warehouse_id): row.free for row in sql.LOCK_BALANCES.rows(lots=lots)}
    rows = {row.id: row for row in sql.LOCK_LOTS.rows(lots=lots)}
    on_hand = {row.id: row.on_hand for row in rows.values()}
    booked: list[tuple[AdjustStock, sql.LotRow, int]] = []
    outcomes = []
    for item in items:
        row = rows[item.lot_id]
        place = (row.sku_id, row.warehouse_id)
        count = Count(on_hand[row.id], row.reserved, free.get(place, 0), row.is_quarantine)
        outcome = _judge(item, count)
        outcomes.append(outcome)
        if outcome.changed:
            difference = item.counted - count.on_hand
            on_hand[row.id] = item.counted
            if not row.is_quarantine:
                free[place] = count.free + difference
            booked.append((item, row, difference))
    _book(step, booked)
    return outcomes


def _judge(item: AdjustStock, count: Count) -> Outcome:
    if not item.reason.strip():
        return refused("reason_needed", item.lot_id)
    if not 0 <= item.counted <= QUANTITY_MAX:
        return refused("quantity_out_of_bounds", item.lot_id, min=0, max=QUANTITY_MAX)
    if item.counted == count.on_hand:
        return unchanged(item.lot_id)
    if item.seen is not None and item.seen != count.on_hand:
        return refused("lot_changed", item.lot_id, seen=item.seen, on_hand=count.on_hand)
    code = count_refusal(count, item.counted)
    if code:
        least = count.allotted if code == "counted_below_allotted" else count.on_hand - count.free
        return refused(code, item.lot_id, counted=item.counted, least=least)
    return done(item.lot_id, difference=item.counted - count.on_hand)


def _book(step: Step, booked: Sequence[tuple[AdjustStock, sql.LotRow, int]]) -> None:
    if not booked:
        return
    by_lot: dict[int, int] = {}
    for _, row, difference in booked:
        by_lot[row.id] = by_lot.get(row.id, 0) + difference
    reasons = {row.id: item.reason.strip() for item, row, _ in booked}
    sql.ADJUST.run(
        lots=list(by_lot),
        differences=list(by_lot.values()),
        reasons=[reasons[lot_id] for lot_id in by_lot],
        now=step.now,
        actor_id=step.actor.id,
    )
    lots = {row.id: row for _, row, _ in booked}
    step.emit(
        *(
            StockAdjusted(row.id, row.sku_id, row.warehouse_id, by_lot[row.id], reasons[row.id])
            for row in lots.values()
        ),
        *(
            SellableChanged(*place)
            for place in sorted({(row.sku_id, row.warehouse_id) for row in lots.values() if not row.is_quarantine})
        ),
    )
