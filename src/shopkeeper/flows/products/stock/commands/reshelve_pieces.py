"""O2.1: pieces that were set apart for called-back orders are in their bins again and free for others."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.stock.events import SellableChanged
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import reshelving as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done


@dataclass(frozen=True, slots=True)
class StillOut:
    """Pieces of a lot that are still in a tote."""

    order_line_id: int
    lot_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReshelvePieces:
    """All pieces of a called-back order are in their bins, but for those still out."""

    order_id: int
    still_out: tuple[StillOut, ...] = ()


@command(clause="O2.1", permission=Permission.STOCK_MOVE, scope=RowsOf("intake_order", "order_id"), internal=True)
def reshelve_pieces(step: Step, items: Sequence[ReshelvePieces]) -> list[Outcome]:
    """Free what is in its bin again in lot and balance; said twice, it is as said once."""
    orders = sorted({item.order_id for item in items})
    out = [piece for item in items for piece in item.still_out]
    sql.LOCK_BALANCES.run(orders=orders)
    sql.LOCK_LOTS.run(orders=orders)
    freed = sql.RESHELVE.rows(
        orders=orders,
        lines=[piece.order_line_id for piece in out],
        lots=[piece.lot_id for piece in out],
        quantities=[piece.quantity for piece in out],
    )
    step.emit(*(SellableChanged(*place) for place in sorted({(row.sku_id, row.warehouse_id) for row in freed})))
    return [done(item.order_id) for item in items]
