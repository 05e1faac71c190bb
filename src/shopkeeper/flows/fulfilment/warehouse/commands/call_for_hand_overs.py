"""O3.1: packed parcels call for the courier; the call stands until none waits in the warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.warehouse.deadlines import HAND_OVER_CALL
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.sql import leaving as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class CallForHandOver:
    warehouse_id: int


@command(clause="O3.1", permission=Permission.WATCH, scope=InWarehouse(), internal=True)
def call_for_hand_overs(step: Step, items: Sequence[CallForHandOver]) -> list[Outcome]:
    """Have the warehouse hand over in time what is packed; ends the call, unchanged, where nothing waits.

    Due by the parcel that must leave first: `hand_over_hours` after it was packed, or by its platform's ship-by time.
    Called from the event log alone, one reader at a time, so that what it counts is committed and nothing overtakes it.
    """
    places = sorted({item.warehouse_id for item in items})
    waiting = {row.warehouse_id: row for row in sql.WAITING.rows(warehouses=places)}
    within = timedelta(hours=policies(step)("hand_over_hours"))
    names = dict(Warehouse.objects.filter(id__in=waiting).values_list("id", "name"))
    arm(
        step,
        [
            Arm(HAND_OVER_CALL, place, _due_at(row, within), warehouse_id=place, label=names.get(place, ""))
            for place, row in waiting.items()
        ],
    )
    close(step, HAND_OVER_CALL, [place for place in places if place not in waiting])
    return [done(item.warehouse_id) if item.warehouse_id in waiting else unchanged(item.warehouse_id) for item in items]


def _due_at(row: sql.WaitingRow, within: timedelta) -> datetime:
    due = row.since + within
    return due if row.ship_by_at is None else min(due, row.ship_by_at)
