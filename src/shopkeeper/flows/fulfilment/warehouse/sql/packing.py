"""Statements of packing, and of orders that leave a wave."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class FoundRow:
    rank: int
    wave_order_id: int


# An order is found by its own number, the platform's, its tote, its waybill or its parcel.
FIND_ORDERS = Statement(
    """
    WITH sought AS (
        SELECT * FROM unnest(%(warehouses)s::bigint[], %(texts)s::text[], %(codes)s::text[], %(orders)s::bigint[],
                             %(waves)s::bigint[], %(slots)s::int[], %(parcels)s::bigint[])
            WITH ORDINALITY AS g (warehouse_id, text, code, order_id, wave_id, slot, parcel_id, rank)
    ), found AS (
        SELECT rank, order_id FROM sought WHERE order_id IS NOT NULL
        UNION SELECT s.rank, w.order_id FROM sought AS s
              JOIN warehouse_waveorder AS w ON w.wave_id = s.wave_id AND w.slot = s.slot
        UNION SELECT s.rank, o.id FROM sought AS s JOIN intake_order AS o ON o.platform_no IN (s.text, s.code)
        UNION SELECT s.rank, p.order_id FROM sought AS s JOIN parcels_parcel AS p ON p.number = s.code
        UNION SELECT s.rank, p.order_id FROM sought AS s JOIN parcels_parcel AS p ON p.id = s.parcel_id
    )
    SELECT DISTINCT ON (f.rank) f.rank::int, w.id
    FROM found AS f JOIN sought AS s USING (rank)
    JOIN warehouse_waveorder AS w ON w.order_id = f.order_id AND w.warehouse_id = s.warehouse_id
    ORDER BY f.rank, w.state IN ('returning', 'dropped'), w.id DESC""",
    row=FoundRow,
)


# Locks are taken in the order: waves, orders, then parcels and stock by their own desks.
LOCK_ORDERS = Statement("SELECT id FROM intake_order WHERE id = ANY(%(orders)s::bigint[]) ORDER BY id FOR UPDATE")


@dataclass(frozen=True, slots=True)
class PackOrderRow:
    id: int
    wave_id: int
    order_id: int
    shop_id: int
    warehouse_id: int
    slot: int
    state: str
    ship_by_at: datetime | None
    packer_id: int | None
    rechecked_at: datetime | None
    weight_g: int | None
    drop_reason: str
    order_state: str
    refund_state: str
    is_shipped: bool
    in_tote: int


PACK_ORDERS = Statement(
    """
    SELECT w.id, w.wave_id, w.order_id, w.shop_id, w.warehouse_id, w.slot, w.state, w.ship_by_at, w.packer_id,
           w.rechecked_at, w.weight_g, w.drop_reason, o.state AS order_state, o.refund_state, o.shipped_at IS NOT NULL,
           (SELECT coalesce(sum(p.picked - p.failed), 0) FROM warehouse_pickline AS p
            WHERE p.wave_order_id = w.id)::int
    FROM warehouse_waveorder AS w JOIN intake_order AS o ON o.id = w.order_id
    WHERE w.id = ANY(%(wave_orders)s::bigint[])
       OR (w.order_id = ANY(%(orders)s::bigint[]) AND w.state NOT IN ('returning', 'dropped'))
    ORDER BY w.id""",
    row=PackOrderRow,
)

OPEN = Statement("""
    UPDATE warehouse_waveorder
    SET packer_id = %(actor_id)s::bigint, opened_at = %(now)s::timestamptz,
        recheck_asked_at = %(now)s::timestamptz, rechecked_at = NULL
    WHERE id = ANY(%(wave_orders)s::bigint[])""")

RECHECKED = Statement("""
    UPDATE warehouse_waveorder SET rechecked_at = %(now)s::timestamptz WHERE id = ANY(%(wave_orders)s::bigint[])""")


@dataclass(frozen=True, slots=True)
class PackLineRow:
    id: int
    wave_order_id: int
    order_line_id: int
    sku_id: int
    sku_code: str
    barcode: str
    weight_g: int
    quantity: int
    checked: int
    in_tote: int


PACK_LINES = Statement(
    """
    SELECT l.id, l.wave_order_id, l.order_line_id, l.sku_id, s.code, s.barcode, s.weight_g, l.quantity, l.checked,
           (SELECT coalesce(sum(p.picked - p.failed), 0) FROM warehouse_pickline AS p
            WHERE p.wave_order_id = l.wave_order_id AND p.order_line_id = l.order_line_id)::int
    FROM warehouse_packline AS l JOIN listing_sku AS s ON s.id = l.sku_id
    WHERE l.wave_order_id = ANY(%(wave_orders)s::bigint[]) ORDER BY l.wave_order_id, l.id""",
    row=PackLineRow,
)

CHECK_PIECES = Statement("""
    UPDATE warehouse_packline AS l SET checked = l.checked + given.pieces
    FROM (SELECT id, sum(pieces)::int AS pieces FROM unnest(%(lines)s::bigint[], %(pieces)s::int[])
          AS given (id, pieces) GROUP BY 1) AS given
    WHERE l.id = given.id""")


@dataclass(frozen=True, slots=True)
class InToteRow:
    id: int
    wave_order_id: int
    order_line_id: int
    allotment_id: int
    lot_code: str
    in_tote: int


# Where the pieces in a tote came from, the latest fetched first: a failed piece is charged to a lot.
PIECES_IN_TOTE = Statement(
    """
    SELECT p.id, p.wave_order_id, p.order_line_id, p.allotment_id, p.lot_code, p.picked - p.failed
    FROM warehouse_pickline AS p
    WHERE p.wave_order_id = ANY(%(wave_orders)s::bigint[]) AND p.picked > p.failed ORDER BY p.id DESC""",
    row=InToteRow,
)

MARK_FAILED = Statement("""
    UPDATE warehouse_pickline AS p SET failed = p.failed + given.pieces
    FROM (SELECT id, sum(pieces)::int AS pieces FROM unnest(%(lines)s::bigint[], %(pieces)s::int[])
          AS given (id, pieces) GROUP BY 1) AS given
    WHERE p.id = given.id""")

STAMP_PACKED = Statement("""
    UPDATE warehouse_waveorder AS w
    SET weight_g = given.weight_g, expected_weight_g = given.expected_g, forced_reason = given.reason,
        closed_at = %(now)s::timestamptz, packer_id = %(actor_id)s::bigint
    FROM unnest(%(wave_orders)s::bigint[], %(weights)s::int[], %(expected)s::int[], %(reasons)s::text[])
         AS given (id, weight_g, expected_g, reason)
    WHERE w.id = given.id""")


@dataclass(frozen=True, slots=True)
class LineRow:
    id: int


OPEN_PICK_LINES = Statement(
    """
    SELECT id FROM warehouse_pickline
    WHERE wave_order_id = ANY(%(wave_orders)s::bigint[]) AND state = 'open' ORDER BY id""",
    row=LineRow,
)

STAMP_DROPPED = Statement("""
    UPDATE warehouse_waveorder AS w SET drop_reason = given.reason
    FROM unnest(%(wave_orders)s::bigint[], %(reasons)s::text[]) AS given (id, reason) WHERE w.id = given.id""")


@dataclass(frozen=True, slots=True)
class OutRow:
    order_id: int
    order_line_id: int
    lot_id: int
    quantity: int


# What of called-back orders is not in its bin: in totes to be put back, and all of a wave they have yet to leave.
STILL_OUT = Statement(
    """
    SELECT w.order_id, p.order_line_id, p.lot_id,
           sum(CASE w.state WHEN 'returning' THEN p.picked ELSE p.quantity - p.missing END - p.failed)::int
    FROM warehouse_waveorder AS w JOIN warehouse_pickline AS p ON p.wave_order_id = w.id
    JOIN intake_order AS o ON o.id = w.order_id
    WHERE w.order_id = ANY(%(orders)s::bigint[])
      AND (w.state = 'returning'
           OR (w.state <> 'dropped' AND o.state IN ('unpaid', 'to_check', 'released', 'cancelled')))
    GROUP BY 1, 2, 3""",
    row=OutRow,
)

STAMP_RETURNED = Statement("""
    UPDATE warehouse_waveorder SET returned_at = %(now)s::timestamptz, returned_by = %(actor_id)s::bigint
    WHERE id = ANY(%(wave_orders)s::bigint[])""")
