"""O1.1/O1.2: a shop begins to work: its orders are pulled and its check sessions open from now on."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.note_pull import NotePull, note_pull
from shopkeeper.flows.fulfilment.intake.commands.open_check_sessions import OpenSession, open_check_sessions
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done


@dataclass(frozen=True, slots=True)
class StartShop:
    shop_id: int


@command(clause="O1.1", permission=Permission.SESSION_OPEN, scope=InShop())
def start_shop(step: Step, items: Sequence[StartShop]) -> list[Outcome]:
    """Begin pulling and checking in shops; one that works already stays as it is."""
    for item in items:
        step.errand(Errand("pull_orders", item.shop_id, step.now, item.shop_id))
    note_pull.within(step, [NotePull(item.shop_id, step.now) for item in items])
    open_check_sessions.within(step, [OpenSession(item.shop_id) for item in items])
    return [done(item.shop_id) for item in items]
