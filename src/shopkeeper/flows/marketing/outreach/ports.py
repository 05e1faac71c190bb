"""What outreach asks of whoever carries messages, in our words; the providers' words stay in `integrations`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shopkeeper.shared.outside import ForgedMessage, OutsideError

__all__ = ["DeliveryReport", "ForgedMessage", "Letter", "MessageSender", "OutsideError", "Reply", "TextReports"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person. `key` is ours and the same at every try.

    `signature` is who speaks (a registered signature, or the sender's name); `template` is the provider's code of an
    approved text, `parameters` what is filled into it; `text` is the whole as the customer reads it. Mail has a
    `subject`, and `opt_out_url` as its one-click way out.
    """

    key: str
    address: str = field(repr=False)
    signature: str
    text: str = field(repr=False)
    subject: str = ""
    template: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    opt_out_url: str = ""


class MessageSender(Protocol):
    """One channel. Every method raises `OutsideError`; safe to call from several threads."""

    def send(self, letter: Letter) -> str:
        """Hand a message over; the provider's id of it. An address that can never be written to is a permanent
        `OutsideError` of code `bad_address`; any other permanent one is about the message or the account."""

    def sent_before(self, letter: Letter, on: datetime) -> str | None:
        """The provider's id of an earlier try of this letter, whose answer was lost; None where it never arrived, or
        where the provider cannot be asked (then its `key` has to keep the second from being shown twice)."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of a message the provider took: `key` is ours; `code` is the provider's where it failed, and
    `is_gone` says that nothing will ever arrive there."""

    key: str
    delivered: bool
    code: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What a customer answered to a text message."""

    address: str = field(repr=False)
    text: str = field(repr=False)


class TextReports(Protocol):
    """Reads what the provider of text messages pushes. Raises `ForgedMessage` for what cannot be believed."""

    def reports(self, key: str, body: bytes) -> list[DeliveryReport]:
        """Delivery reports; `key` is the secret part of the address that was called."""

    def replies(self, key: str, body: bytes) -> list[Reply]:
        """What customers answered."""
