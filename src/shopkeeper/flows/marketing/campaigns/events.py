"""What happens to a campaign, from its plan to its end."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class CampaignSubmitted(Event):
    """The plan waits for another person's approval."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignApproved(Event):
    """The plan is approved; materials and gate follow."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignLaunched(Event):
    """The campaign is live, from now to its end: it is watched."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignEnded(Event):
    """The campaign is over: it is reviewed."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignCancelled(Event):
    """The campaign will not take place."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignReturned(Event):
    """The plan goes back to whoever wrote it; why stands with the campaign."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignWithdrawn(Event):
    """The plan was taken out of review by those who write it."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignChanged(Event):
    """Its plan, goods, time or rules were written down anew."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CampaignReviewed(Event):
    """Its review is approved: nothing is left to do."""

    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class BudgetSpent(Event):
    """Money of a campaign was spent, or (negative) came back. Minor units of the campaign's currency."""

    campaign_id: int
    shop_id: int
    item_id: int
    spent_minor: int


@dataclass(frozen=True, slots=True)
class BudgetRaised(Event):
    """Another person allowed a budget item more than was planned."""

    campaign_id: int
    shop_id: int
    item_id: int
    raise_minor: int


@dataclass(frozen=True, slots=True)
class SlotAnswered(Event):
    """A platform granted or refused a resource slot; `state` says which."""

    slot_id: int
    campaign_id: int
    shop_id: int
    state: str


@dataclass(frozen=True, slots=True)
class TaskOpened(Event):
    """Somebody has something to do for a campaign."""

    task_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class TaskDone(Event):
    """A task of a campaign is done; what shows it stands with the task."""

    task_id: int
    campaign_id: int
    shop_id: int
