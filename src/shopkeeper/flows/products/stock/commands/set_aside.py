"""O2.1/O2.2: missing or failed pieces leave the sellable stock; the order gets others where there are any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shopkeeper.flows.products.stock.commands.allot_lots import allotted_to
from shopkeeper.flows.products.stock.events import StockSetAside
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.rules import Place
from shopkeeper.flows.products.stock.sql import allotments
from shopkeeper.flows.products.stock.sql import set_aside as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class SetAside:
    """Pieces of one allotment that were not there ('missing') or failed inspection ('quarantine')."""

    allotment_id: int
    quantity: int
    kind: Literal["quarantine", "missing"]
    reason: str = ""


@command(clause="O2.2", permission=Permission.STOCK_MOVE, scope=EVERYWHERE, internal=True)
def set_aside(step: Step, items: Sequence[SetAside]) -> list[Outcome]:
    """Take pieces out of lot and balance and allot others to the line.

    Done with `facts["allotments"]`, the line's allotments now. Refused "short_stock" where no other piece is
    free: the pieces are out all the same, and the line's promise shrank by as many; "more_than_allotted" and
    "not_found" change nothing.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.allotment_id for item in items])}
    free: dict[Place, int] = {
        (row.sku_id, row.warehouse_id): row.balance_on_hand - row.balance_promised for row in rows.values()
    }
    left = {row.id: row.quantity for row in rows.values()}
    taken: list[tuple[SetAside, sql.AllotmentRow, int]] = []
    answers: list[Outcome | int] = []  # an outcome, or where in `taken` the item stands
    for item in items:
        row = rows.get(item.allotment_id)
        if row is None or item.quantity < 1 or item.quantity > left[row.id]:
            code = "not_found" if row is None else "more_than_allotted"
            answers.append(refused(code, item.allotment_id))
            continue
        left[row.id] -= item.quantity
        place = (row.sku_id, row.warehouse_id)
        lost = max(0, item.quantity - free[place])
        free[place] -= item.quantity - lost
        answers.append(len(taken))
        taken.append((item, row, lost))
    if taken:
        _take_out(step, taken)
    replaced = allotted_to([row.order_line_id for _, row, _ in taken])
    given = [
        refused("short_stock", row.order_line_id, missing=lost, order_id=row.order_id)
        if lost
        else done(row.order_line_id, allotments=replaced[row.order_line_id])
        for _, row, lost in taken
    ]
    return [answer if isinstance(answer, Outcome) else given[answer] for answer in answers]


def _take_out(step: Step, taken: Sequence[tuple[SetAside, sql.AllotmentRow, int]]) -> None:
    ids = [item.allotment_id for item, _, _ in taken]
    quantities = [item.quantity for item, _, _ in taken]
    lost = [pieces for _, _, pieces in taken]
    lines = [row.order_line_id for _, row, _ in taken]
    sql.TAKE_OUT.run(
        ids=ids,
        quantities=quantities,
        lost=lost,
        kinds=[item.kind for item, _, _ in taken],
        reasons=[item.reason for item, _, _ in taken],
        now=step.now,
        actor_id=step.actor.id,
    )
    sql.SHRINK_ALLOTMENTS.run(ids=ids, quantities=quantities)
    sql.SHRINK_PROMISES.run(lines=lines, lost=lost)
    served = list(dict.fromkeys(lines))  # pieces of several lots of one line may fail together
    allotments.LOCK_LOTS.run(lines=served)
    doubted = [row.lot_id for item, row, _ in taken if item.kind == "missing"]
    allotments.ALLOT_FIFO.run(lines=served, doubted=doubted)
    step.emit(
        *(
            StockSetAside(row.sku_id, row.warehouse_id, item.quantity, item.kind, row.order_line_id)
            for item, row, _ in taken
        )
    )
