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
SAID = ("name", "category", "source", "keyword", "note", "positioning", *AMOUNTS)


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
    changed: dict[str, Candidate] = {}
    answers: list[Outcome | tuple[Candidate, bool]] = []
    for item in items:
        row = known.get(item.code.strip())
        refusal = _refusal(item, row)
        if refusal:
            answers.append(refused(refusal, row.pk if row else None))
            continue
        row = row or Candidate(code=item.code.strip(), proposed_at=step.now, proposed_by=step.actor.id)
        is_changed = _say(row, item)
        known[row.code] = row
        if is_changed:
            changed[row.code] = row
        answers.append((row, is_changed))
    made = Candidate.objects.bulk_create([row for _, row in sorted(changed.items()) if row.pk is None])
    fresh = {row.code for row in made}
    Candidate.objects.bulk_update([row for code, row in sorted(changed.items()) if code not in fresh], SAID)
    step.emit(*(CandidateProposed(row.pk) for row in made))
    return [
        answer if isinstance(answer, Outcome) else done(answer[0].pk) if answer[1] else unchanged(answer[0].pk)
        for answer in answers
    ]


def _say(row: Candidate, item: ProposeCandidate) -> bool:
    """Put what is said into the row; whether it is another than before."""
    said = {name: getattr(item, name) for name in SAID}
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    is_same = row.name != "" and all(getattr(row, name) == value for name, value in said.items())
    for name, value in said.items():
        setattr(row, name, value)
    return not is_same


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
    dropped: list[Candidate] = []
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
            row.dropped_at, row.note = step.now, item.reason.strip()
            dropped.append(row)
            outcomes.append(done(row.pk))
    Candidate.objects.bulk_update(dropped, ["dropped_at", "note"])
    return outcomes
