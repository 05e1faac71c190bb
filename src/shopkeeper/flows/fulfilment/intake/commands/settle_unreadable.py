"""O1.1: a person looked at an order that no program could read, and says it is dealt with."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.commands.note_pull import message_subject
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import close


@dataclass(frozen=True, slots=True)
class SettleUnreadable:
    shop_id: int
    platform_no: str


@command(clause="O1.1", permission=Permission.ORDER_CHECK, scope=InShop())
def settle_unreadable(step: Step, items: Sequence[SettleUnreadable]) -> list[Outcome]:
    """End the duty about orders that could not be read; one that has ended is unchanged."""
    return [
        done() if close(step, deadlines.UNREADABLE, [message_subject(item.shop_id, item.platform_no)]) else unchanged()
        for item in items
    ]
