"""The selection list as an answer: PDF or XLSX. Both doors use it."""

import io

from django.http import HttpResponse

from shopkeeper.flows.products.research.papers.selection_list import (
    WORDS,
    PaperEntry,
    SelectionPaper,
    selection_list_pdf,
    selection_list_xlsx,
)
from shopkeeper.flows.products.research.queries.selection import Entry, ListRow, selection_list
from shopkeeper.flows.products.research.states import Decision, ListState
from shopkeeper.flows.products.research.words import LABELS, said
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def selection_list_answer(viewer: Actor, list_id: int, kind: str) -> HttpResponse | None:
    """P1.2: 《商品选品清单》 as "pdf" or "xlsx"; None where there is no such list."""
    found = selection_list(viewer, list_id)
    if found is None:
        return None
    paper = selection_paper(*found)
    name = f"selection-list-v{paper.version}.{kind}"
    if kind == "xlsx":
        target = io.BytesIO()
        selection_list_xlsx(paper, target)
        answer = HttpResponse(target.getvalue(), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    answer = HttpResponse(selection_list_pdf(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def selection_paper(row: ListRow, entries: list[Entry]) -> SelectionPaper:
    """What both papers show of a version."""
    heads: list[tuple[T, str]] = [
        (WORDS["strategy"], row.strategy),
        (WORDS["period"], row.period),
        (WORDS["target"], str(Money(row.target_minor))),
        (WORDS["state"], str(LABELS[ListState][ListState(row.state)].text)),
        (WORDS["maker"], f"{row.made_by} {row.made_at:%Y-%m-%d}"),
        (WORDS["approver"], f"{row.decided_by} {row.decided_at:%Y-%m-%d}" if row.decided_at else ""),
    ]
    return SelectionPaper(row.version, heads, row.weights, [_entry(entry) for entry in entries])


def _entry(entry: Entry) -> PaperEntry:
    """The facts as they were when the list was made, not as the candidate is today."""
    facts, candidate = entry.facts, entry.candidate
    price, cost = facts["price_minor"], facts["cost_minor"]
    return PaperEntry(
        rank=entry.rank,
        code=candidate.code,
        name=candidate.name,
        category=candidate.category,
        source=candidate.source,
        price_minor=price,
        competitor_minor=facts["competitor_minor"],
        cost_minor=cost,
        margin=(price - cost) * 10_000 // price if price and cost is not None else None,
        monthly_sales=facts["monthly_sales"],
        share=entry.share_basis_points,
        turnover_days=facts["turnover_days"],
        parts=entry.parts,
        total=entry.total,
        reason=said(entry.why),
        decision=str(LABELS[Decision][Decision(entry.decision)].text) if entry.decision else "",
        decision_reason=entry.decision_reason,
    )
