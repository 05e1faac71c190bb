"""O1.1: past orders written as they ended, and brought on where a newer file knows more."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shopkeeper.flows.fulfilment.intake import records
from shopkeeper.flows.fulfilment.intake.batches.loading import Intake, Key
from shopkeeper.flows.fulfilment.intake.batches.new import FIRST_STATE, keep_messages
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.sql import history as history_sql
from shopkeeper.flows.fulfilment.intake.sql import take_in as sql
from shopkeeper.flows.fulfilment.intake.states import ORDER_FLOW, OrderState
from shopkeeper.foundation.commands import Collided
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done

if TYPE_CHECKING:
    from shopkeeper.flows.fulfilment.intake.commands.take_in_history import HistoryOrder

WAY = (
    OrderState.UNPAID,
    OrderState.TO_CHECK,
    OrderState.RELEASED,
    OrderState.PICKING,
    OrderState.TO_PACK,
    OrderState.PACKED,
    OrderState.SHIPPED,
    OrderState.SIGNED,
    OrderState.COMPLETED,
)


def final_state(item: "HistoryOrder") -> OrderState:
    """Where the order stood when the file was made."""
    state = FIRST_STATE[item.order.state]
    return OrderState.SIGNED if state is OrderState.SHIPPED and item.signed_at else state


def history_row(intake: Intake, item: "HistoryOrder", order_id: int) -> dict[str, Any]:
    """The columns of a past order: its own moments, no warehouse, no promise to ship by a time.

    An order that was sent without a moment of payment in the file counts as paid when it was placed.
    """
    state = final_state(item)
    place = intake.places[item.order.shop_id, item.order.platform_no]
    row = records.order_row(item.order, id=order_id, state=state, warehouse_id=None, keys=intake.keys, place=place)
    is_paid = state not in (OrderState.UNPAID, OrderState.CANCELLED)
    row["paid_at"] = item.order.paid_at or (item.order.placed_at if is_paid else None)
    row |= {"shipped_at": item.shipped_at, "signed_at": item.signed_at, "completed_at": item.completed_at}
    return row


def write_history(intake: Intake, items: Sequence["HistoryOrder"]) -> dict[Key, Outcome]:
    """Write past orders that are not there yet."""
    if not items:
        return {}
    drawn = sql.NEW_IDS.first(orders=len(items), lines=sum(len(item.order.lines) for item in items))
    assert drawn is not None
    line_ids = iter(drawn.lines)
    rows = [history_row(intake, item, order_id) for order_id, item in zip(drawn.orders, items, strict=True)]
    lines = [
        (row["id"], item.order, [next(line_ids) for _ in item.order.lines])
        for row, item in zip(rows, items, strict=True)
    ]
    given = [
        {**row, "open_holds": [item.hold] if item.hold else [], "raw_sealed": _sealed(intake, item)}
        for row, item in zip(rows, items, strict=True)
    ]
    held = [
        {"order_id": row["id"], "code": item.hold, "facts": {}}
        for row, item in zip(rows, items, strict=True)
        if item.hold
    ]
    written = sql.WRITE_NEW.rows(
        orders=as_json(given),
        lines=as_json(records.line_rows(lines, intake.skus)),
        holds=as_json(held),
        is_history=True,
        now=intake.step.now,
    )
    if len(written) != len(items):
        raise Collided("an order was taken in by somebody else at the same moment")
    return {item.key: done(row["id"]) for row, item in zip(rows, items, strict=True)}


def _sealed(intake: Intake, item: "HistoryOrder") -> bytes:
    return intake.keys.seal(records.subject_reference(item.order), item.order.raw)


def advance_history(intake: Intake, pairs: Sequence[tuple[sql.ExistingRow, "HistoryOrder"]]) -> dict[Key, Outcome]:
    """Apply newer versions of past orders: facts replaced, state brought on, never back."""
    if not pairs:
        return {}
    rows = [history_row(intake, item, was.id) for was, item in pairs]
    sql.UPDATE_ORDERS.run(orders=as_json(rows))
    _put_lines(intake, [(was.id, item.order) for was, item in pairs])
    keep_messages(intake, [(was.id, item.order) for was, item in pairs])
    _bring_on({was.id: final_state(item) for was, item in pairs}, intake)
    history_sql.STAMP_HISTORY.run(
        ids=[row["id"] for row in rows],
        shipped=[row["shipped_at"] for row in rows],
        signed=[row["signed_at"] for row in rows],
        completed=[row["completed_at"] for row in rows],
    )
    return {item.key: done(was.id, updated=True) for was, item in pairs}


def _put_lines(intake: Intake, orders: Sequence[tuple[int, ReceivedOrder]]) -> None:
    known = {(r.order_id, r.platform_line_no): r.id for r in sql.LINES_OF.rows(orders=[i for i, _ in orders])}
    missing = sum((i, line.platform_line_no) not in known for i, order in orders for line in order.lines)
    drawn = sql.NEW_IDS.first(orders=0, lines=missing)
    assert drawn is not None
    fresh = iter(drawn.lines)
    lines = [
        (i, order, [known.get((i, line.platform_line_no)) or next(fresh) for line in order.lines])
        for i, order in orders
    ]
    sql.PUT_LINES.run(lines=as_json(records.line_rows(lines, intake.skus)))


def _bring_on(targets: dict[int, OrderState], intake: Intake) -> None:
    """Along the way step by step, as the table of moves allows it; cancelled from wherever it stands."""
    gone = [order_id for order_id, target in targets.items() if target is OrderState.CANCELLED]
    intake.step.move(ORDER_FLOW, gone, OrderState.CANCELLED, reason="history")
    for position, state in enumerate(WAY[1:], start=1):
        on = [i for i, target in targets.items() if target in WAY and WAY.index(target) >= position]
        waiting = {row.id for row in history_sql.STANDING_AT.rows(ids=on, state=str(WAY[position - 1]))}
        intake.step.move(ORDER_FLOW, sorted(waiting), state, reason="history")
