"""The one sweeper: finds what came due, in batches, and lets the kind's own command look again.

Its cost follows what is due, not what is open: the index holds only deadlines that are not yet late.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.sql import Statement
from shopkeeper.sop.commands.escalate_work import OVERDUE, EscalateWork, escalate_work
from shopkeeper.sop.commands.mark_deadlines_late import MarkLate, mark_deadlines_late
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.policy import read_policies

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class DueRow:
    id: int
    kind: str
    subject_id: int


DUE = Statement(
    """
    SELECT id, kind, subject_id FROM sop_deadline
    WHERE late_at IS NULL AND due_at <= %(now)s::timestamptz
    ORDER BY due_at, id LIMIT %(limit)s::int""",
    row=DueRow,
)


@dataclass(frozen=True, slots=True)
class NextRow:
    due_at: datetime | None


NEXT = Statement("SELECT min(due_at) FROM sop_deadline WHERE late_at IS NULL", row=NextRow)


def sweep(limit: int = BATCH) -> int:
    """Handle one batch of due deadlines; return how many there were."""
    due = DUE.rows(now=business_time.now(), limit=limit)
    by_command: dict[str, list[DueRow]] = defaultdict(list)
    for row in due:
        kind = KINDS.get(row.kind)
        by_command[kind.on_due if kind else ""].append(row)
    for name, rows in sorted(by_command.items()):
        if name:
            command = COMMANDS[name]
            item: Any = command.item
            command(SYSTEM, [item(row.subject_id) for row in rows])
        # What its command neither closed nor re-armed counts as late too, so nothing is swept for ever.
        mark_deadlines_late(SYSTEM, [MarkLate(row.id) for row in rows])
    return len(due)


def next_due_at() -> datetime | None:
    """When the next deadline comes due, for those who wait or step."""
    row = NEXT.first()
    return row.due_at if row else None


def escalate_overdue() -> int:
    """Bring before the supervisor what has stayed overdue longer than the policy allows."""
    pause = timedelta(minutes=read_policies()("escalate_minutes"))
    overdue = OVERDUE.rows(before=business_time.now() - pause, limit=BATCH)
    escalate_work(SYSTEM, [EscalateWork(row.id) for row in overdue])
    return len(overdue)
