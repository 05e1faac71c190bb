"""O1.1: newer versions of orders we have: facts replaced, payment, cancellation and refund carried on."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.fulfilment.intake import records, rules
from shopkeeper.flows.fulfilment.intake.batches.judging import judge_again
from shopkeeper.flows.fulfilment.intake.batches.loading import Intake, Key
from shopkeeper.flows.fulfilment.intake.batches.new import Draft, keep_messages
from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import close_cancelled
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.events import (
    BuyerConfirmed,
    OrderChanged,
    OrderPaid,
    OrderRefunded,
    RefundRequested,
)
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.sql import take_in as sql
from shopkeeper.flows.fulfilment.intake.states import ORDER_FLOW, OrderState
from shopkeeper.flows.products.stock.commands.release_promises import ReleasePromise, release_promises
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done

BEFORE_HANDOVER = (
    OrderState.UNPAID,
    OrderState.TO_CHECK,
    OrderState.RELEASED,
    OrderState.PICKING,
    OrderState.TO_PACK,
    OrderState.PACKED,
)
IN_WAREHOUSE = (OrderState.RELEASED, OrderState.PICKING, OrderState.TO_PACK, OrderState.PACKED)
Pair = tuple[sql.ExistingRow, ReceivedOrder]


def apply_newer_versions(intake: Intake, pairs: Sequence[Pair]) -> dict[Key, Outcome]:
    """Apply newer versions; what they mean follows from our state and the platform's, not from arrival order."""
    if not pairs:
        return {}
    rows = [_row(intake, was, order) for was, order in pairs]
    sql.UPDATE_ORDERS.run(orders=as_json(rows))
    lines = sql.LINES_OF.rows(orders=[was.id for was, _ in pairs])
    drafts = _write_lines(intake, pairs, rows, lines)
    keep_messages(intake, [(was.id, order) for was, order in pairs])
    intake.step.emit(
        *(
            OrderChanged(was.id, was.shop_id, order.platform_state, _has_moved(was, row))
            for (was, order), row in zip(pairs, rows, strict=True)
        )
    )
    _carry_payments(intake, pairs)
    _carry_closings(intake, pairs)
    changed = _orders_with_other_goods(intake, pairs, lines)
    _carry_changes_in_warehouse(intake, pairs, rows, changed)
    waiting = [was.id for was, _ in pairs if was.id in changed and was.state == OrderState.TO_CHECK]
    release_promises.within(intake.step, [ReleasePromise(order_id) for order_id in waiting])
    judge_again(intake, drafts)
    _announce_endings(intake, pairs, lines)
    return {(was.shop_id, was.platform_no): done(was.id, updated=True) for was, _ in pairs}


def _row(intake: Intake, was: sql.ExistingRow, order: ReceivedOrder) -> dict[str, Any]:
    warehouse_id = was.warehouse_id or intake.warehouses.get(order.shop_id)
    return records.order_row(
        order,
        id=was.id,
        state=was.state,
        warehouse_id=warehouse_id,
        keys=intake.keys,
        place=intake.places[order.shop_id, order.platform_no],
    )


def _has_moved(was: sql.ExistingRow, row: dict[str, Any]) -> bool:
    """Whether the goods are to go to another address than before."""
    return was.address_index is not None and bytes(was.address_index) != row["address_index"]


def _write_lines(
    intake: Intake, pairs: Sequence[Pair], rows: Sequence[dict[str, Any]], lines: Sequence[sql.LineRow]
) -> list[Draft]:
    """Lines keep their ids; a line we have not seen gets a new one."""
    known = {(line.order_id, line.platform_line_no): line.id for line in lines}
    missing = sum((was.id, line.platform_line_no) not in known for was, o in pairs for line in o.lines)
    ids_row = sql.NEW_IDS.first(orders=0, lines=missing) if missing else None
    fresh = iter(ids_row.lines if ids_row else ())
    drafts = []
    for (was, order), row in zip(pairs, rows, strict=True):
        ids = [known.get((was.id, line.platform_line_no)) or next(fresh) for line in order.lines]
        drafts.append(Draft(order, row, ids))
    written = [(draft.row["id"], draft.order, draft.line_ids) for draft in drafts]
    sql.PUT_LINES.run(lines=as_json(records.line_rows(written, intake.skus)))
    return drafts


def _carry_payments(intake: Intake, pairs: Sequence[Pair]) -> None:
    """An unpaid order that is paid now is to be checked."""
    paid = [
        was
        for was, order in pairs
        if was.state == OrderState.UNPAID and order.paid_at and order.state not in ("unpaid", "closed")
    ]
    intake.step.move(ORDER_FLOW, [was.id for was in paid], OrderState.TO_CHECK, reason="paid on the platform")
    intake.step.emit(*(OrderPaid(was.id, was.shop_id) for was in paid))


def _carry_closings(intake: Intake, pairs: Sequence[Pair]) -> None:
    """Closed on the platform before hand-over: cancelled here, stock given back."""
    closed = [was.id for was, order in pairs if order.state == "closed" and was.state in BEFORE_HANDOVER]
    close_cancelled(intake.step, closed, reason="closed on the platform")


def _orders_with_other_goods(intake: Intake, pairs: Sequence[Pair], lines: Sequence[sql.LineRow]) -> set[int]:
    """Orders whose lines ask for other pieces than before; a refunded line asks for none."""
    before: dict[int, dict[str, tuple[int | None, int]]] = defaultdict(dict)
    for line in lines:
        pieces = 0 if line.refund_state == "refunded" else line.quantity
        before[line.order_id][line.platform_line_no] = (line.sku_id, pieces)
    changed = set()
    for was, order in pairs:
        for now in order.lines:
            sku = intake.skus.get(now.outer_code)
            old_sku, old_pieces = before[was.id].get(now.platform_line_no, (None, 0))
            pieces = 0 if now.refund_state == "refunded" else now.quantity
            if (sku.id if sku else old_sku, pieces) != (old_sku, old_pieces):
                changed.add(was.id)
    return changed


def _carry_changes_in_warehouse(
    intake: Intake, pairs: Sequence[Pair], rows: Sequence[dict[str, Any]], changed: set[int]
) -> None:
    """A refund asked for, or address or goods changed, while the order is in the warehouse calls it back."""
    calls: list[HoldOrder] = []
    for (was, order), row in zip(pairs, rows, strict=True):
        if was.state not in IN_WAREHOUSE or order.state == "closed":
            continue
        if rules.refund_of(order) == "requested":
            calls.append(HoldOrder(was.id, "refund_open"))
        elif order.state in ("part_shipped", "shipped", "done"):
            calls.append(HoldOrder(was.id, "shipped_elsewhere", {"platform_state": order.platform_state}))
        elif was.id in changed:
            calls.append(HoldOrder(was.id, "lines_changed"))
        elif _has_moved(was, row):
            calls.append(HoldOrder(was.id, "address_changed"))
    hold_orders.within(intake.step, calls)


def _announce_endings(intake: Intake, pairs: Sequence[Pair], lines: Sequence[sql.LineRow]) -> None:
    """Refunds asked for and paid (each line's once), and the buyer's confirmation, however early it came."""
    refunded_before: dict[int, int] = defaultdict(int)
    for line in lines:
        refunded_before[line.order_id] += line.paid_minor if line.refund_state == "refunded" else 0
    for was, order in pairs:
        if rules.refund_of(order) == "requested" and was.refund_state != "requested":
            intake.step.emit(RefundRequested(was.id, was.shop_id, was.state))
        more = rules.refunded_minor(order) - refunded_before[was.id]
        if more > 0 and (order.state != "closed" or was.state not in BEFORE_HANDOVER):
            intake.step.emit(OrderRefunded(was.id, was.shop_id, more))
        if order.state == "done" and was.platform_state != order.platform_state[:40]:
            intake.step.emit(BuyerConfirmed(was.id, was.shop_id))
