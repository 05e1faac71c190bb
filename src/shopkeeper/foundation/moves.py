"""The one way a state moves: guarded UPDATE plus a row in the record of moves, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection

from shopkeeper.shared.transitions import Transitions


@dataclass(frozen=True, slots=True)
class Moved:
    id: int
    was: str


def move(
    flow: Transitions,
    ids: Sequence[int],
    to: StrEnum,
    *,
    now: datetime,
    actor_id: int,
    command: str,
    reason: str,
) -> list[Moved]:
    """Move the rows that may; return them. Rows in another state are left alone and not returned."""
    if not ids:
        return []
    statement = f"""
        WITH locked AS (
            SELECT id, state FROM {flow.table}
            WHERE id = ANY(%(ids)s::bigint[]) AND state = ANY(%(sources)s::text[]) ORDER BY id FOR UPDATE
        ), moved AS (
            UPDATE {flow.table} AS t SET state = %(to)s, state_at = %(now)s::timestamptz
            FROM locked WHERE t.id = locked.id RETURNING t.id, locked.state AS was
        ), recorded AS (
            INSERT INTO foundation_statechange
                (table_name, row_id, was, became, occurred_at, actor_id, command, reason)
            SELECT %(table)s, id, was, %(to)s, %(now)s::timestamptz, %(actor_id)s::bigint, %(command)s, %(reason)s
            FROM moved
        )
        SELECT id, was FROM moved ORDER BY id"""
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "ids": list(ids),
                "sources": flow.sources(to),
                "to": str(to),
                "now": now,
                "table": flow.table,
                "actor_id": actor_id,
                "command": command,
                "reason": reason,
            },
        )
        return [Moved(*row) for row in cursor.fetchall()]
