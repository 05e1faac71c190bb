"""P1.2: goods the shop might carry are put forward, corrected, and dropped with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.research.events import CandidateProposed
from shopkeeper.flows.products.research.models import Candidate
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

AMOUNTS = ("cost_minor", "competitor_minor", "price_minor", "monthly_sales", "turnover_days")


@dataclass(frozen=True, slots=True)
class ProposeCandidate:
    """What is known of it: prices in minor units per piece, sales in pieces a month, positioning 0–100."""

    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    category: Annotated[str, Field(min_length=1, max_length=100)]
    source: Annotated[str, Field(min_length=1, max_length=100)]
    keyword: Annotated[str, Field(max_length=60)] = ""
    cost_minor: int | None = None
    competitor_minor: int | None = None
    price_minor: int | None = None
    monthly_sales: int | None = None
    turnover_days: int | None = None
    positioning: int | None = None
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="P1.2", permission=Permission.CANDIDATE_EDIT, scope=EVERYWHERE)
def propose_candidates(step: Step, items: Sequence[ProposeCandidate]) -> list[Outcome]:
    """Put candidates forward, or correct them by their code; the last of a batch stands.

    Refused: amount_negative, positioning_out_of_bounds, candidate_drafted once it is a product, candidate_dropped.
    """
    codes = sorted({item.code.strip() for item in items})
    known = {row.code: row for row in Candidate.objects.select_for_update().filter(code__in=codes).order_by("code")}
    outcomes: list[Outcome] = []
    for item in items:
        outcomes.append(_propose(step, item, known))
    return outcomes


def _propose(step: Step, item: ProposeCandidate, known: dict[str, Candidate]) -> Outcome:
    code = item.code.strip()
    row = known.get(code)
    refusal = _refusal(item, row)
    if refusal:
        return refused(refusal, row.pk if row else None)
    said = {
        "name": item.name.strip(), "category": item.category.strip(), "source": item.source.strip(),
        "keyword": item.keyword.strip(), "note": item.note.strip(), "positioning": item.positioning,
        **{name: getattr(item, name) for name in AMOUNTS},
    }  # fmt: skip
    if row is None:
        made = Candidate.objects.create(code=code, proposed_at=step.now, proposed_by=step.actor.id, **said)
        known[code] = made
        step.emit(CandidateProposed(made.pk))
        return done(made.pk)
    if all(getattr(row, name) == value for name, value in said.items()):
        return unchanged(row.pk)
    for name, value in said.items():
        setattr(row, name, value)
    Candidate.objects.filter(id=row.pk).update(**said)
    return done(row.pk)


def _refusal(item: ProposeCandidate, row: Candidate | None) -> str:
    if any((getattr(item, name) or 0) < 0 for name in AMOUNTS):
        return "amount_negative"
    if item.positioning is not None and not 0 <= item.positioning <= 100:
        return "positioning_out_of_bounds"
    if row is not None and row.product_id is not None:
        return "candidate_drafted"
    return "candidate_dropped" if row is not None and row.dropped_at is not None else ""


@dataclass(frozen=True, slots=True)
class DropCandidate:
    candidate_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P1.2", permission=Permission.CANDIDATE_EDIT, scope=EVERYWHERE)
def drop_candidates(step: Step, items: Sequence[DropCandidate]) -> list[Outcome]:
    """Take candidates out of future lists. Refused: reason_needed, not_found, candidate_drafted."""
    ids = sorted({item.candidate_id for item in items})
    rows = {row.pk: row for row in Candidate.objects.select_for_update().filter(id__in=ids).order_by("id")}
    outcomes = []
    for item in items:
        row = rows.get(item.candidate_id)
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.candidate_id))
        elif row is None:
            outcomes.append(refused("not_found", item.candidate_id))
        elif row.product_id is not None:
            outcomes.append(refused("candidate_drafted", row.pk))
        elif row.dropped_at is not None:
            outcomes.append(unchanged(row.pk))
        else:
            row.dropped_at = step.now
            Candidate.objects.filter(id=row.pk).update(dropped_at=step.now, note=item.reason.strip())
            outcomes.append(done(row.pk))
    return outcomes
