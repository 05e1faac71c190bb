"""Statements of data quality: how fresh, how complete, how much at odds each source of each shop is."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One imported source of a shop."""

    shop_id: int
    source: str
    last_day: date | None
    last_at: datetime | None
    asked: int
    delivered: int
    late: int
    excused: int
    flags: int


IMPORTED = Statement(
    """
    SELECT f.shop_id, f.source, s.last_day, s.last_at, d.asked, d.delivered, d.late, d.excused, r.flags
    FROM collection_figuresource AS f
    LEFT JOIN LATERAL (
        SELECT max(starts_on) AS last_day, max(taken_in_at) AS last_at FROM collection_figureset
        WHERE shop_id = f.shop_id AND source = f.source AND breakdown = 'shop' AND period = 'day'
          AND replaced_at IS NULL) AS s ON true
    LEFT JOIN LATERAL (
        SELECT count(*)::int AS asked, (count(*) FILTER (WHERE state = 'delivered'))::int AS delivered,
               (count(*) FILTER (WHERE delivered_at > due_at))::int AS late,
               (count(*) FILTER (WHERE state = 'excused'))::int AS excused
        FROM collection_delivery WHERE figure_source_id = f.id AND day >= %(since)s::date) AS d ON true
    LEFT JOIN LATERAL (
        SELECT count(*)::int AS flags FROM collection_ratioflag AS g
        JOIN collection_figureset AS t ON t.id = g.figure_set_id
        WHERE t.shop_id = f.shop_id AND t.source = f.source AND t.replaced_at IS NULL
          AND t.starts_on >= %(since)s::date) AS r ON true
    WHERE f.retired_at IS NULL AND f.shop_id = ANY(%(shops)s::bigint[]) ORDER BY f.shop_id, f.source""",
    row=ImportedRow,
)


@dataclass(frozen=True, slots=True)
class CollectedRow:
    """A shop's collector: its newest minute, and over the span how many hours had anything and what was left out."""

    shop_id: int
    opened_at: datetime
    last_at: datetime | None
    hours: int
    events: int
    bots: int
    duplicates: int


COLLECTED = Statement(
    """
    SELECT k.shop_id, k.opened_at, max(c.minute) AS last_at, count(DISTINCT date_trunc('hour', c.minute))::int AS hours,
           coalesce(sum(c.value) FILTER (WHERE c.figure NOT IN ('bots', 'duplicates')), 0)::bigint AS events,
           coalesce(sum(c.value) FILTER (WHERE c.figure = 'bots'), 0)::bigint AS bots,
           coalesce(sum(c.value) FILTER (WHERE c.figure = 'duplicates'), 0)::bigint AS duplicates
    FROM collection_collectorkey AS k
    LEFT JOIN collection_minutecounter AS c ON c.shop_id = k.shop_id AND c.minute >= %(since)s::timestamptz
    WHERE k.is_open AND k.shop_id = ANY(%(shops)s::bigint[]) GROUP BY k.shop_id, k.opened_at ORDER BY k.shop_id""",
    row=CollectedRow,
)


@dataclass(frozen=True, slots=True)
class OrdersRow:
    """A shop's own orders: when one was last taken in."""

    shop_id: int
    last_at: datetime | None


OWN_ORDERS = Statement(
    """
    SELECT s.id AS shop_id,
           (SELECT o.taken_in_at FROM intake_order AS o WHERE o.shop_id = s.id ORDER BY o.placed_at DESC, o.id DESC
            LIMIT 1) AS last_at
    FROM foundation_shop AS s WHERE s.id = ANY(%(shops)s::bigint[]) ORDER BY s.id""",
    row=OrdersRow,
)


@dataclass(frozen=True, slots=True)
class AtOddsRow:
    shop_id: int
    source: str
    open: int
    answered: int


AT_ODDS = Statement(
    """
    SELECT shop_id, other_source AS source, (count(*) FILTER (WHERE state = 'open'))::int AS open,
           (count(*) FILTER (WHERE state = 'answered'))::int AS answered
    FROM collection_disagreement WHERE shop_id = ANY(%(shops)s::bigint[]) AND day >= %(since)s::date
    GROUP BY shop_id, other_source ORDER BY shop_id, other_source""",
    row=AtOddsRow,
)
