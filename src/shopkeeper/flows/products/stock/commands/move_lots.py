"""P3.1: a lot is laid into another bin of its warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.stock.events import LotMoved
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import counting as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class MoveLot:
    lot_id: int
    bin_code: Annotated[str, Field(min_length=1, max_length=30)]


@command(clause="P3.1", permission=Permission.LOT_MOVE, scope=WarehouseOf("stock_lot", "lot_id"))
def move_lots(step: Step, items: Sequence[MoveLot]) -> list[Outcome]:
    """Move whole lots. Of one lot named twice the first move counts, the second is unchanged.

    Refused: "bin_unknown"; "lot_allotted" while pieces of it are on pick lists, which name the old bin;
    "bin_of_other_kind" between shelf and quarantine, which is a decision on the goods and not a move.
    """
    rows = {row.id: row for row in sql.LOCK_LOTS.rows(lots=[item.lot_id for item in items])}
    bins = {
        (row.warehouse_id, row.code): row
        for row in sql.BINS.rows(
            warehouses=[rows[item.lot_id].warehouse_id for item in items], codes=[item.bin_code for item in items]
        )
    }
    moves: dict[int, sql.BinRow] = {}
    outcomes = []
    for item in items:
        row = rows[item.lot_id]
        target = bins.get((row.warehouse_id, item.bin_code))
        if row.id in moves or row.bin == item.bin_code:
            outcomes.append(unchanged(row.id))
        elif target is None:
            outcomes.append(refused("bin_unknown", row.id, bin=item.bin_code))
        elif row.reserved:
            outcomes.append(refused("lot_allotted", row.id, allotted=row.reserved))
        elif target.is_quarantine != row.is_quarantine:
            outcomes.append(refused("bin_of_other_kind", row.id, bin=item.bin_code))
        else:
            moves[row.id] = target
            outcomes.append(done(row.id))
    if moves:
        sql.MOVE_LOTS.run(lots=list(moves), bins=[target.id for target in moves.values()])
        step.emit(
            *(
                LotMoved(lot_id, rows[lot_id].sku_id, rows[lot_id].warehouse_id, rows[lot_id].bin, target.code)
                for lot_id, target in moves.items()
            )
        )
    return outcomes
