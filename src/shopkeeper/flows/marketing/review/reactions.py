"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.marketing.campaigns.events import CampaignEnded
from shopkeeper.flows.marketing.review.commands.draft_reviews import DraftReview, draft_reviews
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def draft_ended(actor: Actor, events: Sequence[Recorded[CampaignEnded]]) -> None:
    """CampaignEnded: its review is drafted, once."""
    draft_reviews(actor, [DraftReview(id_) for id_ in dict.fromkeys(e.event.campaign_id for e in events)])
