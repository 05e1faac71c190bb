"""Statements of what the gate looks at: a campaign with its goods, promotions, coupons and materials, as they stand."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class CampaignRow:
    id: int
    shop_id: int
    code: str
    name: str
    state: str
    starts_at: datetime
    ends_at: datetime
    currency: str
    expected_visitors: int
    theme: str
    force: str
    channels: list[str]
    materials: str


CAMPAIGNS = Statement(
    """
    SELECT id, shop_id, code, name, state, starts_at, ends_at, currency, expected_visitors, theme, force,
           channels::text[], materials
    FROM campaigns_campaign WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=CampaignRow,
)


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A SKU of a campaign with the price plan that holds at its start; `listing` is its state in the shop, or empty."""

    campaign_id: int
    sku_id: int
    code: str
    name: str
    planned: int
    price_minor: int
    cost_minor: int
    listing: str
    plan_id: int | None


GOODS = Statement(
    """
    SELECT g.campaign_id, g.sku_id, k.code, trim(k.name || ' ' || k.spec) AS name, g.planned_quantity, g.price_minor,
           k.cost_minor, CASE WHEN k.is_delisted THEN 'delisted' ELSE coalesce(l.state, '') END AS listing,
           (SELECT p.id FROM pricing_plan AS p
            WHERE p.sku_id = g.sku_id AND p.state IN ('in_force', 'scheduled') AND p.valid_from <= c.starts_at
              AND coalesce(p.valid_to, 'infinity') > c.starts_at AND (p.shop_id IS NULL OR p.shop_id = c.shop_id)
            ORDER BY p.shop_id IS NULL, p.valid_to IS NULL, p.valid_from DESC LIMIT 1) AS plan_id
    FROM campaigns_campaigngoods AS g
    JOIN campaigns_campaign AS c ON c.id = g.campaign_id
    JOIN listing_sku AS k ON k.id = g.sku_id
    LEFT JOIN publishing_listing AS l ON l.product_id = k.product_id AND l.shop_id = c.shop_id
    WHERE g.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY g.campaign_id, g.sku_id""",
    row=GoodsRow,
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A promotion of a campaign with the version that is live; without one `version_id` is None."""

    campaign_id: int
    rule_id: int
    code: str
    name: str
    version_id: int | None
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    needs_coupon: bool


RULES = Statement(
    """
    SELECT r.campaign_id, r.rule_id, p.code, coalesce(v.name, p.name) AS name, v.id AS version_id,
           coalesce(v.state, '') AS state, v.starts_at, v.ends_at,
           coalesce((coalesce(v.terms, d.terms) ->> 'needs_coupon')::boolean, false) AS needs_coupon
    FROM campaigns_campaignrule AS r
    JOIN promotions_rule AS p ON p.id = r.rule_id
    LEFT JOIN promotions_version AS v ON v.rule_id = r.rule_id AND v.state IN ('published', 'paused')
    LEFT JOIN LATERAL (
        SELECT terms FROM promotions_version AS w WHERE w.rule_id = r.rule_id ORDER BY w.number DESC LIMIT 1
    ) AS d ON true
    WHERE r.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY r.campaign_id, r.rule_id""",
    row=RuleRow,
)


@dataclass(frozen=True, slots=True)
class BatchRow:
    id: int
    rule_id: int
    code: str
    name: str
    total: int
    claimed: int
    per_buyer: int
    claim_from: datetime
    claim_to: datetime
    is_stopped: bool


BATCHES = Statement(
    """
    SELECT id, rule_id, code, name, total, claimed, per_buyer, claim_from, claim_to,
           stopped_at IS NOT NULL AS is_stopped
    FROM promotions_couponbatch
    WHERE rule_id = ANY(%(rules)s::bigint[]) AND NOT starts_with(code, %(rehearsal)s::text) ORDER BY rule_id, id""",
    row=BatchRow,
)


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A material that is wanted; `said` is what it must say, and what its approved text says."""

    campaign_id: int
    id: int
    title: str
    kind: str
    state: str
    approved: int
    due_at: datetime
    said: str


MATERIALS = Statement(
    """
    SELECT m.campaign_id, m.id, m.title, m.kind, m.state, m.approved, m.due_at,
           concat_ws(E'\n', array_to_string(m.must_say, E'\n'), v.text)
    FROM launch_material AS m
    LEFT JOIN launch_materialversion AS v ON v.material_id = m.id AND v.number = m.approved
    WHERE m.campaign_id = ANY(%(campaigns)s::bigint[]) AND m.state <> 'dropped' ORDER BY m.campaign_id, m.id""",
    row=MaterialRow,
)
