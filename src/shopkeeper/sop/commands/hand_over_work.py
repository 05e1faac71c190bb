"""G2: a duty is handed over to somebody else, or back to the list, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import PersonRole
from shopkeeper.shared.outcomes import Outcome, done, refused
from shopkeeper.sop.commands.claim_work import WORK_SCOPE
from shopkeeper.sop.events import WorkHandedOver
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.permissions import Permission


@dataclass(frozen=True, slots=True)
class HandOverWork:
    """`to_person_id` None gives the duty back to everybody of its role."""

    deadline_id: int
    reason: str
    to_person_id: int | None = None


@command(clause="G2", permission=Permission.WORK_CLAIM, scope=WORK_SCOPE)
def hand_over_work(step: Step, items: Sequence[HandOverWork]) -> list[Outcome]:
    """Hand duties over. Refused: reason_needed, claimed_by_other, not_their_role."""
    ids = [item.deadline_id for item in items]
    rows = Deadline.objects.select_for_update(of=("self",)).order_by("id").in_bulk(ids)
    receivers = {item.to_person_id for item in items if item.to_person_id}
    able = set(PersonRole.objects.filter(person_id__in=receivers).values_list("person_id", "role"))
    outcomes = [_judge(step, rows[item.deadline_id], item, able) for item in items]
    changed: list[Deadline] = []
    for item, outcome in zip(items, outcomes, strict=True):
        if not outcome.changed:
            continue
        row = rows[item.deadline_id]
        row.claimed_by_id = item.to_person_id
        row.claimed_at = step.now if item.to_person_id else None
        row.handed_over_reason = item.reason[:300]
        changed.append(row)
        step.emit(WorkHandedOver(row.pk, row.kind, row.shop_id, item.to_person_id, item.reason[:300]))
    Deadline.objects.bulk_update(changed, ["claimed_by", "claimed_at", "handed_over_reason"])
    return outcomes


def _judge(step: Step, row: Deadline, item: HandOverWork, able: set[tuple[int, str]]) -> Outcome:
    if not item.reason.strip():
        return refused("reason_needed", row.pk)
    if row.claimed_by_id not in (None, step.actor.id) and not step.actor.may(Permission.WORK_ESCALATE):
        return refused("claimed_by_other", row.pk)
    if item.to_person_id and (item.to_person_id, row.role) not in able:
        return refused("not_their_role", row.pk)
    return done(row.pk)
