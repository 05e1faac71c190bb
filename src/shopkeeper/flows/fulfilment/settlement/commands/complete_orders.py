"""O4.1: the buyer confirms receipt on the platform and the order is completed by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.settlement.commands.days import days_of_books
from shopkeeper.flows.fulfilment.settlement.commands.watches import end_watches
from shopkeeper.flows.fulfilment.settlement.deadlines import SETTLEMENT
from shopkeeper.flows.fulfilment.settlement.events import OrderCompleted
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.rules import may_complete
from shopkeeper.flows.fulfilment.settlement.sql import completion
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class NoteConfirmation:
    """The platform says the buyer confirmed receipt, at this business time."""

    order_id: int
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class CompleteOrder:
    order_id: int


@command(
    clause="O4.1",
    permission=Permission.ORDER_COMPLETE,
    scope=ShopOf("intake_order", "order_id"),
    internal=True,
)
def note_confirmations(step: Step, items: Sequence[NoteConfirmation]) -> list[Outcome]:
    """Keep the buyers' confirmations, then complete the orders that have left; the others follow later.

    Internal, because only the platform can say this. A confirmation that comes before its parcel is done
    (kept), not refused.
    """
    completion.NOTE_CONFIRMATIONS.run(
        orders=[item.order_id for item in items], moments=[item.confirmed_at for item in items]
    )
    outcomes = complete_orders.within(step, [CompleteOrder(item.order_id) for item in items])
    return [
        outcome if outcome.ok else unchanged(item.order_id, waits_for=outcome.code)
        for item, outcome in zip(items, outcomes, strict=True)
    ]


@command(clause="O4.1", permission=Permission.ORDER_COMPLETE, scope=ShopOf("intake_order", "order_id"))
def complete_orders(step: Step, items: Sequence[CompleteOrder]) -> list[Outcome]:
    """Complete orders that left and whose buyer confirmed: order COMPLETED, its settlement due, no follow-up.

    Refused: "not_confirmed", "not_shipped", "order_cancelled", "order_returned". A completed order is unchanged.
    """
    rows = {row.id: row for row in completion.LOCK_ORDERS.rows(orders=[item.order_id for item in items])}
    verdicts = {
        row.id: may_complete(row.state, is_confirmed=row.is_confirmed)
        for row in rows.values()
        if row.state != OrderState.COMPLETED
    }
    ending = [id_ for id_, code in verdicts.items() if not code]
    advanced = advance_orders.within(step, [AdvanceOrder(id_, OrderState.COMPLETED) for id_ in ending])
    answers = dict(zip(ending, advanced, strict=True))
    completed = [rows[id_] for id_, outcome in answers.items() if outcome.changed]
    open_settlements(step, completed)
    end_watches(step, [row.id for row in completed], Ending.DONE)
    step.emit(*(OrderCompleted(row.id, row.shop_id) for row in completed))
    outcomes: list[Outcome] = []
    for item in items:
        answer = answers.pop(item.order_id, None)  # the same order twice in a batch: done once
        if code := verdicts.get(item.order_id):
            outcomes.append(refused(code, item.order_id))
        elif answer is None or answer.result == "unchanged":
            outcomes.append(unchanged(item.order_id))
        else:
            outcomes.append(done(item.order_id) if answer.changed else answer)
    return outcomes


def open_settlements(step: Step, orders: Sequence[completion.EndingRow], goods_back: Sequence[int] = ()) -> None:
    """One settlement per order, due within the policy's hours; `goods_back` names orders whose goods returned."""
    if not orders:
        return
    policy = policies(step)
    dues = {row.id: step.now + timedelta(hours=policy("settle_hours", row.shop_id)) for row in orders}
    days = days_of_books(step, ((row.shop_id, row.zone) for row in orders))
    opened = completion.OPEN_SETTLEMENTS.rows(
        now=step.now,
        orders=[row.id for row in orders],
        shops=[row.shop_id for row in orders],
        currencies=[row.currency for row in orders],
        dues=list(dues.values()),
        days=[days[row.shop_id] for row in orders],
        goods_back=list(goods_back),
    )
    arm(
        step,
        [
            Arm(SETTLEMENT, row.id, dues[row.order_id], shop_id=row.shop_id, label=order_number(row.order_id))
            for row in opened
        ],
    )
