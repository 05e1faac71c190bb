"""Readers of the event log: each with its own cursor, in batches, in the order of transaction ids.

A reader sees only what lies below the oldest running transaction, so a commit that comes late is not skipped.
Its reaction runs in the same transaction as its cursor's move: a killed reader repeats, it never loses.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.events import Event, Recorded, revive, type_name
from shopkeeper.foundation.models import ReaderCursor
from shopkeeper.foundation.sql import Statement

log = logging.getLogger(__name__)
BATCH = 1_000
Reaction = Callable[[Actor, Sequence[Recorded[Any]]], None]


@dataclass(frozen=True, slots=True)
class Reader:
    """A named reaction to some types of events."""

    name: str
    events: tuple[type[Event], ...]
    react: Reaction

    @property
    def types(self) -> list[str]:
        return [type_name(event) for event in self.events]


@dataclass(frozen=True, slots=True)
class EventRow:
    id: int
    xid: int
    type: str
    data: str
    occurred_at: datetime
    actor_id: int
    clause: str


@dataclass(frozen=True, slots=True)
class NameRow:
    name: str


BEHIND = Statement(
    """
    SELECT c.name FROM foundation_readercursor AS c
    WHERE EXISTS (
        SELECT FROM foundation_event AS e
        WHERE (e.xid, e.id) > (c.xid, c.event_id)
          AND e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    ORDER BY c.name""",
    row=NameRow,
)

NEXT_EVENTS = Statement(
    """
    SELECT id, xid, type, data::text, occurred_at, actor_id, clause FROM foundation_event
    WHERE (xid, id) > (%(xid)s::bigint, %(event_id)s::bigint)
      AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY xid, id LIMIT %(limit)s::int""",
    row=EventRow,
)


# Readers with nothing of theirs before the horizon step up to it together, without being woken.
PASS_OVER = Statement("""
    WITH last AS (
        SELECT xid, id FROM foundation_event
        WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY xid DESC, id DESC LIMIT 1
    ), idle AS (
        SELECT c.id FROM foundation_readercursor AS c
        JOIN jsonb_each(%(wanted)s::jsonb) AS w (name, types) ON w.name = c.name
        CROSS JOIN last
        WHERE (last.xid, last.id) > (c.xid, c.event_id) AND NOT EXISTS (
            SELECT FROM foundation_event AS e
            WHERE (e.xid, e.id) > (c.xid, c.event_id) AND (e.xid, e.id) <= (last.xid, last.id)
              AND w.types ? e.type)
        ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
    )
    UPDATE foundation_readercursor AS c SET xid = last.xid, event_id = last.id
    FROM idle, last WHERE c.id = idle.id""")


@dataclass(frozen=True, slots=True)
class PendingRow:
    pending: bool


UNREAD = Statement(
    """
    SELECT EXISTS (
        SELECT FROM foundation_readercursor AS c, foundation_event AS e
        WHERE (e.xid, e.id) > (c.xid, c.event_id)) AS pending""",
    row=PendingRow,
)


def ensure_cursors(readers: Sequence[Reader]) -> None:
    """Give each reader its cursor; a new one starts at the beginning of the log."""
    ReaderCursor.objects.bulk_create([ReaderCursor(name=r.name) for r in readers], ignore_conflicts=True)


def run_readers(readers: dict[str, Reader]) -> int:
    """Let each reader that is behind take one batch; return how many events were read."""
    behind = {row.name for row in BEHIND.rows() if row.name in readers}
    if len(behind) > 1:
        PASS_OVER.run(wanted=json.dumps({name: readers[name].types for name in sorted(behind)}))
        behind = {row.name for row in BEHIND.rows() if row.name in readers}
    return sum(_run(readers[name]) for name in sorted(behind))


def anything_unread() -> bool:
    """True while some event has not passed every reader, running transactions included."""
    row = UNREAD.first()
    return bool(row and row.pending)


def _run(reader: Reader) -> int:
    try:
        with transaction.atomic():
            cursor = ReaderCursor.objects.select_for_update(skip_locked=True).filter(name=reader.name).first()
            if cursor is None:
                return 0
            rows = NEXT_EVENTS.rows(xid=cursor.xid, event_id=cursor.event_id, limit=BATCH)
            wanted = set(reader.types)
            batch = [_recorded(row) for row in rows if row.type in wanted]
            if batch:
                reader.react(SYSTEM, batch)
            if rows:
                ReaderCursor.objects.filter(id=cursor.id).update(
                    xid=rows[-1].xid, event_id=rows[-1].id, failures=0, last_error=""
                )
            return len(rows)
    except Exception as error:  # the cursor stays; the failure is on record and the batch is tried again
        log.exception("reader %s failed", reader.name)
        ReaderCursor.objects.filter(name=reader.name).update(last_error=f"{type(error).__name__}: {error}"[:500])
        return 0


def _recorded(row: EventRow) -> Recorded[Any]:
    return Recorded(row.id, row.xid, revive(row.type, json.loads(row.data)), row.occurred_at, row.actor_id, row.clause)
