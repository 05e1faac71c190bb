"""What happens to consent and to mailings. Ids, codes and counts: addresses and texts to customers stay out."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    """A customer may be written to on this channel."""

    consent_id: int
    shop_id: int
    channel: str
    source: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A customer must not be written to on this channel any more; `mailing_id` where a message of it led to it."""

    consent_id: int
    shop_id: int
    channel: str
    way: str
    mailing_id: int | None = None


@dataclass(frozen=True, slots=True)
class MailingSubmitted(Event):
    mailing_id: int
    shop_id: int
    campaign_id: int


@dataclass(frozen=True, slots=True)
class MailingApproved(Event):
    mailing_id: int
    shop_id: int
    campaign_id: int


@dataclass(frozen=True, slots=True)
class MailingReturned(Event):
    mailing_id: int
    shop_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class MailingStarted(Event):
    """Its time has come: recipients are gathered and written to."""

    mailing_id: int
    shop_id: int
    campaign_id: int


@dataclass(frozen=True, slots=True)
class MailingSent(Event):
    """Everybody has had their turn. `accepted`: what the provider took; `skipped`: not sent, for a coded reason."""

    mailing_id: int
    shop_id: int
    campaign_id: int
    accepted: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class MailingStopped(Event):
    mailing_id: int
    shop_id: int
    campaign_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class MailingCostBooked(Event):
    """What the mailing cost stands in the campaign's budget."""

    mailing_id: int
    shop_id: int
    campaign_id: int
    cost_minor: int
