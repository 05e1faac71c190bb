"""Statements of alerts: the hours they are judged by, what stands open, opening, lifting and answering."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class HourRow:
    campaign_id: int
    shop_id: int
    hour: datetime
    buyers: int
    shop_buyers: int
    orders: int
    pieces: int
    stock_left: int
    benchmark_bp: int | None
    benchmark_name: str


# The last closed hours of campaigns, newest first.
RECENT = Statement(
    """
    SELECT r.campaign_id, r.shop_id, r.hour, r.buyers, r.shop_buyers, r.orders, r.pieces, r.stock_left,
           r.benchmark_bp, r.benchmark_name
    FROM unnest(%(campaigns)s::bigint[]) AS g (campaign_id)
    CROSS JOIN LATERAL (
        SELECT * FROM watch_hourreading AS one WHERE one.campaign_id = g.campaign_id
        ORDER BY one.hour DESC LIMIT %(most)s::int
    ) AS r ORDER BY r.campaign_id, r.hour DESC""",
    row=HourRow,
)


@dataclass(frozen=True, slots=True)
class StockRow:
    campaign_id: int
    hour: datetime
    sku_id: int
    code: str
    sold: int
    left: int


RECENT_STOCKS = Statement(
    """
    SELECT r.campaign_id, r.hour, s.sku_id, k.code, s.sold, s."left"
    FROM unnest(%(campaigns)s::bigint[]) AS g (campaign_id)
    CROSS JOIN LATERAL (
        SELECT one.id, one.campaign_id, one.hour FROM watch_hourreading AS one WHERE one.campaign_id = g.campaign_id
        ORDER BY one.hour DESC LIMIT %(most)s::int
    ) AS r
    JOIN watch_hourstock AS s ON s.reading_id = r.id JOIN listing_sku AS k ON k.id = s.sku_id
    ORDER BY r.campaign_id, s.sku_id, r.hour DESC""",
    row=StockRow,
)


@dataclass(frozen=True, slots=True)
class LatestRow:
    id: int
    campaign_id: int
    kind: str
    sku_id: int | None
    state: str
    state_at: datetime


# The newest alert of each kind and SKU.
LATEST = Statement(
    """
    SELECT DISTINCT ON (campaign_id, kind, sku_id) id, campaign_id, kind, sku_id, state, state_at
    FROM watch_alert WHERE campaign_id = ANY(%(campaigns)s::bigint[])
    ORDER BY campaign_id, kind, sku_id, id DESC""",
    row=LatestRow,
)


@dataclass(frozen=True, slots=True)
class ProvidedRow:
    """A SKU that is seen to: pieces promised for a moment, or sold ahead."""

    campaign_id: int
    sku_id: int
    arrives_at: datetime | None
    presale: str


PROVIDED = Statement(
    """
    SELECT coalesce(c.campaign_id, p.campaign_id), coalesce(c.sku_id, p.sku_id), c.arrives_at, coalesce(p.state, '')
    FROM (SELECT campaign_id, sku_id, arrives_at FROM watch_restockcall
          WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state = 'promised') AS c
    FULL JOIN (SELECT campaign_id, sku_id, state FROM watch_presale
               WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state IN ('proposed', 'on')) AS p
      ON p.campaign_id = c.campaign_id AND p.sku_id = c.sku_id""",
    row=ProvidedRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    campaign_id: int
    shop_id: int
    kind: str
    sku_id: int | None
    due_at: datetime


OPEN = Statement(
    """
    INSERT INTO watch_alert (campaign_id, shop_id, kind, sku_id, state, state_at, hour, opened_at, due_at, facts,
                             reason)
    SELECT campaign_id, shop_id, kind, sku_id, 'open', %(now)s::timestamptz, hour, %(now)s::timestamptz, due_at, facts,
           ''
    FROM json_to_recordset(%(alerts)s::json)
         AS g (campaign_id bigint, shop_id bigint, kind text, sku_id bigint, hour timestamptz, due_at timestamptz,
               facts jsonb)
    ORDER BY campaign_id, kind, sku_id
    ON CONFLICT (campaign_id, kind, sku_id) WHERE state = 'open' DO NOTHING
    RETURNING id, campaign_id, shop_id, kind, sku_id, due_at""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class AlertRow:
    id: int
    campaign_id: int
    shop_id: int
    code: str
    kind: str
    sku_id: int | None
    sku_code: str
    state: str
    facts: str
    opened_at: datetime
    ends_at: datetime
    is_live: bool


LOCK = Statement(
    """
    SELECT a.id, a.campaign_id, a.shop_id, c.code, a.kind, a.sku_id, coalesce(k.code, ''), a.state, a.facts::text,
           a.opened_at, least(c.ended_at, c.ends_at), c.state = 'live'
    FROM watch_alert AS a JOIN campaigns_campaign AS c ON c.id = a.campaign_id
    LEFT JOIN listing_sku AS k ON k.id = a.sku_id
    WHERE a.id = ANY(%(ids)s::bigint[]) ORDER BY a.id FOR UPDATE OF a""",
    row=AlertRow,
)

ANSWER: Statement[NoRow] = Statement("""
    UPDATE watch_alert AS a
    SET answered_at = %(now)s::timestamptz, answered_by = %(actor_id)s::bigint, reason = g.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS g (id, reason)
    WHERE a.id = g.id AND a.answered_at IS NULL""")


@dataclass(frozen=True, slots=True)
class OpenRow:
    id: int
    campaign_id: int
    shop_id: int


OPEN_OF = Statement(
    """
    SELECT id, campaign_id, shop_id FROM watch_alert
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state = 'open' ORDER BY id""",
    row=OpenRow,
)


@dataclass(frozen=True, slots=True)
class ActedRow:
    id: int
    alert_id: int
    kind: str


ACTIONS_OF = Statement(
    "SELECT id, alert_id, kind FROM watch_action WHERE alert_id = ANY(%(alerts)s::bigint[]) ORDER BY id",
    row=ActedRow,
)

ACT = Statement(
    """
    INSERT INTO watch_action (alert_id, campaign_id, shop_id, kind, note, reference, taken_at, taken_by, before)
    SELECT alert_id, campaign_id, shop_id, kind, note, reference, %(now)s::timestamptz, %(actor_id)s::bigint, before
    FROM json_to_recordset(%(actions)s::json)
         AS g (alert_id bigint, campaign_id bigint, shop_id bigint, kind text, note text, reference bigint,
               before jsonb)
    ORDER BY alert_id, kind ON CONFLICT (alert_id, kind) DO NOTHING
    RETURNING id, alert_id, kind""",
    row=ActedRow,
)


@dataclass(frozen=True, slots=True)
class ToMeasureRow:
    id: int
    campaign_id: int
    shop_id: int
    code: str
    sku_id: int | None
    taken_at: datetime
    has_one: bool
    has_three: bool


LOCK_ACTIONS = Statement(
    """
    SELECT a.id, a.campaign_id, a.shop_id, c.code, t.sku_id, a.taken_at, a.after_one IS NOT NULL,
           a.after_three IS NOT NULL
    FROM watch_action AS a JOIN watch_alert AS t ON t.id = a.alert_id
    JOIN campaigns_campaign AS c ON c.id = a.campaign_id
    WHERE a.id = ANY(%(ids)s::bigint[]) ORDER BY a.id FOR UPDATE OF a""",
    row=ToMeasureRow,
)

# Actions whose figures before or after take in one of these hours.
LOCK_AROUND = Statement(
    """
    SELECT a.id, a.campaign_id, a.shop_id, c.code, t.sku_id, a.taken_at, a.after_one IS NOT NULL,
           a.after_three IS NOT NULL
    FROM watch_action AS a JOIN watch_alert AS t ON t.id = a.alert_id
    JOIN campaigns_campaign AS c ON c.id = a.campaign_id
    WHERE EXISTS (
        SELECT FROM unnest(%(campaigns)s::bigint[], %(hours)s::timestamptz[]) AS g (campaign_id, hour)
        WHERE g.campaign_id = a.campaign_id AND a.taken_at > g.hour - make_interval(hours => %(most)s::int)
          AND a.taken_at < g.hour + make_interval(hours => %(most)s::int + 1))
    ORDER BY a.id FOR UPDATE OF a""",
    row=ToMeasureRow,
)

# What was not measured yet is left to its time.
REMEASURE: Statement[NoRow] = Statement("""
    UPDATE watch_action AS a
    SET before = g.before, after_one = CASE WHEN a.after_one IS NOT NULL THEN g.one END,
        after_three = CASE WHEN a.after_three IS NOT NULL THEN g.three END
    FROM json_to_recordset(%(effects)s::json) AS g (id bigint, before jsonb, one jsonb, three jsonb)
    WHERE a.id = g.id AND (a.before IS DISTINCT FROM g.before
       OR (a.after_one IS NOT NULL AND a.after_one IS DISTINCT FROM g.one)
       OR (a.after_three IS NOT NULL AND a.after_three IS DISTINCT FROM g.three))""")

MEASURE: Statement[NoRow] = Statement("""
    UPDATE watch_action AS a
    SET after_one = coalesce(a.after_one, g.one), after_three = coalesce(a.after_three, g.three)
    FROM json_to_recordset(%(effects)s::json) AS g (id bigint, one jsonb, three jsonb)
    WHERE a.id = g.id""")


@dataclass(frozen=True, slots=True)
class SpanHourRow:
    """One closed hour of a span, as effects are measured by it; of one SKU where the span names it."""

    n: int
    campaign_id: int
    shop_id: int
    hour: datetime
    buyers: int
    shop_buyers: int
    orders: int
    sold: int
    left: int


SPAN_HOURS = Statement(
    """
    SELECT g.n, r.campaign_id, r.shop_id, r.hour, r.buyers, r.shop_buyers, r.orders, coalesce(s.sold, r.pieces),
           coalesce(s."left", r.stock_left)
    FROM json_to_recordset(%(spans)s::json)
         AS g (n int, campaign_id bigint, sku_id bigint, since timestamptz, until timestamptz)
    JOIN watch_hourreading AS r ON r.campaign_id = g.campaign_id AND r.hour >= g.since AND r.hour < g.until
    LEFT JOIN watch_hourstock AS s ON s.reading_id = r.id AND s.sku_id = g.sku_id
    ORDER BY g.n, r.hour""",
    row=SpanHourRow,
)


@dataclass(frozen=True, slots=True)
class BudgetItemRow:
    id: int
    campaign_id: int


BUDGET_ITEMS = Statement(
    "SELECT id, campaign_id FROM campaigns_budgetitem WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id",
    row=BudgetItemRow,
)
