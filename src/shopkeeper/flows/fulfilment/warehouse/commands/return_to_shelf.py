"""O2.1: pieces of an order that left its wave are put back where they came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import DropParcels, drop_parcels
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import reshelve
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import lock_pack_orders
from shopkeeper.flows.fulfilment.warehouse.deadlines import SHELF_RETURN
from shopkeeper.flows.fulfilment.warehouse.events import PiecesReturned
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.sql import packing as sql
from shopkeeper.flows.fulfilment.warehouse.states import WAVE_ORDER_FLOW, WaveOrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close


@dataclass(frozen=True, slots=True)
class ReturnToShelf:
    wave_order_id: int


@command(clause="O2.1", permission=Permission.PICK, scope=WarehouseOf("warehouse_waveorder", "wave_order_id"))
def return_to_shelf(step: Step, items: Sequence[ReturnToShelf]) -> list[Outcome]:
    """Confirm that the pieces are back in their bins, where others may have them. Refused: nothing_to_return.

    The parcel they were packed in ends with them: its number goes back to the courier, the order gets a new one.
    """
    rows = lock_pack_orders(sorted({item.wave_order_id for item in items}))
    back = {row.id: row for row in rows.values() if row.state == WaveOrderState.RETURNING}
    if back:
        ids = sorted(back)
        sql.STAMP_RETURNED.run(wave_orders=ids, now=step.now, actor_id=step.actor.id)
        step.move(WAVE_ORDER_FLOW, ids, WaveOrderState.DROPPED)
        close(step, SHELF_RETURN, ids)
        drop_parcels.within(step, [DropParcels(back[i].order_id, only_used=True) for i in ids])
        reshelve(step, [back[i].order_id for i in ids])
        step.emit(*(PiecesReturned(back[i].order_id, back[i].shop_id, back[i].wave_id, back[i].in_tote) for i in ids))
    outcomes, seen = [], set[int]()
    for item in items:
        row = rows[item.wave_order_id]
        if row.id in back and row.id not in seen:
            outcomes.append(done(row.id, pieces=row.in_tote))
        elif row.state == WaveOrderState.DROPPED or row.id in seen:
            outcomes.append(unchanged(row.id))
        else:
            outcomes.append(refused("nothing_to_return", row.id))
        seen.add(row.id)
    return outcomes
