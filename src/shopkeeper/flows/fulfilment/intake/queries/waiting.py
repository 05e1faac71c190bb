"""What waiting orders want and were not promised, for whoever restocks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class WantedRow:
    sku_id: int
    pieces: int


WANTED = Statement(
    """
    SELECT l.sku_id, sum(l.quantity)::int AS pieces
    FROM intake_order AS o JOIN intake_orderline AS l ON l.order_id = o.id
    WHERE o.state = 'to_check' AND NOT o.is_history
      AND o.open_holds && ARRAY['short_stock', 'short_pick', 'damaged_piece']::varchar[]
      AND l.sku_id = ANY(%(skus)s::bigint[]) AND l.refund_state <> 'refunded'
      AND NOT EXISTS (SELECT FROM stock_promise AS p WHERE p.order_line_id = l.id)
    GROUP BY l.sku_id ORDER BY l.sku_id""",
    row=WantedRow,
)


class ShortOrders:
    """The orders that wait because pieces are missing."""

    def pieces_wanted(self, sku_ids: Collection[int]) -> Mapping[int, int]:
        rows = WANTED.rows(skus=sorted(sku_ids)) if sku_ids else []
        return {row.sku_id: row.pieces for row in rows}
