"""D1.1: figures that cannot be brought: somebody says why there are none for the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.collection.deadlines import FIGURES_DUE
from shopkeeper.flows.analytics.collection.events import DeliveryExcused
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.sql import deliveries as sql
from shopkeeper.flows.analytics.collection.states import DELIVERY_FLOW, FiguresDayState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class ExcuseDelivery:
    delivery_id: int
    excuse: Annotated[str, Field(max_length=300)]


@command(clause="D1.1", permission=Permission.FIGURES_TAKE_IN, scope=ShopOf("collection_delivery", "delivery_id"))
def excuse_deliveries(step: Step, items: Sequence[ExcuseDelivery]) -> list[Outcome]:
    """Say why a day has no figures; should they come after all, they are taken.

    Refused: "excuse_needed", "figures_there". One that is excused is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.delivery_id for item in items}))}
    excuses: dict[int, str] = {}
    outcomes = []
    for item in items:
        state, excuse = rows[item.delivery_id].state, item.excuse.strip()
        if state == FiguresDayState.DELIVERED:
            outcomes.append(refused("figures_there", item.delivery_id))
        elif state == FiguresDayState.EXCUSED or item.delivery_id in excuses:
            outcomes.append(unchanged(item.delivery_id))
        elif not excuse:
            outcomes.append(refused("excuse_needed", item.delivery_id))
        else:
            excuses[item.delivery_id] = excuse
            outcomes.append(done(item.delivery_id))
    sql.WRITE_EXCUSES.run(actor_id=step.actor.id, ids=list(excuses), excuses=list(excuses.values()))
    for moved in step.move(DELIVERY_FLOW, sorted(excuses), FiguresDayState.EXCUSED):
        step.emit(DeliveryExcused(moved.id, rows[moved.id].shop_id))
    close(step, FIGURES_DUE, sorted(excuses), Ending.CANCELLED)
    return outcomes
