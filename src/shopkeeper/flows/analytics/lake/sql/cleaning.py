"""Verdicts of cleaning: entered once, counted up where they are of a whole day, looked up when rows are written."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class MarkRow:
    key: str
    rule: str
    state: str


MARKS = Statement(
    """
    SELECT key, rule, state FROM lake_setaside
    WHERE subject = %(subject)s::text AND key = ANY(%(keys)s::text[]) ORDER BY key""",
    row=MarkRow,
)


@dataclass(frozen=True, slots=True)
class EnteredRow:
    id: int
    shop_id: int
    key: str
    rule: str
    day_id: int | None


_GIVEN = """
    SELECT shop_id, %(subject)s::text, key, rule, state, %(now)s::timestamptz, biz_date, row_count, amount_minor,
           facts::jsonb, day_id, %(now)s::timestamptz, %(actor)s::bigint, reason, ''
    FROM json_to_recordset(%(rows)s::json)
         AS given (shop_id bigint, key text, rule text, state text, biz_date date, row_count int,
                   amount_minor bigint, facts json, day_id bigint, reason text)
    ORDER BY key"""

# A verdict that stands is left as it is: what a person put back no rule sets aside again.
ENTER = Statement(
    f"""
    INSERT INTO lake_setaside (shop_id, subject, key, rule, state, state_at, biz_date, row_count, amount_minor, facts,
                               day_id, found_at, found_by, reason, decided_reason)
    {_GIVEN}
    ON CONFLICT (subject, key) DO NOTHING RETURNING id, shop_id, key, rule, day_id""",
    row=EnteredRow,
)

COUNT_UP: Statement[NoRow] = Statement("""
    UPDATE lake_setaside AS s SET row_count = s.row_count + given.row_count
    FROM (SELECT key, row_count FROM json_to_recordset(%(rows)s::json) AS given (key text, row_count int)
          ORDER BY key) AS given
    WHERE s.subject = %(subject)s::text AND s.key = given.key""")


@dataclass(frozen=True, slots=True)
class DayRow:
    id: int
    shop_id: int
    shop: str


OPEN_DAYS = Statement(
    """
    INSERT INTO lake_cleaningday (shop_id, day, opened_at, due_at)
    SELECT shop_id, day, %(now)s::timestamptz, due_at
    FROM json_to_recordset(%(days)s::json) AS given (shop_id bigint, day date, due_at timestamptz) ORDER BY shop_id
    -- A day whose suspicions were all decided gets new time; one that waits keeps the time it has.
    ON CONFLICT (shop_id, day) DO UPDATE SET due_at = CASE WHEN EXISTS (
        SELECT FROM lake_setaside AS s WHERE s.day_id = lake_cleaningday.id AND s.state = 'suspected')
        THEN lake_cleaningday.due_at ELSE excluded.due_at END
    RETURNING id, shop_id, (SELECT name FROM foundation_shop AS f WHERE f.id = shop_id)""",
    row=DayRow,
)


@dataclass(frozen=True, slots=True)
class DueRow:
    id: int
    shop_id: int
    shop: str
    day: date
    due_at: datetime


DUE_DAYS = Statement(
    """
    SELECT d.id, d.shop_id, f.name, d.day, d.due_at FROM lake_cleaningday AS d
    JOIN foundation_shop AS f ON f.id = d.shop_id WHERE d.id = ANY(%(ids)s::bigint[]) ORDER BY d.id""",
    row=DueRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


DECIDED_DAYS = Statement(
    """
    SELECT d.id FROM lake_cleaningday AS d WHERE d.id = ANY(%(ids)s::bigint[]) AND NOT EXISTS (
        SELECT FROM lake_setaside AS s WHERE s.day_id = d.id AND s.state = 'suspected')
    ORDER BY d.id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict under its lock."""

    id: int
    shop_id: int
    subject: str
    key: str
    rule: str
    state: str
    day_id: int | None
    found_by: int


LOCK = Statement(
    """
    SELECT id, shop_id, subject, key, rule, state, day_id, found_by FROM lake_setaside
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=VerdictRow,
)
LOCK_KEYS = Statement(
    """
    SELECT id, shop_id, subject, key, rule, state, day_id, found_by FROM lake_setaside
    WHERE subject = %(subject)s::text AND key = ANY(%(keys)s::text[]) ORDER BY id FOR UPDATE""",
    row=VerdictRow,
)

DECIDE: Statement[NoRow] = Statement("""
    UPDATE lake_setaside AS s
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor)s::bigint, decided_reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason) WHERE s.id = given.id""")

AGAIN: Statement[NoRow] = Statement("""
    UPDATE lake_setaside AS s
    SET rule = 'by_hand', reason = given.reason, found_at = %(now)s::timestamptz, found_by = %(actor)s::bigint,
        day_id = given.day_id, decided_at = NULL, decided_by = NULL, decided_reason = ''
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[], %(days)s::bigint[]) AS given (id, reason, day_id)
    WHERE s.id = given.id""")


@dataclass(frozen=True, slots=True)
class SourceRow:
    kind: str
    key: str


SOURCES = Statement(
    "SELECT kind, key FROM lake_knownsource WHERE unlisted_at IS NULL ORDER BY kind, key", row=SourceRow
)


@dataclass(frozen=True, slots=True)
class ListedRow:
    id: int
    kind: str
    key: str


LIST_SOURCES = Statement(
    """
    INSERT INTO lake_knownsource (kind, key, note, listed_at, listed_by)
    SELECT kind, key, note, %(now)s::timestamptz, %(actor)s::bigint
    FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(notes)s::text[]) AS given (kind, key, note)
    ORDER BY kind, key
    ON CONFLICT (kind, key) WHERE unlisted_at IS NULL DO NOTHING RETURNING id, kind, key""",
    row=ListedRow,
)
UNLIST = Statement(
    """
    UPDATE lake_knownsource SET unlisted_at = %(now)s::timestamptz, unlisted_by = %(actor)s::bigint
    WHERE id = ANY(%(ids)s::bigint[]) AND unlisted_at IS NULL RETURNING id, kind, key""",
    row=ListedRow,
)
