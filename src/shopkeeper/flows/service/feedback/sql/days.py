"""Statements that count a shop's day. Each takes days as (n, shop, span) and answers for all of them at once."""

from dataclasses import dataclass
from datetime import date

from shopkeeper.foundation.sql import Statement

# `before` is where the trend's days begin; the day itself is from `since` to `until`.
_GIVEN = """unnest(%(numbers)s::int[], %(shops)s::bigint[], %(befores)s::timestamptz[], %(sinces)s::timestamptz[],
                %(untils)s::timestamptz[]) AS g (n, shop_id, before, since, until)"""


@dataclass(frozen=True, slots=True)
class WatchedRow:
    shop_id: int


WATCHED = Statement(
    """
    SELECT subject_id FROM sop_deadline
    WHERE kind = 'summary_draft' AND subject_id = ANY(%(shops)s::bigint[])""",
    row=WatchedRow,
)


@dataclass(frozen=True, slots=True)
class ShopRow:
    id: int
    name: str
    zone: str
    last_day: date | None


SHOPS = Statement(
    """
    SELECT s.id, s.name, s.zone, (SELECT max(d.day) FROM feedback_dailysummary AS d WHERE d.shop_id = s.id)
    FROM foundation_shop AS s WHERE s.id = ANY(%(shops)s::bigint[]) ORDER BY s.id""",
    row=ShopRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    n: int
    stage: str
    kind: str
    channel: str
    tickets: int


OPENED = Statement(
    f"""
    SELECT g.n, t.stage, t.kind, t.channel, count(*)::int FROM {_GIVEN}
    JOIN tickets_ticket AS t ON t.shop_id = g.shop_id AND t.opened_at >= g.since AND t.opened_at < g.until
     AND t.duplicate_of_id IS NULL
    GROUP BY g.n, t.stage, t.kind, t.channel""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class CountsRow:
    """Everything else that is one number a day."""

    n: int
    resolved: int
    unfinished: int
    first_asked: int
    first_in_time: int
    offered: int
    offered_in_time: int
    offers_overdue: int
    orders_paid: int


# First words are due by each channel's own clock; what came outside duty hours has a clock of its own and is left out.
COUNTS = Statement(
    f"""
    SELECT g.n,
           (SELECT count(*) FROM tickets_ticket AS t WHERE t.shop_id = g.shop_id
               AND t.resolved_at >= g.since AND t.resolved_at < g.until)::int,
           (SELECT count(*) FROM tickets_ticket AS t WHERE t.shop_id = g.shop_id AND t.opened_at < g.until
               AND (t.state IN ('open', 'assigned', 'waiting') OR t.resolved_at >= g.until))::int,
           (talks.asked + papers.asked)::int, (talks.kept + papers.kept)::int,
           cases.offered::int, cases.in_time::int, cases.overdue::int,
           (SELECT count(*) FROM intake_order AS o WHERE o.shop_id = g.shop_id
               AND o.paid_at >= g.since AND o.paid_at < g.until)::int
    FROM {_GIVEN}
    CROSS JOIN LATERAL (
        SELECT count(*) AS asked, count(*) FILTER (WHERE c.replied_at <= c.due_at) AS kept
        FROM conversations_conversation AS c
        WHERE c.shop_id = g.shop_id AND c.waiting_from >= g.since AND c.waiting_from < g.until AND NOT c.off_duty
          AND c.due_at IS NOT NULL
    ) AS talks
    CROSS JOIN LATERAL (
        SELECT count(*) AS asked, count(*) FILTER (WHERE t.first_reply_at <= t.reply_due_at) AS kept
        FROM tickets_ticket AS t
        WHERE t.shop_id = g.shop_id AND t.opened_at >= g.since AND t.opened_at < g.until
          AND t.reply_due_at IS NOT NULL
    ) AS papers
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE a.offered_at >= g.since AND a.offered_at < g.until) AS offered,
               count(*) FILTER (WHERE a.offered_at >= g.since AND a.offered_at < g.until
                                  AND a.offered_at <= a.offer_due_at) AS in_time,
               count(*) FILTER (WHERE a.offer_due_at < g.until AND a.offered_at IS NULL AND a.ended_at IS NULL)
               AS overdue
        FROM aftersale_aftersalecase AS a WHERE a.shop_id = g.shop_id
          AND (a.offered_at >= g.since OR (a.offered_at IS NULL AND a.ended_at IS NULL))
    ) AS cases
    ORDER BY g.n""",
    row=CountsRow,
)


@dataclass(frozen=True, slots=True)
class RatedRow:
    n: int
    invited: int
    invited_answered: int
    one: int
    two: int
    three: int
    four: int
    five: int


# The share of answers looks at the trend's days as well: who was asked in the evening answers the day after.
RATED = Statement(
    f"""
    SELECT g.n, count(*) FILTER (WHERE s.invited_at >= g.before AND s.invited_at < g.until)::int,
           count(*) FILTER (WHERE s.invited_at >= g.before AND s.answered_at < g.until)::int,
           count(*) FILTER (WHERE s.score = 1 AND s.answered_at >= g.since AND s.answered_at < g.until)::int,
           count(*) FILTER (WHERE s.score = 2 AND s.answered_at >= g.since AND s.answered_at < g.until)::int,
           count(*) FILTER (WHERE s.score = 3 AND s.answered_at >= g.since AND s.answered_at < g.until)::int,
           count(*) FILTER (WHERE s.score = 4 AND s.answered_at >= g.since AND s.answered_at < g.until)::int,
           count(*) FILTER (WHERE s.score = 5 AND s.answered_at >= g.since AND s.answered_at < g.until)::int
    FROM {_GIVEN}
    JOIN feedback_survey AS s ON s.shop_id = g.shop_id AND (s.invited_at >= g.before OR s.answered_at >= g.since)
    GROUP BY g.n""",
    row=RatedRow,
)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    n: int
    rank: int
    kind: str
    sku_id: int | None
    courier: str
    warehouse_id: int | None
    tickets: int
    before_tickets: int
    orders: int
    examples: list[int]


# A ticket counts once for each thing it is about: every SKU of its order, or every parcel's courier and warehouse; a
# type is about goods or about carriage, never both.
PROBLEMS = Statement(
    f"""
    WITH given AS (SELECT * FROM {_GIVEN}), asked AS (
        SELECT DISTINCT g.n, t.id, t.kind, l.sku_id, coalesce(p.courier, '') AS courier, p.warehouse_id,
               t.opened_at >= g.since AS is_today
        FROM given AS g
        JOIN tickets_ticket AS t ON t.shop_id = g.shop_id AND t.opened_at >= g.before AND t.opened_at < g.until
         AND t.duplicate_of_id IS NULL
        LEFT JOIN intake_orderline AS l ON l.order_id = t.order_id AND NOT l.is_gift AND l.sku_id IS NOT NULL
         AND t.kind = ANY(%(goods)s::text[])
        LEFT JOIN parcels_parcel AS p ON p.order_id = t.order_id AND p.state <> 'cancelled'
         AND t.kind = ANY(%(carriage)s::text[])
    ), paid AS MATERIALIZED (
        SELECT g.n, o.id FROM given AS g
        JOIN intake_order AS o ON o.shop_id = g.shop_id AND o.paid_at >= g.before AND o.paid_at < g.until
    ), counted AS (
        SELECT n, kind, sku_id, courier, warehouse_id, count(*) FILTER (WHERE is_today) AS tickets,
               count(*) FILTER (WHERE NOT is_today) AS before_tickets,
               coalesce((array_agg(id ORDER BY id DESC) FILTER (WHERE is_today))[1:5], '{{}}') AS examples
        FROM asked GROUP BY n, kind, sku_id, courier, warehouse_id
    ), ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY n ORDER BY tickets DESC, before_tickets DESC, kind, sku_id, courier, warehouse_id) AS rank
        FROM counted WHERE tickets > 0
    )
    SELECT r.n, r.rank::int, r.kind, r.sku_id, r.courier, r.warehouse_id, r.tickets::int, r.before_tickets::int,
           coalesce(CASE WHEN r.courier <> '' THEN carried.orders WHEN r.sku_id IS NOT NULL THEN sold.orders
                         ELSE whole.orders END, 0)::int, r.examples
    FROM ranked AS r JOIN unnest(%(numbers)s::int[], %(mosts)s::int[]) AS m (n, most) USING (n)
    LEFT JOIN (SELECT n, count(*) AS orders FROM paid GROUP BY n) AS whole ON whole.n = r.n
    LEFT JOIN (
        SELECT o.n, l.sku_id, count(DISTINCT o.id) AS orders
        FROM paid AS o JOIN intake_orderline AS l ON l.order_id = o.id AND NOT l.is_gift
        WHERE l.sku_id IN (SELECT sku_id FROM counted) GROUP BY o.n, l.sku_id
    ) AS sold ON sold.n = r.n AND sold.sku_id = r.sku_id
    LEFT JOIN (
        SELECT o.n, p.courier, p.warehouse_id, count(DISTINCT o.id) AS orders
        FROM paid AS o JOIN parcels_parcel AS p ON p.order_id = o.id AND p.state <> 'cancelled'
        WHERE p.courier IN (SELECT courier FROM counted) GROUP BY o.n, p.courier, p.warehouse_id
    ) AS carried ON carried.n = r.n AND carried.courier = r.courier AND carried.warehouse_id = r.warehouse_id
    WHERE r.rank <= m.most ORDER BY r.n, r.rank""",
    row=ProblemRow,
)


@dataclass(frozen=True, slots=True)
class FigureRow:
    n: int
    tickets: int
    orders: int


# The same figure as a problem's, over a span of its own: tickets of the type about the same thing, and orders of it.
# A problem that names no product or courier is about tickets of which none is known.
FIGURES = Statement(
    """
    SELECT g.n,
           (SELECT count(*) FROM tickets_ticket AS t
             WHERE t.shop_id = g.shop_id AND t.kind = g.kind AND t.opened_at >= g.since AND t.opened_at < g.until
               AND t.duplicate_of_id IS NULL
               AND (g.sku_id IS NOT NULL OR t.kind <> ALL(%(goods)s::text[]) OR NOT EXISTS (
                    SELECT FROM intake_orderline AS l
                     WHERE l.order_id = t.order_id AND l.sku_id IS NOT NULL AND NOT l.is_gift))
               AND (g.sku_id IS NULL OR EXISTS (
                    SELECT FROM intake_orderline AS l
                     WHERE l.order_id = t.order_id AND l.sku_id = g.sku_id AND NOT l.is_gift))
               AND (g.courier <> '' OR t.kind <> ALL(%(carriage)s::text[]) OR NOT EXISTS (
                    SELECT FROM parcels_parcel AS p WHERE p.order_id = t.order_id AND p.state <> 'cancelled'))
               AND (g.courier = '' OR EXISTS (
                    SELECT FROM parcels_parcel AS p WHERE p.order_id = t.order_id AND p.courier = g.courier
                       AND p.warehouse_id = g.warehouse_id AND p.state <> 'cancelled')))::int,
           (SELECT count(*) FROM intake_order AS o
             WHERE o.shop_id = g.shop_id AND o.paid_at >= g.since AND o.paid_at < g.until
               AND (g.sku_id IS NULL OR EXISTS (
                    SELECT FROM intake_orderline AS l
                     WHERE l.order_id = o.id AND l.sku_id = g.sku_id AND NOT l.is_gift))
               AND (g.courier = '' OR EXISTS (
                    SELECT FROM parcels_parcel AS p WHERE p.order_id = o.id AND p.courier = g.courier
                       AND p.warehouse_id = g.warehouse_id AND p.state <> 'cancelled')))::int
    FROM unnest(%(numbers)s::bigint[], %(shops)s::bigint[], %(kinds)s::text[], %(skus)s::bigint[],
                %(couriers)s::text[], %(warehouses)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
         AS g (n, shop_id, kind, sku_id, courier, warehouse_id, since, until)
    ORDER BY g.n""",
    row=FigureRow,
)
