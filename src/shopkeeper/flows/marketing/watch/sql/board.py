"""Statements of the live board: campaigns that are watched, and what they may spend."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class WatchedRow:
    campaign_id: int
    shop_id: int
    code: str
    name: str
    shop: str
    currency: str
    zone: str
    state: str
    starts_at: datetime
    ends_at: datetime
    next_hour: datetime
    ended_at: datetime | None
    target_bp: int
    goal_sales_minor: int
    goal_new_customers: int


# Running watches first, then the newest that ended.
WATCHED = Statement(
    """
    SELECT w.campaign_id, w.shop_id, c.code, c.name, s.name, c.currency, s.zone, c.state, c.starts_at,
           least(c.ended_at, c.ends_at), w.next_hour, w.ended_at, c.expected_conversion_bp, c.goal_sales_minor,
           c.goal_new_customers
    FROM watch_watch AS w JOIN campaigns_campaign AS c ON c.id = w.campaign_id
    JOIN foundation_shop AS s ON s.id = w.shop_id
    WHERE (%(shops)s::bigint[] IS NULL OR w.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(campaign)s::bigint IS NULL OR w.campaign_id = %(campaign)s::bigint)
    ORDER BY w.ended_at IS NOT NULL, w.ended_at DESC, w.campaign_id DESC LIMIT %(limit)s::int""",
    row=WatchedRow,
)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    id: int
    kind: str
    name: str
    allowed_minor: int
    spent_minor: int


BUDGET = Statement(
    """
    SELECT id, kind, name, planned_minor + raised_minor, spent_minor FROM campaigns_budgetitem
    WHERE campaign_id = %(campaign)s::bigint ORDER BY id""",
    row=BudgetRow,
)


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A SKU of a campaign: planned, sold since the watch began, left now; the pace of the last closed hours."""

    sku_id: int
    code: str
    name: str
    spec: str
    planned: int
    sold: int
    recent: int
    recent_hours: int
    left: int


GOODS = Statement(
    """
    SELECT g.sku_id, k.code, k.name, k.spec, g.planned_quantity, coalesce(h.sold, 0)::int, coalesce(h.recent, 0)::int,
           coalesce(h.hours, 0)::int,
           coalesce((SELECT sum(s.on_hand - s.promised) FROM stock_stock AS s WHERE s.sku_id = g.sku_id), 0)::int
    FROM campaigns_campaigngoods AS g JOIN listing_sku AS k ON k.id = g.sku_id
    LEFT JOIN LATERAL (
        SELECT sum(x.sold) AS sold, sum(x.sold) FILTER (WHERE r.hour >= %(since)s::timestamptz) AS recent,
               count(*) FILTER (WHERE r.hour >= %(since)s::timestamptz) AS hours
        FROM watch_hourreading AS r JOIN watch_hourstock AS x ON x.reading_id = r.id AND x.sku_id = g.sku_id
        WHERE r.campaign_id = g.campaign_id
    ) AS h ON true
    WHERE g.campaign_id = %(campaign)s::bigint ORDER BY g.sku_id""",
    row=GoodsRow,
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    rule_id: int
    code: str
    name: str


# The promotions a campaign runs on that hold now.
RULES = Statement(
    """
    SELECT r.id, r.code, v.name FROM campaigns_campaignrule AS c JOIN promotions_rule AS r ON r.id = c.rule_id
    JOIN promotions_version AS v ON v.rule_id = r.id AND v.state = 'published'
    WHERE c.campaign_id = %(campaign)s::bigint ORDER BY r.id""",
    row=RuleRow,
)
