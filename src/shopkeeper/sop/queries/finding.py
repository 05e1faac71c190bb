"""G2: what stands on one's work list is found by what its line names."""

from dataclasses import dataclass

from django.urls import reverse

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.permissions import Permission
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
    """
    SELECT d.kind, d.clause, d.subject_id, d.label FROM sop_deadline AS d
    WHERE d.role <> '' AND strpos(lower(d.label), lower(%(text)s::text)) > 0
      AND (d.role = ANY(%(roles)s::text[]) OR d.claimed_by_id = %(person)s::bigint
           OR (%(oversees)s::boolean AND d.escalated_at IS NOT NULL))
      AND (%(shops)s::bigint[] IS NULL OR d.shop_id IS NULL OR d.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR d.warehouse_id IS NULL
           OR d.warehouse_id = ANY(%(warehouses)s::bigint[]))
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
        shops=None if viewer.shops is None else sorted(viewer.shops),
        warehouses=None if viewer.warehouses is None else sorted(viewer.warehouses),
        limit=MOST,
    )
    return [
        Hit(f"{row.label} · {KINDS[row.kind].title}", _url(row), str(T("我的工作", "My work")), "checklist")
        for row in rows
    ]


def _url(row: DutyRow) -> str:
    url = KINDS[row.kind].url
    return url.format(id=row.subject_id) if url else reverse("sop-clause", args=[row.clause])
