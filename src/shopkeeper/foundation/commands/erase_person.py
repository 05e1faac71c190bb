"""G4: a person is erased: their key is destroyed, every record stays whole without them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.happenings import PersonErased
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.personal import destroy_keys
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sealed_records import SealedRecord, scrub, sealed_kinds, sealed_records
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """The person behind one record, by its kind (`intake.order`) and id, and why."""

    kind: Annotated[str, Field(max_length=60)]
    record_id: int
    reason: Annotated[str, Field(max_length=200)]


@command(clause="G4", permission=Permission.PERSONAL_ERASE, scope=EVERYWHERE)
def erase_person(step: Step, items: Sequence[ErasePerson]) -> list[Outcome]:
    """Destroy the keys of the persons behind these records; masked rests and search hashes go with them.

    This cannot be undone. Refused: "reason_needed", "kind_unknown", "not_found" (other shops included). A
    person already erased is unchanged.
    """
    found: dict[tuple[str, int], SealedRecord] = {}
    for kind in {item.kind for item in items}:
        records = sealed_records(kind, [item.record_id for item in items if item.kind == kind])
        found |= {(kind, record_id): record for record_id, record in records.items()}
    gone: set[int] = set()
    outcomes = []
    for item in items:
        record = found.get((item.kind, item.record_id))
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.record_id))
        elif item.kind not in sealed_kinds():
            outcomes.append(refused("kind_unknown", item.record_id))
        elif record is None or not step.actor.sees_shop(record.shop_id):
            outcomes.append(refused("not_found", item.record_id))
        elif record.is_erased or record.subject_id in gone:
            outcomes.append(unchanged(item.record_id))
        else:
            gone.add(record.subject_id)
            reason = item.reason.strip()
            step.emit(PersonErased(record.subject_id, item.kind, record.id, record.shop_id, reason))
            outcomes.append(done(item.record_id))
    if gone:
        destroy_keys(sorted(gone), now=step.now)
        scrub(sorted(gone))
    return outcomes
