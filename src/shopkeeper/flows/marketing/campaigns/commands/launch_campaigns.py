"""M1.2: a prepared campaign goes live; the gate of M2.2 has the last word."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.campaigns.deadlines import END, LAUNCH
from shopkeeper.flows.marketing.campaigns.events import CampaignLaunched
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.ports import NO_GATE, go_live_gate
from shopkeeper.flows.marketing.campaigns.rules.plans import launch_opens_at
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")


@dataclass(frozen=True, slots=True)
class LaunchCampaign:
    campaign_id: int


@command(clause="M1.2", permission=Permission.CAMPAIGN_LAUNCH, scope=OF_CAMPAIGN)
def launch_campaigns(step: Step, items: Sequence[LaunchCampaign]) -> list[Outcome]:
    """Take approved campaigns live, from the policy's minutes before their start on; their end is watched.

    Refused: "not_approved", "too_early", "campaign_over", or the gate's own reason ("gate_red", "gate_missing" …).
    Live already: unchanged.
    """
    ids = sorted({item.campaign_id for item in items})
    rows = {row.id: row for row in sql.LOCK.rows(campaigns=ids)}
    ready = [id_ for id_, row in rows.items() if row.state == CampaignState.APPROVED]
    gate = go_live_gate().verdicts(ready) if ready else {}
    verdicts = {id_: _refusal(step, row, gate.get(id_, NO_GATE)) for id_, row in rows.items()}
    going = [id_ for id_ in ready if not verdicts[id_]]
    sql.NOTE_LAUNCHED.run(campaigns=going, now=step.now, actor_id=step.actor.id)
    step.move(CAMPAIGN_FLOW, going, CampaignState.LIVE)
    close(step, LAUNCH, going)
    arm(step, [Arm(END, id_, rows[id_].ends_at, shop_id=rows[id_].shop_id, label=rows[id_].code) for id_ in going])
    step.emit(*(CampaignLaunched(id_, rows[id_].shop_id) for id_ in going))
    fresh = set(going)
    outcomes = []
    for item in items:
        code = verdicts[item.campaign_id]
        if code:
            outcomes.append(refused(code, item.campaign_id))
        elif item.campaign_id in fresh:
            fresh.discard(item.campaign_id)
            outcomes.append(done(item.campaign_id))
        else:
            outcomes.append(unchanged(item.campaign_id))
    return outcomes


def _refusal(step: Step, row: sql.CampaignRow, gate: str) -> str:
    """Empty where it may go live, or is live already."""
    if row.state == CampaignState.LIVE:
        return ""
    if row.state != CampaignState.APPROVED:
        return "not_approved"
    if row.ends_at <= step.now:
        return "campaign_over"
    opens_at = launch_opens_at(row.starts_at, policies(step)("campaign_launch_minutes", row.shop_id))
    return "too_early" if step.now < opens_at else gate
