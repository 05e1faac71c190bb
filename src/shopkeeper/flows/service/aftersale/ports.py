"""What after-sale asks of a sales platform: refunds that buyers asked for there, agreed to or refused.

Amounts are integer minor units; moments are aware UTC in business time. On platforms only the buyer can ask
for a refund; the shop agrees, refuses, or agrees to the goods coming back first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from shopkeeper.foundation.shop_access import ShopAccess
from shopkeeper.shared.outside import OutsideError

__all__ = [
    "OutsideError",
    "PlatformRefunds",
    "RefundDecision",
    "RefundStanding",
    "ReturnAddress",
    "ShopAccess",
    "ToldRefund",
]

RefundStanding = Literal["asked", "return_awaited", "return_sent", "refused", "closed", "paid"]


@dataclass(frozen=True, slots=True)
class ToldRefund:
    """One refund as the platform has it now. `words` are the buyer's own: sealed before they are kept."""

    refund_no: str
    platform_no: str
    platform_line_no: str
    standing: RefundStanding
    asked_minor: int
    version: str
    phase: str
    wants_return: bool
    created_at: datetime
    modified_at: datetime
    courier: str = ""
    return_number: str = ""
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RefundDecision:
    """What is decided about one refund. `version` guards against a refund the buyer has changed meanwhile."""

    refund_no: str
    platform_no: str
    platform_line_no: str
    amount_minor: int
    version: str
    phase: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Where returned goods go: a warehouse of ours."""

    name: str
    phone: str
    address: str


class PlatformRefunds(Protocol):
    """One platform's door for refunds. Every method raises `OutsideError`."""

    def refunds_of(self, shop: ShopAccess, platform_no: str) -> Sequence[ToldRefund]:
        """All refunds of one order as they stand now."""

    def agree(self, shop: ShopAccess, decision: RefundDecision) -> ToldRefund:
        """Let the money go back; the refund as it stands then. Agreeing again to a paid refund of the same
        amount is harmless; a refund that is closed, of another amount or version is a permanent
        `OutsideError` with code `refund_closed`, `amount_differs`, `refund_changed`."""

    def refuse(self, shop: ShopAccess, decision: RefundDecision, message: str) -> ToldRefund:
        """Refuse it with words for the buyer; refusing again is harmless."""

    def agree_return(self, shop: ShopAccess, decision: RefundDecision, to: ReturnAddress) -> ToldRefund:
        """Let the goods come back first; saying so again is harmless."""
