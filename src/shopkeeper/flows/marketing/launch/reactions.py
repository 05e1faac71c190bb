"""What the gate does when something happens to campaigns, promotions, prices or listings. Wired in config/wiring.py."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.marketing.campaigns.events import CampaignApproved, CampaignCancelled, CampaignLaunched
from shopkeeper.flows.marketing.launch.commands.expire_gates import ExpireGate, expire_gates
from shopkeeper.flows.marketing.launch.commands.open_gates import CloseGate, OpenGate, close_gates, open_gates
from shopkeeper.flows.marketing.launch.queries.gates import gates_with_result
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def follow_campaigns(
    actor: Actor, events: Sequence[Recorded[CampaignApproved | CampaignLaunched | CampaignCancelled]]
) -> None:
    """An approved campaign has to pass the gate; one that is live or cancelled no longer has to."""
    last = {one.event.campaign_id: one.event for one in events}
    approved = [id_ for id_, event in last.items() if isinstance(event, CampaignApproved)]
    open_gates(actor, [OpenGate(id_) for id_ in approved])
    close_gates(actor, [CloseGate(id_) for id_ in last if id_ not in approved])


def look_again(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """Promotions, prices, coupons or listings changed: results that are of something else no longer count."""
    found = gates_with_result() if events else []
    expire_gates(actor, [ExpireGate(id_) for id_ in found])
