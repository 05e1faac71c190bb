"""M2.1: another person approves a version, or returns it with what is to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.launch.deadlines import MATERIAL, MATERIAL_REVIEW
from shopkeeper.flows.marketing.launch.events import MaterialApproved, MaterialReturned
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.flows.marketing.launch.states import MATERIAL_FLOW, MaterialState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

OF_MATERIAL = ShopOf("launch_material", "material_id")


@dataclass(frozen=True, slots=True)
class ApproveMaterial:
    """`reason` is needed where the checks advise against it."""

    material_id: int
    reason: Annotated[str, Field(max_length=300)] = ""


@command(clause="M2.1", permission=Permission.MATERIAL_APPROVE, scope=OF_MATERIAL)
def approve_materials(step: Step, items: Sequence[ApproveMaterial]) -> list[Outcome]:
    """Approve the newest versions; they may be used.

    Refused: "material_not_in_review", "own_material" for whoever made it, "advice_needs_reason". Approved: unchanged.
    """
    rows = sql.held(item.material_id for item in items)
    outcomes, approved = [], dict[int, str]()
    for item in items:
        row, reason = rows[item.material_id], item.reason.strip()
        if row.state == MaterialState.APPROVED or row.id in approved:
            outcomes.append(unchanged(row.id))
            continue
        code = _refusal(step, row)
        if not code and row.advice and not reason:
            code = "advice_needs_reason"
        if code:
            outcomes.append(refused(code, row.id))
        else:
            approved[row.id] = reason
            outcomes.append(done(row.id, number=row.newest))
    _decide(step, [rows[id_] for id_ in approved], approved, is_approved=True)
    return outcomes


@dataclass(frozen=True, slots=True)
class ReturnMaterial:
    material_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.1", permission=Permission.MATERIAL_APPROVE, scope=OF_MATERIAL)
def return_materials(step: Step, items: Sequence[ReturnMaterial]) -> list[Outcome]:
    """Return the newest versions, with what is to change; design has them due again.

    Refused: "reason_needed", "material_not_in_review", "own_material". Returned already: unchanged.
    """
    rows = sql.held(item.material_id for item in items)
    outcomes, returned = [], dict[int, str]()
    for item in items:
        row, reason = rows[item.material_id], item.reason.strip()
        if not reason:
            outcomes.append(refused("reason_needed", row.id))
        elif row.state == MaterialState.RETURNED or row.id in returned:
            outcomes.append(unchanged(row.id))
        elif code := _refusal(step, row):
            outcomes.append(refused(code, row.id))
        else:
            returned[row.id] = reason
            outcomes.append(done(row.id, number=row.newest))
    _decide(step, [rows[id_] for id_ in returned], returned, is_approved=False)
    return outcomes


def _refusal(step: Step, row: sql.MaterialRow) -> str:
    if row.state != MaterialState.IN_REVIEW:
        return "material_not_in_review"
    return "own_material" if row.made_by == step.actor.id else ""


def _decide(step: Step, rows: Sequence[sql.MaterialRow], reasons: dict[int, str], *, is_approved: bool) -> None:
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.DECIDE.run(
        ids=[row.version_id for row in rows],
        reasons=[reasons[row.id] for row in rows],
        now=step.now,
        actor_id=step.actor.id,
        approved=is_approved,
    )
    if is_approved:
        sql.MARK_APPROVED.run(ids=ids)
    for reason in sorted(set(reasons.values())):
        same = [id_ for id_ in ids if reasons[id_] == reason]
        step.move(MATERIAL_FLOW, same, MaterialState.APPROVED if is_approved else MaterialState.RETURNED, reason)
    close(step, MATERIAL_REVIEW, ids)
    if not is_approved:
        dues = {row.id: max(row.due_at, step.now + _rework(step, row)) for row in rows}
        arm(step, [Arm(MATERIAL, row.id, dues[row.id], shop_id=row.shop_id, label=row.title) for row in rows])
    told = MaterialApproved if is_approved else MaterialReturned
    step.emit(*(told(row.id, row.campaign_id, row.shop_id, row.newest) for row in rows))


def _rework(step: Step, row: sql.MaterialRow) -> timedelta:
    """Whoever has to change something gets time for it, whatever the brief's day was."""
    return timedelta(hours=policies(step)("material_rework_hours", row.shop_id))
