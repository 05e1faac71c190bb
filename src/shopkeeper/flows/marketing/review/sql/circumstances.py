"""What stood around a campaign: its plan, budget, coupons, alerts, mailings, and what was changed while it ran."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign that may be over; it ran from its launch, not before its planned start, to its end."""

    id: int
    shop_id: int
    zone: str
    code: str
    name: str
    state: str
    currency: str
    since: datetime
    until: datetime
    goal_sales_minor: int
    goal_new_customers: int
    expected_visitors: int
    expected_conversion_bp: int


CAMPAIGNS = Statement(
    """
    SELECT c.id, c.shop_id, s.zone, c.code, c.name, c.state, c.currency,
           least(greatest(c.starts_at, coalesce(c.launched_at, c.starts_at)), c.ends_at),
           least(c.ends_at, coalesce(c.ended_at, c.ends_at)), c.goal_sales_minor, c.goal_new_customers,
           c.expected_visitors, c.expected_conversion_bp
    FROM campaigns_campaign AS c JOIN foundation_shop AS s ON s.id = c.shop_id
    WHERE c.id = ANY(%(campaigns)s::bigint[]) ORDER BY c.id""",
    row=CampaignRow,
)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    campaign_id: int
    kind: str
    planned_minor: int
    spent_minor: int


BUDGETS = Statement(
    """
    SELECT campaign_id, kind, sum(planned_minor + raised_minor)::bigint, sum(spent_minor)::bigint
    FROM campaigns_budgetitem WHERE campaign_id = ANY(%(campaigns)s::bigint[])
    GROUP BY campaign_id, kind ORDER BY campaign_id, sum(spent_minor) DESC, kind""",
    row=BudgetRow,
)


@dataclass(frozen=True, slots=True)
class CouponRow:
    campaign_id: int
    code: str
    name: str
    total: int
    claimed: int
    used: int
    expired: int
    discount_minor: int
    paid_minor: int


COUPONS = Statement(
    """
    SELECT c.campaign_id, b.code, b.name, b.total, b.claimed, b.used,
           (SELECT count(*) FROM promotions_coupon AS x WHERE x.batch_id = b.id AND x.state = 'expired')::int,
           uses.discount_minor::bigint, uses.paid_minor::bigint
    FROM campaigns_campaignrule AS c JOIN promotions_couponbatch AS b ON b.rule_id = c.rule_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(u.amount_minor), 0) AS discount_minor, coalesce(sum(p.payable_minor), 0) AS paid_minor
        FROM promotions_usage AS u
        JOIN promotions_orderpricing AS p ON p.id = u.pricing_id AND p.state = 'confirmed'
        WHERE u.rule_id = b.rule_id AND u.is_live AND EXISTS (
            SELECT FROM promotions_coupon AS x WHERE x.id = ANY(p.coupon_ids) AND x.batch_id = b.id)
    ) AS uses
    WHERE c.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY c.campaign_id, b.id""",
    row=CouponRow,
)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A promotion of the campaign that was put out, paused or ended while it ran; or a budget that was raised."""

    campaign_id: int
    at: datetime
    kind: str
    about: str
    became: str


CHANGES = Statement(
    """
    WITH given AS (
        SELECT * FROM unnest(%(campaigns)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
               AS g (campaign_id, since, until)
    )
    SELECT g.campaign_id, m.occurred_at, 'promotion' AS kind, r.code || ' ' || v.name, m.became
    FROM given AS g JOIN campaigns_campaignrule AS c ON c.campaign_id = g.campaign_id
    JOIN promotions_rule AS r ON r.id = c.rule_id JOIN promotions_version AS v ON v.rule_id = r.id
    JOIN foundation_statechange AS m ON m.table_name = 'promotions_version' AND m.row_id = v.id
     AND m.occurred_at > g.since AND m.occurred_at < g.until AND m.became IN ('published', 'paused', 'ended')
    UNION ALL
    SELECT g.campaign_id, w.state_at, 'budget', i.kind, w.amount_minor::text
    FROM given AS g JOIN campaigns_budgetitem AS i ON i.campaign_id = g.campaign_id
    JOIN campaigns_budgetraise AS w ON w.item_id = i.id AND w.state = 'approved'
     AND w.state_at > g.since AND w.state_at < g.until
    ORDER BY 1, 2""",
    row=ChangeRow,
)


@dataclass(frozen=True, slots=True)
class MailingRow:
    campaign_id: int
    name: str
    channel: str
    sent: int
    failed: int
    opted_out: int


MAILINGS = Statement(
    """
    SELECT m.campaign_id, m.name, m.channel,
           count(*) FILTER (WHERE r.state IN ('accepted', 'delivered', 'bounced'))::int,
           count(*) FILTER (WHERE r.state IN ('failed', 'bounced'))::int,
           count(r.opted_out_at)::int
    FROM outreach_mailing AS m LEFT JOIN outreach_recipient AS r ON r.mailing_id = m.id
    WHERE m.campaign_id = ANY(%(campaigns)s::bigint[]) AND m.started_at IS NOT NULL
    GROUP BY m.id ORDER BY m.campaign_id, m.id""",
    row=MailingRow,
)
