"""Statements of picking: the list, the scans, what was missing."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class KnownScanRow:
    key: str
    subject_id: int
    is_accepted: bool
    verdict: str
    facts: str


KNOWN_SCANS = Statement(
    """
    SELECT key, CASE station WHEN 'pack' THEN wave_order_id ELSE wave_id END, is_accepted, verdict, facts::text
    FROM warehouse_scan WHERE key = ANY(%(keys)s::text[])""",
    row=KnownScanRow,
)


@dataclass(frozen=True, slots=True)
class ListRow:
    id: int
    wave_id: int
    wave_order_id: int
    order_id: int
    order_line_id: int
    slot: int
    sku_id: int
    sku_code: str
    barcode: str
    name: str
    spec: str
    lot_code: str
    bin_code: str
    quantity: int
    picked: int
    state: str


PICK_LIST = Statement(
    """
    SELECT p.id, p.wave_id, p.wave_order_id, p.order_id, p.order_line_id, w.slot, p.sku_id, p.sku_code, p.barcode,
           p.name, p.spec, p.lot_code, p.bin_code, p.quantity, p.picked, p.state
    FROM warehouse_pickline AS p JOIN warehouse_waveorder AS w ON w.id = p.wave_order_id
    WHERE p.wave_id = ANY(%(waves)s::bigint[])
    ORDER BY p.wave_id, p.path_order, p.bin_code, p.received_at, p.lot_id, p.sku_id, w.slot, p.id""",
    row=ListRow,
)


@dataclass(frozen=True, slots=True)
class PickedRow:
    id: int
    wave_order_id: int
    is_complete: bool


TAKE = Statement(
    """
    UPDATE warehouse_pickline AS p SET picked = p.picked + given.quantity
    FROM (SELECT id, sum(quantity)::int AS quantity FROM unnest(%(lines)s::bigint[], %(quantities)s::int[])
          AS given (id, quantity) GROUP BY 1) AS given
    WHERE p.id = given.id RETURNING p.id, p.wave_order_id, p.picked = p.quantity""",
    row=PickedRow,
)

KEEP_SCANS = Statement("""
    INSERT INTO warehouse_scan (key, station, wave_id, wave_order_id, order_line_id, sku_id, code, quantity, verdict,
                                is_accepted, facts, scanned_at, scanned_by)
    SELECT key, %(station)s::text, wave_id, wave_order_id, order_line_id, sku_id, code, quantity, verdict,
           is_accepted, facts::jsonb, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM unnest(%(keys)s::text[], %(waves)s::bigint[], %(wave_orders)s::bigint[], %(order_lines)s::bigint[],
                %(skus)s::bigint[], %(codes)s::text[], %(quantities)s::int[], %(verdicts)s::text[],
                %(accepted)s::boolean[], %(facts)s::text[])
         AS given (key, wave_id, wave_order_id, order_line_id, sku_id, code, quantity, verdict, is_accepted, facts)""")


@dataclass(frozen=True, slots=True)
class ShortRow:
    id: int
    wave_id: int
    wave_order_id: int
    order_id: int
    shop_id: int
    order_line_id: int
    allotment_id: int
    sku_id: int
    sku_code: str
    bin_code: str
    lot_code: str
    quantity: int
    picked: int
    state: str


LINES_TO_REPORT = Statement(
    """
    SELECT p.id, p.wave_id, p.wave_order_id, p.order_id, w.shop_id, p.order_line_id, p.allotment_id, p.sku_id,
           p.sku_code, p.bin_code, p.lot_code, p.quantity, p.picked, p.state
    FROM warehouse_pickline AS p JOIN warehouse_waveorder AS w ON w.id = p.wave_order_id
    WHERE p.id = ANY(%(lines)s::bigint[]) ORDER BY p.id""",
    row=ShortRow,
)

MARK_MISSING = Statement("""
    UPDATE warehouse_pickline SET missing = quantity - picked WHERE id = ANY(%(lines)s::bigint[])""")


@dataclass(frozen=True, slots=True)
class WaveOrderRow:
    id: int
    wave_id: int
    order_id: int
    shop_id: int
    warehouse_id: int
    slot: int
    state: str
    open_lines: int


# Orders of waves with what is still to be fetched for them.
ORDERS_OF_WAVES = Statement(
    """
    SELECT w.id, w.wave_id, w.order_id, w.shop_id, w.warehouse_id, w.slot, w.state,
           (SELECT count(*) FROM warehouse_pickline AS p
            WHERE p.wave_order_id = w.id AND p.state = 'open')::int
    FROM warehouse_waveorder AS w WHERE w.wave_id = ANY(%(waves)s::bigint[]) ORDER BY w.id""",
    row=WaveOrderRow,
)
