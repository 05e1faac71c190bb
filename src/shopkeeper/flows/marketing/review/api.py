"""The program's door to reviews: reads; every command has its own address besides."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from shopkeeper.flows.marketing.review.documents import review_answer
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.queries.actions import ActionFilter, action_row, actions_page
from shopkeeper.flows.marketing.review.queries.reviews import (
    ReviewFilter,
    ReviewRecord,
    review_record,
    reviews_page,
)
from shopkeeper.flows.marketing.review.queries.templates import TemplateRow, template_record, templates_page
from shopkeeper.flows.marketing.review.schemas import (
    ActionAnswer,
    Actions,
    DifferenceAnswer,
    MeetingAnswer,
    ReviewAnswer,
    ReviewDetail,
    Reviews,
    StartedAnswer,
    TemplateAnswer,
    TemplateDetail,
    Templates,
    VersionAnswer,
)
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
COMPUTED = (
    "sales_attained", "customers_attained", "conversion_bp", "click_rate", "basket_minor", "new_share", "refund_share",
    "discount_minor", "merchant_discount_minor", "media_minor", "spent_minor", "cost_minor", "gross_profit_minor",
    "profit_minor", "roi_bp", "roas_hundredths", "net_roas_hundredths", "increment_minor", "increment_share",
)  # fmt: skip


def _plain(found: object, shape: type[Any]) -> dict[str, Any]:
    """The fields of a shape, taken from a row: what it holds and what it computes."""
    return {name: getattr(found, name) for name in shape.model_fields}


def _bounded(limit: int) -> int:
    return min(max(limit, 1), PAGE)


@router.get("/reports", response=Reviews, operation_id="list_campaign_reviews")
def reports(
    request: HttpRequest,
    state: str = "",
    shop_id: int | None = None,
    campaign_id: int | None = None,
    text: str = "",
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Review reports, newest first; `next` is the `after` of the following page."""
    viewer = program(request, Permission.REVIEW_VIEW)
    wanted = ReviewFilter(state, shop_id, campaign_id, text)
    rows, next_key = reviews_page(viewer, wanted, after=after, limit=_bounded(limit))
    return {"items": [_plain(row, ReviewAnswer) for row in rows], "next": next_key}


@router.get("/reports/{review_id}", response=ReviewDetail, operation_id="get_campaign_review")
def report(request: HttpRequest, review_id: int, version: int | None = None) -> dict[str, Any]:
    """One report with its figures, action items and meetings; `next_meeting` is what hold-meeting takes."""
    found = review_record(program(request, Permission.REVIEW_VIEW), review_id, version)
    if found is None:
        raise Http404
    return _whole(found)


@router.get("/reports/{review_id}/document.{kind}", operation_id="get_campaign_review_document")
def report_document(request: HttpRequest, review_id: int, kind: str) -> HttpResponse:
    """《活动复盘报告》 as pdf or xlsx."""
    viewer = program(request, Permission.REVIEW_VIEW)
    answer = review_answer(viewer, review_id, kind) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer


@router.get("/actions", response=Actions, operation_id="list_review_actions")
def actions(
    request: HttpRequest,
    state: str = "",
    shop_id: int | None = None,
    review_id: int | None = None,
    owner_id: int | None = None,
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Action items of reviews, newest first."""
    viewer = program(request, Permission.ACTION_END)
    wanted = ActionFilter(state, shop_id, review_id, owner_id)
    rows, next_key = actions_page(viewer, wanted, after=after, limit=_bounded(limit))
    return {"items": [_plain(row, ActionAnswer) for row in rows], "next": next_key}


@router.get("/actions/{action_id}", response=ActionAnswer, operation_id="get_review_action")
def action(request: HttpRequest, action_id: int) -> dict[str, Any]:
    found = action_row(program(request, Permission.ACTION_END), action_id)
    if found is None:
        raise Http404
    return _plain(found, ActionAnswer)


@router.get("/templates", response=Templates, operation_id="list_campaign_templates")
def templates(request: HttpRequest, shop_id: int | None = None, after: str = "", limit: int = 50) -> dict[str, Any]:
    """Templates with what was learned, newest first."""
    viewer = program(request, Permission.REVIEW_VIEW)
    rows, next_key = templates_page(viewer, shop_id, after=after, limit=_bounded(limit))
    return {"items": [_template(row) for row in rows], "next": next_key}


@router.get("/templates/{template_id}", response=TemplateDetail, operation_id="get_campaign_template")
def template(request: HttpRequest, template_id: int) -> dict[str, Any]:
    """One template, and the plans started from it with where they differ."""
    found = template_record(program(request, Permission.REVIEW_VIEW), template_id)
    if found is None:
        raise Http404
    started = [
        {**_plain(plan, StartedAnswer), "differences": [_plain(one, DifferenceAnswer) for one in plan.differences]}
        for plan in found.started
    ]
    return {**_template(found.row), "started": started}


def _template(row: TemplateRow) -> dict[str, Any]:
    return {**_plain(row, TemplateAnswer), "learned": row.learned.plain()}


def _whole(found: ReviewRecord) -> dict[str, Any]:
    row, figures = found.row, found.figures
    return {
        **_plain(row, ReviewAnswer),
        "worked": row.worked,
        "not_worked": row.not_worked,
        "advice": row.advice,
        "shown_version": found.shown_version,
        "figures": figures.plain(),
        "computed": {name: getattr(figures, name) for name in COMPUTED},
        "versions": [_plain(one, VersionAnswer) for one in found.versions],
        "actions": [_plain(one, ActionAnswer) for one in found.actions],
        "meetings": [_meeting(one) for one in found.meetings],
        "next_meeting": found.next_meeting,
        "template_id": found.template_id,
    }


def _meeting(meeting: Any) -> dict[str, Any]:
    attendees = [{"name": one.name, "roles": one.roles} for one in meeting.attendees]
    return {**_plain(meeting, MeetingAnswer), "missing": list(meeting.missing), "attendees": attendees}
