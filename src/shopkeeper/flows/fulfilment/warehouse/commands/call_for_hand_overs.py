"""O3.1: packed parcels call for the courier; the call stands until none waits in the warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.warehouse.deadlines import HAND_OVER_CALL
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.queries.scope import dues_of
from shopkeeper.flows.fulfilment.warehouse.sql import leaving as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm_call, close
from shopkeeper.sop.policy import policies

SOONEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class CallForHandOver:
    warehouse_id: int


@command(clause="O3.1", permission=Permission.WATCH, scope=InWarehouse(), internal=True)
def call_for_hand_overs(step: Step, items: Sequence[CallForHandOver]) -> list[Outcome]:
    """Have the warehouse hand over in time what is packed; the call is over where nothing waits.

    Due by the parcel that must leave first: `hand_over_hours` after it was packed, or by its platform's ship-by time.
    Called from the event log alone, one reader at a time, so that what it counts is committed and nothing overtakes it.
    """
    places = sorted({item.warehouse_id for item in items})
    within = timedelta(hours=policies(step)("hand_over_hours"))
    wanted = {row.warehouse_id: _due_at(row, within) for row in sql.WAITING.rows(warehouses=places)}
    standing = dues_of(HAND_OVER_CALL.name, places)
    moved = {place: due for place, due in wanted.items() if standing.get(place) != due}
    over = sorted(standing.keys() - wanted.keys())
    names = dict(Warehouse.objects.filter(id__in=moved).values_list("id", "name"))
    arm_call(
        step,
        HAND_OVER_CALL,
        [
            Arm(HAND_OVER_CALL, place, due, warehouse_id=place, label=names.get(place, ""))
            for place, due in moved.items()
        ],
    )
    close(step, HAND_OVER_CALL, over)
    changed = {*moved, *over}
    return [done(item.warehouse_id) if item.warehouse_id in changed else unchanged(item.warehouse_id) for item in items]


def _due_at(row: sql.WaitingRow, within: timedelta) -> datetime:
    """What was packed past its ship-by time still gets a while to leave in: packing was late, not the hand-over."""
    due = row.since + within
    return due if row.ship_by_at is None else min(due, max(row.ship_by_at, row.since + SOONEST))
