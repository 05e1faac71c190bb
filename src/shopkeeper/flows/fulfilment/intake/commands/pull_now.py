"""O1.1: a person does not wait for the next pull."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.models import PullCursor
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import hasten
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class PullNow:
    shop_id: int


@command(clause="O1.1", permission=Permission.ORDER_TAKE_IN, scope=InShop())
def pull_now(step: Step, items: Sequence[PullNow]) -> list[Outcome]:
    """Bring the shops' next pull forward to now. Refused "not_started" where a shop was never started."""
    ids = [item.shop_id for item in items]
    started = set(PullCursor.objects.filter(shop_id__in=ids).values_list("shop_id", flat=True))
    hasten("pull_orders", sorted(started), step.now)
    return [done(shop_id) if shop_id in started else refused("not_started", shop_id) for shop_id in ids]
