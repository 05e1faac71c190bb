"""Statements of day sheets: what a signature looks at."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A day's sheet; `next_hour` is the first hour of the campaign that is not closed, None once all are."""

    id: int
    campaign_id: int
    shop_id: int
    day: date
    state: str
    zone: str
    next_hour: datetime | None


LOCK = Statement(
    """
    SELECT d.id, d.campaign_id, d.shop_id, d.day, d.state, s.zone, CASE WHEN w.ended_at IS NULL THEN w.next_hour END
    FROM watch_daysheet AS d JOIN foundation_shop AS s ON s.id = d.shop_id
    JOIN watch_watch AS w ON w.campaign_id = d.campaign_id
    WHERE d.id = ANY(%(ids)s::bigint[]) ORDER BY d.id FOR UPDATE OF d""",
    row=SheetRow,
)


@dataclass(frozen=True, slots=True)
class HourRow:
    sheet_id: int
    reading_id: int
    hour: datetime
    orders: int
    buyers: int
    new_customers: int
    pieces: int
    paid_minor: int
    stock_left: int


HOURS = Statement(
    """
    SELECT r.sheet_id, r.id, r.hour, r.orders, r.buyers, r.new_customers, r.pieces, r.paid_minor, r.stock_left
    FROM watch_hourreading AS r WHERE r.sheet_id = ANY(%(ids)s::bigint[]) ORDER BY r.sheet_id, r.hour""",
    row=HourRow,
)

SIGN: Statement[NoRow] = Statement("""
    UPDATE watch_daysheet AS d
    SET signed_at = %(now)s::timestamptz, signed_by = %(actor_id)s::bigint, reason = g.reason, totals = g.totals
    FROM json_to_recordset(%(sheets)s::json) AS g (id bigint, reason text, totals jsonb)
    WHERE d.id = g.id""")


@dataclass(frozen=True, slots=True)
class SheetId:
    id: int


UNSIGNED_OF = Statement(
    "SELECT id FROM watch_daysheet WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND state <> 'signed' ORDER BY id",
    row=SheetId,
)
