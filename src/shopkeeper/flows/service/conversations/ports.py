"""What conversations ask of a platform's own chat, in our words; the platforms' words stay in `integrations`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shopkeeper.foundation.shop_access import ShopAccess
from shopkeeper.shared.outside import ForgedMessage, OutsideError

__all__ = ["ForgedMessage", "HeardLine", "HeardLines", "OutsideError", "PlatformChat", "ShopAccess", "Spoken"]


@dataclass(frozen=True, slots=True)
class HeardLine:
    """One line a customer wrote in the platform's chat.

    `number` counts a shop's lines without a gap (the platform's own cursor), so that a lost one is noticed;
    `buyer_ref` is the open id that the customer's orders carry too.
    """

    message_id: str
    number: int
    buyer_ref: str
    said_at: datetime
    buyer_name: str = field(repr=False)
    text: str = field(repr=False)
    platform_no: str = ""  # the order the customer wrote from, where the platform says so


@dataclass(frozen=True, slots=True)
class HeardLines:
    """Lines after a cursor, oldest first. `upto` is where the next pull begins; `has_more`: ask again at once."""

    lines: tuple[HeardLine, ...]
    upto: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of ours. `client_id` is our key for it: the platform shows a line once per key."""

    client_id: str
    buyer_ref: str = field(repr=False)
    text: str = field(repr=False)


class PlatformChat(Protocol):
    """One platform's chat. Every method raises `OutsideError`; safe to call from several threads."""

    def pull(self, shop: ShopAccess, after: int) -> HeardLines:
        """The shop's lines from customers after the cursor, oldest first, a page at a time."""

    def send(self, shop: ShopAccess, spoken: Spoken) -> str:
        """Show our line to the customer; the platform's id of it. The same `client_id` again is an acknowledged
        repeat and not shown twice. A customer who cannot be written to is a permanent `OutsideError`."""

    def parse_message(self, shop: ShopAccess, headers: Mapping[str, str], body: bytes) -> HeardLine:
        """A pushed line, believed only if its signature fits the shop's secret and it is at most 10 minutes of
        machine time old; else `ForgedMessage`."""
