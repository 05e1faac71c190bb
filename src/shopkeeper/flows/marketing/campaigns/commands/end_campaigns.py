"""M1.2: a campaign ends: at its time by itself, before it with a reason, or it is given up before it began."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.closing import close_preparations, open_all_tasks
from shopkeeper.flows.marketing.campaigns.commands.writing import move_each
from shopkeeper.flows.marketing.campaigns.deadlines import APPROVAL, END, LAUNCH, PLAN
from shopkeeper.flows.marketing.campaigns.events import CampaignCancelled, CampaignEnded
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.states import Ending

OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")
OVER = (CampaignState.ENDED, CampaignState.REVIEWED)
BEFORE = (CampaignState.IDEA, CampaignState.PLANNED, CampaignState.IN_REVIEW, CampaignState.APPROVED)


@dataclass(frozen=True, slots=True)
class EndCampaign:
    campaign_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.CAMPAIGN_END, scope=OF_CAMPAIGN)
def end_campaigns(step: Step, items: Sequence[EndCampaign]) -> list[Outcome]:
    """End live campaigns before their time. Refused: "reason_needed", "not_live". Over already: unchanged."""
    rows = _held([item.campaign_id for item in items])
    reasons: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.campaign_id]
        if row.state in OVER or item.campaign_id in reasons:
            outcomes.append(unchanged(item.campaign_id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", item.campaign_id))
        elif row.state != CampaignState.LIVE:
            outcomes.append(refused("not_live", item.campaign_id))
        else:
            reasons[item.campaign_id] = item.reason.strip()
            outcomes.append(done(item.campaign_id))
    _end(step, rows, reasons)
    return outcomes


@dataclass(frozen=True, slots=True)
class EndDueCampaign:
    campaign_id: int


@command(clause="M1.2", permission=Permission.CAMPAIGN_END, scope=OF_CAMPAIGN, internal=True)
def end_due_campaigns(step: Step, items: Sequence[EndDueCampaign]) -> list[Outcome]:
    """End live campaigns whose time is over; one that lasts longer meanwhile is watched until then."""
    rows = _held([item.campaign_id for item in items])
    live = {id_: row for id_, row in rows.items() if row.state == CampaignState.LIVE}
    over = {id_: "" for id_, row in live.items() if row.ends_at <= step.now}
    _end(step, rows, over)
    arm(step, [_watch(row) for id_, row in live.items() if id_ not in over])
    close(step, END, [id_ for id_ in rows if id_ not in live], Ending.CANCELLED)
    return [done(item.campaign_id) if item.campaign_id in over else unchanged(item.campaign_id) for item in items]


@dataclass(frozen=True, slots=True)
class CancelCampaign:
    campaign_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.1", permission=Permission.CAMPAIGN_EDIT, scope=OF_CAMPAIGN)
def cancel_campaigns(step: Step, items: Sequence[CancelCampaign]) -> list[Outcome]:
    """Give up campaigns that are not live yet; what was being prepared for them is dropped with them.

    Refused: "reason_needed", "already_live". Cancelled already: unchanged.
    """
    rows = _held([item.campaign_id for item in items])
    reasons: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.campaign_id]
        if row.state == CampaignState.CANCELLED or item.campaign_id in reasons:
            outcomes.append(unchanged(item.campaign_id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", item.campaign_id))
        elif row.state not in BEFORE:
            outcomes.append(refused("already_live", item.campaign_id))
        else:
            reasons[item.campaign_id] = item.reason.strip()
            outcomes.append(done(item.campaign_id))
    sql.NOTE_ENDED.run(campaigns=list(reasons), reasons=list(reasons.values()), now=step.now, actor_id=step.actor.id)
    move_each(step, reasons, CampaignState.CANCELLED)
    for kind in (PLAN, APPROVAL, LAUNCH):
        close(step, kind, list(reasons), Ending.CANCELLED)
    close_preparations(step, list(reasons))
    step.emit(*(CampaignCancelled(id_, rows[id_].shop_id) for id_ in reasons))
    return outcomes


def _held(ids: Sequence[int]) -> dict[int, sql.CampaignRow]:
    return {row.id: row for row in sql.LOCK.rows(campaigns=sorted(set(ids)))}


def _end(step: Step, rows: dict[int, sql.CampaignRow], reasons: dict[int, str]) -> None:
    """`reasons` by campaign; empty where it ended at its time."""
    sql.NOTE_ENDED.run(campaigns=list(reasons), reasons=list(reasons.values()), now=step.now, actor_id=step.actor.id)
    move_each(step, reasons, CampaignState.ENDED)
    close(step, END, list(reasons))
    open_all_tasks(list(reasons))
    step.emit(*(CampaignEnded(id_, rows[id_].shop_id) for id_ in reasons))


def _watch(row: sql.CampaignRow) -> Arm:
    return Arm(END, row.id, row.ends_at, shop_id=row.shop_id, label=row.code)
