"""G6: what a program can read of the procedure."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router

from shopkeeper.foundation import business_time
from shopkeeper.shared.errors import BusinessError
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.queries.compliance import clause_counts, deadlines_accounted_for
from shopkeeper.sop.queries.policy import policy_rows
from shopkeeper.sop.queries.work import BEGINNING, work_of
from shopkeeper.sop.schemas import AuditAnswer, ClauseAnswer, PolicyAnswer, WorkPage
from shopkeeper.web.visitor import program

router = Router()
PAGE_MAX = 200


@router.get("/work", response=WorkPage)
def work(request: HttpRequest, flow: str = "", mine: bool = False, after: str = "", limit: int = 50) -> dict[str, Any]:
    """The caller's open duties by due time; `next` is the key of the following page."""
    viewer = program(request, Permission.WORK_VIEW)
    size = max(1, min(limit, PAGE_MAX))
    rows = work_of(viewer, flow=flow[:1], whose="mine" if mine else "", after=_key(after), limit=size)
    last = rows[-1] if len(rows) == size else None
    return {
        "rows": [
            {**{name: getattr(row, name) for name in row.__slots__}, "title": KINDS[row.kind].title.both()}
            for row in rows
        ],
        "next": f"{last.due_at.isoformat()}_{last.id}" if last else None,
    }


def _key(after: str) -> tuple[datetime, int]:
    if not after:
        return (BEGINNING, 0)
    try:
        moment, _, row_id = after.rpartition("_")
        return (datetime.fromisoformat(moment), int(row_id))
    except ValueError as error:
        raise BusinessError("bad_cursor") from error


@router.get("/clauses", response=list[ClauseAnswer])
def clauses(request: HttpRequest, days: int = 30) -> list[dict[str, Any]]:
    """Every clause of the procedure with its figures of the last days, within the caller's shops.

    `open` and `overdue` are people's duties; `watches` are checks that the system makes by itself when they come due.
    """
    viewer = program(request, Permission.COMPLIANCE_VIEW)
    now = business_time.now()
    since = now - timedelta(days=max(1, min(days, 3660)))
    counts = clause_counts(viewer, since, now + timedelta(seconds=1))
    figures = ("done", "refused", "on_time", "late", "missed", "open", "overdue", "watches", "watches_overdue")
    return [
        {
            "id": clause.id,
            "name": clause.name.both(),
            "owners": [str(role) for role in clause.owners],
            **{name: getattr(counts.get(clause.id), name, 0) for name in figures},
        }
        for clause in CLAUSES.values()
    ]


@router.get("/policy", response=list[PolicyAnswer])
def policy(request: HttpRequest, shop_id: int | None = None) -> list[dict[str, Any]]:
    """Every policy value, for one shop or in general."""
    viewer = program(request, Permission.POLICY_VIEW)
    shop = shop_id if viewer.sees_shop(shop_id) else None
    return [
        {
            "key": row.key.name,
            "clause": row.key.clause,
            "label": row.key.label.both(),
            "value": row.value,
            "default": row.key.default,
            "min": row.key.min,
            "max": row.key.max,
            "choices": list(row.key.choices),
        }
        for row in policy_rows(shop)
    ]


@router.get("/audit", response=AuditAnswer)
def audit(request: HttpRequest) -> dict[str, bool]:
    """Whether every deadline is open or closed once, and none is overdue unnoticed."""
    program(request, Permission.COMPLIANCE_VIEW)
    return {"deadlines_accounted_for": deadlines_accounted_for(business_time.now())}
