"""O2.1: a wave is collected; its orders go to the packing stations."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import LeaveWave, close_finished, leave_waves
from shopkeeper.flows.fulfilment.warehouse.deadlines import ORDER_PACK, WAVE_PICK
from shopkeeper.flows.fulfilment.warehouse.events import OrderToPack, WavePicked
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.rules.waves import due_at
from shopkeeper.flows.fulfilment.warehouse.sql import packing, picking, waves
from shopkeeper.flows.fulfilment.warehouse.states import (
    WAVE_FLOW,
    WAVE_ORDER_FLOW,
    DropReason,
    WaveOrderState,
    WaveState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class FinishWave:
    wave_id: int


@command(clause="O2.1", permission=Permission.PICK, scope=WarehouseOf("warehouse_wave", "wave_id"))
def finish_wave(step: Step, items: Sequence[FinishWave]) -> list[Outcome]:
    """Close the picking of waves. Refused: wave_not_claimed, lines_open (how many), wave_closed (cancelled)."""
    ids = [item.wave_id for item in items]
    locked = {row.id: row for row in waves.LOCK_WAVES.rows(waves=ids, wave_orders=[], orders=[], pick_lines=[])}
    still_open = dict.fromkeys(ids, 0)
    orders = picking.ORDERS_OF_WAVES.rows(waves=ids)
    for row in orders:
        still_open[row.wave_id] += row.open_lines
    answers = {wave_id: _judge(locked[wave_id], still_open[wave_id]) for wave_id in ids}
    picked = sorted(wave_id for wave_id, outcome in answers.items() if outcome.changed)
    if picked:
        waves.STAMP_PICKED.run(waves=picked, now=step.now)
        step.move(WAVE_FLOW, picked, WaveState.PICKED)
        close(step, WAVE_PICK, picked)
        ready = orders_to_pack(step, picked)
        step.emit(*(WavePicked(i, locked[i].warehouse_id, sum(r.wave_id == i for r in ready)) for i in picked))
        close_finished(step, picked)
    seen: set[int] = set()
    outcomes = []
    for wave_id in ids:
        twice = wave_id in seen and answers[wave_id].changed
        outcomes.append(unchanged(wave_id) if twice else answers[wave_id])
        seen.add(wave_id)
    return outcomes


def _judge(wave: waves.WaveRow, still_open: int) -> Outcome:
    if wave.state in (WaveState.PICKED, WaveState.DONE):
        return unchanged(wave.id)
    if wave.state == WaveState.OPEN:
        return refused("wave_not_claimed", wave.id)
    if wave.state == WaveState.CANCELLED:
        return refused("wave_closed", wave.id, state=wave.state)
    return refused("lines_open", wave.id, lines=still_open) if still_open else done(wave.id)


def orders_to_pack(step: Step, wave_ids: Sequence[int]) -> list[picking.WaveOrderRow]:
    """Send orders with nothing left to fetch to packing; one that was called back meanwhile leaves the wave."""
    if not wave_ids:
        return []
    ready = [
        row
        for row in picking.ORDERS_OF_WAVES.rows(waves=list(wave_ids))
        if row.state in (WaveOrderState.PICKING, WaveOrderState.REPICKING) and not row.open_lines
    ]
    moves = advance_orders.within(step, [AdvanceOrder(row.order_id, OrderState.TO_PACK) for row in ready])
    gone = [row for row, outcome in zip(ready, moves, strict=True) if not outcome.ok]
    ready = [row for row, outcome in zip(ready, moves, strict=True) if outcome.ok]
    step.move(WAVE_ORDER_FLOW, [row.id for row in ready], WaveOrderState.TO_PACK)
    rows = {row.id: row for row in packing.PACK_ORDERS.rows(wave_orders=[r.id for r in ready], orders=[])}
    value = policies(step)
    arm(
        step,
        [
            Arm(
                ORDER_PACK,
                row.id,
                due_at(step.now, value("pack_minutes", row.shop_id), rows[row.id].ship_by_at),
                shop_id=row.shop_id,
                warehouse_id=row.warehouse_id,
                label=order_number(row.order_id),
            )
            for row in ready
        ],
    )
    step.emit(*(OrderToPack(row.order_id, row.shop_id, row.warehouse_id, row.wave_id) for row in ready))
    leave_waves.within(step, [LeaveWave(row.order_id, DropReason.SET_BACK) for row in gone])
    return ready
