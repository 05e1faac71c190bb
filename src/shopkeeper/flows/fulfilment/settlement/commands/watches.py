"""The watch for a buyer's confirmation: when it is due, how it is set, how it ends."""

from collections.abc import Sequence
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.settlement.deadlines import FOLLOW_UP, RECEIPT_WATCH
from shopkeeper.flows.fulfilment.settlement.rules import follow_up_due_at
from shopkeeper.flows.fulfilment.settlement.sql import completion
from shopkeeper.flows.fulfilment.settlement.states import FOLLOW_UP_FLOW, FollowUpState
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import Arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

AWAITED = (OrderState.SHIPPED, OrderState.SIGNED)
ENDED = (OrderState.COMPLETED, OrderState.RETURNED, OrderState.CANCELLED)


def due_of(step: Step, row: completion.EndingRow) -> datetime | None:
    """When this order's buyer is to be asked, by the shop's policy of now."""
    policy = policies(step)
    return follow_up_due_at(
        policy("follow_up_from", row.shop_id),
        policy("follow_up_days", row.shop_id),
        shipped_at=row.shipped_at,
        signed_at=row.signed_at,
    )


def watch(row: completion.EndingRow, due_at: datetime) -> Arm:
    return Arm(RECEIPT_WATCH, row.id, due_at, shop_id=row.shop_id, label=order_number(row.id))


def end_watches(step: Step, order_ids: Sequence[int], ending: Ending) -> None:
    """Nothing is awaited of these buyers any more: close the watch and the follow-ups still open."""
    if not order_ids:
        return
    close(step, RECEIPT_WATCH, order_ids, ending)
    needless = completion.END_NEEDLESS.rows(orders=list(order_ids), now=step.now)
    moved = step.move(FOLLOW_UP_FLOW, [row.id for row in needless], FollowUpState.CLOSED, "not_needed")
    close(step, FOLLOW_UP, [row.id for row in moved], Ending.CANCELLED)
