"""Statements of the books: facts of orders, entries, refunds. As many for one order as for 1,000."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class OrderRow:
    id: int
    shop_id: int
    zone: str
    currency: str
    goods_minor: int
    freight_minor: int
    discount_minor: int
    paid_minor: int
    settlement_id: int | None
    settlement_state: str | None
    doubt: str | None
    goods_paid_minor: int | None
    commission_basis_points: int | None
    refund_minor: int | None
    are_goods_back: bool


# The order's row is what refunds and settlement take turns by; locked in key order.
LOCK_ORDERS: Statement[NoRow] = Statement(
    """
    WITH locked AS MATERIALIZED (
        SELECT id FROM intake_order WHERE id = ANY(%(orders)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM locked"""
)

ORDERS = Statement(
    """
    SELECT o.id, o.shop_id, s.zone, o.currency, o.goods_minor, o.freight_minor, o.discount_minor,
           o.paid_minor, t.id AS settlement_id,
           t.state AS settlement_state, t.doubt, t.goods_paid_minor, t.commission_basis_points, t.refund_minor,
           coalesce(t.are_goods_back, false)
    FROM intake_order AS o
    JOIN foundation_shop AS s ON s.id = o.shop_id
    LEFT JOIN settlement_settlement AS t ON t.order_id = o.id
    WHERE o.id = ANY(%(orders)s::bigint[])
    ORDER BY o.id""",
    row=OrderRow,
)


@dataclass(frozen=True, slots=True)
class LineRow:
    id: int
    order_id: int
    quantity: int
    price_minor: int
    discount_minor: int
    paid_minor: int
    unit_cost_minor: int | None
    cost_currency: str


LINES = Statement(
    """
    SELECT l.id, l.order_id, l.quantity, l.price_minor, l.discount_minor, l.paid_minor, k.cost_minor AS unit_cost_minor,
           coalesce(k.currency, '') AS cost_currency
    FROM intake_orderline AS l LEFT JOIN listing_sku AS k ON k.id = l.sku_id
    WHERE l.order_id = ANY(%(orders)s::bigint[])
    ORDER BY l.order_id, l.id""",
    row=LineRow,
)

WRITE_FIGURES: Statement[NoRow] = Statement("""
    UPDATE settlement_settlement AS t
    SET settled_at = %(now)s::timestamptz, settled_by = %(actor_id)s::bigint, settled_on = g.settled_on,
        commission_basis_points = g.basis_points, goods_paid_minor = g.goods_paid, income_minor = g.income,
        commission_minor = g.commission, cost_minor = g.cost, receivable_minor = g.receivable,
        approved_reason = g.reason
    FROM unnest(%(ids)s::bigint[], %(days)s::date[], %(basis_points)s::int[], %(goods_paid)s::bigint[],
                %(income)s::bigint[], %(commission)s::bigint[], %(cost)s::bigint[], %(receivable)s::bigint[],
                %(reasons)s::text[])
         AS g (id, settled_on, basis_points, goods_paid, income, commission, cost, receivable, reason)
    WHERE t.id = g.id AND t.state IN ('due', 'review')""")

WRITE_DOUBTS: Statement[NoRow] = Statement("""
    UPDATE settlement_settlement AS t SET doubt = g.doubt
    FROM unnest(%(ids)s::bigint[], %(doubts)s::text[]) AS g (id, doubt)
    WHERE t.id = g.id AND t.state IN ('due', 'review')""")

WRITE_ENTRIES: Statement[NoRow] = Statement("""
    INSERT INTO settlement_entry (settlement_id, shop_id, kind, refund_id, order_line_id, account, currency,
                                  amount_minor, booked_on, booked_at, actor_id)
    SELECT g.settlement_id, g.shop_id, g.kind, g.refund_id, g.order_line_id, g.account, g.currency,
           g.amount_minor, g.booked_on, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM unnest(%(settlements)s::bigint[], %(shops)s::bigint[], %(kinds)s::text[], %(refunds)s::bigint[],
                %(lines)s::bigint[], %(accounts)s::text[], %(currencies)s::text[], %(amounts)s::bigint[],
                %(days)s::date[])
         AS g (settlement_id, shop_id, kind, refund_id, order_line_id, account, currency, amount_minor,
               booked_on)""")


@dataclass(frozen=True, slots=True)
class NotedRow:
    reference: str
    order_id: int


NOTE_REFUNDS = Statement(
    """
    INSERT INTO settlement_refund (order_id, shop_id, reference, refund_minor, noted_at)
    SELECT DISTINCT ON (order_id, reference) order_id, shop_id, reference, refund_minor, %(now)s::timestamptz
    FROM unnest(%(orders)s::bigint[], %(shops)s::bigint[], %(references)s::text[], %(amounts)s::bigint[])
         AS g (order_id, shop_id, reference, refund_minor)
    ORDER BY order_id, reference
    ON CONFLICT (order_id, reference) DO NOTHING
    RETURNING reference, order_id""",
    row=NotedRow,
)


@dataclass(frozen=True, slots=True)
class RefundRow:
    id: int
    order_id: int
    refund_minor: int


UNBOOKED_REFUNDS = Statement(
    """
    SELECT id, order_id, refund_minor FROM settlement_refund
    WHERE order_id = ANY(%(orders)s::bigint[]) AND booked_at IS NULL ORDER BY order_id, id""",
    row=RefundRow,
)

BOOK_REFUNDS: Statement[NoRow] = Statement("""
    UPDATE settlement_refund SET booked_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND booked_at IS NULL""")

# Commission comes back with a refund, so both figures and what is owed move together.
ADD_REFUNDS: Statement[NoRow] = Statement("""
    UPDATE settlement_settlement AS t
    SET refund_minor = t.refund_minor + g.refund, commission_minor = t.commission_minor - g.back,
        receivable_minor = t.receivable_minor - g.refund + g.back
    FROM unnest(%(ids)s::bigint[], %(refunds)s::bigint[], %(backs)s::bigint[]) AS g (id, refund, back)
    WHERE t.id = g.id""")


@dataclass(frozen=True, slots=True)
class UnbalancedRow:
    settlement_id: int
    kind: str
    refund_id: int
    left_minor: int


# What `books_balanced` asks: sets of entries that do not sum to zero, and settlements whose figures are not
# what their entries say. Empty in every healthy installation.
UNBALANCED = Statement(
    """
    SELECT settlement_id, kind, refund_id, sum(amount_minor)::bigint AS left_minor FROM settlement_entry
    GROUP BY settlement_id, kind, refund_id
    HAVING sum(amount_minor) <> 0 OR count(DISTINCT currency) <> 1
    UNION ALL
    SELECT t.id, 'figures', 0, (t.receivable_minor - coalesce(e.owed, 0))::bigint
    FROM settlement_settlement AS t
    LEFT JOIN (
        SELECT settlement_id, sum(amount_minor) AS owed FROM settlement_entry
        WHERE account IN ('platform_receivable', 'subsidy_receivable') GROUP BY settlement_id
    ) AS e ON e.settlement_id = t.id
    WHERE t.receivable_minor <> coalesce(e.owed, 0)
    UNION ALL
    SELECT e.settlement_id, 'orphan', 0, sum(abs(e.amount_minor))::bigint FROM settlement_entry AS e
    LEFT JOIN settlement_settlement AS t ON t.id = e.settlement_id AND t.state = 'settled'
    WHERE t.id IS NULL GROUP BY e.settlement_id
    LIMIT 100""",
    row=UnbalancedRow,
)


# A shop's row is what booking and signing take turns by: bookings share it, a signature has it alone.
SHARE_SHOPS: Statement[NoRow] = Statement(
    """
    WITH locked AS MATERIALIZED (
        SELECT id FROM foundation_shop WHERE id = ANY(%(shops)s::bigint[]) ORDER BY id FOR SHARE
    )
    SELECT count(*) FROM locked"""
)

LOCK_SHOPS: Statement[NoRow] = Statement(
    """
    WITH locked AS MATERIALIZED (
        SELECT id FROM foundation_shop WHERE id = ANY(%(shops)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
    )
    SELECT count(*) FROM locked"""
)


@dataclass(frozen=True, slots=True)
class SignedRow:
    shop_id: int
    day: date


LAST_SIGNED = Statement(
    """
    SELECT shop_id, max(day) FROM settlement_dayclose
    WHERE shop_id = ANY(%(shops)s::bigint[]) AND day >= %(since)s::date GROUP BY shop_id""",
    row=SignedRow,
)


@dataclass(frozen=True, slots=True)
class ShopDayRow:
    shop_id: int
    zone: str
    currency: str
    day: date
    is_closed: bool
    unsettled: int
    settlements: int
    refunds: int
    totals: str


# One row per wanted (shop, day): is it signed, what is still to be settled, and the totals per account.
SHOP_DAYS = Statement(
    """
    SELECT g.shop_id, s.zone, s.currency, g.day,
           EXISTS (SELECT FROM settlement_dayclose AS d WHERE d.shop_id = g.shop_id AND d.day = g.day)
               AS is_closed,
           (SELECT count(*) FROM settlement_settlement AS t
            WHERE t.shop_id = g.shop_id AND t.completed_on = g.day AND t.state <> 'settled') AS unsettled,
           (SELECT count(*) FROM settlement_settlement AS t
            WHERE t.shop_id = g.shop_id AND t.settled_on = g.day) AS settlements,
           (SELECT count(DISTINCT e.refund_id) FROM settlement_entry AS e
            WHERE e.shop_id = g.shop_id AND e.booked_on = g.day AND e.kind = 'refund') AS refunds,
           coalesce((SELECT jsonb_object_agg(e.account, e.total) FROM (
               SELECT account, sum(amount_minor)::bigint AS total FROM settlement_entry
               WHERE shop_id = g.shop_id AND booked_on = g.day GROUP BY account) AS e), '{}'::jsonb)::text AS totals
    FROM (SELECT DISTINCT shop_id, day
          FROM unnest(%(shops)s::bigint[], %(days)s::date[]) AS given (shop_id, day)) AS g
    JOIN foundation_shop AS s ON s.id = g.shop_id
    ORDER BY g.shop_id, g.day""",
    row=ShopDayRow,
)


@dataclass(frozen=True, slots=True)
class ClosedDayRow:
    id: int
    shop_id: int
    day: date


CLOSE_DAYS = Statement(
    """
    INSERT INTO settlement_dayclose (shop_id, day, closed_at, closed_by, settlement_count, refund_count,
                                     totals)
    SELECT shop_id, day, %(now)s::timestamptz, %(actor_id)s::bigint, settlements, refunds, totals::jsonb
    FROM unnest(%(shops)s::bigint[], %(days)s::date[], %(settlements)s::int[], %(refunds)s::int[],
                %(totals)s::text[]) AS g (shop_id, day, settlements, refunds, totals)
    ORDER BY shop_id, day
    ON CONFLICT (shop_id, day) DO NOTHING
    RETURNING id, shop_id, day""",
    row=ClosedDayRow,
)


@dataclass(frozen=True, slots=True)
class ShopRow:
    shop_id: int
    zone: str


# Shops of which no day waits to be signed yet.
UNWATCHED = Statement(
    """
    SELECT s.id, s.zone FROM foundation_shop AS s
    WHERE s.id = ANY(%(shops)s::bigint[])
      AND NOT EXISTS (SELECT FROM sop_deadline AS d WHERE d.kind = %(kind)s::text AND d.subject_id = s.id)
    ORDER BY s.id""",
    row=ShopRow,
)


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A shop's day that waits to be signed, as its duty names it, and the next booked day that nobody signed."""

    shop_id: int
    zone: str
    day: date
    next_day: date | None


WATCHED = Statement(
    """
    SELECT s.id, s.zone, g.day, (
        SELECT min(e.booked_on) FROM settlement_entry AS e
        WHERE e.shop_id = s.id AND e.booked_on >= g.day
          AND NOT EXISTS (SELECT FROM settlement_dayclose AS c WHERE c.shop_id = s.id AND c.day = e.booked_on))
    FROM (SELECT subject_id, label::date AS day FROM sop_deadline
          WHERE kind = %(kind)s::text AND subject_id = ANY(%(shops)s::bigint[])) AS g
    JOIN foundation_shop AS s ON s.id = g.subject_id
    ORDER BY s.id""",
    row=WatchedRow,
)


@dataclass(frozen=True, slots=True)
class EntryRow:
    kind: str
    refund_id: int
    order_line_id: int | None
    account: str
    currency: str
    amount_minor: int
    booked_on: date
    booked_at: datetime
    actor_id: int


ENTRIES_OF = Statement(
    """
    SELECT kind, refund_id, order_line_id, account, currency, amount_minor, booked_on, booked_at, actor_id
    FROM settlement_entry WHERE settlement_id = %(settlement)s::bigint ORDER BY recorded_at, id""",
    row=EntryRow,
)
