"""M1.2: the execution plan is whole and goes to another person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from shopkeeper.flows.marketing.campaigns.commands.writing import note_due
from shopkeeper.flows.marketing.campaigns.deadlines import APPROVAL, PLAN
from shopkeeper.flows.marketing.campaigns.events import CampaignSubmitted
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.rules.plans import missing_parts
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")


@dataclass(frozen=True, slots=True)
class SubmitPlan:
    campaign_id: int


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_CAMPAIGN)
def submit_plans(step: Step, items: Sequence[SubmitPlan]) -> list[Outcome]:
    """Submit plans for approval; the clock of the approval starts. In review already: unchanged.

    Refused: "plan_not_planned", "campaign_over" where its end has passed, "plan_incomplete" (facts: `missing`,
    parts of theme, goal, conversion, force, goods, audience, channels, budget, risks).
    """
    ids = sorted({item.campaign_id for item in items})
    rows = {row.id: row for row in sql.LOCK.rows(campaigns=ids)}
    whole = {row.id: missing_parts(asdict(row)) for row in sql.WHOLE.rows(campaigns=ids)}
    verdicts = {id_: _judge(step, row, whole[id_]) for id_, row in rows.items()}
    going = [id_ for id_, verdict in verdicts.items() if verdict is None]
    policy = policies(step)
    dues = {id_: step.now + timedelta(hours=policy("campaign_approval_hours", rows[id_].shop_id)) for id_ in going}
    sql.NOTE_SUBMITTED.run(campaigns=going, now=step.now, actor_id=step.actor.id)
    note_due(dues)
    step.move(CAMPAIGN_FLOW, going, CampaignState.IN_REVIEW)
    close(step, PLAN, going)
    arm(step, [Arm(APPROVAL, id_, dues[id_], shop_id=rows[id_].shop_id, label=rows[id_].code) for id_ in going])
    step.emit(*(CampaignSubmitted(id_, rows[id_].shop_id) for id_ in going))
    fresh = set(going)
    outcomes = []
    for item in items:
        verdict = verdicts[item.campaign_id]
        if verdict is None:
            verdict = done(item.campaign_id) if item.campaign_id in fresh else unchanged(item.campaign_id)
            fresh.discard(item.campaign_id)
        outcomes.append(verdict)
    return outcomes


def _judge(step: Step, row: sql.CampaignRow, missing: tuple[str, ...]) -> Outcome | None:
    """None where the plan may go."""
    if row.state == CampaignState.IN_REVIEW:
        return unchanged(row.id)
    if row.state != CampaignState.PLANNED:
        return refused("plan_not_planned", row.id)
    if row.ends_at <= step.now:
        return refused("campaign_over", row.id)
    return refused("plan_incomplete", row.id, missing=", ".join(missing)) if missing else None
