"""O2.1: orders that came to a warehouse call for a wave; the call stands until nothing waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.fulfilment.warehouse.deadlines import WAVE_CALL
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.sql import waves as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm_call, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class CallForWave:
    warehouse_id: int


@command(clause="O2.1", permission=Permission.WATCH, scope=InWarehouse(), internal=True)
def call_for_waves(step: Step, items: Sequence[CallForWave]) -> list[Outcome]:
    """Have the warehouse release waves in time for what waits; unchanged where nothing does."""
    waiting = settle_call(step, sorted({item.warehouse_id for item in items}))
    return [done(item.warehouse_id) if item.warehouse_id in waiting else unchanged(item.warehouse_id) for item in items]


def settle_call(step: Step, warehouse_ids: Sequence[int]) -> set[int]:
    """Set the call's due time by who has waited longest, or end the call; returns where somebody waits."""
    backlog = {row.warehouse_id: row for row in sql.BACKLOG.rows(warehouses=list(warehouse_ids))}
    minutes = policies(step)("wave_call_minutes")
    names = dict(Warehouse.objects.filter(id__in=backlog).values_list("id", "name"))
    arm_call(
        step,
        WAVE_CALL,
        [
            Arm(
                WAVE_CALL,
                row.warehouse_id,
                (row.since or step.now) + timedelta(minutes=minutes),
                warehouse_id=row.warehouse_id,
                label=names.get(row.warehouse_id, ""),
            )
            for row in sorted(backlog.values(), key=lambda row: row.warehouse_id)
        ],
    )
    close(step, WAVE_CALL, [place for place in warehouse_ids if place not in backlog])
    return set(backlog)
