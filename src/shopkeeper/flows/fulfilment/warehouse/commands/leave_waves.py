"""O2.1: an order that may not go on leaves its wave; what was fetched for it waits to be put back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.warehouse.commands.call_for_waves import settle_call
from shopkeeper.flows.fulfilment.warehouse.deadlines import ORDER_PACK, SHELF_RETURN, WAVE_PICK
from shopkeeper.flows.fulfilment.warehouse.events import OrderLeftWave
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.sql import packing, waves
from shopkeeper.flows.fulfilment.warehouse.states import (
    PICK_FLOW,
    WAVE_FLOW,
    WAVE_ORDER_FLOW,
    DropReason,
    PickState,
    WaveOrderState,
    WaveState,
)
from shopkeeper.flows.products.stock.commands.reshelve_pieces import ReshelvePieces, StillOut, reshelve_pieces
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

# An order in one of these is no longer the warehouse's to work on.
CALLED_BACK = (OrderState.UNPAID, OrderState.TO_CHECK, OrderState.RELEASED, OrderState.CANCELLED)


@dataclass(frozen=True, slots=True)
class LeaveWave:
    order_id: int
    reason: DropReason = DropReason.SET_BACK


@command(clause="O2.1", permission=Permission.WATCH, scope=EVERYWHERE, internal=True)
def leave_waves(step: Step, items: Sequence[LeaveWave]) -> list[Outcome]:
    """Take orders out of their waves where intake no longer has them in the warehouse.

    Lines not yet picked are struck off and their pieces free again; fetched pieces are somebody's to put back by a
    deadline, and nobody else's until then. The promise ended when intake called the order back. An order that
    stands where its wave has it, or has left the house, is unchanged: what is said late or twice does no harm.
    The call for a wave ends where nobody waits any more.
    """
    orders = sorted({item.order_id for item in items})
    waves.LOCK_WAVES.rows(waves=[], wave_orders=[], orders=orders, pick_lines=[])
    rows = [
        row
        for row in packing.PACK_ORDERS.rows(wave_orders=[], orders=orders)
        if row.order_state in CALLED_BACK and not row.is_shipped
    ]
    reasons = {item.order_id: item.reason for item in items}
    if rows:
        _leave(step, rows, reasons)
    settle_call(step, [row.warehouse_id for row in waves.PLACES_OF_ORDERS.rows(orders=orders)])
    left = {row.order_id: row for row in rows}
    return [done(left[item.order_id].id) if item.order_id in left else unchanged() for item in items]


def _leave(step: Step, rows: Sequence[packing.PackOrderRow], reasons: dict[int, DropReason]) -> None:
    ids = [row.id for row in rows]
    step.move(PICK_FLOW, [line.id for line in packing.OPEN_PICK_LINES.rows(wave_orders=ids)], PickState.CANCELLED)
    packing.STAMP_DROPPED.run(wave_orders=ids, reasons=[str(reasons[row.order_id]) for row in rows])
    carried = [row for row in rows if row.in_tote]
    step.move(WAVE_ORDER_FLOW, [row.id for row in carried], WaveOrderState.RETURNING)
    step.move(WAVE_ORDER_FLOW, [row.id for row in rows if not row.in_tote], WaveOrderState.DROPPED)
    close(step, ORDER_PACK, ids, "cancelled")
    minutes = policies(step)("shelf_return_minutes")
    arm(
        step,
        [
            Arm(
                SHELF_RETURN,
                row.id,
                step.now + timedelta(minutes=minutes),
                shop_id=row.shop_id,
                warehouse_id=row.warehouse_id,
                label=order_number(row.order_id),
            )
            for row in carried
        ],
    )
    reshelve(step, [row.order_id for row in rows])
    step.emit(
        *(
            OrderLeftWave(row.order_id, row.shop_id, row.wave_id, str(reasons[row.order_id]), row.in_tote)
            for row in rows
        )
    )
    close_finished(step, [row.wave_id for row in rows])


def reshelve(step: Step, order_ids: Sequence[int]) -> None:
    """Let others have what of called-back orders is in its bin; what is in a tote still stays set apart."""
    out: dict[int, list[StillOut]] = defaultdict(list)
    for row in packing.STILL_OUT.rows(orders=list(order_ids)):
        out[row.order_id].append(StillOut(row.order_line_id, row.lot_id, row.quantity))
    reshelve_pieces.within(step, [ReshelvePieces(i, tuple(out[i])) for i in sorted(set(order_ids))])


def close_finished(step: Step, wave_ids: Sequence[int]) -> None:
    """End waves of which nothing is left to pack: done if they were collected, else cancelled."""
    empty = waves.NOTHING_LEFT.rows(waves=sorted(set(wave_ids)))
    collected = [row.id for row in empty if row.state == WaveState.PICKED]
    abandoned = [row.id for row in empty if row.state != WaveState.PICKED]
    step.move(WAVE_FLOW, collected, WaveState.DONE)
    step.move(WAVE_FLOW, abandoned, WaveState.CANCELLED)
    close(step, WAVE_PICK, abandoned, "cancelled")


def set_back(step: Step, order_ids: Sequence[int], hold: str, reason: DropReason, facts: dict[str, Any]) -> None:
    """Have orders checked again (hold `hold`) and out of their waves."""
    orders = sorted(set(order_ids))
    if not orders:
        return
    hold_orders.within(step, [HoldOrder(order_id, hold, facts) for order_id in orders])
    leave_waves.within(step, [LeaveWave(order_id, reason) for order_id in orders])
