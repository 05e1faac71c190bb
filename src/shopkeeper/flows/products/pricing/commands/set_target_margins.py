"""P3.2: the target margin of a category is set, with the reason; None: the policy's again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.listing.models import Category
from shopkeeper.flows.products.pricing.events import TargetMarginSet
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.sql import targets as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

MOST = 9_500


@dataclass(frozen=True, slots=True)
class SetTargetMargin:
    """Basis points (万分之一): 3500 is 35 %."""

    category_id: int
    basis_points: int | None
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P3.2", permission=Permission.TARGET_SET, scope=EVERYWHERE)
def set_target_margins(step: Step, items: Sequence[SetTargetMargin]) -> list[Outcome]:
    """Set or remove targets; plans proposed from now on are judged by them. Of one category the last counts.

    Refused: "reason_needed", "category_unknown", "target_out_of_bounds". The same target again is unchanged.
    """
    ids = sorted({item.category_id for item in items})
    known = set(Category.objects.filter(id__in=ids, is_retired=False).values_list("id", flat=True))
    current = {row.category_id: row.basis_points for row in sql.LOCK.rows(categories=ids)}
    changed: dict[int, SetTargetMargin] = {}
    outcomes = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.category_id))
        elif item.category_id not in known:
            outcomes.append(refused("category_unknown", item.category_id))
        elif not 0 <= (item.basis_points or 0) <= MOST:
            outcomes.append(refused("target_out_of_bounds", item.category_id, most=MOST))
        elif current.get(item.category_id) == item.basis_points:
            outcomes.append(unchanged(item.category_id))
        else:
            changed[item.category_id] = item
            outcomes.append(done(item.category_id))
    sql.DROP.run(categories=[id_ for id_, item in changed.items() if item.basis_points is None])
    kept = {id_: item for id_, item in changed.items() if item.basis_points is not None}
    sql.PUT.run(
        now=step.now,
        actor_id=step.actor.id,
        categories=list(kept),
        targets=[item.basis_points for item in kept.values()],
        reasons=[item.reason.strip() for item in kept.values()],
    )
    step.emit(*(TargetMarginSet(id_, item.basis_points, item.reason.strip()) for id_, item in changed.items()))
    return outcomes
