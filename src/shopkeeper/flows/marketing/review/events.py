"""What happens to a review, its meeting and what is learned. Ids and codes only."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ReviewDrafted(Event):
    """The figures of a campaign that is over stand as a first version."""

    review_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReviewRedrawn(Event):
    """The figures were drawn again and differ; the earlier versions stay."""

    review_id: int
    shop_id: int
    version: int


@dataclass(frozen=True, slots=True)
class ReviewCompleted(Event):
    """A person wrote what worked, what did not, and what is to be done."""

    review_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReviewSubmitted(Event):
    review_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReviewReturned(Event):
    review_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReviewApproved(Event):
    """The report stands; the meeting follows, its action items run."""

    review_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class MeetingHeld(Event):
    """`is_complete`: everybody whom the policy asks for was there."""

    meeting_id: int
    review_id: int
    shop_id: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ActionOpened(Event):
    """Something was decided to be done, by somebody, until a day."""

    action_id: int
    review_id: int
    shop_id: int
    role: str


@dataclass(frozen=True, slots=True)
class ActionEnded(Event):
    """An action item is done or dropped."""

    action_id: int
    review_id: int
    shop_id: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class TemplateMade(Event):
    """A reviewed campaign became a template, with what was learned of it."""

    template_id: int
    campaign_id: int
    shop_id: int
