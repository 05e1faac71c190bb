"""O4.2: receipt not confirmed for more than the policy's days: customer service is to ask the buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.settlement.commands.watches import AWAITED, due_of, end_watches, watch
from shopkeeper.flows.fulfilment.settlement.deadlines import FOLLOW_UP, RECEIPT_WATCH
from shopkeeper.flows.fulfilment.settlement.events import FollowUpOpened
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.ports import service_of_orders
from shopkeeper.flows.fulfilment.settlement.sql import completion, follow_ups
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

PUT_OFF = ("refund_open", "parcel_not_kept", "case_open")


@dataclass(frozen=True, slots=True)
class OpenFollowUp:
    order_id: int


@command(clause="O4.2", permission=Permission.FOLLOW_UP_OPEN, scope=ShopOf("intake_order", "order_id"))
def open_follow_ups(step: Step, items: Sequence[OpenFollowUp]) -> list[Outcome]:
    """Open a follow-up for orders whose buyer is silent too long; set or end the watch for the others.

    While a refund or an after-sale case is open, or a parcel comes back, the buyer is left in peace: the watch looks
    again later. Refused: "refund_open", "case_open", "parcel_not_kept", "not_awaited" where the order is neither on
    its way nor signed for, "too_early" before the policy's days are over. One that has an open follow-up is unchanged.
    """
    rows = {row.id: row for row in completion.LOCK_ORDERS.rows(orders=[item.order_id for item in items])}
    in_aftersale = service_of_orders().in_aftersale(sorted(rows))
    verdicts = {row.id: _verdict(step, row, has_case=row.id in in_aftersale) for row in rows.values()}
    retry = {id_: _later(step, rows[id_]) for id_, verdict in verdicts.items() if verdict in PUT_OFF}
    arm(step, [watch(rows[id_], at) for id_, at in retry.items()])
    early = {id_: due_of(step, rows[id_]) for id_, verdict in verdicts.items() if verdict == "too_early"}
    arm(step, [watch(rows[id_], due_at) for id_, due_at in early.items() if due_at])
    needless = [id_ for id_, verdict in verdicts.items() if verdict == "not_awaited"]
    end_watches(step, needless, Ending.CANCELLED)
    opened = _open(step, [rows[id_] for id_, verdict in verdicts.items() if not verdict])
    over = [id_ for id_, verdict in verdicts.items() if verdict in ("", "open")]
    close(step, RECEIPT_WATCH, over, Ending.DONE)
    outcomes = []
    for item in items:
        verdict = verdicts[item.order_id]
        followup_id = opened.pop(item.order_id, None)
        if followup_id:
            outcomes.append(done(followup_id, order_id=item.order_id))
        elif verdict in ("not_awaited", "too_early", *PUT_OFF) and step.actor.kind != "system":
            outcomes.append(refused(verdict, item.order_id))
        else:
            outcomes.append(unchanged(item.order_id))
    return outcomes


def _verdict(step: Step, row: completion.EndingRow, *, has_case: bool) -> str:
    """Empty where the buyer is to be asked now, else why not."""
    due_at = due_of(step, row)
    if row.state not in AWAITED or row.refund_state == "refunded":
        return "not_awaited"
    if row.open_follow_ups:
        return "open"
    if due_at is None or due_at > step.now:
        return "too_early"
    if row.is_coming_back:
        return "parcel_not_kept"
    if row.refund_state == "requested":
        return "refund_open"
    return "case_open" if has_case else ""


def _later(step: Step, row: completion.EndingRow) -> datetime:
    return step.now + timedelta(hours=policies(step)("follow_up_retry_hours", row.shop_id))


def _open(step: Step, orders: Sequence[completion.EndingRow]) -> dict[int, int]:
    """Make the follow-ups; each order's follow-up id."""
    if not orders:
        return {}
    policy = policies(step)
    hours = {row.id: timedelta(hours=policy("follow_up_answer_hours", row.shop_id)) for row in orders}
    dues = {row.id: step.now + hours[row.id] for row in orders}
    opened = follow_ups.OPEN.rows(
        now=step.now,
        orders=[row.id for row in orders],
        shops=[row.shop_id for row in orders],
        dues=list(dues.values()),
    )
    arm(
        step,
        [
            Arm(FOLLOW_UP, row.id, dues[row.order_id], shop_id=row.shop_id, label=order_number(row.order_id))
            for row in opened
        ],
    )
    step.emit(*(FollowUpOpened(row.id, row.order_id, row.shop_id) for row in opened))
    return {row.order_id: row.id for row in opened}
