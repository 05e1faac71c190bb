"""G2: a person takes a duty from the work list."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.permissions import Permission

WORK_SCOPE = RowsOf("sop_deadline", "deadline_id", shop="shop_id", warehouse="warehouse_id")


@dataclass(frozen=True, slots=True)
class ClaimWork:
    deadline_id: int


@command(clause="G2", permission=Permission.WORK_CLAIM, scope=WORK_SCOPE)
def claim_work(step: Step, items: Sequence[ClaimWork]) -> list[Outcome]:
    """Take duties of one's own roles. Refused: claimed_by_other (with `name`), not_your_role."""
    ids = [item.deadline_id for item in items]
    rows = Deadline.objects.select_for_update(of=("self",)).order_by("id").in_bulk(ids)
    outcomes = [_judge(step, rows[item.deadline_id]) for item in items]
    taken = [outcome.id for outcome in outcomes if outcome.changed and outcome.id]
    Deadline.objects.filter(id__in=taken).update(claimed_by_id=step.actor.id, claimed_at=step.now)
    return outcomes


def _judge(step: Step, row: Deadline) -> Outcome:
    if row.claimed_by_id == step.actor.id:
        return unchanged(row.pk)
    if row.role not in step.actor.roles:
        return refused("not_your_role", row.pk)
    if row.claimed_by_id is not None:
        return refused("claimed_by_other", row.pk)
    return done(row.pk)
