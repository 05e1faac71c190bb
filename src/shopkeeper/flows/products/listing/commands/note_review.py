"""P4.1 → P2.1: what the supervisor decided of a product. Called by the desk publishing within its own step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkeeper.flows.products.listing import deadlines, events
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import PRODUCT_FLOW, ProductState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

REASON_MOST = 500


@dataclass(frozen=True, slots=True)
class NoteReview:
    """The decision on one version; `findings` are plain values that the product's page shows."""

    product_id: int
    version: int
    approved: bool
    reason: str = ""
    findings: tuple[dict[str, Any], ...] = field(default=())


@command(clause="P2.1", permission=Permission.PRODUCT_REVIEW, scope=EVERYWHERE, internal=True)
def note_review(step: Step, items: Sequence[NoteReview]) -> list[Outcome]:
    """Approve or return products. Refused: not_found, stale_version, not_under_review."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.product_id for item in items}), codes=[])}
    decided: dict[int, NoteReview] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.product_id)
        refusal = _refusal(item, row, decided)
        outcomes.append(refusal or done(item.product_id, version=item.version))
        if refusal is None:
            decided[item.product_id] = item
    if decided:
        _write(step, decided, rows)
    return outcomes


def _refusal(item: NoteReview, row: sql.ProductRow | None, decided: dict[int, NoteReview]) -> Outcome | None:
    if row is None:
        return refused("not_found", item.product_id)
    if item.version != row.version:
        return refused("stale_version", row.id, version=row.version, yours=item.version)
    wanted = ProductState.APPROVED if item.approved else ProductState.RETURNED
    if row.id in decided or row.state == wanted:
        return unchanged(row.id)
    return None if row.state == ProductState.SUBMITTED else refused("not_under_review", row.id)


def _write(step: Step, decided: dict[int, NoteReview], rows: dict[int, sql.ProductRow]) -> None:
    records = [
        {"id": i, "approved": item.approved, "reason": item.reason[:REASON_MOST], "findings": item.findings}
        for i, item in sorted(decided.items())
    ]
    sql.NOTE_REVIEWED.run(rows=as_json(records), now=step.now)
    approved = sorted(i for i, item in decided.items() if item.approved)
    returned = sorted(i for i, item in decided.items() if not item.approved)
    step.move(PRODUCT_FLOW, approved, ProductState.APPROVED)
    step.move(PRODUCT_FLOW, returned, ProductState.RETURNED)
    value = policies(step)
    mend_by = step.now + timedelta(hours=value("returned_product_hours"))
    new_until = step.now + timedelta(days=value("new_tag_days"))
    arm(step, [Arm(deadlines.RETURNED, i, mend_by, label=rows[i].code) for i in returned])
    first = [i for i in approved if rows[i].approved_version is None]
    sql.TAG_NEW.run(ids=first, now=step.now)
    arm(step, [Arm(deadlines.NEW_TAG, i, new_until, label=rows[i].code) for i in first])
    step.emit(
        *(events.ProductApproved(i, rows[i].version) for i in approved),
        *(events.ProductReturned(i, rows[i].version, len(decided[i].findings)) for i in returned),
    )
