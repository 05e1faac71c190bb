"""P1.1: an export of a research tool, or what somebody noted, becomes research that candidates are judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.research.events import ResearchTakenIn
from shopkeeper.flows.products.research.models import ResearchFile, ResearchRow
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.states import ResearchKind
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class ResearchLine:
    """One line. Price in minor units, sales in pieces a month, growth in 1/10,000."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    category: Annotated[str, Field(max_length=100)] = ""
    competitor: Annotated[str, Field(max_length=100)] = ""
    heat: Annotated[int, Field(ge=0)] | None = None
    growth_basis_points: int | None = None
    price_minor: Annotated[int, Field(ge=0)] | None = None
    monthly_sales: Annotated[int, Field(ge=0)] | None = None


@dataclass(frozen=True, slots=True)
class TakeInResearch:
    """All lines of one source for one period; `digest` is the file's, empty where somebody typed them."""

    kind: ResearchKind
    source: Annotated[str, Field(max_length=60)]
    period_from: date
    period_to: date
    lines: Annotated[tuple[ResearchLine, ...], Field(max_length=MOST_ROWS)]
    shown_name: Annotated[str, Field(max_length=120)] = ""
    digest: Annotated[str, Field(max_length=64)] = ""


@command(clause="P1.1", permission=Permission.RESEARCH_RECORD, scope=EVERYWHERE)
def take_in_research(step: Step, items: Sequence[TakeInResearch]) -> list[Outcome]:
    """Keep research; a file for a period that is there already replaces it, and the older one stays on record.

    The same file again is unchanged. Refused: source_needed, period_backwards, research_empty, research_too_long.
    """
    outcomes = []
    for item in items:
        code = _refusal(item)
        outcomes.append(refused(code, most=MOST_ROWS) if code else _take_in(step, item))
    return outcomes


def _refusal(item: TakeInResearch) -> str:
    if not item.source.strip():
        return "source_needed"
    if item.period_to < item.period_from:
        return "period_backwards"
    if not any(line.name.strip() for line in item.lines):
        return "research_empty"
    return "research_too_long" if len(item.lines) > MOST_ROWS else ""


def _take_in(step: Step, item: TakeInResearch) -> Outcome:
    period = {"period_from": item.period_from, "period_to": item.period_to}
    known = None
    if item.digest:
        same = ResearchFile.objects.filter(
            kind=item.kind, source=item.source.strip(), replaced_at__isnull=True, **period
        ).exclude(digest="")
        known = same.select_for_update().first()
        if known is not None and known.digest == item.digest:
            return unchanged(known.pk)
    if known is not None:
        ResearchFile.objects.filter(id=known.pk).update(replaced_at=step.now)
    file = ResearchFile.objects.create(
        kind=item.kind, source=item.source.strip(), shown_name=item.shown_name, digest=item.digest,
        taken_in_at=step.now, taken_in_by=step.actor.id, **period,
    )  # fmt: skip
    lines = {(line.name.strip(), line.competitor.strip()): line for line in item.lines if line.name.strip()}
    ResearchRow.objects.bulk_create(
        [
            ResearchRow(
                file=file, kind=item.kind, name=name, competitor=competitor, category=line.category.strip(),
                heat=line.heat, growth_basis_points=line.growth_basis_points, price_minor=line.price_minor,
                monthly_sales=line.monthly_sales,
            )
            for (name, competitor), line in sorted(lines.items())
        ],
        batch_size=5_000,
    )  # fmt: skip
    step.emit(ResearchTakenIn(file.pk, str(item.kind), len(lines)))
    return done(file.pk, rows=len(lines), replaced=known.pk if known else None)
