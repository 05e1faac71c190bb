"""P3.1: once a day the system looks at all stock of a warehouse, so that nothing below its threshold is overlooked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.products.stock.commands.remind_restock import RemindRestock, remind_restock
from shopkeeper.flows.products.stock.deadlines import RESTOCK_SWEEP
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import restocking as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.clock import next_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies

SKUS_AT_ONCE = 1_000
BREATH = timedelta(minutes=1)  # more than fits in one transaction goes on after a minute


@dataclass(frozen=True, slots=True)
class SweepRestock:
    warehouse_id: int


@command(clause="P3.1", permission=Permission.RESTOCK_REMIND, scope=InWarehouse(), internal=True)
def sweep_restock(step: Step, items: Sequence[SweepRestock]) -> list[Outcome]:
    """Remind of what events did not tell of, and set the clock for tomorrow. Done with `facts["looked_at"]`."""
    warehouses = sorted({item.warehouse_id for item in items})
    policy = policies(step)
    overlooked = sql.OVERLOOKED.rows(
        warehouses=warehouses, threshold=policy("restock_threshold"), now=step.now, limit=SKUS_AT_ONCE
    )
    remind_restock.within(step, [RemindRestock(row.sku_id) for row in overlooked])
    due_at = next_of(step.now, clock_times(policy("restock_sweep_time")))
    if len(overlooked) == SKUS_AT_ONCE:
        due_at = step.now + BREATH
    names = dict(Warehouse.objects.filter(id__in=warehouses).values_list("id", "name"))
    arm(step, [Arm(RESTOCK_SWEEP, id_, due_at, warehouse_id=id_, label=name) for id_, name in sorted(names.items())])
    return [done(looked_at=len(overlooked)) for _ in items]


@dataclass(frozen=True, slots=True)
class WatchWarehouse:
    warehouse_id: int


@command(clause="P3.1", permission=Permission.RESTOCK_REMIND, scope=InWarehouse(), internal=True)
def watch_warehouses(step: Step, items: Sequence[WatchWarehouse]) -> list[Outcome]:
    """Begin the daily look at warehouses that keep stock; one that is looked at already is unchanged."""
    warehouses = sorted({item.warehouse_id for item in items})
    watched = {row.warehouse_id for row in sql.WATCHED.rows(warehouses=warehouses)}
    fresh = [id_ for id_ in warehouses if id_ not in watched]
    due_at = next_of(step.now, clock_times(policies(step)("restock_sweep_time")))
    names = dict(Warehouse.objects.filter(id__in=fresh).values_list("id", "name"))
    arm(step, [Arm(RESTOCK_SWEEP, id_, due_at, warehouse_id=id_, label=name) for id_, name in sorted(names.items())])
    return [unchanged() if item.warehouse_id in watched else done() for item in items]
