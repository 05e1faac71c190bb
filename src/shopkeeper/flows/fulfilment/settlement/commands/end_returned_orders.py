"""O4.1: orders that came back end; what they did to the books is settled like any other order."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.close_returned_orders import (
    CloseReturnedOrder,
    close_returned_orders,
)
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.settlement.commands.booking import Wish, settle
from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import open_settlements
from shopkeeper.flows.fulfilment.settlement.commands.watches import end_watches
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.sql import completion
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.states import Ending

ROW = ShopOf("intake_order", "order_id")


@dataclass(frozen=True, slots=True)
class CloseCameBack:
    order_id: int


@dataclass(frozen=True, slots=True)
class SettleReturned:
    order_id: int
    are_goods_back: bool


@command(clause="O4.1", permission=Permission.ORDER_COMPLETE, scope=ROW, internal=True)
def close_came_back(step: Step, items: Sequence[CloseCameBack]) -> list[Outcome]:
    """Close the orders that were refunded in full and whose parcels all came back or were lost.

    Others are unchanged: their refund or their parcel is still awaited, or a person decides after the sale.
    """
    orders = sorted({item.order_id for item in items})
    completion.LOCK_ORDERS.rows(orders=orders)
    rows = completion.CAME_BACK.rows(orders=orders)
    reasons = {True: "lost and refunded", False: "came back and refunded"}
    wishes = [CloseReturnedOrder(row.id, reasons[row.is_lost], not row.is_lost) for row in rows]
    answers = {row.id: answer for row, answer in zip(rows, close_returned_orders.within(step, wishes), strict=True)}
    return [answers.pop(item.order_id, unchanged(item.order_id)) for item in items]


@command(clause="O4.1", permission=Permission.SETTLEMENT_SETTLE, scope=ROW, internal=True)
def settle_returned(step: Step, items: Sequence[SettleReturned]) -> list[Outcome]:
    """Open and settle the books of returned orders: sale, commission and refund; the cost of the goods only
    where they are not back. No buyer is asked any more.

    What a person must look at stays due with its reason. Refused: "not_returned".
    """
    rows = {row.id: row for row in completion.LOCK_ORDERS.rows(orders=[item.order_id for item in items])}
    returned = [row for row in rows.values() if row.state == OrderState.RETURNED]
    back = [item.order_id for item in items if item.are_goods_back]
    open_settlements(step, returned, back)
    end_watches(step, [row.id for row in returned], Ending.CANCELLED)
    settled = settle(step, [Wish(row.id) for row in returned])
    answers = {row.id: answer for row, answer in zip(returned, settled, strict=True)}
    outcomes = []
    for item in items:
        if rows[item.order_id].state != OrderState.RETURNED:
            outcomes.append(refused("not_returned", item.order_id))
            continue
        answer = answers.pop(item.order_id, None)
        is_new = answer is not None and answer.result != "unchanged"
        outcomes.append(done(item.order_id) if is_new else unchanged(item.order_id))
    return outcomes
