"""Statements of completion: confirmations, orders at their end, and the follow-ups these make needless."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

NOTE_CONFIRMATIONS: Statement[NoRow] = Statement("""
    INSERT INTO settlement_confirmation (order_id, confirmed_at)
    SELECT DISTINCT ON (order_id) order_id, confirmed_at
    FROM unnest(%(orders)s::bigint[], %(moments)s::timestamptz[]) AS given (order_id, confirmed_at)
    ORDER BY order_id, confirmed_at
    ON CONFLICT (order_id) DO NOTHING""")


@dataclass(frozen=True, slots=True)
class EndingRow:
    id: int
    shop_id: int
    zone: str
    state: str
    refund_state: str
    currency: str
    shipped_at: datetime | None
    signed_at: datetime | None
    is_confirmed: bool
    is_coming_back: bool
    follow_ups: int
    open_follow_ups: int


# Locked in key order: two messages about one order wait for each other here. An order signed for counts from
# the last parcel's own moment of signing, which may be earlier than when we heard of it.
LOCK_ORDERS = Statement(
    """
    SELECT o.id, o.shop_id, s.zone, o.state, o.refund_state, o.currency, o.shipped_at,
           CASE WHEN o.signed_at IS NOT NULL THEN coalesce((
               SELECT max(p.signed_at) FROM parcels_parcel AS p WHERE p.order_id = o.id AND p.state = 'signed'),
               o.signed_at) END AS signed_at,
           c.id IS NOT NULL AS is_confirmed,
           EXISTS (SELECT FROM parcels_parcel AS p WHERE p.order_id = o.id
                   AND p.state IN ('refused', 'returning', 'returned', 'lost')) AS is_coming_back,
           (SELECT count(*) FROM settlement_followup AS f WHERE f.order_id = o.id) AS follow_ups,
           (SELECT count(*) FROM settlement_followup AS f
            WHERE f.order_id = o.id AND f.state = 'open') AS open_follow_ups
    FROM intake_order AS o
    JOIN foundation_shop AS s ON s.id = o.shop_id
    LEFT JOIN settlement_confirmation AS c ON c.order_id = o.id
    WHERE o.id = ANY(%(orders)s::bigint[])
    ORDER BY o.id FOR NO KEY UPDATE OF o""",
    row=EndingRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    order_id: int
    shop_id: int


OPEN_SETTLEMENTS = Statement(
    """
    INSERT INTO settlement_settlement
        (order_id, shop_id, currency, state, state_at, completed_at, due_at, completed_on,
         commission_basis_points, goods_paid_minor, income_minor, commission_minor, cost_minor,
         refund_minor, receivable_minor, doubt, approved_reason, are_goods_back)
    SELECT order_id, shop_id, currency, 'due', %(now)s::timestamptz, %(now)s::timestamptz, due_at,
           completed_on, 0, 0, 0, 0, 0, 0, 0, '', '', order_id = ANY(%(goods_back)s::bigint[])
    FROM unnest(%(orders)s::bigint[], %(shops)s::bigint[], %(currencies)s::text[], %(dues)s::timestamptz[],
                %(days)s::date[]) AS given (order_id, shop_id, currency, due_at, completed_on)
    ORDER BY order_id
    ON CONFLICT (order_id) DO NOTHING
    RETURNING id, order_id, shop_id""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class OpenFollowUpRow:
    id: int
    order_id: int


# What was open is given its ending first, because the table refuses a closed one without; then it is moved.
END_NEEDLESS = Statement(
    """
    UPDATE settlement_followup SET outcome = 'not_needed', ended_at = %(now)s::timestamptz
    WHERE order_id = ANY(%(orders)s::bigint[]) AND state = 'open'
    RETURNING id, order_id""",
    row=OpenFollowUpRow,
)


@dataclass(frozen=True, slots=True)
class CameBackRow:
    id: int
    is_lost: bool


# Orders refunded in full none of whose parcels will be kept by the buyer.
CAME_BACK = Statement(
    """
    SELECT o.id, bool_or(p.state = 'lost')
    FROM intake_order AS o JOIN parcels_parcel AS p ON p.order_id = o.id AND p.state <> 'cancelled'
    WHERE o.id = ANY(%(orders)s::bigint[]) AND o.state IN ('shipped', 'signed') AND o.refund_state = 'refunded'
    GROUP BY o.id HAVING bool_and(p.state IN ('returned', 'lost'))
    ORDER BY o.id""",
    row=CameBackRow,
)
