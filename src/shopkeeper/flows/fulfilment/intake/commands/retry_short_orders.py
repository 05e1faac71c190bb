"""O1.3: what was received serves the orders that waited for it, first paid first served."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.batches.holding import let_go_on
from shopkeeper.flows.fulfilment.intake.batches.promising import promise_missing
from shopkeeper.flows.fulfilment.intake.events import HoldDecided
from shopkeeper.flows.fulfilment.intake.holds import SHORTAGES
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import holds as hold_sql
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class RetryShort:
    sku_id: int
    warehouse_id: int


@command(clause="O1.3", permission=Permission.ORDER_CHECK, scope=InWarehouse(), internal=True)
def retry_short_orders(step: Step, items: Sequence[RetryShort]) -> list[Outcome]:
    """Promise freed or received pieces to held orders; their shortage holds vanish."""
    waiting = [
        row.id
        for row in sql.SHORT_OF.rows(
            skus=[item.sku_id for item in items], warehouses=[item.warehouse_id for item in items]
        )
    ]
    rows = {row.id: row for row in sql.LOCK.rows(ids=waiting)}
    # Found unlocked: meanwhile one may have been cancelled or let go.
    waiting = [i for i in waiting if rows[i].state == OrderState.TO_CHECK and set(SHORTAGES) & set(rows[i].open_holds)]
    short = promise_missing(step, waiting)
    served = [order_id for order_id in waiting if order_id not in short]
    if served:
        _let_go(step, served, rows)
    return [done() for _ in items] if served else [unchanged() for _ in items]


def _let_go(step: Step, served: Sequence[int], rows: dict[int, sql.OrderRow]) -> None:
    pairs = [(order_id, code) for order_id in served for code in SHORTAGES]
    gone = hold_sql.DECIDE.rows(
        orders=[order_id for order_id, _ in pairs],
        codes=[code for _, code in pairs],
        decisions=["vanished"] * len(pairs),
        reasons=["stock received"] * len(pairs),
        now=step.now,
        actor_id=step.actor.id,
    )
    left = holds_left(step, served)
    step.emit(*(HoldDecided(row.order_id, rows[row.order_id].shop_id, (row.code,), "vanished") for row in gone))
    let_go_on(step, left, rows)
