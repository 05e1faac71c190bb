"""G4: personal data is shown in plain only for a reason, and that somebody looked is on record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from django.conf import settings
from pydantic import Field

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.happenings import PersonalDataRevealed
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sealed_records import SealedRecord, sealed_kinds, sealed_records
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outcomes import Outcome, done, refused

LEAST_REASON = 2


@dataclass(frozen=True, slots=True)
class RevealPersonalData:
    """A record by kind (`intake.order`) and id, and why its personal data is needed."""

    kind: Annotated[str, Field(max_length=60)]
    record_id: int
    reason: Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class CountRow:
    count: int


# A guard against harvesting: like every lock-out it runs on machine time.
RECENT = Statement(
    """
    SELECT count(*) FROM foundation_event
    WHERE type = 'foundation.personal_data_revealed' AND actor_id = %(actor)s::bigint
      AND recorded_at > %(since)s::timestamptz""",
    row=CountRow,
)


@command(clause="G4", permission=Permission.PERSONAL_REVEAL, scope=EVERYWHERE)
def reveal_personal_data(step: Step, items: Sequence[RevealPersonalData]) -> list[Outcome]:
    """Record that the actor looks at these records; for ten minutes they may then read them in plain.

    The outcome holds no personal data, because outcomes are kept. Refused: "reason_needed", "kind_unknown",
    "not_found" (other shops included), "erased", "reveals_exhausted" beyond the hourly limit.
    """
    records = _records(items)
    limit = int(settings.SHOPKEEPER_REVEALS_PER_HOUR)
    recent = RECENT.first(actor=step.actor.id, since=machine_now() - timedelta(hours=1))
    left = limit - (recent.count if recent else 0)
    outcomes = []
    for item in items:
        record = records.get((item.kind, item.record_id))
        code = _refusal(step, item, record)
        if not code and left <= 0:
            outcomes.append(refused("reveals_exhausted", item.record_id, limit=limit))
            continue
        if code or record is None:
            outcomes.append(refused(code, item.record_id))
            continue
        left -= 1
        reason = item.reason.strip()
        step.emit(PersonalDataRevealed(item.record_id, item.kind, record.shop_id, reason))
        outcomes.append(done(item.record_id, kind=item.kind))
    return outcomes


def _records(items: Sequence[RevealPersonalData]) -> dict[tuple[str, int], SealedRecord]:
    """The records asked for, two statements per kind."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item.record_id)
    return {(kind, id_): record for kind, ids in by_kind.items() for id_, record in sealed_records(kind, ids).items()}


def _refusal(step: Step, item: RevealPersonalData, record: SealedRecord | None) -> str:
    if len(item.reason.strip()) < LEAST_REASON:
        return "reason_needed"
    if item.kind not in sealed_kinds():
        return "kind_unknown"
    if record is None or not step.actor.sees_shop(record.shop_id):
        return "not_found"
    return "erased" if record.is_erased else ""
