"""Statements on the report of numbers to platforms and on the notice that follows from it."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

ASK: Statement[NoRow] = Statement("""
    INSERT INTO parcels_shipback
        (parcel_id, shop_id, state, state_at, attempts, asked_at, due_at, last_error, is_repeat)
    SELECT id, shop_id, 'pending', %(now)s::timestamptz, 0, %(now)s::timestamptz, due_at, '', false
    FROM unnest(%(ids)s::bigint[], %(shops)s::bigint[], %(dues)s::timestamptz[]) AS g (id, shop_id, due_at)
    ORDER BY id
    ON CONFLICT (parcel_id) DO NOTHING""")


@dataclass(frozen=True, slots=True)
class ShipBackRow:
    id: int
    parcel_id: int
    order_id: int
    shop_id: int
    state: str
    attempts: int
    due_at: datetime


LOCK: Statement[NoRow] = Statement("""
    SELECT id FROM parcels_shipback WHERE parcel_id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""")

READ = Statement(
    """
    SELECT b.id, b.parcel_id, p.order_id, b.shop_id, b.state, b.attempts, b.due_at
    FROM parcels_shipback AS b JOIN parcels_parcel AS p ON p.id = b.parcel_id
    WHERE b.parcel_id = ANY(%(ids)s::bigint[]) ORDER BY b.id""",
    row=ShipBackRow,
)

TRIED: Statement[NoRow] = Statement("""
    UPDATE parcels_shipback AS b
    SET attempts = attempts + 1, last_tried_at = %(now)s::timestamptz, last_error = g.error,
        acknowledged_at = CASE WHEN g.acknowledged THEN %(now)s::timestamptz END, is_repeat = g.is_repeat
    FROM unnest(%(ids)s::bigint[], %(errors)s::text[], %(acknowledged)s::boolean[], %(repeats)s::boolean[])
         AS g (parcel_id, error, acknowledged, is_repeat)
    WHERE b.parcel_id = g.parcel_id AND b.state <> 'acknowledged'""")


@dataclass(frozen=True, slots=True)
class NotedRow:
    parcel_id: int


NOTE = Statement(
    """
    INSERT INTO parcels_notice (parcel_id, via, evidence, sent_at)
    SELECT parcel_id, 'platform', evidence, %(now)s::timestamptz
    FROM unnest(%(ids)s::bigint[], %(evidence)s::text[]) AS g (parcel_id, evidence) ORDER BY parcel_id
    ON CONFLICT (parcel_id) DO NOTHING RETURNING parcel_id""",
    row=NotedRow,
)


@dataclass(frozen=True, slots=True)
class ShipBackJob:
    """What the performer needs to tell a platform about one parcel."""

    parcel_id: int
    shop_id: int
    platform: str
    platform_no: str
    state: str
    courier: str
    number: str | None
    line_nos: list[str]


JOBS = Statement(
    """
    SELECT b.parcel_id, b.shop_id, s.platform, o.platform_no, b.state, p.courier, p.number,
           ARRAY(SELECT l.platform_line_no::text FROM intake_orderline AS l
                 WHERE l.order_id = p.order_id AND l.id = ANY(p.line_ids) ORDER BY l.id) AS line_nos
    FROM parcels_shipback AS b
    JOIN parcels_parcel AS p ON p.id = b.parcel_id
    JOIN intake_order AS o ON o.id = p.order_id
    JOIN foundation_shop AS s ON s.id = b.shop_id
    WHERE b.parcel_id = ANY(%(ids)s::bigint[])""",
    row=ShipBackJob,
)
