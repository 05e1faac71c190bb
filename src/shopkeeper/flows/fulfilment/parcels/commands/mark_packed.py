"""O2.2: a parcel is closed and weighed. Called by the packing station as part of its own step."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import PARCEL_ROW
from shopkeeper.flows.fulfilment.parcels.events import ParcelPacked
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.sql import parcels
from shopkeeper.flows.fulfilment.parcels.states import PARCEL_FLOW, ParcelState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

HEAVIEST_G = 1_000_000


@dataclass(frozen=True, slots=True)
class MarkPacked:
    parcel_id: int
    weight_g: int


@command(clause="O2.2", permission=Permission.PARCEL_PACK, scope=PARCEL_ROW, internal=True)
def mark_packed(step: Step, items: Sequence[MarkPacked]) -> list[Outcome]:
    """Close parcels. Refused: no_number, weight_out_of_bounds, parcel_cancelled, already_left."""
    ids = sorted({item.parcel_id for item in items})
    parcels.LOCK.run(ids=ids)
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    packing: dict[int, int] = {}
    outcomes = [_judge(rows[item.parcel_id], item, packing) for item in items]
    parcels.PACK.run(ids=list(packing), weights=list(packing.values()), now=step.now)
    step.move(PARCEL_FLOW, sorted(packing), ParcelState.PACKED)
    step.emit(*(ParcelPacked(id_, rows[id_].order_id, rows[id_].shop_id, packing[id_]) for id_ in sorted(packing)))
    return outcomes


def _judge(row: parcels.ParcelRow, item: MarkPacked, packing: dict[int, int]) -> Outcome:
    if not 0 < item.weight_g <= HEAVIEST_G:
        return refused("weight_out_of_bounds", row.id, weight_g=item.weight_g, limit_g=HEAVIEST_G)
    if row.id in packing or row.state == ParcelState.PACKED:
        return unchanged(row.id)
    if row.state == ParcelState.AWAITING_NUMBER:
        return refused("no_number", row.id)
    if row.state == ParcelState.CANCELLED:
        return refused("parcel_cancelled", row.id)
    if row.state != ParcelState.NUMBERED:
        return refused("already_left", row.id)
    packing[row.id] = item.weight_g
    return done(row.id)
