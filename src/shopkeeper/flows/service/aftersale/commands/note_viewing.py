"""S2.3, G4: buyers' pictures and films are theirs; that somebody of ours opened one is on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.aftersale.events import EvidenceViewed
from shopkeeper.flows.service.aftersale.models import Evidence
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done


@dataclass(frozen=True, slots=True)
class NoteViewing:
    """A piece of evidence that the actor is about to be shown."""

    evidence_id: int


@command(
    clause="S2.3",
    permission=Permission.EVIDENCE_VIEW,
    scope=ShopOf("aftersale_evidence", "evidence_id"),
    internal=True,
)
def note_viewing(step: Step, items: Sequence[NoteViewing]) -> list[Outcome]:
    """Record each opening, every time. Internal: only the page that shows the file calls it."""
    rows = Evidence.objects.filter(id__in={item.evidence_id for item in items}).values_list("id", "case_id", "shop_id")
    seen = {id_: (case_id, shop_id) for id_, case_id, shop_id in rows}
    step.emit(*(EvidenceViewed(item.evidence_id, *seen[item.evidence_id]) for item in items))
    return [done(item.evidence_id) for item in items]
