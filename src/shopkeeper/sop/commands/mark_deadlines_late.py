"""G1: a duty whose time ran out is marked late, once, and the supervisor hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.events import DeadlineMissed
from shopkeeper.sop.permissions import Permission


@dataclass(frozen=True, slots=True)
class MarkLate:
    deadline_id: int


@dataclass(frozen=True, slots=True)
class LateRow:
    id: int
    kind: str
    subject_id: int
    shop_id: int | None
    role: str
    clause: str


MARK = Statement(
    """
    WITH locked AS (
        SELECT id FROM sop_deadline
        WHERE id = ANY(%(ids)s::bigint[]) AND late_at IS NULL AND due_at <= %(now)s::timestamptz
        ORDER BY id FOR UPDATE SKIP LOCKED
    )
    UPDATE sop_deadline AS d SET late_at = %(now)s::timestamptz FROM locked WHERE d.id = locked.id
    RETURNING d.id, d.kind, d.subject_id, d.shop_id, d.role, d.clause""",
    row=LateRow,
)


@command(clause="G1", permission=Permission.SWEEP, scope=EVERYWHERE, internal=True)
def mark_deadlines_late(step: Step, items: Sequence[MarkLate]) -> list[Outcome]:
    """Mark overdue duties late and announce each; they stay open on the work list."""
    late = {row.id: row for row in MARK.rows(ids=[item.deadline_id for item in items], now=step.now)}
    step.emit(
        *(
            DeadlineMissed(row.id, row.kind, row.subject_id, row.shop_id, row.role, row.clause)
            for row in sorted(late.values(), key=lambda row: row.id)
        )
    )
    return [done(i.deadline_id) if i.deadline_id in late else unchanged(i.deadline_id) for i in items]
