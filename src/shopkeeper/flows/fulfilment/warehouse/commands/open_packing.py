"""O2.2: an order is taken to a packing station; the platform is asked once more whether it may still be sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import set_back
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pick import ScanCode
from shopkeeper.flows.fulfilment.warehouse.events import PackingOpened
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.rules.packing import read_order_code
from shopkeeper.flows.fulfilment.warehouse.sql import packing as sql
from shopkeeper.flows.fulfilment.warehouse.sql import waves
from shopkeeper.flows.fulfilment.warehouse.states import WAVE_ORDER_FLOW, DropReason, WaveOrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

REFUNDING = ("requested", "refunded")
NOT_NOW = {
    WaveOrderState.PICKING: "still_picking",
    WaveOrderState.REPICKING: "still_picking",
    WaveOrderState.PACKED: "already_packed",
    WaveOrderState.DROPPED: "order_left_wave",
}


@dataclass(frozen=True, slots=True)
class OpenPacking:
    """`code`: order number (ours or the platform's), tote, waybill or parcel number. `take_over` takes an order
    that another packer has open."""

    warehouse_id: int
    code: ScanCode
    take_over: bool = False


@command(clause="O2.2", permission=Permission.PACK, scope=InWarehouse())
def open_packing(step: Step, items: Sequence[OpenPacking]) -> list[Outcome]:
    """Open orders at the actor's station; enqueues the errand "recheck_order" for each.

    The outcome's id is the wave order. One's own open order is unchanged. Refused: order_not_here,
    still_picking, already_packed, packed_by_other, refund_open (the order is then held), order_left_wave.
    """
    sought = [read_order_code(item.code) for item in items]
    found = {
        row.rank: row.wave_order_id
        for row in sql.FIND_ORDERS.rows(
            warehouses=[item.warehouse_id for item in items],
            texts=[s.text for s in sought],
            codes=[s.code for s in sought],
            orders=[s.order_id for s in sought],
            waves=[s.wave_id for s in sought],
            slots=[s.slot for s in sought],
            parcels=[s.parcel_id for s in sought],
        )
    }
    rows = lock_pack_orders(sorted(set(found.values())))
    opening: dict[int, sql.PackOrderRow] = {}
    outcomes = []
    for rank, item in enumerate(items, start=1):
        row = rows.get(found.get(rank, 0))
        outcomes.append(refused("order_not_here") if row is None else _judge(step, row, item, opening))
    _open(step, list(opening.values()))
    refunding = [o.id for o in outcomes if o.code == "refund_open" and o.id is not None]
    calling_back = [rows[i].order_id for i in refunding if rows[i].state != WaveOrderState.RETURNING]
    set_back(step, calling_back, "refund_open", DropReason.REFUND_OPEN, {})
    return outcomes


def lock_pack_orders(wave_order_ids: Sequence[int]) -> dict[int, sql.PackOrderRow]:
    """Lock the waves and the orders of wave orders, then read them as they stand."""
    if not wave_order_ids:
        return {}
    waves.LOCK_WAVES.rows(waves=[], wave_orders=list(wave_order_ids), orders=[], pick_lines=[])
    first = sql.PACK_ORDERS.rows(wave_orders=list(wave_order_ids), orders=[])
    sql.LOCK_ORDERS.run(orders=sorted({row.order_id for row in first}))
    return {row.id: row for row in sql.PACK_ORDERS.rows(wave_orders=list(wave_order_ids), orders=[])}


def _judge(step: Step, row: sql.PackOrderRow, item: OpenPacking, opening: dict[int, sql.PackOrderRow]) -> Outcome:
    if row.drop_reason == DropReason.REFUND_OPEN or row.refund_state in REFUNDING:
        return refused("refund_open", row.id)
    if row.state == WaveOrderState.RETURNING:
        return refused("order_left_wave", row.id, reason=row.drop_reason)
    if row.state in NOT_NOW:
        return refused(NOT_NOW[WaveOrderState(row.state)], row.id)
    if row.state == WaveOrderState.PACKING or row.id in opening:
        if row.packer_id == step.actor.id or row.id in opening:
            return unchanged(row.id, order_id=row.order_id)
        if not item.take_over:
            return refused("packed_by_other", row.id, person_id=row.packer_id)
    opening[row.id] = row
    return done(row.id, order_id=row.order_id)


def _open(step: Step, rows: Sequence[sql.PackOrderRow]) -> None:
    if not rows:
        return
    sql.OPEN.run(wave_orders=[row.id for row in rows], actor_id=step.actor.id, now=step.now)
    step.move(WAVE_ORDER_FLOW, [row.id for row in rows], WaveOrderState.PACKING)
    for row in rows:
        step.errand(Errand("recheck_order", row.order_id, step.now, row.shop_id))
        step.emit(PackingOpened(row.order_id, row.shop_id, row.warehouse_id, row.id))
