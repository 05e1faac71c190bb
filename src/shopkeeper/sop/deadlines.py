"""Deadlines are rows: set with the change that starts the clock, closed with the change that ends it.

A kind with a role is somebody's work; a kind without is the system's own watch. When a kind with `on_due`
comes due, the sweeper calls that command, which looks again and re-arms or closes. The others become late,
stay on the work list, and are escalated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import Role
from shopkeeper.sop.states import Ending

KINDS: dict[str, "DeadlineKind"] = {}


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """One kind of deadline. `url` leads from the work list to the record, with {id} for the subject."""

    name: str
    clause: str
    subject: str
    role: Role | None = None
    on_due: str = ""
    title: T = T("", "")
    action: T = T("办理", "Open")
    url: str = ""

    def __post_init__(self) -> None:
        KINDS[self.name] = self


@dataclass(frozen=True, slots=True)
class Arm:
    """Set (or set anew) the one deadline of a kind for a subject; `label` names the record, no personal data."""

    kind: DeadlineKind
    subject_id: int
    due_at: datetime
    shop_id: int | None = None
    warehouse_id: int | None = None
    label: str = ""


ARM = Statement("""
    INSERT INTO sop_deadline (kind, clause, subject_id, shop_id, warehouse_id, role, label, armed_at, due_at,
                              handed_over_reason)
    SELECT kind, clause, subject_id, shop_id, warehouse_id, role, label, %(now)s::timestamptz, due_at, ''
    FROM unnest(%(kinds)s::text[], %(clauses)s::text[], %(subjects)s::bigint[], %(shops)s::bigint[],
                %(warehouses)s::bigint[], %(roles)s::text[], %(labels)s::text[], %(dues)s::timestamptz[])
         AS given (kind, clause, subject_id, shop_id, warehouse_id, role, label, due_at)
    ORDER BY kind, subject_id
    ON CONFLICT (kind, subject_id) DO UPDATE
        SET due_at = excluded.due_at,
            late_at = CASE WHEN excluded.due_at > %(now)s::timestamptz THEN NULL ELSE sop_deadline.late_at END""")

CLOSE = Statement("""
    WITH locked AS (
        SELECT id FROM sop_deadline WHERE kind = %(kind)s::text AND subject_id = ANY(%(subjects)s::bigint[])
        ORDER BY id FOR UPDATE
    ), closed AS (
        DELETE FROM sop_deadline AS d USING locked WHERE d.id = locked.id RETURNING d.*
    )
    INSERT INTO sop_deadlineclosed (deadline_id, kind, clause, subject_id, shop_id, warehouse_id, role, armed_at,
                                    due_at, was_late, ending, closed_at, closed_by)
    SELECT id, kind, clause, subject_id, shop_id, warehouse_id, role, armed_at, due_at,
           late_at IS NOT NULL OR due_at < %(now)s::timestamptz, %(ending)s::text, %(now)s::timestamptz,
           %(actor_id)s::bigint
    FROM closed""")


def arm(step: Step, arms: Sequence[Arm]) -> None:
    """Set deadlines in one statement; one that is already set gets the new due time."""
    if arms:
        ARM.run(
            now=step.now,
            kinds=[a.kind.name for a in arms],
            clauses=[a.kind.clause for a in arms],
            subjects=[a.subject_id for a in arms],
            shops=[a.shop_id for a in arms],
            warehouses=[a.warehouse_id for a in arms],
            roles=[str(a.kind.role or "") for a in arms],
            labels=[a.label[:120] for a in arms],
            dues=[a.due_at for a in arms],
        )


def close(step: Step, kind: DeadlineKind, subject_ids: Sequence[int], ending: Ending | str = Ending.DONE) -> int:
    """End deadlines: one statement moves them to the history; those not set are passed over."""
    if not subject_ids:
        return 0
    return CLOSE.run(
        kind=kind.name, subjects=list(subject_ids), ending=str(ending), now=step.now, actor_id=step.actor.id
    )
