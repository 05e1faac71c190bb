"""Statements of counting the collector's files."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

# One at a time counts files, so that their ids ascend in the order in which they can be seen.
ONE_AT_A_TIME: Statement[NoRow] = Statement("SELECT pg_advisory_xact_lock(hashtext('collection_spoolfile'))")


@dataclass(frozen=True, slots=True)
class NameRow:
    name: str


COUNTED_AMONG = Statement(
    "SELECT name FROM collection_spoolfile WHERE name = ANY(%(names)s::text[])",
    row=NameRow,
)

LATEST = Statement("SELECT name FROM collection_spoolfile ORDER BY id DESC LIMIT %(limit)s::int", row=NameRow)

OLD = Statement(
    """
    SELECT name FROM collection_spoolfile WHERE drained_at < %(before)s::timestamptz
    ORDER BY id LIMIT %(limit)s::int""",
    row=NameRow,
)


@dataclass(frozen=True, slots=True)
class FileRow:
    id: int
    name: str


NOTE_FILES = Statement(
    """
    INSERT INTO collection_spoolfile (name, size, lines, valid, bots, duplicates, first_at, last_at, drained_at)
    SELECT name, size, lines, valid, bots, duplicates, first_at, last_at, %(now)s::timestamptz
    FROM json_to_recordset(%(files)s::json)
         AS given (name text, size bigint, lines int, valid int, bots int, duplicates int, first_at timestamptz,
                   last_at timestamptz)
    ORDER BY name
    RETURNING id, name""",
    row=FileRow,
)

ADD_MINUTES: Statement[NoRow] = Statement("""
    INSERT INTO collection_minutecounter (shop_id, minute, channel, figure, value)
    SELECT shop_id, minute, channel, figure, value FROM json_to_recordset(%(counts)s::json)
         AS given (shop_id bigint, minute timestamptz, channel text, figure text, value bigint)
    ORDER BY shop_id, minute, channel, figure
    ON CONFLICT (shop_id, minute, channel, figure)
        DO UPDATE SET value = collection_minutecounter.value + excluded.value""")


@dataclass(frozen=True, slots=True)
class SketchRow:
    shop_id: int
    hour: datetime
    channel: str
    counted: str
    sketch: bytes


SKETCHES_OF = Statement(
    """
    SELECT s.shop_id, s.hour, s.channel, s.counted, s.sketch FROM collection_hoursketch AS s
    JOIN unnest(%(shops)s::bigint[], %(hours)s::timestamptz[]) AS g (shop_id, hour)
        ON g.shop_id = s.shop_id AND g.hour = s.hour""",
    row=SketchRow,
)

PUT_SKETCHES: Statement[NoRow] = Statement("""
    INSERT INTO collection_hoursketch (shop_id, hour, channel, counted, sketch)
    SELECT shop_id, hour, channel, counted, decode(sketch, 'base64') FROM json_to_recordset(%(sketches)s::json)
         AS given (shop_id bigint, hour timestamptz, channel text, counted text, sketch text)
    ORDER BY shop_id, hour, channel, counted
    ON CONFLICT (shop_id, hour, channel, counted) DO UPDATE SET sketch = excluded.sketch""")


@dataclass(frozen=True, slots=True)
class SumRow:
    """A figure of a shop's span, by channel."""

    n: int
    channel: str
    figure: str
    value: int


# Spans are numbered by their place in the arrays.
SUMS = Statement(
    """
    SELECT s.n, c.channel, c.figure, sum(c.value)::bigint AS value
    FROM unnest(%(shops)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
         WITH ORDINALITY AS s (shop_id, since, until, n)
    JOIN collection_minutecounter AS c ON c.shop_id = s.shop_id AND c.minute >= s.since AND c.minute < s.until
    GROUP BY s.n, c.channel, c.figure ORDER BY s.n, c.channel, c.figure""",
    row=SumRow,
)


@dataclass(frozen=True, slots=True)
class SpanSketchRow:
    n: int
    channel: str
    counted: str
    sketch: bytes


SKETCHES_IN = Statement(
    """
    SELECT s.n, h.channel, h.counted, h.sketch
    FROM unnest(%(shops)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
         WITH ORDINALITY AS s (shop_id, since, until, n)
    JOIN collection_hoursketch AS h ON h.shop_id = s.shop_id AND h.hour >= s.since AND h.hour < s.until
    ORDER BY s.n, h.channel, h.counted, h.hour""",
    row=SpanSketchRow,
)
