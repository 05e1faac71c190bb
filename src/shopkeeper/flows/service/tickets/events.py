"""What happens to tickets and agents, and to orders and parcels that customers want changed."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class TicketOpened(Event):
    ticket_id: int
    shop_id: int
    order_id: int | None
    channel: str
    stage: str
    kind: str


@dataclass(frozen=True, slots=True)
class TicketClassified(Event):
    """The type was set or corrected; `was` is what it was filed under before."""

    ticket_id: int
    shop_id: int
    kind: str
    was: str
    is_correction: bool


@dataclass(frozen=True, slots=True)
class TicketAssigned(Event):
    """An agent has the ticket; `was_agent_id` had it before."""

    ticket_id: int
    shop_id: int
    agent_id: int
    was_agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class TicketUnassigned(Event):
    """Nobody has the ticket any more; it waits for whoever is free."""

    ticket_id: int
    shop_id: int
    was_agent_id: int


@dataclass(frozen=True, slots=True)
class TicketFirstReplied(Event):
    """A person has answered the customer for the first time."""

    ticket_id: int
    shop_id: int
    seconds: int


@dataclass(frozen=True, slots=True)
class TicketWaiting(Event):
    """The customer's answer is awaited."""

    ticket_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class TicketResumed(Event):
    """The customer answered: the clock runs again."""

    ticket_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class TicketResolved(Event):
    ticket_id: int
    shop_id: int
    order_id: int | None
    kind: str
    resolution: str


@dataclass(frozen=True, slots=True)
class TicketClosed(Event):
    ticket_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class TicketReopened(Event):
    ticket_id: int
    shop_id: int
    times: int


@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    ticket_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class PresenceChanged(Event):
    agent_id: int
    presence: str


@dataclass(frozen=True, slots=True)
class AgentSet(Event):
    """What an agent can do, and how much at a time, was set."""

    agent_id: int


@dataclass(frozen=True, slots=True)
class OfferShown(Event):
    """A product was shown to a customer before the sale, with its price and stock of that moment."""

    ticket_id: int
    shop_id: int
    sku_id: int


@dataclass(frozen=True, slots=True)
class InquiryConverted(Event):
    """The customer of a pre-sale ticket placed an order."""

    ticket_id: int
    shop_id: int
    order_id: int


@dataclass(frozen=True, slots=True)
class ArticlePublished(Event):
    article_id: int
    shop_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class ArticleRetired(Event):
    article_id: int
    shop_id: int | None


@dataclass(frozen=True, slots=True)
class ChangeRequested(Event):
    """A customer wants an order's address changed, or the order cancelled, before it leaves."""

    change_id: int
    order_id: int
    shop_id: int
    kind: str
    way: str


@dataclass(frozen=True, slots=True)
class ChangeAnswered(Event):
    """The platform took the change, or would not (`code` says why)."""

    change_id: int
    order_id: int
    shop_id: int
    answer: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ChangeEnded(Event):
    """The change is in our order, was refused, or withdrawn."""

    change_id: int
    order_id: int
    shop_id: int
    kind: str
    outcome: str


@dataclass(frozen=True, slots=True)
class InterceptionRequested(Event):
    interception_id: int
    parcel_id: int
    order_id: int
    shop_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class InterceptionAnswered(Event):
    """The courier will try, or will not."""

    interception_id: int
    parcel_id: int
    shop_id: int
    accepted: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class InterceptionEnded(Event):
    """The parcel is back, arrived at the new address, or could not be stopped."""

    interception_id: int
    parcel_id: int
    order_id: int
    shop_id: int
    outcome: str
