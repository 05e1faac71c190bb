"""G2: what stands on one's work list is found by what its line names."""

from dataclasses import dataclass

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.queries.work import SCOPE, scope_of, url_of
from shopkeeper.web.plugs import Hit

SHORTEST = 3
MOST = 5


@dataclass(frozen=True, slots=True)
class DutyRow:
    kind: str
    clause: str
    subject_id: int
    label: str


DUTIES = Statement(
    f"""
    SELECT d.kind, d.clause, d.subject_id, d.label FROM sop_deadline AS d
    WHERE d.role <> '' AND strpos(lower(d.label), lower(%(text)s::text)) > 0
      AND (d.role = ANY(%(roles)s::text[]) OR d.claimed_by_id = %(person)s::bigint
           OR (%(oversees)s::boolean AND d.escalated_at IS NOT NULL))
      {SCOPE}
    ORDER BY d.due_at, d.id LIMIT %(limit)s::int""",
    row=DutyRow,
)


def find_duties(viewer: Actor, text: str) -> list[Hit]:
    """The viewer's open duties whose line names the text, soonest first."""
    wanted = text.strip()[:120].replace("\x00", "")
    if len(wanted) < SHORTEST or not viewer.may(Permission.WORK_VIEW):
        return []
    rows = DUTIES.rows(
        text=wanted,
        roles=sorted(viewer.roles),
        person=viewer.id,
        oversees=viewer.may(Permission.WORK_ESCALATE),
        limit=MOST,
        **scope_of(viewer),
    )
    hint = str(T("我的工作", "My work"))
    return [
        Hit(f"{row.label} · {KINDS[row.kind].title}", url_of(row.kind, row.clause, row.subject_id), hint, "checklist")
        for row in rows
    ]
