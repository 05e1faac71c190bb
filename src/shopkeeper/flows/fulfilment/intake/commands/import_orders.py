"""O1.1: orders of a file taken in like the platform's own, with what the file itself finds wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """`hold` is the reader's own doubt about the order, a code of HOLDS, or empty."""

    order: ReceivedOrder
    hold: str = ""

    @property
    def shop_id(self) -> int:
        return self.order.shop_id


@command(clause="O1.1", permission=Permission.ORDER_IMPORT, scope=InShop(), internal=True)
def import_orders(step: Step, items: Sequence[ImportOrder]) -> list[Outcome]:
    """Take orders in and hold those the reader doubts, in one transaction. Answers as take_in_orders does."""
    outcomes = take_in_orders.within(step, [item.order for item in items])
    doubted = [
        HoldOrder(outcome.id, item.hold)
        for item, outcome in zip(items, outcomes, strict=True)
        if outcome.changed and outcome.id and item.hold and item.hold not in outcome.facts.get("holds", ())
    ]
    hold_orders.within(step, doubted)
    return outcomes
