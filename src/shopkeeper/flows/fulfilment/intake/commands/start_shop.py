"""O1.1/O1.2: a shop begins to work: its orders are pulled and its check sessions open from now on."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.note_pull import NotePull, note_pull
from shopkeeper.flows.fulfilment.intake.commands.open_check_sessions import OpenSession, open_check_sessions
from shopkeeper.flows.fulfilment.intake.models import PullCursor
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class StartShop:
    shop_id: int


@command(clause="O1.1", permission=Permission.SESSION_OPEN, scope=InShop())
def start_shop(step: Step, items: Sequence[StartShop]) -> list[Outcome]:
    """Begin pulling and checking in shops; one that works already stays as it is, its cursor above all."""
    ids = [item.shop_id for item in items]
    working = set(PullCursor.objects.filter(shop_id__in=ids).values_list("shop_id", flat=True))
    fresh = sorted(set(ids) - working)
    for shop_id in fresh:
        step.errand(Errand("pull_orders", shop_id, step.now, shop_id))
    note_pull.within(step, [NotePull(shop_id, step.now) for shop_id in fresh])
    open_check_sessions.within(step, [OpenSession(shop_id) for shop_id in fresh])
    return [unchanged(shop_id) if shop_id in working else done(shop_id) for shop_id in ids]
