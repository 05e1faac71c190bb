"""Statements of awaited figures: sources of shops, and each day's delivery."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A shop's source with the last day that was asked for."""

    id: int
    shop_id: int
    source: str
    shop: str
    zone: str
    since_on: date
    is_retired: bool
    last_day: date | None


SOURCES = Statement(
    """
    SELECT f.id, f.shop_id, f.source, s.name AS shop, s.zone, f.since_on, f.retired_at IS NOT NULL AS is_retired,
           (SELECT max(d.day) FROM collection_delivery AS d WHERE d.figure_source_id = f.id) AS last_day
    FROM collection_figuresource AS f JOIN foundation_shop AS s ON s.id = f.shop_id
    WHERE f.id = ANY(%(ids)s::bigint[]) ORDER BY f.id FOR UPDATE OF f""",
    row=SourceRow,
)


@dataclass(frozen=True, slots=True)
class KeptRow:
    id: int
    shop_id: int
    source: str
    is_retired: bool


SOURCES_OF = Statement(
    """
    SELECT f.id, f.shop_id, f.source, f.retired_at IS NOT NULL AS is_retired FROM collection_figuresource AS f
    JOIN unnest(%(shops)s::bigint[], %(sources)s::text[]) AS g (shop_id, source)
        ON g.shop_id = f.shop_id AND g.source = f.source
    ORDER BY f.id FOR UPDATE OF f""",
    row=KeptRow,
)


@dataclass(frozen=True, slots=True)
class ShopRow:
    id: int
    name: str
    zone: str


SHOPS = Statement(
    "SELECT id, name, zone FROM foundation_shop WHERE id = ANY(%(shops)s::bigint[]) ORDER BY id", row=ShopRow
)


@dataclass(frozen=True, slots=True)
class AddedRow:
    id: int
    shop_id: int
    source: str


ADD_SOURCES = Statement(
    """
    INSERT INTO collection_figuresource (shop_id, source, since_on, added_at)
    SELECT shop_id, source, since_on, %(now)s::timestamptz
    FROM unnest(%(shops)s::bigint[], %(sources)s::text[], %(sinces)s::date[]) AS given (shop_id, source, since_on)
    ORDER BY shop_id, source
    ON CONFLICT (shop_id, source) DO UPDATE SET retired_at = NULL, since_on = excluded.since_on
    RETURNING id, shop_id, source""",
    row=AddedRow,
)

RETIRE_SOURCES: Statement[NoRow] = Statement("""
    UPDATE collection_figuresource SET retired_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND retired_at IS NULL""")


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    source_id: int
    shop_id: int
    day: date
    due_at: datetime
    is_there: bool


# A day whose figures came before they were asked for is delivered from the beginning.
OPEN_DELIVERIES = Statement(
    """
    INSERT INTO collection_delivery (figure_source_id, shop_id, day, state, state_at, due_at, delivered_at, excuse)
    SELECT g.source_id, g.shop_id, g.day, CASE WHEN t.taken_in_at IS NULL THEN 'awaited' ELSE 'delivered' END,
           %(now)s::timestamptz, g.due_at, t.taken_in_at, ''
    FROM json_to_recordset(%(days)s::json)
         AS g (source_id bigint, shop_id bigint, source text, day date, due_at timestamptz)
    LEFT JOIN LATERAL (
        SELECT s.taken_in_at FROM collection_figureset AS s
        WHERE s.shop_id = g.shop_id AND s.source = g.source AND s.breakdown = 'shop' AND s.period = 'day'
          AND s.starts_on = g.day AND s.replaced_at IS NULL) AS t ON true
    ORDER BY g.source_id, g.day
    ON CONFLICT (figure_source_id, day) DO NOTHING
    RETURNING id, figure_source_id AS source_id, shop_id, day, due_at, state = 'delivered' AS is_there""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    id: int
    shop_id: int
    day: date
    state: str


LOCK = Statement(
    """
    SELECT id, shop_id, day, state FROM collection_delivery
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=DeliveryRow,
)

AWAITED_OF_SOURCES = Statement(
    """
    SELECT id, shop_id, day, state FROM collection_delivery
    WHERE figure_source_id = ANY(%(sources)s::bigint[]) AND state = 'awaited' ORDER BY id FOR UPDATE""",
    row=DeliveryRow,
)

NOT_DELIVERED = Statement(
    """
    SELECT d.id, d.shop_id, d.day, d.state FROM collection_delivery AS d
    JOIN collection_figuresource AS f ON f.id = d.figure_source_id
    JOIN unnest(%(shops)s::bigint[], %(sources)s::text[], %(days)s::date[]) AS g (shop_id, source, day)
        ON g.shop_id = d.shop_id AND g.source = f.source AND g.day = d.day
    WHERE d.state <> 'delivered' ORDER BY d.id FOR UPDATE OF d""",
    row=DeliveryRow,
)

NOTE_DELIVERED: Statement[NoRow] = Statement("""
    UPDATE collection_delivery SET delivered_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'delivered'""")

# Before the state moves: the database wants the words with it.
WRITE_EXCUSES: Statement[NoRow] = Statement("""
    UPDATE collection_delivery AS d SET excuse = g.excuse, excused_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(excuses)s::text[]) AS g (id, excuse)
    WHERE d.id = g.id AND d.state = 'awaited'""")
