"""Statements on parcels themselves: lock, read, open, number, pack, print, hand over.

Locks are always taken in the order: orders by id, then parcels by id.
"""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

LOCK_ORDERS: Statement[NoRow] = Statement(
    "SELECT id FROM intake_order WHERE id = ANY(%(orders)s::bigint[]) ORDER BY id FOR UPDATE"
)

LOCK_ORDERS_OF: Statement[NoRow] = Statement("""
    SELECT id FROM intake_order
    WHERE id IN (SELECT order_id FROM parcels_parcel WHERE id = ANY(%(ids)s::bigint[])) ORDER BY id FOR UPDATE""")

LOCK: Statement[NoRow] = Statement(
    "SELECT id FROM parcels_parcel WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE"
)


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel with what its order says now."""

    id: int
    order_id: int
    part: int
    shop_id: int
    warehouse_id: int
    courier: str
    number: str | None
    state: str
    state_at: datetime
    weight_g: int | None
    print_count: int
    handed_over_at: datetime | None
    signed_at: datetime | None
    promised_at: datetime | None
    last_update_at: datetime | None
    last_heard_at: datetime | None
    order_state: str
    refund_state: str
    open_holds: list[str]
    ship_by_at: datetime | None
    went_elsewhere: bool

    @property
    def is_used(self) -> bool:
        """It was packed, or there is a label of it somewhere."""
        return self.state == "packed" or self.print_count > 0

    @property
    def last_sign_at(self) -> datetime:
        """The last moment anything was known of it, hand-over included."""
        return max(at for at in (self.last_update_at, self.handed_over_at, self.state_at) if at)


READ = Statement(
    """
    SELECT p.id, p.order_id, p.part, p.shop_id, p.warehouse_id, p.courier, p.number, p.state, p.state_at, p.weight_g,
           p.print_count, p.handed_over_at, p.signed_at, p.promised_at, p.last_update_at, p.last_heard_at,
           o.state AS order_state, o.refund_state, o.open_holds, o.ship_by_at,
           o.address_index IS DISTINCT FROM p.address_index AS went_elsewhere
    FROM parcels_parcel AS p JOIN intake_order AS o ON o.id = p.order_id
    WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id""",
    row=ParcelRow,
)

READ_OF_ORDERS = Statement(
    """
    SELECT p.id, p.order_id, p.part, p.shop_id, p.warehouse_id, p.courier, p.number, p.state, p.state_at, p.weight_g,
           p.print_count, p.handed_over_at, p.signed_at, p.promised_at, p.last_update_at, p.last_heard_at,
           o.state AS order_state, o.refund_state, o.open_holds, o.ship_by_at,
           o.address_index IS DISTINCT FROM p.address_index AS went_elsewhere
    FROM parcels_parcel AS p JOIN intake_order AS o ON o.id = p.order_id
    WHERE p.order_id = ANY(%(orders)s::bigint[]) AND p.state <> 'cancelled' ORDER BY p.id""",
    row=ParcelRow,
)


@dataclass(frozen=True, slots=True)
class OrderRow:
    id: int
    shop_id: int
    state: str
    address_index: bytes | None


ORDERS = Statement(
    "SELECT id, shop_id, state, address_index FROM intake_order WHERE id = ANY(%(orders)s::bigint[]) ORDER BY id",
    row=OrderRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    order_id: int
    part: int


OPEN = Statement(
    """
    INSERT INTO parcels_parcel
        (order_id, part, line_ids, shop_id, warehouse_id, courier, courier_reason, state, state_at, routing_code,
         hub, marks, print_data, address_index, planned_weight_g, planned_cost_minor, print_count, opened_at,
         track_code, courier_watch)
    SELECT g.order_id, g.part, g.line_ids::bigint[], o.shop_id, g.warehouse_id, g.courier, g.reason,
           'awaiting_number', %(now)s::timestamptz, '', '', g.marks::varchar[], '', o.address_index, g.weight_g,
           g.cost_minor, 0, %(now)s::timestamptz, '', ''
    FROM unnest(%(orders)s::bigint[], %(parts)s::smallint[], %(line_ids)s::text[], %(warehouses)s::bigint[],
                %(couriers)s::text[], %(reasons)s::text[], %(marks)s::text[], %(weights)s::int[], %(costs)s::bigint[])
         AS g (order_id, part, line_ids, warehouse_id, courier, reason, marks, weight_g, cost_minor)
    JOIN intake_order AS o ON o.id = g.order_id
    ORDER BY g.order_id, g.part
    ON CONFLICT (order_id, part) WHERE NOT (state = 'cancelled') DO NOTHING
    RETURNING id, order_id, part""",
    row=OpenedRow,
)

# A number is one parcel's: whoever enters it waits here for whoever is entering the same one.
LOCK_NUMBERS: Statement[NoRow] = Statement("""
    SELECT pg_advisory_xact_lock(key)
    FROM (SELECT DISTINCT hashtextextended(courier || '|' || number, 31) AS key
          FROM unnest(%(couriers)s::text[], %(numbers)s::text[]) AS g (courier, number) ORDER BY 1) AS keys""")


@dataclass(frozen=True, slots=True)
class UsedRow:
    courier: str
    number: str
    id: int


USED = Statement(
    """
    SELECT p.courier, p.number, p.id
    FROM unnest(%(couriers)s::text[], %(numbers)s::text[]) AS g (courier, number)
    JOIN parcels_parcel AS p ON p.courier = g.courier AND p.number = g.number""",
    row=UsedRow,
)

NUMBER: Statement[NoRow] = Statement("""
    UPDATE parcels_parcel AS p
    SET courier = g.courier, number = g.number, routing_code = g.routing_code, hub = g.hub, print_data = g.print_data
    FROM unnest(%(ids)s::bigint[], %(couriers)s::text[], %(numbers)s::text[], %(routing)s::text[], %(hubs)s::text[],
                %(print_data)s::text[]) AS g (id, courier, number, routing_code, hub, print_data)
    WHERE p.id = g.id""")

SET_COURIER: Statement[NoRow] = Statement("""
    UPDATE parcels_parcel AS p SET courier = g.courier
    FROM unnest(%(ids)s::bigint[], %(couriers)s::text[]) AS g (id, courier) WHERE p.id = g.id""")

PACK: Statement[NoRow] = Statement("""
    UPDATE parcels_parcel AS p SET weight_g = g.weight_g, packed_at = %(now)s::timestamptz
    FROM unnest(%(ids)s::bigint[], %(weights)s::int[]) AS g (id, weight_g) WHERE p.id = g.id""")

COUNT_PRINT: Statement[NoRow] = Statement("""
    UPDATE parcels_parcel SET print_count = print_count + 1 WHERE id = ANY(%(ids)s::bigint[])""")

HAND_OVER: Statement[NoRow] = Statement("""
    UPDATE parcels_parcel AS p SET handed_over_at = %(now)s::timestamptz, promised_at = g.promised_at
    FROM unnest(%(ids)s::bigint[], %(promises)s::timestamptz[]) AS g (id, promised_at) WHERE p.id = g.id""")
