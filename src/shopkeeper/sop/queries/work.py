"""G2: what the procedure asks of somebody now."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.sop.permissions import Permission


@dataclass(frozen=True, slots=True)
class WorkRow:
    id: int
    kind: str
    clause: str
    subject_id: int
    shop_id: int | None
    warehouse_id: int | None
    role: str
    label: str
    due_at: datetime
    late_at: datetime | None
    escalated_at: datetime | None
    claimed_by_id: int | None
    claimed_by: str | None
    place: str | None


WORK = Statement(
    """
    SELECT d.id, d.kind, d.clause, d.subject_id, d.shop_id, d.warehouse_id, d.role, d.label, d.due_at, d.late_at,
           d.escalated_at, d.claimed_by_id, p.name, coalesce(s.name, w.name)
    FROM sop_deadline AS d
    LEFT JOIN foundation_person AS p ON p.id = d.claimed_by_id
    LEFT JOIN foundation_shop AS s ON s.id = d.shop_id
    LEFT JOIN foundation_warehouse AS w ON w.id = d.warehouse_id
    WHERE d.role <> '' AND (d.role = ANY(%(roles)s::text[]) OR d.claimed_by_id = %(person)s::bigint
                            OR (%(sees_escalated)s::boolean AND d.escalated_at IS NOT NULL))
      AND (%(shops)s::bigint[] IS NULL OR d.shop_id IS NULL OR d.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR d.warehouse_id IS NULL
           OR d.warehouse_id = ANY(%(warehouses)s::bigint[]))
      AND (%(flow)s::text = '' OR starts_with(d.clause, %(flow)s::text))
      AND (NOT %(only_mine)s::boolean OR d.claimed_by_id = %(person)s::bigint)
      AND (d.due_at, d.id) > (%(after_due)s::timestamptz, %(after_id)s::bigint)
    ORDER BY d.due_at, d.id LIMIT %(limit)s::int""",
    row=WorkRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    open: int
    overdue: int


COUNTS = Statement(
    """
    SELECT count(*), count(*) FILTER (WHERE d.due_at < %(now)s::timestamptz)
    FROM sop_deadline AS d
    WHERE d.role = ANY(%(roles)s::text[])
      AND (%(shops)s::bigint[] IS NULL OR d.shop_id IS NULL OR d.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR d.warehouse_id IS NULL
           OR d.warehouse_id = ANY(%(warehouses)s::bigint[]))""",
    row=CountRow,
)

BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def work_of(
    viewer: Actor,
    *,
    flow: str = "",
    only_mine: bool = False,
    after: tuple[datetime, int] = (BEGINNING, 0),
    limit: int = 100,
) -> list[WorkRow]:
    """The viewer's open duties by due time; supervisors see what was escalated, too."""
    return WORK.rows(
        roles=sorted(viewer.roles),
        person=viewer.id,
        sees_escalated=viewer.may(Permission.WORK_ESCALATE),
        flow=flow,
        only_mine=only_mine,
        after_due=after[0],
        after_id=after[1],
        limit=limit,
        **_scope(viewer),
    )


def work_counts(viewer: Actor, now: datetime) -> CountRow:
    """How many duties are open for the viewer's roles, and how many of them overdue."""
    return COUNTS.first(roles=sorted(viewer.roles), now=now, **_scope(viewer)) or CountRow(0, 0)


def _scope(viewer: Actor) -> dict[str, list[int] | None]:
    return {
        "shops": None if viewer.shops is None else sorted(viewer.shops),
        "warehouses": None if viewer.warehouses is None else sorted(viewer.warehouses),
    }
