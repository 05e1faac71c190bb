"""Statements of reads: goods with stock and sales, baskets, what lies over-stocked, moves of a record."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A SKU with what is free of it in all warehouses and what all shops sold of it since a moment."""

    id: int
    code: str
    name: str
    spec: str
    currency: str
    price_minor: int
    cost_minor: int
    free: int
    sold: int


_SOLD = """
    SELECT l.sku_id, sum(l.quantity)::bigint AS pieces
    FROM intake_order AS o JOIN intake_orderline AS l ON l.order_id = o.id
    WHERE o.paid_at > %(since)s::timestamptz AND o.paid_at <= %(now)s::timestamptz
      AND o.state NOT IN ('unpaid', 'cancelled') AND l.sku_id IS NOT NULL"""

_GOODS = """
    SELECT k.id, k.code, k.name, k.spec, k.currency, k.price_minor, k.cost_minor, coalesce(stock.free, 0)::bigint,
           coalesce(sold.pieces, 0)
    FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
    LEFT JOIN LATERAL (
        SELECT sum(s.on_hand - s.promised) AS free FROM stock_stock AS s WHERE s.sku_id = k.id) AS stock ON true
    LEFT JOIN sold ON sold.sku_id = k.id"""

GOODS = Statement(
    f"""
    WITH sold AS ({_SOLD} AND l.sku_id = ANY(%(skus)s::bigint[]) GROUP BY l.sku_id)
    {_GOODS}
    WHERE k.id = ANY(%(skus)s::bigint[]) ORDER BY k.id""",
    row=GoodsRow,
)

# Most money lying still first. What a campaign to come or a live one of this shop sells already is left out.
OVERSTOCKED = Statement(
    f"""
    WITH sold AS ({_SOLD} GROUP BY l.sku_id)
    {_GOODS}
    WHERE NOT k.is_delisted AND p.state <> 'retired' AND stock.free >= %(pieces)s::int
      AND stock.free * %(days)s::int > coalesce(sold.pieces, 0) * %(limit_days)s::int
      AND NOT EXISTS (
          SELECT FROM campaigns_campaigngoods AS g JOIN campaigns_campaign AS c ON c.id = g.campaign_id
          WHERE g.sku_id = k.id AND c.shop_id = %(shop)s::bigint
            AND c.state IN ('idea', 'planned', 'in_review', 'approved', 'live'))
    ORDER BY stock.free * greatest(k.cost_minor, 1) DESC, k.id LIMIT %(most)s::int""",
    row=GoodsRow,
)


@dataclass(frozen=True, slots=True)
class BasketRow:
    """A shop's paid orders of some days: how many, what they came to, of how many buyers."""

    orders: int
    paid_minor: int
    buyers: int


BASKET = Statement(
    """
    SELECT count(*), coalesce(sum(paid_minor), 0)::bigint, count(DISTINCT subject_id) FROM intake_order
    WHERE shop_id = %(shop)s::bigint AND paid_at > %(since)s::timestamptz AND paid_at <= %(now)s::timestamptz
      AND state NOT IN ('unpaid', 'cancelled')""",
    row=BasketRow,
)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A state a campaign moved to, and by whose hand."""

    was: str
    became: str
    occurred_at: datetime
    person: str
    reason: str


MOVES = Statement(
    """
    SELECT m.was, m.became, m.occurred_at, coalesce(p.name, ''), m.reason
    FROM foundation_statechange AS m LEFT JOIN foundation_person AS p ON p.id = m.actor_id
    WHERE m.table_name = 'campaigns_campaign' AND m.row_id = %(campaign)s::bigint
    ORDER BY m.occurred_at, m.id""",
    row=MoveRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    state: str
    count: int


COUNTS = Statement(
    """
    SELECT state, count(*) FROM campaigns_campaign
    WHERE %(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s::bigint[]) GROUP BY state""",
    row=CountRow,
)
