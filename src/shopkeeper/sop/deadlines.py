"""Deadlines are rows: set with the change that starts the clock, closed with the change that ends it.

A kind with a role is somebody's work; a kind without is the system's own watch. When a kind with `on_due`
comes due, the sweeper calls that command, which looks again and re-arms or closes. The others become late,
stay on the work list, and are escalated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import Statement, as_json
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import Role
from shopkeeper.sop.states import Ending

KINDS: dict[str, "DeadlineKind"] = {}


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Where a record says whose it is: `column` of its `table` is a person, or a row of `through` that names one."""

    table: str
    column: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """One kind of deadline. `url` leads from the work list to the record, with {id} for the subject.

    `held_by` where the record is somebody's own: then the duty is theirs without being taken. `waits_for` says what
    opens a duty that waits for somebody else and not for a time. `not_by` names who made what is decided on: the duty
    is not theirs while another of the role, who sees its shop (without one: all shops), can do it.
    """

    name: str
    clause: str
    subject: str
    role: Role | None = None
    on_due: str = ""
    title: T = T("", "")
    action: T = T("办理", "Open")
    url: str = ""
    held_by: HeldBy | None = None
    waits_for: T | None = None
    not_by: HeldBy | None = None

    def __post_init__(self) -> None:
        KINDS[self.name] = self


@dataclass(frozen=True, slots=True)
class Arm:
    """Set (or set anew) the one deadline of a kind for a subject; `label` names the record, no personal data.

    `opens_at` where the duty cannot be done before: until then it waits apart on the work list, and is not counted.
    """

    kind: DeadlineKind
    subject_id: int
    due_at: datetime
    shop_id: int | None = None
    warehouse_id: int | None = None
    label: str = ""
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubjectRow:
    subject_id: int


ARM = Statement("""
    INSERT INTO sop_deadline (kind, clause, subject_id, shop_id, warehouse_id, role, label, armed_at, opens_at,
                              due_at, handed_over_reason)
    SELECT kind, clause, subject_id, shop_id, warehouse_id, role, label, %(now)s::timestamptz, opens_at, due_at, ''
    FROM json_to_recordset(%(arms)s::json)
         AS given (kind text, clause text, subject_id bigint, shop_id bigint, warehouse_id bigint, role text,
                   label text, opens_at timestamptz, due_at timestamptz)
    ORDER BY kind, subject_id
    ON CONFLICT (kind, subject_id) DO UPDATE
        SET due_at = excluded.due_at, opens_at = excluded.opens_at,
            late_at = CASE WHEN excluded.due_at > %(now)s::timestamptz THEN NULL ELSE sop_deadline.late_at END,
            escalated_at = CASE WHEN excluded.due_at > %(now)s::timestamptz THEN NULL
                                ELSE sop_deadline.escalated_at END""")

CLOSE = Statement("""
    WITH locked AS (
        SELECT id FROM sop_deadline WHERE kind = %(kind)s::text AND subject_id = ANY(%(subjects)s::bigint[])
        ORDER BY subject_id FOR UPDATE
    ), closed AS (
        DELETE FROM sop_deadline AS d USING locked WHERE d.id = locked.id RETURNING d.*
    )
    INSERT INTO sop_deadlineclosed (deadline_id, kind, clause, subject_id, shop_id, warehouse_id, role, armed_at,
                                    due_at, was_late, ending, closed_at, closed_by)
    SELECT id, kind, clause, subject_id, shop_id, warehouse_id, role, armed_at, due_at,
           late_at IS NOT NULL OR (due_at < %(now)s::timestamptz AND NOT %(looks_again)s::boolean), %(ending)s::text, %(now)s::timestamptz,
           %(actor_id)s::bigint
    FROM closed""")


def arm(step: Step, arms: Sequence[Arm]) -> None:
    """Set deadlines in one statement; one that is already set gets the new due time."""
    if arms:
        ARM.run(now=step.now, arms=as_json([_row(a) for a in arms]))


OVERDUE = Statement(
    """
    SELECT subject_id FROM sop_deadline
    WHERE kind = %(kind)s::text AND subject_id = ANY(%(subjects)s::bigint[]) AND due_at < %(now)s::timestamptz
    ORDER BY subject_id""",
    row=SubjectRow,
)


def arm_call(step: Step, kind: DeadlineKind, arms: Sequence[Arm]) -> None:
    """Set calls: each stands while anything of many waits. One that ran out goes to the history as late before the
    next takes its place, or what left late would be forgiven as long as something else comes after it."""
    later = [arm.subject_id for arm in arms if arm.due_at > step.now]
    overdue = OVERDUE.rows(kind=kind.name, subjects=later, now=step.now) if later else []
    close(step, kind, [row.subject_id for row in overdue])
    arm(step, arms)


def _row(arm: Arm) -> dict[str, object]:
    return {
        "kind": arm.kind.name,
        "clause": arm.kind.clause,
        "subject_id": arm.subject_id,
        "shop_id": arm.shop_id,
        "warehouse_id": arm.warehouse_id,
        "role": str(arm.kind.role or ""),
        "label": arm.label[:120],
        "opens_at": arm.opens_at,
        "due_at": arm.due_at,
    }


OPEN = Statement("""
    UPDATE sop_deadline SET opens_at = NULL
    WHERE kind = %(kind)s::text AND subject_id = ANY(%(subjects)s::bigint[]) AND opens_at IS NOT NULL""")


def open_now(kind: DeadlineKind, subject_ids: Sequence[int]) -> None:
    """What duties waited for has happened: they can be done from now on."""
    if subject_ids:
        OPEN.run(kind=kind.name, subjects=list(subject_ids))


PUT_OFF = Statement("""
    WITH locked AS (
        SELECT d.id, CASE WHEN d.due_at > %(now)s::timestamptz
                          THEN least(%(now)s::timestamptz + (d.due_at - %(now)s::timestamptz) * 0.75, given.until)
                          ELSE given.until END AS opens_at
        FROM sop_deadline AS d
        JOIN unnest(%(subjects)s::bigint[], %(untils)s::timestamptz[]) AS given (subject_id, until)
             ON given.subject_id = d.subject_id
        WHERE d.kind = %(kind)s::text AND (d.due_at > %(now)s::timestamptz OR given.until > %(now)s::timestamptz)
        ORDER BY d.subject_id FOR UPDATE OF d
    )
    UPDATE sop_deadline AS d SET opens_at = locked.opens_at FROM locked WHERE d.id = locked.id""")


def put_off(step: Step, kind: DeadlineKind, subjects: Mapping[int, datetime | None] | Sequence[int]) -> None:
    """Duties that wait for somebody else from now on, until `open_now`, and until a moment where one is named.

    In the last quarter of their time they can be done again all the same: somebody has to decide before they are due,
    and when that is does not change. What is overdue stays late, and waits only where a moment is named.
    """
    untils = subjects if isinstance(subjects, Mapping) else dict.fromkeys(subjects)
    if untils:
        PUT_OFF.run(kind=kind.name, subjects=list(untils), untils=list(untils.values()), now=step.now)


def close(step: Step, kind: DeadlineKind, subject_ids: Sequence[int], ending: Ending | str = Ending.DONE) -> int:
    """End deadlines: one statement moves them to the history; those not set are passed over."""
    if not subject_ids:
        return 0
    return CLOSE.run(
        kind=kind.name,
        subjects=list(subject_ids),
        ending=str(ending),
        now=step.now,
        actor_id=step.actor.id,
        # A watch that looks again when it comes due is not late because it did.
        looks_again=bool(kind.on_due),
    )
