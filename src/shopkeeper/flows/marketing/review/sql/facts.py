"""What a campaign brought, counted from the orders: each statement answers for all campaigns of a batch at once.

A campaign without goods of its own is about everything its shop sells.
"""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement

_GIVEN = """unnest(%(campaigns)s::bigint[], %(shops)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
         AS given (campaign_id, shop_id, since, until)"""
_OF_CAMPAIGN = """(EXISTS (SELECT FROM campaigns_campaigngoods AS c
                   WHERE c.campaign_id = given.campaign_id AND c.sku_id = l.sku_id)
           OR NOT EXISTS (SELECT FROM campaigns_campaigngoods AS c WHERE c.campaign_id = given.campaign_id))"""
_PAID = f"""paid AS MATERIALIZED (
        SELECT given.campaign_id, given.shop_id, given.since, o.id AS order_id, o.subject_id, o.paid_at, o.platform_no,
               o.state = 'cancelled' AS is_cancelled, l.sku_id, l.quantity, l.price_minor, l.discount_minor,
               l.paid_minor
        FROM {_GIVEN}
        JOIN intake_order AS o ON o.shop_id = given.shop_id AND o.paid_at >= given.since AND o.paid_at < given.until
        JOIN intake_orderline AS l ON l.order_id = o.id AND NOT l.is_gift
        WHERE {_OF_CAMPAIGN}
    )"""


@dataclass(frozen=True, slots=True)
class SalesRow:
    campaign_id: int
    paid_minor: int
    orders: int
    pieces: int
    buyers: int
    new_customers: int
    refund_minor: int
    cost_minor: int
    cost_unknown: int
    gift_minor: int
    gift_pieces: int


# What goes back of an order falls on its lines by what was paid for them. Pieces that came back, or never left, cost
# nothing; those whose cost is unknown, or in another currency than the campaign's, are counted apart.
SALES = Statement(
    f"""
    WITH {_PAID}, lines AS (
        SELECT p.*, k.cost_minor AS unit_cost, b.order_id IS NOT NULL OR p.is_cancelled AS is_back,
               k.id IS NOT NULL AND k.currency = m.currency AS is_known
        FROM paid AS p JOIN campaigns_campaign AS m ON m.id = p.campaign_id
        LEFT JOIN listing_sku AS k ON k.id = p.sku_id
        LEFT JOIN settlement_settlement AS b ON b.order_id = p.order_id AND b.are_goods_back
    ), orders AS (
        SELECT campaign_id, order_id, subject_id, shop_id, since, is_cancelled, sum(paid_minor)::bigint AS paid_minor,
               sum(quantity) AS pieces,
               coalesce(sum(quantity * unit_cost) FILTER (WHERE is_known AND NOT is_back), 0) AS cost_minor,
               coalesce(sum(quantity) FILTER (WHERE NOT is_known AND NOT is_back), 0) AS cost_unknown
        FROM lines GROUP BY campaign_id, order_id, subject_id, shop_id, since, is_cancelled
    ), whole AS (
        SELECT o.*, CASE WHEN o.is_cancelled THEN o.paid_minor ELSE least(o.paid_minor, coalesce(round(
                   o.paid_minor::numeric * back.refund_minor / nullif(every.paid_minor, 0)), 0)) END AS refund_minor,
               gifts.cost_minor AS gift_minor, gifts.pieces AS gift_pieces
        FROM orders AS o
        CROSS JOIN LATERAL (SELECT coalesce(sum(r.refund_minor), 0) AS refund_minor FROM settlement_refund AS r
                            WHERE r.order_id = o.order_id) AS back
        CROSS JOIN LATERAL (SELECT coalesce(sum(l.paid_minor), 0) AS paid_minor FROM intake_orderline AS l
                            WHERE l.order_id = o.order_id) AS every
        CROSS JOIN LATERAL (SELECT coalesce(sum(l.quantity * k.cost_minor), 0) AS cost_minor,
                                   coalesce(sum(l.quantity), 0) AS pieces
                            FROM intake_orderline AS l LEFT JOIN listing_sku AS k ON k.id = l.sku_id
                            WHERE l.order_id = o.order_id AND l.is_gift AND NOT o.is_cancelled) AS gifts
    ), buyers AS (
        SELECT DISTINCT o.campaign_id, o.shop_id, o.subject_id, date_trunc('day', o.since, s.zone) AS first_day, g.days
        FROM orders AS o JOIN foundation_shop AS s ON s.id = o.shop_id
        JOIN unnest(%(campaigns)s::bigint[], %(new_days)s::int[]) AS g (campaign_id, days)
          ON g.campaign_id = o.campaign_id
    ), counted AS (
        SELECT b.campaign_id, count(*) AS buyers, count(*) FILTER (WHERE NOT EXISTS (
                   SELECT FROM intake_order AS e WHERE e.shop_id = b.shop_id AND e.subject_id = b.subject_id
                    AND e.paid_at < b.first_day
                    AND e.paid_at >= b.first_day - make_interval(days => b.days))) AS new_customers
        FROM buyers AS b GROUP BY b.campaign_id
    )
    SELECT w.campaign_id, sum(w.paid_minor)::bigint, count(*)::int, sum(w.pieces)::int, min(c.buyers)::int,
           min(c.new_customers)::int, sum(w.refund_minor)::bigint, sum(w.cost_minor)::bigint,
           sum(w.cost_unknown)::int, sum(w.gift_minor)::bigint, sum(w.gift_pieces)::int
    FROM whole AS w JOIN counted AS c ON c.campaign_id = w.campaign_id GROUP BY w.campaign_id ORDER BY w.campaign_id""",
    row=SalesRow,
)


@dataclass(frozen=True, slots=True)
class HourRow:
    """One hour by the shop's clock."""

    campaign_id: int
    hour: datetime
    orders: int
    buyers: int
    paid_minor: int


HOURS = Statement(
    f"""
    WITH {_PAID}
    SELECT p.campaign_id, date_trunc('hour', p.paid_at, s.zone) AS hour, count(DISTINCT p.order_id)::int,
           count(DISTINCT p.subject_id)::int, sum(p.paid_minor)::bigint
    FROM paid AS p JOIN foundation_shop AS s ON s.id = p.shop_id
    GROUP BY p.campaign_id, hour ORDER BY p.campaign_id, hour""",
    row=HourRow,
)


@dataclass(frozen=True, slots=True)
class GoodsRow:
    campaign_id: int
    sku_id: int
    code: str
    name: str
    planned: int
    sold: int
    paid_minor: int
    left: int


GOODS = Statement(
    f"""
    WITH {_PAID}, sold AS (
        SELECT campaign_id, sku_id, sum(quantity) AS pieces, sum(paid_minor) AS paid_minor
        FROM paid GROUP BY campaign_id, sku_id
    )
    SELECT c.campaign_id, k.id, k.code, concat_ws(' ', k.name, nullif(k.spec, '')), c.planned_quantity,
           coalesce(s.pieces, 0)::int, coalesce(s.paid_minor, 0)::bigint,
           coalesce((SELECT sum(t.on_hand - t.promised) FROM stock_stock AS t WHERE t.sku_id = k.id), 0)::int
    FROM campaigns_campaigngoods AS c JOIN listing_sku AS k ON k.id = c.sku_id
    LEFT JOIN sold AS s ON s.campaign_id = c.campaign_id AND s.sku_id = c.sku_id
    WHERE c.campaign_id = ANY(%(campaigns)s::bigint[])
    ORDER BY c.campaign_id, coalesce(s.paid_minor, 0) DESC, k.id""",
    row=GoodsRow,
)


@dataclass(frozen=True, slots=True)
class BorneRow:
    """`bearer` is empty for a discount on a whole order that we did not price: policy says who bears it."""

    campaign_id: int
    bearer: str
    amount_minor: int


# Orders priced by us know to the fen who bears what. Of the others a line's own discount is the shop's, and what the
# line paid less than that is its part of the discount on the whole order. What was cancelled cost nobody a discount.
DISCOUNTS = Statement(
    f"""
    WITH {_PAID}, priced AS (
        SELECT DISTINCT p.campaign_id, p.order_id, r.id AS pricing_id
        FROM paid AS p JOIN promotions_orderpricing AS r ON r.shop_id = p.shop_id AND r.order_no = p.platform_no
        WHERE NOT p.is_cancelled
    ), borne AS (
        SELECT p.campaign_id, b.value->>0 AS bearer, (b.value->>1)::bigint AS amount_minor
        FROM priced AS p JOIN promotions_orderpricing AS r ON r.id = p.pricing_id
        CROSS JOIN LATERAL jsonb_array_elements(r.ledger) AS e
        CROSS JOIN LATERAL jsonb_array_elements(e.value->'bearers') AS b
        JOIN LATERAL jsonb_array_elements(r.lines) AS n ON n.value->>'line' = e.value->>'line'
        WHERE EXISTS (SELECT FROM paid AS o WHERE o.campaign_id = p.campaign_id AND o.order_id = p.order_id
                       AND o.sku_id = (n.value->>'sku_id')::bigint)
        UNION ALL
        SELECT p.campaign_id, 'shop', p.discount_minor FROM paid AS p
        WHERE NOT p.is_cancelled
          AND NOT EXISTS (SELECT FROM priced AS r WHERE r.campaign_id = p.campaign_id AND r.order_id = p.order_id)
        UNION ALL
        SELECT p.campaign_id, '', greatest(0, p.price_minor * p.quantity - p.discount_minor - p.paid_minor)
        FROM paid AS p
        WHERE NOT p.is_cancelled
          AND NOT EXISTS (SELECT FROM priced AS r WHERE r.campaign_id = p.campaign_id AND r.order_id = p.order_id)
    )
    SELECT campaign_id, bearer, sum(amount_minor)::bigint FROM borne
    GROUP BY campaign_id, bearer HAVING sum(amount_minor) > 0 ORDER BY campaign_id, bearer""",
    row=BorneRow,
)


@dataclass(frozen=True, slots=True)
class WindowRow:
    """What was paid for the same goods in window `n`; `is_taken` where another campaign of the shop ran in it."""

    n: int
    is_taken: bool
    paid_minor: int
    orders: int


WINDOWS = Statement(
    f"""
    SELECT given.n,
           EXISTS (SELECT FROM campaigns_campaign AS m
                   WHERE m.shop_id = given.shop_id AND m.id <> given.campaign_id AND m.launched_at IS NOT NULL
                     AND m.state IN ('live', 'ended', 'reviewed') AND m.launched_at < given.until
                     AND coalesce(m.ended_at, m.ends_at) > given.since),
           coalesce(sold.paid_minor, 0)::bigint, coalesce(sold.orders, 0)::int
    FROM unnest(%(numbers)s::int[], %(campaigns)s::bigint[], %(shops)s::bigint[], %(sinces)s::timestamptz[],
                %(untils)s::timestamptz[]) AS given (n, campaign_id, shop_id, since, until)
    LEFT JOIN LATERAL (
        SELECT sum(l.paid_minor) AS paid_minor, count(DISTINCT o.id) AS orders
        FROM intake_order AS o JOIN intake_orderline AS l ON l.order_id = o.id AND NOT l.is_gift
        WHERE o.shop_id = given.shop_id AND o.paid_at >= given.since AND o.paid_at < given.until AND {_OF_CAMPAIGN}
    ) AS sold ON true
    ORDER BY given.n""",
    row=WindowRow,
)
