"""Statements of money going back: what of each line was given, the refunds, and their answers."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

# Adds to what was given of lines (or takes back, negative). The CHECKs refuse more than was bought and paid.
GIVE: Statement[NoRow] = Statement("""
    INSERT INTO aftersale_linebalance AS b (order_line_id, order_id, quantity, paid_minor, given_quantity, given_minor)
    SELECT l.id, l.order_id, l.quantity, l.paid_minor, g.quantity, g.amount
    FROM (SELECT line_id, sum(quantity)::int AS quantity, sum(amount)::bigint AS amount
          FROM unnest(%(lines)s::bigint[], %(quantities)s::int[], %(amounts)s::bigint[])
               AS given (line_id, quantity, amount) GROUP BY 1) AS g
    JOIN intake_orderline AS l ON l.id = g.line_id
    ORDER BY l.id
    ON CONFLICT (order_line_id) DO UPDATE
        SET given_quantity = b.given_quantity + excluded.given_quantity,
            given_minor = b.given_minor + excluded.given_minor,
            quantity = excluded.quantity, paid_minor = excluded.paid_minor""")

# A balance that only takes back must exist: the row to insert would be negative and is refused before the conflict.
TAKE_BACK: Statement[NoRow] = Statement("""
    UPDATE aftersale_linebalance AS b
    SET given_quantity = b.given_quantity - g.quantity, given_minor = b.given_minor - g.amount
    FROM (SELECT line_id, sum(quantity)::int AS quantity, sum(amount)::bigint AS amount
          FROM unnest(%(lines)s::bigint[], %(quantities)s::int[], %(amounts)s::bigint[])
               AS given (line_id, quantity, amount) GROUP BY 1) AS g
    WHERE b.order_line_id = g.line_id""")


@dataclass(frozen=True, slots=True)
class RefundRow:
    id: int
    case_id: int
    order_id: int
    shop_id: int
    platform: str
    platform_no: str
    state: str
    is_compensation: bool
    way: str
    amount_minor: int
    currency: str
    proposed_by: int
    offered_by: int
    platform_refund_id: int | None
    refund_no: str
    platform_line_no: str
    version: str
    phase: str
    platform_state: str
    asked_minor: int


_REFUND = """
    SELECT r.id, r.case_id, r.order_id, r.shop_id, s.platform, o.platform_no, r.state, r.is_compensation, r.way,
           r.amount_minor, r.currency, r.proposed_by, f.offered_by, p.id AS platform_refund_id,
           coalesce(p.refund_no, ''), coalesce(p.platform_line_no, ''), coalesce(p.version, ''),
           coalesce(p.phase, ''), coalesce(p.state, ''), coalesce(p.asked_minor, 0)
    FROM aftersale_refund AS r
    JOIN aftersale_aftersalecase AS c ON c.id = r.case_id
    JOIN aftersale_offer AS f ON f.id = r.offer_id
    JOIN foundation_shop AS s ON s.id = r.shop_id
    JOIN intake_order AS o ON o.id = r.order_id
    LEFT JOIN aftersale_platformrefund AS p ON p.id = coalesce(r.platform_refund_id, c.platform_refund_id)"""

LOCK_ORDERS_OF_REFUNDS: Statement[NoRow] = Statement("""
    WITH locked AS MATERIALIZED (
        SELECT id FROM intake_order
        WHERE id IN (SELECT order_id FROM aftersale_refund WHERE id = ANY(%(refunds)s::bigint[]))
        ORDER BY id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM locked""")

LOCK_REFUNDS: Statement[NoRow] = Statement("""
    WITH locked AS MATERIALIZED (
        SELECT id FROM aftersale_refund WHERE id = ANY(%(refunds)s::bigint[]) ORDER BY id FOR UPDATE
    )
    SELECT count(*) FROM locked""")

REFUNDS = Statement(
    f"{_REFUND} WHERE r.id = ANY(%(refunds)s::bigint[]) ORDER BY r.id",
    row=RefundRow,
)

# What of these orders still waits to be paid, or was paid without a refund of the platform's.
UNLINKED = Statement(
    f"""{_REFUND}
    WHERE r.order_id = ANY(%(orders)s::bigint[]) AND r.platform_refund_id IS NULL AND NOT r.is_compensation
      AND r.state IN ('proposed', 'approved', 'failed', 'paid') ORDER BY r.id""",
    row=RefundRow,
)

LINKED = Statement(
    f"""{_REFUND}
    WHERE r.platform_refund_id = ANY(%(platform_refunds)s::bigint[])
      AND r.state IN ('proposed', 'approved', 'failed', 'paid') ORDER BY r.id""",
    row=RefundRow,
)

OF_CASES = Statement(
    f"{_REFUND} WHERE r.case_id = ANY(%(cases)s::bigint[]) ORDER BY r.id",
    row=RefundRow,
)


@dataclass(frozen=True, slots=True)
class GivenRow:
    order_id: int
    is_compensation: bool
    amount_minor: int


# What orders were given without a second person; nobody's id is 0.
GIVEN_BY_ITSELF = Statement(
    """
    SELECT order_id, is_compensation, sum(amount_minor)::bigint FROM aftersale_refund
    WHERE order_id = ANY(%(orders)s::bigint[]) AND approved_by = 0 AND state IN ('approved', 'failed', 'paid')
    GROUP BY 1, 2""",
    row=GivenRow,
)


@dataclass(frozen=True, slots=True)
class RefundLineRow:
    refund_id: int
    order_line_id: int
    quantity: int
    amount_minor: int


REFUND_LINES = Statement(
    """
    SELECT refund_id, order_line_id, quantity, amount_minor FROM aftersale_refundline
    WHERE refund_id = ANY(%(refunds)s::bigint[]) ORDER BY refund_id, order_line_id""",
    row=RefundLineRow,
)

NOTE_APPROVED: Statement[NoRow] = Statement("""
    UPDATE aftersale_refund
    SET approved_at = %(now)s::timestamptz, approved_by = %(actor_id)s::bigint, last_error = ''
    WHERE id = ANY(%(refunds)s::bigint[]) AND approved_at IS NULL""")

NOTE_REJECTED: Statement[NoRow] = Statement("""
    UPDATE aftersale_refund AS r SET reject_reason = g.reason
    FROM unnest(%(refunds)s::bigint[], %(reasons)s::text[]) AS g (id, reason) WHERE r.id = g.id""")

NOTE_PAID: Statement[NoRow] = Statement("""
    UPDATE aftersale_refund AS r
    SET paid_at = %(now)s::timestamptz, paid_evidence = g.evidence, last_error = '', amount_minor = g.amount
    FROM unnest(%(refunds)s::bigint[], %(evidence)s::text[], %(amounts)s::bigint[]) AS g (id, evidence, amount)
    WHERE r.id = g.id AND r.paid_at IS NULL""")

NOTE_ERROR: Statement[NoRow] = Statement("""
    UPDATE aftersale_refund AS r SET last_error = g.error
    FROM unnest(%(refunds)s::bigint[], %(errors)s::text[]) AS g (id, error) WHERE r.id = g.id""")

LINK: Statement[NoRow] = Statement("""
    UPDATE aftersale_refund AS r SET platform_refund_id = g.platform_refund_id
    FROM unnest(%(refunds)s::bigint[], %(platform_refunds)s::bigint[]) AS g (id, platform_refund_id)
    WHERE r.id = g.id AND r.platform_refund_id IS NULL""")

CORRECT_LINES: Statement[NoRow] = Statement("""
    UPDATE aftersale_refundline AS l SET amount_minor = g.amount
    FROM unnest(%(refunds)s::bigint[], %(lines)s::bigint[], %(amounts)s::bigint[]) AS g (refund_id, line_id, amount)
    WHERE l.refund_id = g.refund_id AND l.order_line_id = g.line_id""")


@dataclass(frozen=True, slots=True)
class PlatformRefundRow:
    id: int
    shop_id: int
    order_id: int
    order_line_id: int | None
    refund_no: str
    state: str
    asked_minor: int
    modified_at: datetime
    version: str


KNOWN_PLATFORM_REFUNDS = Statement(
    """
    SELECT id, shop_id, order_id, order_line_id, refund_no, state, asked_minor, modified_at, version
    FROM aftersale_platformrefund WHERE order_id = ANY(%(orders)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=PlatformRefundRow,
)

UPDATE_PLATFORM_REFUNDS: Statement[NoRow] = Statement("""
    UPDATE aftersale_platformrefund AS p
    SET asked_minor = g.asked, version = g.version, phase = g.phase, wants_return = g.wants_return,
        modified_at = g.modified_at, told_at = %(now)s::timestamptz
    FROM unnest(%(ids)s::bigint[], %(asked)s::bigint[], %(versions)s::text[], %(phases)s::text[],
                %(wants)s::boolean[], %(modified)s::timestamptz[])
         AS g (id, asked, version, phase, wants_return, modified_at)
    WHERE p.id = g.id""")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What an errand about a platform's refund needs to say it."""

    id: int
    shop_id: int
    order_id: int
    platform: str
    platform_no: str
    platform_line_no: str
    refund_no: str
    state: str
    asked_minor: int
    version: str
    phase: str
    case_id: int | None
    case_state: str
    warehouse_id: int | None
    sender_name: str
    sender_phone: str
    sender_address: str


DECISIONS = Statement(
    """
    SELECT p.id, p.shop_id, p.order_id, s.platform, o.platform_no, p.platform_line_no, p.refund_no, p.state,
           p.asked_minor, p.version, p.phase, c.id AS case_id, coalesce(c.state, ''), c.warehouse_id,
           coalesce(w.sender_name, ''), coalesce(w.sender_phone, ''), coalesce(w.sender_address, '')
    FROM aftersale_platformrefund AS p
    JOIN foundation_shop AS s ON s.id = p.shop_id
    JOIN intake_order AS o ON o.id = p.order_id
    LEFT JOIN aftersale_aftersalecase AS c ON c.platform_refund_id = p.id
    LEFT JOIN foundation_warehouse AS w ON w.id = c.warehouse_id
    WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id""",
    row=DecisionRow,
)


@dataclass(frozen=True, slots=True)
class ReadableRow:
    order_id: int
    shop_id: int
    platform: str
    platform_no: str


READABLE = Statement(
    """
    SELECT o.id AS order_id, o.shop_id, s.platform, o.platform_no FROM intake_order AS o
    JOIN foundation_shop AS s ON s.id = o.shop_id WHERE o.id = ANY(%(orders)s::bigint[]) ORDER BY o.id""",
    row=ReadableRow,
)


@dataclass(frozen=True, slots=True)
class ConcernedRow:
    order_id: int
    shop_id: int


# Of many changed orders those whose refunds are worth reading: one is asked for, or one we know is still open.
CONCERNED = Statement(
    """
    SELECT o.id AS order_id, o.shop_id FROM intake_order AS o
    WHERE o.id = ANY(%(orders)s::bigint[]) AND o.platform_no NOT LIKE 'OWN-%%' AND (
        o.refund_state <> ''
        OR EXISTS (SELECT FROM intake_orderline AS l WHERE l.order_id = o.id
                   AND l.refund_state IN ('requested', 'refunding', 'refunded'))
        OR EXISTS (SELECT FROM aftersale_platformrefund AS p WHERE p.order_id = o.id
                   AND p.state NOT IN ('closed', 'paid')))
    ORDER BY o.id""",
    row=ConcernedRow,
)
