"""O4.1: finance settles a completed order: one set of entries per order, always balanced."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.settlement.commands.booking import Wish, settle
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class SettleOrder:
    order_id: int


@command(clause="O4.1", permission=Permission.SETTLEMENT_SETTLE, scope=ShopOf("intake_order", "order_id"))
def settle_orders(step: Step, items: Sequence[SettleOrder]) -> list[Outcome]:
    """Settle orders about which everything is known; refunds that came before are booked with them.

    Refused: "not_completed"; and what a person must look at stays due with its reason: "negative_margin",
    "currency_unlike", "paid_unlike_lines", "cost_unknown". A settled order is unchanged.
    """
    return settle(step, [Wish(item.order_id) for item in items])
