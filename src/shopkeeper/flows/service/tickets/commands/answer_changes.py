"""S2.2: what came of a change: the platform took it, would not, or cannot; a person did it there; it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.note_hint import NoteHint, note_hint
from shopkeeper.flows.fulfilment.intake.holds import WISH
from shopkeeper.flows.fulfilment.intake.models import Hold
from shopkeeper.flows.fulfilment.intake.queries import orders_by_id
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.service.tickets.commands.request_changes import HOLD_OF
from shopkeeper.flows.service.tickets.deadlines import ORDER_CHANGE
from shopkeeper.flows.service.tickets.events import ChangeAnswered, ChangeEnded
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import changes as sql
from shopkeeper.flows.service.tickets.states import BUYER_MUST_APPLY, CHANGE_FLOW, ChangeKind, ChangeState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close, open_now, put_off
from shopkeeper.sop.states import Ending

SCOPE = ShopOf("tickets_orderchange", "change_id")
AWAITS_ANSWER = (ChangeState.REQUESTED, ChangeState.BY_HAND)
BY_HAND, REFUSED_BY_HAND = "by_hand", "refused_by_hand"


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """The platform's answer. `by_hand`: it has no such door, or the buyer must act there first."""

    change_id: int
    answer: Literal["acknowledged", "by_hand", "refused", "delayed"]
    code: Annotated[str, Field(max_length=60)] = ""


@command(clause="S2.2", permission=Permission.CHANGE_RECORD, scope=SCOPE, internal=True)
def answer_changes(step: Step, items: Sequence[AnswerChange]) -> list[Outcome]:
    """Record what the platform said: a cancellation it took ends our order; an address it took is fetched."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.change_id for item in items])}
    last = {item.change_id: item for item in items if rows[item.change_id].state in AWAITS_ANSWER}
    if last:
        sql.ANSWER.run(
            ids=list(last),
            codes=[item.code for item in last.values()],
            evidences=[""] * len(last),
            now=step.now,
        )
    taken = [rows[id_] for id_, item in last.items() if item.answer == "acknowledged"]
    by_hand = [rows[id_] for id_, item in last.items() if item.answer == "by_hand"]
    refusals = [rows[id_] for id_, item in last.items() if item.answer == "refused"]
    step.move(CHANGE_FLOW, [row.id for row in by_hand], ChangeState.BY_HAND)
    for_buyers = [row.id for row in by_hand if last[row.id].code == BUYER_MUST_APPLY]
    put_off(step, ORDER_CHANGE, for_buyers)
    open_now(ORDER_CHANGE, [row.id for row in by_hand if row.id not in for_buyers])
    step.emit(
        *(
            ChangeAnswered(id_, rows[id_].order_id, rows[id_].shop_id, item.answer, item.code)
            for id_, item in last.items()
            if item.answer != "delayed"
        )
    )
    _acknowledge(step, taken)
    end_changes(step, refusals, ChangeState.REFUSED)
    outcomes = []
    for item in items:
        outcomes.append(done(item.change_id) if last.pop(item.change_id, None) else unchanged(item.change_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class ConfirmChange:
    """A person made the change in the platform's own console; `evidence` says where it can be seen. `is_refused`: the
    platform would not, and `evidence` says who said so and why."""

    change_id: int
    evidence: Annotated[str, Field(max_length=200)]
    is_refused: bool = False


@command(clause="S2.2", permission=Permission.CHANGE_RECORD, scope=SCOPE)
def confirm_changes(step: Step, items: Sequence[ConfirmChange]) -> list[Outcome]:
    """Record what came of changes to be made by hand on the platform: made, or refused there, which leaves the order
    to people. Refused: "evidence_needed", "change_ended". One that the platform has acknowledged already is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.change_id for item in items])}
    outcomes: list[Outcome] = []
    going: dict[int, ConfirmChange] = {}
    for item in items:
        row = rows[item.change_id]
        if row.state in (ChangeState.ACKNOWLEDGED, ChangeState.DONE) or row.id in going:
            outcomes.append(unchanged(row.id))
        elif row.state not in AWAITS_ANSWER:
            outcomes.append(refused("change_ended", row.id))
        elif not item.evidence.strip():
            outcomes.append(refused("evidence_needed", row.id))
        else:
            going[row.id] = item
            outcomes.append(done(row.id))
    if going:
        sql.ANSWER.run(
            ids=list(going),
            codes=[REFUSED_BY_HAND if item.is_refused else BY_HAND for item in going.values()],
            evidences=[item.evidence.strip() for item in going.values()],
            now=step.now,
        )
        confirmed = [rows[id_] for id_, item in going.items() if not item.is_refused]
        turned_down = [rows[id_] for id_, item in going.items() if item.is_refused]
        step.emit(*(ChangeAnswered(r.id, r.order_id, r.shop_id, "acknowledged", BY_HAND) for r in confirmed))
        step.emit(*(ChangeAnswered(r.id, r.order_id, r.shop_id, "refused", REFUSED_BY_HAND) for r in turned_down))
        _acknowledge(step, confirmed)
        end_changes(step, turned_down, ChangeState.REFUSED)
    return outcomes


@dataclass(frozen=True, slots=True)
class WithdrawChange:
    change_id: int


@command(clause="S2.2", permission=Permission.CHANGE_REQUEST, scope=SCOPE)
def withdraw_changes(step: Step, items: Sequence[WithdrawChange]) -> list[Outcome]:
    """The customer thought better of it before the platform answered: the order goes on as it was. One that a person
    said was made there, and the platform's order does not show, counts as refused: people decide about the order.

    Refused: "change_acknowledged", "change_ended". Withdrawn already is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.change_id for item in items])}
    outcomes: list[Outcome] = []
    going: list[int] = []
    not_made: list[int] = []
    for item in items:
        row = rows[item.change_id]
        if row.state == ChangeState.WITHDRAWN or row.id in (*going, *not_made):
            outcomes.append(unchanged(row.id))
        elif row.state == ChangeState.ACKNOWLEDGED and row.answer_code == BY_HAND:
            not_made.append(row.id)
            outcomes.append(done(row.id))
        elif row.state in AWAITS_ANSWER:
            going.append(row.id)
            outcomes.append(done(row.id))
        else:
            code = "change_acknowledged" if row.state == ChangeState.ACKNOWLEDGED else "change_ended"
            outcomes.append(refused(code, row.id))
    end_changes(step, [rows[id_] for id_ in going], ChangeState.WITHDRAWN)
    end_changes(step, [rows[id_] for id_ in not_made], ChangeState.REFUSED)
    return outcomes


@dataclass(frozen=True, slots=True)
class FollowChange:
    """`address_changed`: the platform's newer version has another address than ours had."""

    order_id: int
    address_changed: bool = False


@command(clause="S2.2", permission=Permission.CHANGE_RECORD, scope=ShopOf("intake_order", "order_id"), internal=True)
def follow_changes(step: Step, items: Sequence[FollowChange]) -> list[Outcome]:
    """Something happened to orders: changes that show in them are done, those of cancelled ones are over, and where
    the buyer has now asked for the refund the platform is told once more.
    """
    moved = {item.order_id for item in items if item.address_changed}
    rows = sql.LOCK_OF_ORDERS.rows(orders=sorted({item.order_id for item in items}))
    orders = orders_by_id({row.order_id for row in rows})
    finished = [row for row in rows if orders[row.order_id].state == OrderState.CANCELLED]
    end_changes(step, [row for row in finished if row.kind == ChangeKind.CANCEL], ChangeState.DONE)
    end_changes(step, [row for row in finished if row.kind == ChangeKind.ADDRESS], ChangeState.WITHDRAWN)
    shown = [row for row in rows if row not in finished and row.kind == ChangeKind.ADDRESS and row.order_id in moved]
    end_changes(step, shown, ChangeState.DONE)
    asked = [
        row
        for row in rows
        if row not in finished
        and row.answer_code == BUYER_MUST_APPLY
        and orders[row.order_id].refund_state == "requested"
    ]
    step.errand(*(Errand("change_order", row.id, step.now, row.shop_id) for row in asked))
    touched = {row.order_id for row in (*finished, *shown, *asked)}
    return [done(item.order_id) if item.order_id in touched else unchanged(item.order_id) for item in items]


def _acknowledge(step: Step, rows: Sequence[sql.ChangeRow]) -> None:
    """The platform has it: cancel our order, or fetch it with its new address."""
    if not rows:
        return
    step.move(CHANGE_FLOW, [row.id for row in rows], ChangeState.ACKNOWLEDGED)
    cancelled = [row for row in rows if row.kind == ChangeKind.CANCEL]
    outcomes = cancel_orders.within(step, [CancelOrder(row.order_id, f"customer: {row.reason}") for row in cancelled])
    ok = {row.id for row, outcome in zip(cancelled, outcomes, strict=True) if outcome.ok}
    end_changes(step, [row for row in cancelled if row.id in ok], ChangeState.DONE)
    moved = [row for row in rows if row.kind == ChangeKind.ADDRESS]
    put_off(step, ORDER_CHANGE, [row.id for row in moved])  # until the platform's order shows it
    orders = orders_by_id([row.order_id for row in moved])
    note_hint.within(
        step, [NoteHint(row.shop_id, orders[row.order_id].platform_no, f"change:{row.id}") for row in moved]
    )


def end_changes(step: Step, rows: Sequence[sql.ChangeRow], ending: ChangeState) -> None:
    """End changes; done or withdrawn, the hold they set is passed. After a refusal people decide what becomes of
    the order: its hold stays."""
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.END.run(ids=ids, now=step.now)
    step.move(CHANGE_FLOW, ids, ending)
    close(step, ORDER_CHANGE, ids, Ending.CANCELLED if ending == ChangeState.WITHDRAWN else Ending.DONE)
    if ending == ChangeState.REFUSED:
        holds_left(step, sorted({row.order_id for row in rows}))  # now the order desk has to decide
    else:
        decide_holds.within(step, [DecideHold(row.order_id, _hold(row), f"change {ending}") for row in _ours(rows)])
    step.emit(*(ChangeEnded(row.id, row.order_id, row.shop_id, row.kind, str(ending)) for row in rows))


def _hold(row: sql.ChangeRow) -> str:
    return HOLD_OF[ChangeKind(row.kind)]


def _ours(rows: Sequence[sql.ChangeRow]) -> list[sql.ChangeRow]:
    """Those whose hold was set by the change itself; one that somebody else had set is theirs to pass."""
    held = set(
        Hold.objects.filter(
            order_id__in=[row.order_id for row in rows], cleared_at=None, facts__has_key=WISH
        ).values_list("order_id", "code")
    )
    return [row for row in rows if (row.order_id, _hold(row)) in held]
