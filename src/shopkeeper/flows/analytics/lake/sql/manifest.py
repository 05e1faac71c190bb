"""The list of the lake's files: what is read, what replaces what, and how far the log is written."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that is read; `home` None while it is fresh."""

    table: str
    name: str
    home: date | None
    from_day: date
    to_day: date


VISIBLE = Statement(
    """
    SELECT "table", name, home, from_day, to_day FROM lake_lakefile WHERE replaced_at IS NULL
    ORDER BY "table", home NULLS FIRST, batch, name""",
    row=FileRow,
)

ADD: Statement[NoRow] = Statement("""
    INSERT INTO lake_lakefile ("table", name, batch, home, from_day, to_day, row_count, byte_count, written_at)
    SELECT "table", name, %(batch)s::bigint, home, from_day, to_day, row_count, byte_count, %(now)s::timestamptz
    FROM json_to_recordset(%(files)s::json)
         AS given ("table" text, name text, home date, from_day date, to_day date, row_count bigint,
                   byte_count bigint)""")

REPLACE: Statement[NoRow] = Statement("""
    UPDATE lake_lakefile SET replaced_at = %(machine_now)s::timestamptz
    WHERE name = ANY(%(names)s::text[]) AND replaced_at IS NULL""")


@dataclass(frozen=True, slots=True)
class NameRow:
    name: str


FORGET = Statement(
    """
    DELETE FROM lake_lakefile WHERE replaced_at < %(before)s::timestamptz RETURNING name""",
    row=NameRow,
)
KNOWN = Statement("SELECT name FROM lake_lakefile", row=NameRow)


@dataclass(frozen=True, slots=True)
class WatermarkRow:
    batch: int
    xid: int
    event_id: int
    spool_id: int
    figure_set_id: int
    read_until: datetime | None
    written_at: datetime | None
    tidied_at: datetime | None
    rebuild_asked_at: datetime | None
    rebuild_reason: str
    rebuilt_at: datetime | None


MAKE: Statement[NoRow] = Statement("""
    INSERT INTO lake_watermark (id, batch, xid, event_id, spool_id, figure_set_id, rebuild_reason)
    VALUES (1, 0, 0, 0, 0, 0, '')
    ON CONFLICT (id) DO NOTHING""")

_WATERMARK = """
    SELECT batch, xid, event_id, spool_id, figure_set_id, read_until, written_at, tidied_at,
           rebuild_asked_at, rebuild_reason, rebuilt_at
    FROM lake_watermark WHERE id = 1"""
WATERMARK = Statement(_WATERMARK, row=WatermarkRow)
LOCK = Statement(f"{_WATERMARK} FOR UPDATE", row=WatermarkRow)

ADVANCE: Statement[NoRow] = Statement("""
    UPDATE lake_watermark
    SET batch = %(batch)s::bigint, xid = %(xid)s::bigint, event_id = %(event_id)s::bigint,
        spool_id = %(spool_id)s::bigint, figure_set_id = %(figure_set_id)s::bigint,
        read_until = greatest(read_until, %(read_until)s::timestamptz), written_at = %(now)s::timestamptz
    WHERE id = 1 AND batch < %(batch)s::bigint""")

TIDIED: Statement[NoRow] = Statement("""
    UPDATE lake_watermark SET batch = %(batch)s::bigint, tidied_at = %(now)s::timestamptz
    WHERE id = 1 AND batch < %(batch)s::bigint""")

ASK_REBUILD: Statement[NoRow] = Statement("""
    UPDATE lake_watermark SET rebuild_asked_at = %(now)s::timestamptz, rebuild_reason = %(reason)s::text
    WHERE id = 1 AND rebuild_asked_at IS NULL""")

REBUILT: Statement[NoRow] = Statement("""
    UPDATE lake_watermark SET rebuilt_at = %(now)s::timestamptz, rebuild_asked_at = NULL WHERE id = 1""")


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The end of the log that can be read: nothing below it is still running."""

    xid: int
    event_id: int
    occurred_at: datetime


HEAD = Statement(
    """
    SELECT xid, id, occurred_at FROM foundation_event
    WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY xid DESC, id DESC LIMIT 1""",
    row=HeadRow,
)


@dataclass(frozen=True, slots=True)
class UnwrittenRow:
    count: int
    oldest_at: datetime | None


UNWRITTEN = Statement(
    """
    SELECT count(*), min(occurred_at) FROM (
        SELECT occurred_at FROM foundation_event
        WHERE (xid, id) > (%(xid)s::bigint, %(event_id)s::bigint) ORDER BY xid, id LIMIT %(limit)s::int) AS waiting""",
    row=UnwrittenRow,
)


@dataclass(frozen=True, slots=True)
class BehindRow:
    is_behind: bool


BEHIND = Statement(
    """
    SELECT EXISTS (SELECT FROM foundation_event WHERE (xid, id) > (%(xid)s::bigint, %(event_id)s::bigint)
                    AND occurred_at < %(moment)s::timestamptz)
        OR EXISTS (SELECT FROM collection_spoolfile WHERE id > %(spool_id)s::bigint
                    AND first_at < %(moment)s::timestamptz)""",
    row=BehindRow,
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table of the lake as it lies on disk."""

    table: str
    fresh_files: int
    merged_files: int
    rows: int
    bytes: int
    from_day: date
    to_day: date
    last_batch: int
    written_at: datetime


TABLES = Statement(
    """
    SELECT "table", count(*) FILTER (WHERE home IS NULL), count(*) FILTER (WHERE home IS NOT NULL),
           sum(row_count)::bigint, sum(byte_count)::bigint, min(from_day), max(to_day), max(batch), max(written_at)
    FROM lake_lakefile WHERE replaced_at IS NULL GROUP BY "table" ORDER BY "table\"""",
    row=TableRow,
)
