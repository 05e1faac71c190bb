"""Statements that close hours: watches, day sheets, and our own facts of an hour over a campaign's goods."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CampaignRow:
    campaign_id: int
    shop_id: int
    code: str
    starts_at: datetime
    ends_at: datetime


LIVE = Statement(
    """
    SELECT c.id, c.shop_id, c.code, c.starts_at, least(c.ended_at, c.ends_at)
    FROM campaigns_campaign AS c
    WHERE c.id = ANY(%(campaigns)s::bigint[]) AND c.state = 'live' ORDER BY c.id""",
    row=CampaignRow,
)


@dataclass(frozen=True, slots=True)
class StartedRow:
    campaign_id: int


START = Statement(
    """
    INSERT INTO watch_watch (campaign_id, shop_id, started_at, next_hour)
    SELECT g.campaign_id, g.shop_id, %(now)s::timestamptz, g.hour
    FROM unnest(%(campaigns)s::bigint[], %(shops)s::bigint[], %(hours)s::timestamptz[])
         AS g (campaign_id, shop_id, hour)
    ORDER BY g.campaign_id ON CONFLICT (campaign_id) DO NOTHING RETURNING campaign_id""",
    row=StartedRow,
)


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A watched campaign: until when, by which target, in which zone its days are."""

    campaign_id: int
    shop_id: int
    code: str
    next_hour: datetime
    is_ended: bool
    starts_at: datetime
    ends_at: datetime
    target_bp: int
    zone: str


LOCK_WATCHES = Statement(
    """
    SELECT w.campaign_id, w.shop_id, c.code, w.next_hour, w.ended_at IS NOT NULL, c.starts_at,
           least(c.ended_at, c.ends_at), c.expected_conversion_bp, s.zone
    FROM watch_watch AS w JOIN campaigns_campaign AS c ON c.id = w.campaign_id
    JOIN foundation_shop AS s ON s.id = w.shop_id
    WHERE w.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY w.campaign_id FOR UPDATE OF w""",
    row=WatchRow,
)

ADVANCE: Statement[NoRow] = Statement("""
    UPDATE watch_watch AS w
    SET next_hour = g.hour, ended_at = CASE WHEN g.is_over THEN %(now)s::timestamptz END
    FROM unnest(%(campaigns)s::bigint[], %(hours)s::timestamptz[], %(over)s::boolean[])
         AS g (campaign_id, hour, is_over)
    WHERE w.campaign_id = g.campaign_id AND w.ended_at IS NULL""")


@dataclass(frozen=True, slots=True)
class SheetRow:
    id: int
    campaign_id: int
    shop_id: int
    day: date
    due_at: datetime
    is_new: bool


ENSURE_SHEETS = Statement(
    """
    WITH given AS (
        SELECT DISTINCT ON (campaign_id, day) * FROM json_to_recordset(%(days)s::json)
             AS g (campaign_id bigint, shop_id bigint, day date, due_at timestamptz)
        ORDER BY campaign_id, day
    ), made AS (
        INSERT INTO watch_daysheet (campaign_id, shop_id, day, state, state_at, due_at, reason, totals)
        SELECT campaign_id, shop_id, day, 'open', %(now)s::timestamptz, due_at, '', '{}' FROM given
        ORDER BY campaign_id, day ON CONFLICT (campaign_id, day) DO NOTHING
        RETURNING id, campaign_id, shop_id, day, due_at
    )
    SELECT id, campaign_id, shop_id, day, due_at, true FROM made
    UNION ALL
    SELECT s.id, s.campaign_id, s.shop_id, s.day, s.due_at, false FROM watch_daysheet AS s
    JOIN given AS g ON g.campaign_id = s.campaign_id AND g.day = s.day""",
    row=SheetRow,
)

_LINES = """
    WITH given AS (
        SELECT * FROM json_to_recordset(%(hours)s::json)
             AS g (campaign_id bigint, shop_id bigint, hour timestamptz, until timestamptz, new_before timestamptz,
                   old_since timestamptz)
    ), lines AS (
        SELECT g.campaign_id, g.hour, g.new_before, g.old_since, o.shop_id, o.id AS order_id, o.subject_id, l.sku_id,
               l.quantity, l.paid_minor, l.is_gift
        FROM given AS g
        JOIN intake_order AS o ON o.shop_id = g.shop_id AND o.paid_at >= g.hour AND o.paid_at < g.until
         AND NOT o.is_history
        JOIN intake_orderline AS l ON l.order_id = o.id
        JOIN campaigns_campaigngoods AS c ON c.campaign_id = g.campaign_id AND c.sku_id = l.sku_id
    )"""


@dataclass(frozen=True, slots=True)
class CountedRow:
    campaign_id: int
    hour: datetime
    orders: int
    buyers: int
    shop_buyers: int
    new_customers: int
    pieces: int
    paid_minor: int


# New is who paid for nothing in the shop in the policy's days before the campaign's first day.
COUNT = Statement(
    f"""{_LINES}, fresh AS (
        SELECT b.campaign_id, b.hour, count(*)::int AS buyers
        FROM (SELECT DISTINCT campaign_id, hour, shop_id, subject_id, new_before, old_since
              FROM lines WHERE NOT is_gift) AS b
        WHERE NOT EXISTS (
            SELECT FROM intake_order AS old
            WHERE old.shop_id = b.shop_id AND old.subject_id = b.subject_id
              AND old.paid_at >= b.old_since AND old.paid_at < b.new_before)
        GROUP BY b.campaign_id, b.hour
    )
    SELECT g.campaign_id, g.hour, count(DISTINCT l.order_id) FILTER (WHERE NOT l.is_gift)::int,
           count(DISTINCT l.subject_id) FILTER (WHERE NOT l.is_gift)::int, (
               SELECT count(DISTINCT o.subject_id)::int FROM intake_order AS o
               WHERE o.shop_id = g.shop_id AND o.paid_at >= g.hour AND o.paid_at < g.until AND NOT o.is_history),
           coalesce(max(f.buyers), 0)::int,
           coalesce(sum(l.quantity), 0)::int, coalesce(sum(l.paid_minor) FILTER (WHERE NOT l.is_gift), 0)::bigint
    FROM given AS g LEFT JOIN lines AS l ON l.campaign_id = g.campaign_id AND l.hour = g.hour
    LEFT JOIN fresh AS f ON f.campaign_id = g.campaign_id AND f.hour = g.hour
    GROUP BY g.campaign_id, g.shop_id, g.hour, g.until ORDER BY g.campaign_id, g.hour""",
    row=CountedRow,
)


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One SKU's hour; `left` is what may still be promised now, in all warehouses."""

    campaign_id: int
    hour: datetime
    sku_id: int
    sold: int
    left: int


GOODS = Statement(
    f"""{_LINES}
    SELECT g.campaign_id, g.hour, c.sku_id,
           coalesce((SELECT sum(l.quantity) FROM lines AS l WHERE l.campaign_id = g.campaign_id AND l.hour = g.hour
                                                              AND l.sku_id = c.sku_id), 0)::int,
           coalesce((SELECT sum(s.on_hand - s.promised) FROM stock_stock AS s WHERE s.sku_id = c.sku_id), 0)::int
    FROM given AS g JOIN campaigns_campaigngoods AS c ON c.campaign_id = g.campaign_id
    ORDER BY g.campaign_id, g.hour, c.sku_id""",
    row=GoodsRow,
)


@dataclass(frozen=True, slots=True)
class ReadingRow:
    id: int
    campaign_id: int
    shop_id: int
    hour: datetime


KEEP_READINGS = Statement(
    """
    INSERT INTO watch_hourreading (campaign_id, shop_id, sheet_id, hour, orders, buyers, shop_buyers, new_customers,
                                   pieces, paid_minor, stock_left, benchmark_bp, benchmark_name, closed_at, counted_at)
    SELECT campaign_id, shop_id, sheet_id, hour, orders, buyers, shop_buyers, new_customers, pieces, paid_minor,
           stock_left, benchmark_bp, benchmark_name, %(now)s::timestamptz, %(now)s::timestamptz
    FROM json_to_recordset(%(readings)s::json)
         AS g (campaign_id bigint, shop_id bigint, sheet_id bigint, hour timestamptz, orders int, buyers int,
               shop_buyers int, new_customers int, pieces int, paid_minor bigint, stock_left int, benchmark_bp int,
               benchmark_name text)
    ORDER BY campaign_id, hour ON CONFLICT (campaign_id, hour) DO NOTHING
    RETURNING id, campaign_id, shop_id, hour""",
    row=ReadingRow,
)

KEEP_STOCKS: Statement[NoRow] = Statement("""
    INSERT INTO watch_hourstock (reading_id, sku_id, sold, "left")
    SELECT reading_id, sku_id, sold, "left" FROM json_to_recordset(%(stocks)s::json)
         AS g (reading_id bigint, sku_id bigint, sold int, "left" int)
    ORDER BY reading_id, sku_id ON CONFLICT (reading_id, sku_id) DO NOTHING""")

# Stock is what stood when the hour closed; only what was sold in it is counted again.
RECOUNT = Statement(
    """
    WITH given AS (
        SELECT * FROM json_to_recordset(%(readings)s::json)
             AS g (campaign_id bigint, hour timestamptz, orders int, buyers int, shop_buyers int,
                   new_customers int, pieces int, paid_minor bigint)
    ), locked AS (
        SELECT r.id FROM watch_hourreading AS r JOIN given AS g ON g.campaign_id = r.campaign_id AND g.hour = r.hour
        ORDER BY r.campaign_id, r.hour FOR UPDATE OF r
    )
    UPDATE watch_hourreading AS r
    SET orders = g.orders, buyers = g.buyers, shop_buyers = g.shop_buyers, new_customers = g.new_customers,
        pieces = g.pieces, paid_minor = g.paid_minor, counted_at = %(now)s::timestamptz
    FROM given AS g, locked AS k
    WHERE r.id = k.id AND g.campaign_id = r.campaign_id AND g.hour = r.hour
      AND (r.orders, r.buyers, r.shop_buyers, r.new_customers, r.pieces, r.paid_minor)
          IS DISTINCT FROM (g.orders, g.buyers, g.shop_buyers, g.new_customers, g.pieces, g.paid_minor)
    RETURNING r.id, r.campaign_id, r.shop_id, r.hour""",
    row=ReadingRow,
)

RECOUNT_STOCKS: Statement[NoRow] = Statement("""
    UPDATE watch_hourstock AS s SET sold = g.sold
    FROM json_to_recordset(%(stocks)s::json) AS g (campaign_id bigint, hour timestamptz, sku_id bigint, sold int)
    JOIN watch_hourreading AS r ON r.campaign_id = g.campaign_id AND r.hour = g.hour
    WHERE s.reading_id = r.id AND s.sku_id = g.sku_id AND s.sold <> g.sold""")


@dataclass(frozen=True, slots=True)
class ToRecountRow:
    campaign_id: int
    hour: datetime


# Closed hours of unsigned days in which one of these orders was paid.
HOURS_OF_ORDERS = Statement(
    """
    SELECT DISTINCT r.campaign_id, r.hour
    FROM intake_order AS o
    JOIN watch_watch AS w ON w.shop_id = o.shop_id AND (w.ended_at IS NULL OR w.ended_at > %(since)s::timestamptz)
    JOIN watch_hourreading AS r ON r.campaign_id = w.campaign_id
     AND r.hour = date_trunc('hour', o.paid_at, 'UTC') AND r.hour > %(since)s::timestamptz
    JOIN watch_daysheet AS d ON d.id = r.sheet_id AND d.state = 'open'
    WHERE o.id = ANY(%(orders)s::bigint[]) AND o.paid_at IS NOT NULL AND NOT o.is_history
      AND o.taken_in_at > %(since)s::timestamptz
    ORDER BY r.campaign_id, r.hour""",
    row=ToRecountRow,
)


# Closed hours that figures of a shop, or of one of its campaigns, belong to.
READINGS_AT = Statement(
    """
    SELECT r.id, r.campaign_id, r.shop_id, r.hour
    FROM json_to_recordset(%(hours)s::json) AS g (shop_id bigint, campaign_id bigint, hour timestamptz)
    JOIN watch_hourreading AS r ON r.shop_id = g.shop_id AND r.hour = g.hour
     AND (g.campaign_id IS NULL OR r.campaign_id = g.campaign_id)
    ORDER BY r.id""",
    row=ReadingRow,
)
