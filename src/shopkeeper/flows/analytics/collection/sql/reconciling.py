"""Statements of disagreements between sources."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: int
    shop_id: int
    day: date
    figure: str
    source: str
    other_source: str
    value: int
    other_value: int
    state: str


_COLUMNS = "id, shop_id, day, figure, source, other_source, value, other_value, state"

# Of each comparison the newest case: an open one, or how the last one ended.
NEWEST_OF = Statement(
    f"""
    SELECT DISTINCT ON (d.shop_id, d.day, d.figure, d.source, d.other_source)
           d.id, d.shop_id, d.day, d.figure, d.source, d.other_source, d.value, d.other_value, d.state
    FROM collection_disagreement AS d
    JOIN unnest(%(shops)s::bigint[], %(days)s::date[]) AS g (shop_id, day) ON g.shop_id = d.shop_id AND g.day = d.day
    ORDER BY d.shop_id, d.day, d.figure, d.source, d.other_source, d.id DESC""",  # noqa: F541
    row=CaseRow,
)

LOCK = Statement(
    f"SELECT {_COLUMNS} FROM collection_disagreement WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE",
    row=CaseRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    shop_id: int
    day: date
    figure: str
    due_at: datetime


OPEN = Statement(
    """
    INSERT INTO collection_disagreement (shop_id, day, figure, source, other_source, value, other_value, state,
                                         state_at, opened_at, due_at, reason, note)
    SELECT shop_id, day, figure, source, other_source, value, other_value, 'open', %(now)s::timestamptz,
           %(now)s::timestamptz, due_at, '', ''
    FROM json_to_recordset(%(cases)s::json)
         AS given (shop_id bigint, day date, figure text, source text, other_source text, value bigint,
                   other_value bigint, due_at timestamptz)
    ORDER BY shop_id, day, figure, source, other_source
    ON CONFLICT (shop_id, day, figure, source, other_source) WHERE state = 'open' DO NOTHING
    RETURNING id, shop_id, day, figure, due_at""",
    row=OpenedRow,
)

UPDATE_VALUES: Statement[NoRow] = Statement("""
    UPDATE collection_disagreement AS d SET value = g.value, other_value = g.other_value
    FROM unnest(%(ids)s::bigint[], %(values)s::bigint[], %(others)s::bigint[]) AS g (id, value, other_value)
    WHERE d.id = g.id AND d.state = 'open'""")

END: Statement[NoRow] = Statement("""
    UPDATE collection_disagreement SET ended_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'vanished'""")

# Before the state moves: the database wants the reason with it.
WRITE_ANSWERS: Statement[NoRow] = Statement("""
    UPDATE collection_disagreement AS d
    SET reason = g.reason, note = g.note, answered_by = %(actor_id)s::bigint, ended_at = %(now)s::timestamptz
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[], %(notes)s::text[]) AS g (id, reason, note)
    WHERE d.id = g.id AND d.state = 'open'""")
