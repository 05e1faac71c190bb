"""Statements of cases: taking turns, and the facts that are judged.

Order of locks: orders, cases, then what hangs on them; each in the order of ids.
"""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

LOCK_ORDERS: Statement[NoRow] = Statement("""
    WITH locked AS MATERIALIZED (
        SELECT id FROM intake_order WHERE id = ANY(%(orders)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM locked""")

LOCK_ORDERS_OF: Statement[NoRow] = Statement("""
    WITH locked AS MATERIALIZED (
        SELECT id FROM intake_order
        WHERE id IN (SELECT order_id FROM aftersale_aftersalecase WHERE id = ANY(%(cases)s::bigint[]))
        ORDER BY id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM locked""")


@dataclass(frozen=True, slots=True)
class LockedRow:
    id: int


LOCK_CASES = Statement(
    """
    SELECT id FROM aftersale_aftersalecase WHERE id = ANY(%(cases)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=LockedRow,
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: int
    shop_id: int
    zone: str
    platform: str
    order_id: int
    order_state: str
    platform_no: str
    warehouse_id: int | None
    state: str
    reason: str
    currency: str
    loss_minor: int | None
    opened_at: datetime
    opened_by: int
    offered_at: datetime | None
    offers_made: int
    solution: str
    ticket_id: int | None
    subject_id: int
    platform_refund_id: int | None
    platform_refund_state: str | None
    paid_at: datetime | None
    ship_by_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    days: int
    solutions: list[str]
    freight_by: str
    shots: list[str]
    percent: int
    cap_minor: int


CASES = Statement(
    """
    SELECT c.id, c.shop_id, s.zone, s.platform, c.order_id, o.state AS order_state, o.platform_no, c.warehouse_id,
           c.state, c.reason, c.currency, c.loss_minor, c.opened_at, c.opened_by, c.offered_at, c.offers_made,
           c.solution, c.ticket_id, c.subject_id, c.platform_refund_id, p.state AS platform_refund_state,
           o.paid_at, o.ship_by_at, o.shipped_at, o.signed_at,
           l.days, l.solutions, l.freight_by, l.shots, l.percent, l.cap_minor
    FROM aftersale_aftersalecase AS c
    JOIN foundation_shop AS s ON s.id = c.shop_id
    JOIN intake_order AS o ON o.id = c.order_id
    JOIN aftersale_aftersalepolicyline AS l ON l.id = c.policy_line_id
    LEFT JOIN aftersale_platformrefund AS p ON p.id = c.platform_refund_id
    WHERE c.id = ANY(%(cases)s::bigint[]) ORDER BY c.id""",
    row=CaseRow,
)


@dataclass(frozen=True, slots=True)
class CaseLineRow:
    case_id: int
    order_line_id: int
    quantity: int
    bought: int
    paid_minor: int
    given_quantity: int
    given_minor: int
    sku_id: int | None
    sku_code: str
    title: str
    spec: str
    no_reason: str


CASE_LINES = Statement(
    """
    SELECT w.case_id, w.order_line_id, w.quantity, l.quantity AS bought, l.paid_minor,
           coalesce(b.given_quantity, 0), coalesce(b.given_minor, 0), l.sku_id,
           coalesce(k.code, l.outer_code), coalesce(k.name, l.title), coalesce(k.spec, l.spec),
           coalesce(p.no_reason, 'yes')
    FROM aftersale_caseline AS w
    JOIN intake_orderline AS l ON l.id = w.order_line_id
    LEFT JOIN listing_sku AS k ON k.id = l.sku_id
    LEFT JOIN listing_product AS p ON p.id = k.product_id
    LEFT JOIN aftersale_linebalance AS b ON b.order_line_id = w.order_line_id
    WHERE w.case_id = ANY(%(cases)s::bigint[]) ORDER BY w.case_id, w.order_line_id""",
    row=CaseLineRow,
)


@dataclass(frozen=True, slots=True)
class ShotRow:
    case_id: int
    shot: str
    verdict: str


SHOTS = Statement(
    "SELECT case_id, shot, verdict FROM aftersale_evidence WHERE case_id = ANY(%(cases)s::bigint[]) ORDER BY id",
    row=ShotRow,
)


@dataclass(frozen=True, slots=True)
class OrderRow:
    id: int
    shop_id: int
    platform: str
    state: str
    currency: str
    warehouse_id: int | None
    subject_id: int
    paid_at: datetime | None


ORDERS = Statement(
    """
    SELECT o.id, o.shop_id, s.platform, o.state, o.currency, coalesce(o.warehouse_id, s.default_warehouse_id),
           o.subject_id, o.paid_at
    FROM intake_order AS o JOIN foundation_shop AS s ON s.id = o.shop_id
    WHERE o.id = ANY(%(orders)s::bigint[]) ORDER BY o.id""",
    row=OrderRow,
)


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    id: int
    order_id: int
    platform_line_no: str
    quantity: int
    paid_minor: int
    refund_state: str
    given_quantity: int
    given_minor: int


ORDER_LINES = Statement(
    """
    SELECT l.id, l.order_id, l.platform_line_no, l.quantity, l.paid_minor, l.refund_state,
           coalesce(b.given_quantity, 0), coalesce(b.given_minor, 0)
    FROM intake_orderline AS l LEFT JOIN aftersale_linebalance AS b ON b.order_line_id = l.id
    WHERE l.order_id = ANY(%(orders)s::bigint[]) ORDER BY l.order_id, l.id""",
    row=OrderLineRow,
)


@dataclass(frozen=True, slots=True)
class LiveRow:
    id: int
    order_id: int
    reason: str
    state: str
    platform_refund_id: int | None


LIVE_OF_ORDERS = Statement(
    """
    SELECT id, order_id, reason, state, platform_refund_id FROM aftersale_aftersalecase
    WHERE order_id = ANY(%(orders)s::bigint[]) AND state NOT IN ('settled', 'refused', 'closed')
    ORDER BY id FOR UPDATE""",
    row=LiveRow,
)


@dataclass(frozen=True, slots=True)
class PolicyLineRow:
    id: int
    platform: str
    reason: str


# The newest version of each platform's policy; '' stands for every platform without its own.
CURRENT_POLICY = Statement(
    """
    SELECT l.id, p.platform, l.reason
    FROM (SELECT DISTINCT ON (platform) id, platform FROM aftersale_aftersalepolicy
          WHERE platform = '' OR platform = ANY(%(platforms)s::text[]) ORDER BY platform, version DESC) AS p
    JOIN aftersale_aftersalepolicyline AS l ON l.policy_id = p.id
    ORDER BY l.id""",
    row=PolicyLineRow,
)

NOTE_OFFER: Statement[NoRow] = Statement("""
    UPDATE aftersale_aftersalecase
    SET offers_made = offers_made + 1, offered_at = coalesce(offered_at, %(now)s::timestamptz)
    WHERE id = ANY(%(cases)s::bigint[])""")

NOTE_ACCEPTED: Statement[NoRow] = Statement("""
    UPDATE aftersale_aftersalecase AS c
    SET accepted_at = coalesce(accepted_at, %(now)s::timestamptz), solution = g.solution
    FROM unnest(%(cases)s::bigint[], %(solutions)s::text[]) AS g (id, solution) WHERE c.id = g.id""")

NOTE_ENDED: Statement[NoRow] = Statement("""
    UPDATE aftersale_aftersalecase AS c
    SET ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint, end_reason = g.reason
    FROM unnest(%(cases)s::bigint[], %(reasons)s::text[]) AS g (id, reason)
    WHERE c.id = g.id AND c.ended_at IS NULL""")

END_LINKS: Statement[NoRow] = Statement("""
    UPDATE aftersale_evidencelink SET ended_at = %(now)s::timestamptz
    WHERE case_id = ANY(%(cases)s::bigint[]) AND ended_at IS NULL AND used_at IS NULL""")

NOTE_OWED: Statement[NoRow] = Statement("""
    UPDATE aftersale_aftersalecase AS c SET offer_due_at = g.due_at
    FROM unnest(%(cases)s::bigint[], %(dues)s::timestamptz[]) AS g (id, due_at) WHERE c.id = g.id""")
