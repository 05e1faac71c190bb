"""Statements of campaigns: made, written down, moved on; each takes a batch."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as its writers judge it, locked."""

    id: int
    shop_id: int
    code: str
    state: str
    starts_at: datetime
    ends_at: datetime
    currency: str
    made_by: int
    saved_by: int
    submitted_by: int | None


_CAMPAIGN = """
    SELECT id, shop_id, code, state, starts_at, ends_at, currency, made_by, saved_by, submitted_by
    FROM campaigns_campaign"""

# Every writer of a campaign and of what belongs to it takes the campaign first, in key order.
LOCK = Statement(
    f"{_CAMPAIGN} WHERE id = ANY(%(campaigns)s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
    row=CampaignRow,
)

_PLAN = """(shop_id bigint, code text, name text, theme text, starts_at timestamptz, ends_at timestamptz,
            currency text, goal_sales_minor bigint, goal_new_customers int, expected_visitors int,
            expected_conversion_bp int, force text, audience text, channels text[], materials text, risks text,
            origin text, template_id bigint)"""
_COLUMNS = """shop_id, code, name, theme, starts_at, ends_at, currency, goal_sales_minor, goal_new_customers,
            expected_visitors, expected_conversion_bp, force, audience, channels, materials, risks, origin,
            template_id"""

MAKE = Statement(
    f"""
    INSERT INTO campaigns_campaign ({_COLUMNS}, state, state_at, made_at, made_by, saved_at, saved_by, is_template,
                                    decision_reason, end_reason)
    SELECT {_COLUMNS}, 'idea', %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint,
           %(now)s::timestamptz, %(actor_id)s::bigint, false, '', ''
    FROM json_to_recordset(%(plans)s::json) AS given {_PLAN}
    ORDER BY shop_id, code
    ON CONFLICT (shop_id, code) DO NOTHING
    RETURNING id, shop_id, code, state, starts_at, ends_at, currency, made_by, saved_by, submitted_by""",
    row=CampaignRow,
)

BY_CODE = Statement(
    """
    SELECT c.id, c.shop_id, c.code, c.state, c.starts_at, c.ends_at, c.currency, c.made_by, c.saved_by, c.submitted_by
    FROM campaigns_campaign AS c
    JOIN unnest(%(shops)s::bigint[], %(codes)s::text[]) AS given (shop_id, code)
      ON given.shop_id = c.shop_id AND given.code = c.code
    ORDER BY c.id FOR NO KEY UPDATE OF c""",
    row=CampaignRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


# Only what says something new: the same words again touch no row.
REWRITE = Statement(
    f"""
    UPDATE campaigns_campaign AS c
    SET name = g.name, theme = g.theme, starts_at = g.starts_at, ends_at = g.ends_at,
        goal_sales_minor = g.goal_sales_minor, goal_new_customers = g.goal_new_customers,
        expected_visitors = g.expected_visitors, expected_conversion_bp = g.expected_conversion_bp, force = g.force,
        audience = g.audience, channels = g.channels, materials = g.materials, risks = g.risks,
        saved_at = %(now)s::timestamptz, saved_by = %(actor_id)s::bigint
    FROM json_to_recordset(%(plans)s::json) AS g {_PLAN}
    WHERE c.shop_id = g.shop_id AND c.code = g.code AND c.state IN ('idea', 'planned')
      AND (c.name, c.theme, c.starts_at, c.ends_at, c.goal_sales_minor, c.goal_new_customers, c.expected_visitors,
           c.expected_conversion_bp, c.force, c.audience, c.channels::text[], c.materials, c.risks)
          IS DISTINCT FROM
          (g.name, g.theme, g.starts_at, g.ends_at, g.goal_sales_minor, g.goal_new_customers, g.expected_visitors,
           g.expected_conversion_bp, g.force, g.audience, g.channels, g.materials, g.risks)
    RETURNING c.id""",
    row=IdRow,
)

DROP_GOODS = Statement(
    """
    DELETE FROM campaigns_campaigngoods AS o
    WHERE o.campaign_id = ANY(%(campaigns)s::bigint[]) AND NOT EXISTS (
        SELECT FROM unnest(%(owners)s::bigint[], %(skus)s::bigint[]) AS g (campaign_id, sku_id)
        WHERE g.campaign_id = o.campaign_id AND g.sku_id = o.sku_id)
    RETURNING o.campaign_id AS id""",
    row=IdRow,
)

PUT_GOODS = Statement(
    """
    INSERT INTO campaigns_campaigngoods AS o (campaign_id, sku_id, planned_quantity, price_minor)
    SELECT campaign_id, sku_id, pieces, price
    FROM unnest(%(owners)s::bigint[], %(skus)s::bigint[], %(pieces)s::int[], %(prices)s::bigint[])
         AS g (campaign_id, sku_id, pieces, price)
    ON CONFLICT (campaign_id, sku_id) DO UPDATE
        SET planned_quantity = excluded.planned_quantity, price_minor = excluded.price_minor
        WHERE (o.planned_quantity, o.price_minor) IS DISTINCT FROM (excluded.planned_quantity, excluded.price_minor)
    RETURNING campaign_id AS id""",
    row=IdRow,
)

DROP_RULES = Statement(
    """
    DELETE FROM campaigns_campaignrule AS o
    WHERE o.campaign_id = ANY(%(campaigns)s::bigint[]) AND NOT EXISTS (
        SELECT FROM unnest(%(owners)s::bigint[], %(rules)s::bigint[]) AS g (campaign_id, rule_id)
        WHERE g.campaign_id = o.campaign_id AND g.rule_id = o.rule_id)
    RETURNING o.campaign_id AS id""",
    row=IdRow,
)

PUT_RULES = Statement(
    """
    INSERT INTO campaigns_campaignrule (campaign_id, rule_id)
    SELECT campaign_id, rule_id FROM unnest(%(owners)s::bigint[], %(rules)s::bigint[]) AS g (campaign_id, rule_id)
    ON CONFLICT (campaign_id, rule_id) DO NOTHING
    RETURNING campaign_id AS id""",
    row=IdRow,
)

DROP_SEGMENTS = Statement(
    """
    DELETE FROM campaigns_campaignsegment AS o
    WHERE o.campaign_id = ANY(%(campaigns)s::bigint[]) AND NOT EXISTS (
        SELECT FROM unnest(%(owners)s::bigint[], %(segments)s::bigint[]) AS g (campaign_id, segment_id)
        WHERE g.campaign_id = o.campaign_id AND g.segment_id = o.segment_id)
    RETURNING o.campaign_id AS id""",
    row=IdRow,
)

PUT_SEGMENTS = Statement(
    """
    INSERT INTO campaigns_campaignsegment (campaign_id, segment_id)
    SELECT campaign_id, segment_id
    FROM unnest(%(owners)s::bigint[], %(segments)s::bigint[]) AS g (campaign_id, segment_id)
    ON CONFLICT (campaign_id, segment_id) DO NOTHING
    RETURNING campaign_id AS id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Something a plan names; `shop_id` None where it holds in every shop."""

    kind: str
    id: int
    shop_id: int | None
    currency: str


# What plans name: shops and SKUs with their currency, rules and segments with their shop.
KNOWN = Statement(
    """
    SELECT 'sku', id, NULL::bigint, currency FROM listing_sku
    WHERE id = ANY(%(skus)s::bigint[]) AND NOT is_delisted
    UNION ALL SELECT 'shop', id, id, currency FROM foundation_shop WHERE id = ANY(%(shops)s::bigint[])
    UNION ALL SELECT 'rule', id, shop_id, '' FROM promotions_rule WHERE id = ANY(%(rules)s::bigint[])
    UNION ALL SELECT 'segment', id, shop_id, '' FROM campaigns_segment
    WHERE id = ANY(%(segments)s::bigint[]) AND NOT is_retired
    ORDER BY 1, 2""",
    row=KnownRow,
)


@dataclass(frozen=True, slots=True)
class WholeRow:
    """How much of a plan is there: what a submission is judged by."""

    id: int
    theme: bool
    goal: bool
    conversion: bool
    force: bool
    goods: bool
    audience: bool
    channels: bool
    budget: bool
    risks: bool


WHOLE = Statement(
    """
    SELECT c.id, c.theme <> '', c.goal_sales_minor > 0, c.expected_visitors > 0 AND c.expected_conversion_bp > 0,
           c.force <> '' OR EXISTS (SELECT FROM campaigns_campaignrule AS r WHERE r.campaign_id = c.id),
           EXISTS (SELECT FROM campaigns_campaigngoods AS o WHERE o.campaign_id = c.id),
           c.audience <> '' OR EXISTS (SELECT FROM campaigns_campaignsegment AS s WHERE s.campaign_id = c.id),
           cardinality(c.channels) > 0,
           EXISTS (SELECT FROM campaigns_budgetitem AS b WHERE b.campaign_id = c.id), c.risks <> ''
    FROM campaigns_campaign AS c WHERE c.id = ANY(%(campaigns)s::bigint[]) ORDER BY c.id""",
    row=WholeRow,
)

NOTE_DUE: Statement[NoRow] = Statement("""
    UPDATE campaigns_campaign AS c SET due_at = g.due_at
    FROM unnest(%(campaigns)s::bigint[], %(dues)s::timestamptz[]) AS g (id, due_at) WHERE c.id = g.id""")

# Goods, promotions, segments and money are as much of the plan as its words: who writes them does not approve it.
NOTE_SAVED: Statement[NoRow] = Statement("""
    UPDATE campaigns_campaign SET saved_at = %(now)s::timestamptz, saved_by = %(actor_id)s::bigint
    WHERE id = ANY(%(campaigns)s::bigint[]) AND state IN ('idea', 'planned')""")

NOTE_SUBMITTED: Statement[NoRow] = Statement("""
    UPDATE campaigns_campaign
    SET submitted_at = %(now)s::timestamptz, submitted_by = %(actor_id)s::bigint, decided_at = NULL, decided_by = NULL,
        decision_reason = ''
    WHERE id = ANY(%(campaigns)s::bigint[]) AND state = 'planned'""")

NOTE_DECIDED: Statement[NoRow] = Statement("""
    UPDATE campaigns_campaign AS c
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor_id)s::bigint, decision_reason = g.reason
    FROM unnest(%(campaigns)s::bigint[], %(reasons)s::text[]) AS g (id, reason)
    WHERE c.id = g.id AND c.state IN ('in_review', 'approved')""")

NOTE_LAUNCHED: Statement[NoRow] = Statement("""
    UPDATE campaigns_campaign
    SET launched_at = %(now)s::timestamptz, launched_by = %(actor_id)s::bigint, due_at = NULL
    WHERE id = ANY(%(campaigns)s::bigint[]) AND state = 'approved'""")

NOTE_ENDED: Statement[NoRow] = Statement("""
    UPDATE campaigns_campaign AS c
    SET ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint, end_reason = g.reason, due_at = NULL
    FROM unnest(%(campaigns)s::bigint[], %(reasons)s::text[]) AS g (id, reason)
    WHERE c.id = g.id AND c.state NOT IN ('ended', 'reviewed', 'cancelled')""")

NOTE_TEMPLATE = Statement(
    """
    UPDATE campaigns_campaign SET is_template = true
    WHERE id = ANY(%(campaigns)s::bigint[]) AND state IN ('ended', 'reviewed') AND NOT is_template
    RETURNING id""",
    row=IdRow,
)
