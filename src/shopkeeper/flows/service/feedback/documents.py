"""The daily summary as an answer: PDF or XLSX. Both doors use it."""

import io
from collections.abc import Mapping

from django.http import HttpResponse

from shopkeeper.flows.service.feedback.papers.daily_summary import (
    NOTHING,
    PaperProblem,
    SummaryPaper,
    change_words,
    daily_summary_pdf,
    daily_summary_xlsx,
    hundredths,
)
from shopkeeper.flows.service.feedback.queries.summaries import ProblemLine, SummaryRecord, summary_record
from shopkeeper.flows.service.feedback.rules.figures import longest
from shopkeeper.flows.service.feedback.states import ImprovementOwner, SummaryState
from shopkeeper.flows.service.feedback.words import LABELS
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.web.labels import label_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def summary_answer(viewer: Actor, summary_id: int, kind: str) -> HttpResponse | None:
    """S3.2: 《工单日报》 as "pdf" or "xlsx"; None where there is no such summary."""
    found = summary_record(viewer, summary_id)
    if found is None:
        return None
    paper = summary_paper(found)
    name = f"tickets-{found.row.shop_id}-{found.row.day:%Y%m%d}.{kind}"
    if kind == "xlsx":
        target = io.BytesIO()
        daily_summary_xlsx(paper, target)
        answer = HttpResponse(target.getvalue(), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    answer = HttpResponse(daily_summary_pdf(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def summary_paper(found: SummaryRecord) -> SummaryPaper:
    """The paper of a summary, worded in the active language."""
    row = found.row
    return SummaryPaper(
        shop=row.shop,
        day=row.day.isoformat(),
        state=LABELS[SummaryState][SummaryState(row.state)].text.text(),
        drafted=f"{row.drafted_at.astimezone(SHOP_ZONE):%m-%d %H:%M}",
        figures=row.figures,
        trend_days=row.trend_days,
        stages=counted(row.figures.by_stage, "Stage"),
        kinds=counted(row.figures.by_kind, "TicketKind"),
        channels=counted(row.figures.by_channel, "Channel"),
        problems=[_problem(problem) for problem in found.problems],
        remarks=row.remarks,
        completer=row.completer,
        signer=row.signer,
    )


def counted(counts: Mapping[str, int], family: str) -> list[tuple[str, int]]:
    """Counts by their words, most first."""
    return [(label_of(value, family).text.text(), n) for value, n in longest(counts)]


def _problem(problem: ProblemLine) -> PaperProblem:
    tasks = [
        f"{one.number} {LABELS[ImprovementOwner][ImprovementOwner(one.owner)].text}" for one in problem.improvements
    ]
    return PaperProblem(
        rank=problem.rank,
        kind=label_of(problem.kind, "TicketKind").text.text(),
        about=" · ".join(part for part in (problem.goods, problem.carrier) if part),
        tickets=problem.tickets,
        before_tickets=problem.before_tickets,
        change=change_words(problem.change, problem.tickets, problem.before_tickets),
        is_worse=problem.change is None or problem.change > 0,
        rate=hundredths(problem.contact_hundredths) if problem.orders else NOTHING,
        examples=[number for _, number in problem.example_numbers[:3]],
        task=" ".join(tasks),
    )
