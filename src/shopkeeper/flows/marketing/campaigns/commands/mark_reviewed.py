"""M4: a campaign's review is approved and closes it; a finished one may become a template."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.campaigns.events import CampaignReviewed
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")


@dataclass(frozen=True, slots=True)
class MarkReviewed:
    campaign_id: int


@command(clause="M4.1", permission=Permission.CAMPAIGN_EDIT, scope=OF_CAMPAIGN, internal=True)
def mark_reviewed(step: Step, items: Sequence[MarkReviewed]) -> list[Outcome]:
    """Close ended campaigns whose review stands. Internal: the review's own approval does it.

    Refused: "not_ended". Reviewed already: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(campaigns=sorted({item.campaign_id for item in items}))}
    ended = [id_ for id_, row in rows.items() if row.state == CampaignState.ENDED]
    moved = {row.id for row in step.move(CAMPAIGN_FLOW, ended, CampaignState.REVIEWED)}
    step.emit(*(CampaignReviewed(id_, rows[id_].shop_id) for id_ in sorted(moved)))
    outcomes = []
    for item in items:
        if item.campaign_id in moved:
            moved.discard(item.campaign_id)
            outcomes.append(done(item.campaign_id))
        elif item.campaign_id in ended or rows[item.campaign_id].state == CampaignState.REVIEWED:
            outcomes.append(unchanged(item.campaign_id))
        else:
            outcomes.append(refused("not_ended", item.campaign_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class MarkTemplate:
    campaign_id: int


@command(clause="M4.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_CAMPAIGN, internal=True)
def mark_templates(step: Step, items: Sequence[MarkTemplate]) -> list[Outcome]:
    """Offer finished campaigns as templates. Refused: "not_ended". A template already: unchanged."""
    ids = sorted({item.campaign_id for item in items})
    rows = {row.id: row for row in sql.LOCK.rows(campaigns=ids)}
    fresh = {row.id for row in sql.NOTE_TEMPLATE.rows(campaigns=ids)}
    outcomes = []
    for item in items:
        if item.campaign_id in fresh:
            fresh.discard(item.campaign_id)
            outcomes.append(done(item.campaign_id))
        elif rows[item.campaign_id].state in (CampaignState.ENDED, CampaignState.REVIEWED):
            outcomes.append(unchanged(item.campaign_id))
        else:
            outcomes.append(refused("not_ended", item.campaign_id))
    return outcomes
