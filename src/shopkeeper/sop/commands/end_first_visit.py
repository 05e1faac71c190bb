"""G2: a newcomer has looked around: the panel above the work list stays away from now on."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.models import FirstVisit
from shopkeeper.sop.permissions import Permission


@dataclass(frozen=True, slots=True)
class EndFirstVisit:
    """Whoever asks is meant: nobody puts it away for somebody else."""


@command(clause="G2", permission=Permission.WORK_VIEW, scope=EVERYWHERE)
def end_first_visit(step: Step, items: Sequence[EndFirstVisit]) -> list[Outcome]:
    """Put one's own panel away. Put away already: unchanged."""
    row = FirstVisit(person_id=step.actor.id, ended_at=step.now)
    seen = FirstVisit.objects.filter(person_id=step.actor.id).exists()
    FirstVisit.objects.bulk_create([row], ignore_conflicts=True)
    return [unchanged() if seen or place else done() for place, _ in enumerate(items)]
