"""M2.2: an approved campaign has to pass the gate in time; one that is live or will not take place no longer has to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.flows.marketing.launch.commands.mending import end_mending
from shopkeeper.flows.marketing.launch.deadlines import GATE, GATE_EXPIRY
from shopkeeper.flows.marketing.launch.events import GateOpened
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.rules.gate import in_time
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.launch.states import GATE_FLOW, OPEN_GATES, GateState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")


@dataclass(frozen=True, slots=True)
class OpenGate:
    campaign_id: int


@command(clause="M2.2", permission=Permission.GATE_RUN, scope=OF_CAMPAIGN, internal=True)
def open_gates(step: Step, items: Sequence[OpenGate]) -> list[Outcome]:
    """Open the gates of approved campaigns, due some hours before they start; done with the gate's id.

    A campaign approved once more is tested once more. Refused: "campaign_not_approved". Open already: unchanged.
    """
    ids = sorted({item.campaign_id for item in items})
    campaigns = {row.id: row for row in sql.CAMPAIGNS.rows(ids=ids)}
    standing = {row.campaign_id: row for row in sql.LOCK_OF_CAMPAIGNS.rows(campaigns=ids)}
    dues = {row.id: _due(step, row) for row in campaigns.values() if row.state == CampaignState.APPROVED}
    fresh = [
        id_
        for id_ in dues
        if id_ not in standing
        or standing[id_].state == GateState.CLOSED
        or standing[id_].for_start != campaigns[id_].starts_at
    ]
    made = {}
    if fresh:
        rows = sql.OPEN.rows(
            campaigns=fresh,
            shops=[campaigns[id_].shop_id for id_ in fresh],
            starts=[campaigns[id_].starts_at for id_ in fresh],
            dues=[dues[id_] for id_ in fresh],
            now=step.now,
        )
        made = {row.campaign_id: row.id for row in rows}
        step.move(GATE_FLOW, [made[id_] for id_ in fresh if id_ in standing], GateState.WAITING, "approved again")
        close(step, GATE_EXPIRY, list(made.values()), Ending.CANCELLED)
        end_mending(step, list(made.values()), Ending.CANCELLED)
        arm(step, [Arm(GATE, made[i], dues[i], shop_id=campaigns[i].shop_id, label=campaigns[i].code) for i in fresh])
        step.emit(*(GateOpened(made[id_], id_, campaigns[id_].shop_id) for id_ in fresh))
    outcomes, told = [], set[int]()
    for item in items:
        id_ = item.campaign_id
        if id_ not in dues:
            outcomes.append(refused("campaign_not_approved", id_))
        elif id_ in made and id_ not in told:
            outcomes.append(done(made[id_]))
        else:
            outcomes.append(unchanged(made.get(id_) or standing[id_].id))
        told.add(id_)
    return outcomes


def _due(step: Step, campaign: sql.CampaignRow) -> datetime:
    policy = policies(step)
    hours, least = policy("gate_hours_before_start", campaign.shop_id), policy("gate_retest_hours", campaign.shop_id)
    wanted = campaign.starts_at - timedelta(hours=hours)
    return in_time(wanted, step.now + timedelta(hours=least), campaign.starts_at)


@dataclass(frozen=True, slots=True)
class CloseGate:
    campaign_id: int


@command(clause="M2.2", permission=Permission.GATE_RUN, scope=OF_CAMPAIGN, internal=True)
def close_gates(step: Step, items: Sequence[CloseGate]) -> list[Outcome]:
    """Close the gates of campaigns that are live or will not take place. Without a gate, or closed: unchanged."""
    rows = {
        row.campaign_id: row
        for row in sql.LOCK_OF_CAMPAIGNS.rows(campaigns=sorted({item.campaign_id for item in items}))
    }
    ids = [row.id for row in rows.values() if row.state != GateState.CLOSED]
    passed = [row.id for row in rows.values() if row.state in OPEN_GATES]
    moved = {one.id for one in step.move(GATE_FLOW, ids, GateState.CLOSED)}
    close(step, GATE, passed)
    close(step, GATE, [id_ for id_ in ids if id_ not in passed], Ending.CANCELLED)
    close(step, GATE_EXPIRY, ids, Ending.CANCELLED)
    end_mending(step, ids, Ending.CANCELLED)
    outcomes = []
    for item in items:
        row = rows.get(item.campaign_id)
        is_done = row is not None and row.id in moved
        outcomes.append(done(row.id) if row and is_done else unchanged(row.id if row else None))
        moved -= {row.id} if row else set()
    return outcomes
