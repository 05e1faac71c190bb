"""M1.2: another person approves the execution plan, or returns it with what is to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.closing import open_tasks
from shopkeeper.flows.marketing.campaigns.commands.writing import arm_plans, move_each, note_due
from shopkeeper.flows.marketing.campaigns.deadlines import APPROVAL, LAUNCH
from shopkeeper.flows.marketing.campaigns.events import CampaignApproved, CampaignReturned
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.rules.plans import launch_opens_at
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")


@dataclass(frozen=True, slots=True)
class ApprovePlan:
    """`reason` is a remark; an approval needs none."""

    campaign_id: int
    reason: Annotated[str, Field(max_length=300)] = ""


@command(clause="M1.2", permission=Permission.CAMPAIGN_APPROVE, scope=OF_CAMPAIGN)
def approve_plans(step: Step, items: Sequence[ApprovePlan]) -> list[Outcome]:
    """Approve plans in review: they are prepared, their tasks begin, and they are to be live at their start.

    Refused: "plan_not_in_review", "own_plan" for whoever wrote or submitted it, "campaign_over". Approved: unchanged.
    """
    rows = _held([item.campaign_id for item in items])
    reasons: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.campaign_id]
        if row.state == CampaignState.APPROVED or item.campaign_id in reasons:
            outcomes.append(unchanged(item.campaign_id))
            continue
        code = _refusal(step, row)
        if not code:
            reasons[item.campaign_id] = item.reason.strip()
        outcomes.append(refused(code, item.campaign_id) if code else done(item.campaign_id))
    ids = list(reasons)
    _decide(step, reasons)
    note_due({id_: rows[id_].starts_at for id_ in ids})
    move_each(step, reasons, CampaignState.APPROVED)
    close(step, APPROVAL, ids)
    open_tasks(step, ids)
    arm(step, [_launch(step, rows[id_]) for id_ in ids])
    step.emit(*(CampaignApproved(id_, rows[id_].shop_id) for id_ in ids))
    return outcomes


def _launch(step: Step, row: sql.CampaignRow) -> Arm:
    opens_at = launch_opens_at(row.starts_at, policies(step)("campaign_launch_minutes", row.shop_id))
    return Arm(LAUNCH, row.id, row.starts_at, shop_id=row.shop_id, label=row.code, opens_at=opens_at)


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    campaign_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.CAMPAIGN_APPROVE, scope=OF_CAMPAIGN)
def return_plans(step: Step, items: Sequence[ReturnPlan]) -> list[Outcome]:
    """Return plans that are in review, or approved and not live: they can be written again, and are due anew.

    Refused: "reason_needed", "plan_not_in_review", "own_plan" for whoever submitted it. Being written: unchanged.
    """
    rows = _held([item.campaign_id for item in items])
    reasons: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.campaign_id]
        if row.state == CampaignState.PLANNED or item.campaign_id in reasons:
            outcomes.append(unchanged(item.campaign_id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", item.campaign_id))
        elif row.state not in (CampaignState.IN_REVIEW, CampaignState.APPROVED):
            outcomes.append(refused("plan_not_in_review", item.campaign_id))
        elif step.actor.id in (row.submitted_by, row.saved_by):
            outcomes.append(refused("own_plan", item.campaign_id))
        else:
            reasons[item.campaign_id] = item.reason.strip()
            outcomes.append(done(item.campaign_id))
    ids = list(reasons)
    _decide(step, reasons)
    move_each(step, reasons, CampaignState.PLANNED)
    close(step, APPROVAL, [id_ for id_ in ids if rows[id_].state == CampaignState.IN_REVIEW])
    close(step, LAUNCH, [id_ for id_ in ids if rows[id_].state == CampaignState.APPROVED], Ending.CANCELLED)
    arm_plans(step, {id_: (rows[id_].shop_id, rows[id_].code, rows[id_].starts_at) for id_ in ids})
    step.emit(*(CampaignReturned(id_, rows[id_].shop_id) for id_ in ids))
    return outcomes


def _held(ids: Sequence[int]) -> dict[int, sql.CampaignRow]:
    return {row.id: row for row in sql.LOCK.rows(campaigns=sorted(set(ids)))}


def _refusal(step: Step, row: sql.CampaignRow) -> str:
    """Nobody decides on what they wrote or submitted."""
    if row.state != CampaignState.IN_REVIEW:
        return "plan_not_in_review"
    if step.actor.id in (row.submitted_by, row.saved_by):
        return "own_plan"
    return "campaign_over" if row.ends_at <= step.now else ""


def _decide(step: Step, reasons: dict[int, str]) -> None:
    """Write down who decided, each with its own words."""
    sql.NOTE_DECIDED.run(campaigns=list(reasons), reasons=list(reasons.values()), now=step.now, actor_id=step.actor.id)
