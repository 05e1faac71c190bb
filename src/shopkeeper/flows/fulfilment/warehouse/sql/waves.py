"""Statements of waves: who waits for one, making one, locking one, closing one."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class CandidateRow:
    order_id: int
    shop_id: int
    warehouse_id: int
    ship_by_at: datetime | None
    released_at: datetime | None


# An order that is still in an older wave waits until it has left that one.
WAITING = Statement(
    """
    SELECT o.id, o.shop_id, o.warehouse_id, o.ship_by_at, o.released_at
    FROM intake_order AS o
    WHERE o.state = 'released' AND o.warehouse_id = ANY(%(warehouses)s::bigint[])
      AND NOT EXISTS (SELECT FROM warehouse_waveorder AS w
                      WHERE w.order_id = o.id AND w.state NOT IN ('returning', 'dropped'))
    ORDER BY o.ship_by_at NULLS LAST, o.released_at, o.id LIMIT %(limit)s::int""",
    row=CandidateRow,
)

NAMED = Statement(
    """
    SELECT o.id, o.shop_id, o.warehouse_id, o.ship_by_at, o.released_at
    FROM intake_order AS o
    WHERE o.state = 'released' AND o.id = ANY(%(orders)s::bigint[])
      AND NOT EXISTS (SELECT FROM warehouse_waveorder AS w
                      WHERE w.order_id = o.id AND w.state NOT IN ('returning', 'dropped'))
    ORDER BY o.id""",
    row=CandidateRow,
)


@dataclass(frozen=True, slots=True)
class BacklogRow:
    warehouse_id: int
    orders: int
    ship_by_at: datetime | None
    since: datetime | None


BACKLOG = Statement(
    """
    SELECT o.warehouse_id, count(*)::int, min(o.ship_by_at), min(o.state_at)
    FROM intake_order AS o
    WHERE o.state = 'released' AND o.warehouse_id = ANY(%(warehouses)s::bigint[]) GROUP BY 1""",
    row=BacklogRow,
)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    warehouse_id: int


PLACES_OF_ORDERS = Statement(
    """
    SELECT DISTINCT warehouse_id FROM intake_order
    WHERE id = ANY(%(orders)s::bigint[]) AND warehouse_id IS NOT NULL ORDER BY warehouse_id""",
    row=PlaceRow,
)


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    id: int
    order_id: int


ORDER_LINES = Statement(
    """
    SELECT l.id, l.order_id FROM unnest(%(orders)s::bigint[]) WITH ORDINALITY AS g (order_id, rank)
    JOIN intake_orderline AS l USING (order_id) WHERE l.refund_state <> 'refunded' ORDER BY g.rank, l.id""",
    row=OrderLineRow,
)


@dataclass(frozen=True, slots=True)
class WaveRow:
    id: int
    warehouse_id: int
    state: str
    claimed_by: int | None
    ship_by_at: datetime | None


LOCK_WAVES = Statement(
    """
    SELECT v.id, v.warehouse_id, v.state, v.claimed_by, v.ship_by_at FROM warehouse_wave AS v
    WHERE v.id IN (
        SELECT unnest(%(waves)s::bigint[])
        UNION SELECT wave_id FROM warehouse_waveorder WHERE id = ANY(%(wave_orders)s::bigint[])
        UNION SELECT wave_id FROM warehouse_waveorder
              WHERE order_id = ANY(%(orders)s::bigint[]) AND state NOT IN ('returning', 'dropped')
        UNION SELECT wave_id FROM warehouse_pickline WHERE id = ANY(%(pick_lines)s::bigint[]))
    ORDER BY v.id FOR UPDATE""",
    row=WaveRow,
)

MAKE_PACK_LINES = Statement("""
    INSERT INTO warehouse_packline (wave_order_id, order_line_id, sku_id, quantity, checked, is_gift)
    SELECT w.id, l.id, l.sku_id, l.quantity, 0, l.is_gift
    FROM warehouse_waveorder AS w JOIN intake_orderline AS l ON l.order_id = w.order_id
    WHERE w.id = ANY(%(wave_orders)s::bigint[]) AND l.refund_state <> 'refunded'""")


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    wave_id: int
    wave_order_id: int
    order_line_id: int
    bin_code: str
    sku_code: str
    lot_code: str
    quantity: int


# What is allotted and not yet on the list: all of it when a wave is released, the replacements afterwards.
MAKE_PICK_LINES = Statement(
    """
    INSERT INTO warehouse_pickline (
        wave_id, wave_order_id, warehouse_id, order_id, order_line_id, allotment_id, lot_id, lot_code, received_at,
        bin_code, path_order, sku_id, sku_code, barcode, name, spec, is_gift, is_repick, quantity, picked, missing,
        failed, state, state_at)
    SELECT w.wave_id, w.id, w.warehouse_id, w.order_id, a.order_line_id, a.id, l.id, l.code, l.received_at,
           b.code, b.path_order, s.id, s.code, s.barcode, s.name, s.spec, ol.is_gift, %(repick)s::boolean,
           a.quantity - listed.pieces, 0, 0, 0, 'open', %(now)s::timestamptz
    FROM warehouse_waveorder AS w
    JOIN stock_allotment AS a ON a.order_id = w.order_id
    JOIN stock_lot AS l ON l.id = a.lot_id
    JOIN stock_bin AS b ON b.id = l.bin_id
    JOIN listing_sku AS s ON s.id = l.sku_id
    JOIN intake_orderline AS ol ON ol.id = a.order_line_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(p.quantity - p.missing - p.failed), 0)::int AS pieces FROM warehouse_pickline AS p
        WHERE p.wave_order_id = w.id AND p.order_line_id = a.order_line_id AND p.lot_id = a.lot_id) AS listed
    WHERE w.id = ANY(%(wave_orders)s::bigint[]) AND a.quantity > listed.pieces
    ORDER BY w.id, a.id
    RETURNING id, wave_id, wave_order_id, order_line_id, bin_code, sku_code, lot_code, quantity""",
    row=MadeRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    id: int
    pieces: int


COUNT_WAVES = Statement(
    """
    UPDATE warehouse_wave AS v SET line_count = n.lines, piece_count = n.pieces
    FROM (SELECT wave_id, count(*) AS lines, sum(quantity) AS pieces FROM warehouse_pickline
          WHERE wave_id = ANY(%(waves)s::bigint[]) GROUP BY 1) AS n
    WHERE v.id = n.wave_id RETURNING v.id, v.piece_count""",
    row=CountRow,
)

CLAIM = Statement("""
    UPDATE warehouse_wave SET claimed_by = %(actor_id)s::bigint, claimed_at = %(now)s::timestamptz
    WHERE id = ANY(%(waves)s::bigint[])""")

STAMP_PICKED = Statement("""
    UPDATE warehouse_wave SET picked_at = %(now)s::timestamptz WHERE id = ANY(%(waves)s::bigint[])""")


@dataclass(frozen=True, slots=True)
class EmptyRow:
    id: int
    state: str


NOTHING_LEFT = Statement(
    """
    SELECT v.id, v.state FROM warehouse_wave AS v
    WHERE v.id = ANY(%(waves)s::bigint[]) AND v.state IN ('open', 'picking', 'picked')
      AND NOT EXISTS (SELECT FROM warehouse_waveorder AS w WHERE w.wave_id = v.id
                      AND w.state IN ('picking', 'to_pack', 'packing', 'repicking'))
    ORDER BY v.id""",
    row=EmptyRow,
)
