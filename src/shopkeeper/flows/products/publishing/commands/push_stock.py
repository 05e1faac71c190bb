"""P5: stock changed; every shop that sells it is to show the newest quantity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.products.publishing.commands.stock_steps import Changed, want_newest
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class PushStock:
    """A SKU in a warehouse; `changed_at` is when its free pieces changed, for the measure of the delay."""

    sku_id: int
    warehouse_id: int
    changed_at: datetime | None = None


@command(clause="P5", permission=Permission.STOCK_PUSH, scope=InWarehouse())
def push_stock(step: Step, items: Sequence[PushStock]) -> list[Outcome]:
    """Work out what shops may show of these SKUs, and have it told where it is another than before.

    The newest value wins: what waits to be told is overwritten, never queued. A quantity that is the same in
    every shop is unchanged. A moment in the future counts as now.
    """
    changes = [Changed(item.sku_id, item.warehouse_id, min(item.changed_at or step.now, step.now)) for item in items]
    changed = want_newest(step, changes)
    outcomes = []
    for item in items:
        place = (item.sku_id, item.warehouse_id)
        outcomes.append(done(item.sku_id) if place in changed else unchanged(item.sku_id))
        changed.discard(place)
    return outcomes
