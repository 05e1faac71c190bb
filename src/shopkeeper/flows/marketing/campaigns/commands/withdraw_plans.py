"""M1.2: a plan in review is taken back by those who write plans, to be changed and submitted anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.campaigns.commands.writing import arm_plans
from shopkeeper.flows.marketing.campaigns.deadlines import APPROVAL, LAUNCH
from shopkeeper.flows.marketing.campaigns.events import CampaignWithdrawn
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.rules.plans import RETURNABLE, WITHDRAWN
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending

OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")


@dataclass(frozen=True, slots=True)
class WithdrawPlan:
    campaign_id: int


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_CAMPAIGN)
def withdraw_plans(step: Step, items: Sequence[WithdrawPlan]) -> list[Outcome]:
    """Take plans back that are in review, or approved and not live: they can be written again, are due anew, and have
    to be approved again.

    Refused: "plan_not_in_review". Being written: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(campaigns=sorted({item.campaign_id for item in items}))}
    going = [id_ for id_, row in rows.items() if row.state in RETURNABLE]
    step.move(CAMPAIGN_FLOW, going, CampaignState.PLANNED, WITHDRAWN)
    close(step, APPROVAL, [id_ for id_ in going if rows[id_].state == CampaignState.IN_REVIEW], Ending.CANCELLED)
    close(step, LAUNCH, [id_ for id_ in going if rows[id_].state == CampaignState.APPROVED], Ending.CANCELLED)
    arm_plans(step, {id_: (rows[id_].shop_id, rows[id_].code, rows[id_].starts_at) for id_ in going})
    step.emit(*(CampaignWithdrawn(id_, rows[id_].shop_id) for id_ in going))
    fresh = set(going)
    outcomes = []
    for item in items:
        if item.campaign_id in fresh:
            fresh.discard(item.campaign_id)
            outcomes.append(done(item.campaign_id))
        elif item.campaign_id in going or rows[item.campaign_id].state == CampaignState.PLANNED:
            outcomes.append(unchanged(item.campaign_id))
        else:
            outcomes.append(refused("plan_not_in_review", item.campaign_id))
    return outcomes
