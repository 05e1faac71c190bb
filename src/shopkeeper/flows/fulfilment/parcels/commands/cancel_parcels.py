"""O3.1: parcels that will not leave are void; an unused number is given back to its courier and never reused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.case_steps import end_cases_of
from shopkeeper.flows.fulfilment.parcels.events import ParcelCancelled
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.sql import parcels
from shopkeeper.flows.fulfilment.parcels.states import (
    BEFORE_HAND_OVER,
    PARCEL_FLOW,
    CaseKind,
    CaseOutcome,
    ParcelState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import EVERYWHERE, RowsOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

CALLED_BACK = frozenset({OrderState.UNPAID, OrderState.TO_CHECK, OrderState.RELEASED, OrderState.CANCELLED})
PARCEL_ROW = RowsOf("parcels_parcel", "parcel_id", shop="shop_id", warehouse="warehouse_id")


@dataclass(frozen=True, slots=True)
class CancelParcel:
    parcel_id: int
    reason: Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class DropParcels:
    """Every parcel of an order that was cancelled and has not left.

    With `only_used`: of an order that was called back, those that were packed or have a label; their pieces are on
    the shelf again, so the label must never be scanned out.
    """

    order_id: int
    only_used: bool = False


def cancel(step: Step, rows: Sequence[parcels.ParcelRow], reason: str) -> None:
    """Void parcels that have not left; rows are locked and in a state that allows it."""
    if not rows:
        return
    step.move(PARCEL_FLOW, [row.id for row in rows], ParcelState.CANCELLED, reason=reason)
    end_cases_of(step, [row.id for row in rows], [CaseKind.NO_NUMBER], CaseOutcome.SETTLED)
    for row in sorted(rows, key=lambda row: row.id):
        step.emit(ParcelCancelled(row.id, row.order_id, row.shop_id, row.state))
        if row.number:
            step.errand(Errand("cancel_waybill", row.id, step.now, row.shop_id))


@command(clause="O3.1", permission=Permission.PARCEL_CANCEL, scope=PARCEL_ROW)
def cancel_parcels(step: Step, items: Sequence[CancelParcel]) -> list[Outcome]:
    """Void parcels by hand, with a reason. Refused: already_left."""
    ids = sorted({item.parcel_id for item in items})
    parcels.LOCK_ORDERS_OF.run(ids=ids)
    parcels.LOCK.run(ids=ids)
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    going: dict[str, list[parcels.ParcelRow]] = {}
    outcomes, seen = [], set[int]()
    for item in items:
        row = rows[item.parcel_id]
        if row.state == ParcelState.CANCELLED or row.id in seen:
            outcomes.append(unchanged(row.id))
        elif row.state not in BEFORE_HAND_OVER:
            outcomes.append(refused("already_left", row.id))
        else:
            seen.add(row.id)
            going.setdefault(item.reason, []).append(row)
            outcomes.append(done(row.id))
    for reason, group in going.items():
        cancel(step, group, reason)
    return outcomes


@command(clause="O3.1", permission=Permission.PARCEL_CANCEL, scope=EVERYWHERE, internal=True)
def drop_parcels(step: Step, items: Sequence[DropParcels]) -> list[Outcome]:
    """Void what has not left of cancelled or called-back orders; what has left is dealt with when it returns."""
    sparing = {item.order_id for item in items if item.only_used}
    orders = sorted({item.order_id for item in items})
    parcels.LOCK_ORDERS.run(orders=orders)
    found = parcels.READ_OF_ORDERS.rows(orders=orders)
    parcels.LOCK.run(ids=[row.id for row in found])
    rows = [row for row in parcels.READ_OF_ORDERS.rows(orders=orders) if row.state in BEFORE_HAND_OVER]
    recalled = [row for row in rows if row.order_id in sparing]
    used = [row for row in recalled if row.is_used and row.order_state in CALLED_BACK]
    cancel(step, [row for row in rows if row.order_id not in sparing], reason="order cancelled")
    cancel(step, used, reason="order called back")
    dropped = {row.order_id for row in rows if row.order_id not in sparing} | {row.order_id for row in used}
    return [done(i.order_id) if i.order_id in dropped else unchanged(i.order_id) for i in items]
