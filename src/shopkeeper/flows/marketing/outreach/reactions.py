"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.marketing.campaigns.events import CampaignCancelled, CampaignEnded
from shopkeeper.flows.marketing.outreach.commands.stop_mailings import StopForCampaign, stop_mailings_of_campaigns
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def stop_with_campaigns(actor: Actor, events: Sequence[Recorded[CampaignEnded | CampaignCancelled]]) -> None:
    """CampaignEnded, CampaignCancelled: its mailings stop."""
    stop_mailings_of_campaigns(
        actor, [StopForCampaign(id_) for id_ in dict.fromkeys(e.event.campaign_id for e in events)]
    )
