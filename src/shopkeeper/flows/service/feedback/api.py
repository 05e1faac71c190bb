"""The program's door to ratings and summaries: reads; every command has its own address besides."""

from datetime import date, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from shopkeeper.flows.service.feedback.documents import summary_answer
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.queries.improvements import (
    ImprovementFilter,
    ImprovementRow,
    improvement_row,
    improvements_page,
)
from shopkeeper.flows.service.feedback.queries.recoveries import (
    RecoveryFilter,
    RecoveryRow,
    recoveries_page,
    recovery_record,
)
from shopkeeper.flows.service.feedback.queries.summaries import (
    SummaryFilter,
    SummaryRecord,
    SummaryRow,
    summaries_page,
    summary_record,
)
from shopkeeper.flows.service.feedback.queries.surveys import (
    SurveyFilter,
    SurveyRow,
    satisfaction,
    survey_row,
    surveys_page,
)
from shopkeeper.flows.service.feedback.schemas import (
    FiguresAnswer,
    ImprovementAnswer,
    Improvements,
    ProblemAnswer,
    Recoveries,
    RecoveryAnswer,
    SatisfactionAnswer,
    Summaries,
    SummaryAnswer,
    SummaryDetail,
    SurveyAnswer,
    Surveys,
)
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
DAYS = 7


def _plain(found: object, shape: type[Any]) -> dict[str, Any]:
    """The fields of a shape, taken from a row: what it holds and what it computes."""
    return {name: getattr(found, name) for name in shape.model_fields}


@router.get("/surveys", response=Surveys, operation_id="list_surveys")
def surveys(
    request: HttpRequest,
    state: str = "",
    score: str = "",
    shop_id: int | None = None,
    number: str = "",
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Surveys, newest first. `number` is ours of a survey (PJ…), ticket (GD…) or order (JY…); comments stay sealed."""
    viewer = program(request, Permission.SURVEY_VIEW)
    wanted = SurveyFilter(state, score, shop_id, tuple(number.split()))
    rows, next_key = surveys_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_survey(row) for row in rows], "next": next_key}


@router.get("/surveys/{survey_id}", response=SurveyAnswer, operation_id="get_survey")
def survey(request: HttpRequest, survey_id: int) -> dict[str, Any]:
    """One survey; `url` is there while an agent has to pass it on."""
    found = survey_row(program(request, Permission.SURVEY_VIEW), survey_id)
    if found is None:
        raise Http404
    return _survey(found)


@router.get("/satisfaction", response=SatisfactionAnswer, operation_id="get_satisfaction")
def satisfied(
    request: HttpRequest, from_day: date | None = None, to_day: date | None = None, shop_id: int | None = None
) -> dict[str, Any]:
    """Ratings of a span of days, both included; the last seven where none is named."""
    viewer = program(request, Permission.SURVEY_VIEW)
    last = to_day or day_of(business_time.now())
    first = from_day or last - timedelta(days=DAYS - 1)
    found = satisfaction(viewer, at_time(first, time.min), at_time(last + timedelta(days=1), time.min), shop_id)
    given = {"from_day": first, "to_day": last}
    return {**given, **{n: getattr(found, n) for n in SatisfactionAnswer.model_fields if n not in given}}


@router.get("/recoveries", response=Recoveries, operation_id="list_recoveries")
def recoveries(
    request: HttpRequest, state: str = "open", shop_id: int | None = None, after: str = "", limit: int = 50
) -> dict[str, Any]:
    """Customers who gave a low score; open ones by due time."""
    viewer = program(request, Permission.SURVEY_VIEW)
    wanted = RecoveryFilter(state, shop_id)
    rows, next_key = recoveries_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_recovery(row) for row in rows], "next": next_key}


@router.get("/recoveries/{recovery_id}", response=RecoveryAnswer, operation_id="get_recovery")
def recovery(request: HttpRequest, recovery_id: int) -> dict[str, Any]:
    """One task; `next_attempt` is what record-recovery takes."""
    found = recovery_record(program(request, Permission.SURVEY_VIEW), recovery_id)
    if found is None:
        raise Http404
    return _recovery(found.row)


@router.get("/summaries", response=Summaries, operation_id="list_summaries")
def summaries(
    request: HttpRequest, state: str = "", shop_id: int | None = None, after: str = "", limit: int = 50
) -> dict[str, Any]:
    """Daily summaries, newest first, with their figures."""
    viewer = program(request, Permission.SUMMARY_VIEW)
    wanted = SummaryFilter(state, shop_id)
    rows, next_key = summaries_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_summary(row) for row in rows], "next": next_key}


@router.get("/summaries/{summary_id}", response=SummaryDetail, operation_id="get_summary")
def summary(request: HttpRequest, summary_id: int) -> dict[str, Any]:
    """One summary with its frequent problems."""
    found = summary_record(program(request, Permission.SUMMARY_VIEW), summary_id)
    if found is None:
        raise Http404
    return _summary_whole(found)


@router.get("/summaries/{summary_id}/document.{kind}", operation_id="get_summary_document")
def summary_document(request: HttpRequest, summary_id: int, kind: str) -> HttpResponse:
    """《工单日报》 as pdf or xlsx."""
    viewer = program(request, Permission.SUMMARY_VIEW)
    answer = summary_answer(viewer, summary_id, kind) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer


@router.get("/improvements", response=Improvements, operation_id="list_improvements")
def improvements(
    request: HttpRequest,
    state: str = "",
    owner: str = "",
    shop_id: int | None = None,
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Improvement tasks, newest first, with the figure before and after."""
    viewer = program(request, Permission.IMPROVEMENT_VIEW)
    wanted = ImprovementFilter(state, owner, shop_id)
    rows, next_key = improvements_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_improvement(row) for row in rows], "next": next_key}


@router.get("/improvements/{improvement_id}", response=ImprovementAnswer, operation_id="get_improvement")
def improvement(request: HttpRequest, improvement_id: int) -> dict[str, Any]:
    found = improvement_row(program(request, Permission.IMPROVEMENT_VIEW), improvement_id)
    if found is None:
        raise Http404
    return _improvement(found)


def _survey(row: SurveyRow) -> dict[str, Any]:
    return _plain(row, SurveyAnswer)


def _recovery(row: RecoveryRow) -> dict[str, Any]:
    return _plain(row, RecoveryAnswer)


def _summary(row: SummaryRow) -> dict[str, Any]:
    return {**_plain(row, SummaryAnswer), "figures": _plain(row.figures, FiguresAnswer)}


def _summary_whole(found: SummaryRecord) -> dict[str, Any]:
    return {**_summary(found.row), "problems": [_plain(problem, ProblemAnswer) for problem in found.problems]}


def _improvement(row: ImprovementRow) -> dict[str, Any]:
    return {**_plain(row, ImprovementAnswer), "problem": _plain(row.problem, ProblemAnswer)}
