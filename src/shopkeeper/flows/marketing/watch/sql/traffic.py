"""Statements of traffic: an hour's figures from one source, what they were before, and what they are compared with."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement

_KEYS = """
    json_to_recordset(%(keys)s::json) AS g (shop_id bigint, campaign_id bigint, hour timestamptz, source text)"""


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    shop_id: int
    campaign_id: int | None
    hour: datetime
    source: str


MAKE = Statement(
    """
    INSERT INTO watch_traffichour (shop_id, campaign_id, hour, source, exposures, clicks, visitors, digest, entered_at,
                                   entered_by)
    SELECT shop_id, campaign_id, hour, source, exposures, clicks, visitors, digest, %(now)s::timestamptz,
           %(actor_id)s::bigint
    FROM json_to_recordset(%(rows)s::json)
         AS g (shop_id bigint, campaign_id bigint, hour timestamptz, source text, exposures int, clicks int,
               visitors int, digest text)
    ORDER BY shop_id, hour, source, campaign_id
    ON CONFLICT (shop_id, hour, source, campaign_id) DO NOTHING
    RETURNING id, shop_id, campaign_id, hour, source""",
    row=MadeRow,
)


@dataclass(frozen=True, slots=True)
class TrafficRow:
    id: int
    shop_id: int
    campaign_id: int | None
    hour: datetime
    source: str
    exposures: int | None
    clicks: int | None
    visitors: int
    entered_at: datetime
    entered_by: int


_COLUMNS = """t.id, t.shop_id, t.campaign_id, t.hour, t.source, t.exposures, t.clicks, t.visitors, t.entered_at,
           t.entered_by"""

LOCK = Statement(
    f"""
    SELECT {_COLUMNS} FROM {_KEYS}
    JOIN watch_traffichour AS t ON t.shop_id = g.shop_id AND t.hour = g.hour AND t.source = g.source
     AND t.campaign_id IS NOT DISTINCT FROM g.campaign_id
    ORDER BY t.id FOR UPDATE OF t""",
    row=TrafficRow,
)

KEEP_EARLIER: Statement[NoRow] = Statement("""
    INSERT INTO watch_trafficchange (traffic_id, exposures, clicks, visitors, entered_at, entered_by, replaced_at,
                                     replaced_by, reason)
    SELECT t.id, t.exposures, t.clicks, t.visitors, t.entered_at, t.entered_by, %(now)s::timestamptz,
           %(actor_id)s::bigint, g.reason
    FROM json_to_recordset(%(rows)s::json) AS g (id bigint, reason text)
    JOIN watch_traffichour AS t ON t.id = g.id ORDER BY t.id""")

REPLACE: Statement[NoRow] = Statement("""
    UPDATE watch_traffichour AS t
    SET exposures = g.exposures, clicks = g.clicks, visitors = g.visitors, digest = g.digest,
        entered_at = %(now)s::timestamptz, entered_by = %(actor_id)s::bigint
    FROM json_to_recordset(%(rows)s::json)
         AS g (id bigint, exposures int, clicks int, visitors int, digest text)
    WHERE t.id = g.id""")

# Every source of these hours, of the shop and of the campaign.
OF_HOURS = Statement(
    f"""
    SELECT DISTINCT ON (t.id) {_COLUMNS}
    FROM json_to_recordset(%(hours)s::json) AS g (shop_id bigint, campaign_id bigint, hour timestamptz)
    JOIN watch_traffichour AS t ON t.shop_id = g.shop_id AND t.hour = g.hour
     AND (t.campaign_id IS NULL OR t.campaign_id = g.campaign_id)
    ORDER BY t.id""",
    row=TrafficRow,
)


@dataclass(frozen=True, slots=True)
class ShopRow:
    shop_id: int
    campaign_id: int | None
    zone: str


# A campaign counts only where it is the shop's own.
SHOPS = Statement(
    """
    SELECT g.shop_id, c.id, s.zone
    FROM json_to_recordset(%(keys)s::json) AS g (shop_id bigint, campaign_id bigint)
    JOIN foundation_shop AS s ON s.id = g.shop_id
    LEFT JOIN campaigns_campaign AS c ON c.id = g.campaign_id AND c.shop_id = g.shop_id
    WHERE g.campaign_id IS NULL OR c.id IS NOT NULL""",
    row=ShopRow,
)


@dataclass(frozen=True, slots=True)
class SignedRow:
    shop_id: int
    campaign_id: int
    day: date


SIGNED = Statement(
    """
    SELECT d.shop_id, d.campaign_id, d.day FROM watch_daysheet AS d
    WHERE d.state = 'signed' AND d.shop_id = ANY(%(shops)s::bigint[]) AND d.day = ANY(%(days)s::date[])""",
    row=SignedRow,
)


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """A named benchmark as it is in force on a day."""

    shop_id: int
    day: date
    id: int
    name: str
    conversion_bp: int


IN_FORCE = Statement(
    """
    SELECT g.shop_id, g.day, b.id, b.name, b.conversion_bp
    FROM json_to_recordset(%(days)s::json) AS g (shop_id bigint, day date)
    CROSS JOIN LATERAL (
        SELECT b.id, b.name, b.conversion_bp FROM watch_benchmark AS b
        WHERE b.shop_id = g.shop_id AND b.valid_from <= g.day ORDER BY b.valid_from DESC, b.id DESC LIMIT 1
    ) AS b""",
    row=BenchmarkRow,
)


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """The whole shop in one earlier hour: who visited, by the fullest source, and who paid."""

    shop_id: int
    hour: datetime
    visitors: int
    buyers: int


EARLIER = Statement(
    """
    SELECT g.shop_id, g.hour, v.visitors, (
        SELECT count(DISTINCT o.subject_id)::int FROM intake_order AS o
        WHERE o.shop_id = g.shop_id AND o.paid_at >= v.hour AND o.paid_at < v.hour + interval '1 hour')
    FROM json_to_recordset(%(hours)s::json) AS g (shop_id bigint, hour timestamptz, weeks int)
    CROSS JOIN LATERAL (
        SELECT t.hour, max(t.visitors) AS visitors FROM watch_traffichour AS t
        WHERE t.shop_id = g.shop_id AND t.campaign_id IS NULL AND t.visitors > 0
          AND t.hour IN (SELECT g.hour - n * interval '7 days' FROM generate_series(1, g.weeks) AS n)
        GROUP BY t.hour
    ) AS v
    ORDER BY g.shop_id, g.hour, v.hour""",
    row=EarlierRow,
)
