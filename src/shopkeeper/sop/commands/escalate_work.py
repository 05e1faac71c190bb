"""G2: what stays overdue is brought before the supervisor and the team's robot, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.commands.claim_work import WORK_SCOPE
from shopkeeper.sop.events import WorkEscalated
from shopkeeper.sop.permissions import Permission


@dataclass(frozen=True, slots=True)
class EscalateWork:
    deadline_id: int


@dataclass(frozen=True, slots=True)
class EscalatedRow:
    id: int
    kind: str
    shop_id: int | None
    role: str
    clause: str
    label: str


MARK = Statement(
    """
    UPDATE sop_deadline SET escalated_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND escalated_at IS NULL AND late_at IS NOT NULL
    RETURNING id, kind, shop_id, role, clause, label""",
    row=EscalatedRow,
)


@dataclass(frozen=True, slots=True)
class OverdueRow:
    id: int
    late_at: datetime


OVERDUE = Statement(
    """
    SELECT id, late_at FROM sop_deadline
    WHERE late_at IS NOT NULL AND escalated_at IS NULL AND late_at <= %(before)s::timestamptz AND role <> ''
    ORDER BY late_at, id LIMIT %(limit)s::int""",
    row=OverdueRow,
)


@command(clause="G2", permission=Permission.WORK_ESCALATE, scope=WORK_SCOPE)
def escalate_work(step: Step, items: Sequence[EscalateWork]) -> list[Outcome]:
    """Escalate overdue duties; each is announced once, to the supervisor's list and the team robot."""
    rows = {row.id: row for row in MARK.rows(ids=sorted({item.deadline_id for item in items}), now=step.now)}
    for row in sorted(rows.values(), key=lambda row: row.id):
        step.emit(WorkEscalated(row.id, row.kind, row.shop_id, row.role, row.clause, row.label))
        data = {"kind": row.kind, "label": row.label, "clause": row.clause, "role": row.role}
        step.errand(Errand("robot_message", row.id, step.now, row.shop_id, data))
    return [done(i.deadline_id) if i.deadline_id in rows else unchanged(i.deadline_id) for i in items]
