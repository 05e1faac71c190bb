"""Statements of parcels that come back."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class ReturnRow:
    id: int
    case_id: int | None
    shop_id: int | None
    warehouse_id: int
    state: str
    courier: str
    number: str


_RETURN = "SELECT id, case_id, shop_id, warehouse_id, state, courier, number FROM aftersale_returnparcel"

LOCK = Statement(f"{_RETURN} WHERE id = ANY(%(returns)s::bigint[]) ORDER BY id FOR UPDATE", row=ReturnRow)

LOCK_OF_CASES = Statement(
    f"{_RETURN} WHERE case_id = ANY(%(cases)s::bigint[]) AND state <> 'cancelled' ORDER BY id FOR UPDATE",
    row=ReturnRow,
)

# What a scanned code may mean: the courier's number of a return, or the number of a case.
FIND = Statement(
    f"""{_RETURN}
    WHERE state <> 'cancelled' AND (number = ANY(%(numbers)s::text[]) OR case_id = ANY(%(cases)s::bigint[]))
    ORDER BY id""",
    row=ReturnRow,
)

NOTE_NUMBER: Statement[NoRow] = Statement("""
    UPDATE aftersale_returnparcel AS r SET courier = g.courier, number = g.number
    FROM unnest(%(returns)s::bigint[], %(couriers)s::text[], %(numbers)s::text[]) AS g (id, courier, number)
    WHERE r.id = g.id""")

NOTE_RECEIVED: Statement[NoRow] = Statement("""
    UPDATE aftersale_returnparcel AS r
    SET received_at = %(now)s::timestamptz, received_by = %(actor_id)s::bigint, warehouse_id = g.warehouse_id
    FROM unnest(%(returns)s::bigint[], %(warehouses)s::bigint[]) AS g (id, warehouse_id)
    WHERE r.id = g.id AND r.received_at IS NULL""")

NOTE_MATCHED: Statement[NoRow] = Statement("""
    UPDATE aftersale_returnparcel AS r SET case_id = g.case_id, shop_id = g.shop_id
    FROM unnest(%(returns)s::bigint[], %(cases)s::bigint[], %(shops)s::bigint[]) AS g (id, case_id, shop_id)
    WHERE r.id = g.id AND r.case_id IS NULL""")

NOTE_GRADED: Statement[NoRow] = Statement("""
    UPDATE aftersale_returnparcel AS r
    SET graded_at = %(now)s::timestamptz, graded_by = %(actor_id)s::bigint, as_agreed = g.as_agreed, note = g.note
    FROM unnest(%(returns)s::bigint[], %(agreed)s::boolean[], %(notes)s::text[]) AS g (id, as_agreed, note)
    WHERE r.id = g.id""")


@dataclass(frozen=True, slots=True)
class ShippedRow:
    case_id: int


NOTE_SHIPPED = Statement(
    """
    UPDATE aftersale_replacement SET shipped_at = %(now)s::timestamptz
    WHERE order_id = ANY(%(orders)s::bigint[]) AND shipped_at IS NULL RETURNING case_id""",
    row=ShippedRow,
)


@dataclass(frozen=True, slots=True)
class ReplacedRow:
    case_id: int
    order_id: int
    is_shipped: bool


REPLACED = Statement(
    """
    SELECT case_id, order_id, shipped_at IS NOT NULL AS is_shipped FROM aftersale_replacement
    WHERE case_id = ANY(%(cases)s::bigint[]) OR order_id = ANY(%(orders)s::bigint[]) ORDER BY case_id""",
    row=ReplacedRow,
)


@dataclass(frozen=True, slots=True)
class RefundedOrderRow:
    order_id: int
    are_goods_back: bool


# Orders refunded in full that left, had a case, and have no live one; and whether every piece is for sale again.
REFUNDED_ORDERS = Statement(
    """
    SELECT o.id AS order_id,
           coalesce((SELECT sum(l.quantity) FROM aftersale_returnline AS l
                     JOIN aftersale_returnparcel AS r ON r.id = l.parcel_id
                     JOIN aftersale_aftersalecase AS c ON c.id = r.case_id
                     WHERE c.order_id = o.id AND l.grade = 'good'), 0)
           >= (SELECT sum(quantity) FROM intake_orderline WHERE order_id = o.id AND NOT is_gift) AS are_goods_back
    FROM intake_order AS o
    WHERE o.id = ANY(%(orders)s::bigint[]) AND o.refund_state = 'refunded' AND o.state IN ('shipped', 'signed')
      AND EXISTS (SELECT FROM aftersale_aftersalecase AS c WHERE c.order_id = o.id AND c.state = 'settled')
      AND NOT EXISTS (SELECT FROM aftersale_aftersalecase AS c
                      WHERE c.order_id = o.id AND c.state NOT IN ('settled', 'refused', 'closed'))
    ORDER BY o.id""",
    row=RefundedOrderRow,
)
