"""M4.1 and M4.2 as forms: what people say of a campaign, and the minutes of its meeting."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.review.commands.complete_review import CompleteReview, complete_review
from shopkeeper.flows.marketing.review.commands.hold_meeting import HoldMeeting, hold_meeting
from shopkeeper.flows.marketing.review.commands.make_template import MakeTemplate, make_template
from shopkeeper.flows.marketing.review.forms import action_lines, action_values, read_actions
from shopkeeper.flows.marketing.review.papers.parts import groups
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.queries.reviews import ReviewRecord, review_record
from shopkeeper.flows.marketing.review.queries.scope import colleagues
from shopkeeper.foundation import business_time
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page, render_page

REPORT = "review-report"


def _found(request: Request, review_id: int) -> ReviewRecord:
    found = review_record(request.actor, review_id)
    if found is None:
        raise Http404
    return found


def _answer(
    request: Request,
    found: ReviewRecord,
    command: Command[Any],
    item_type: type[Any],
    extra: dict[str, Any],
    done: T,
    show: Callable[[Request, ReviewRecord, FormState[Any]], HttpResponse],
) -> HttpResponse:
    """Read a form with its lines of action items and run its command; mistakes show it again as it was entered."""
    read = read_actions(request.POST)
    state: FormState[Any] = read_form(request.POST, item_type, {**extra, "actions": read.wishes})
    state.values |= read.values
    state.errors |= read.errors
    if state.item is not None and not state.errors:
        outcomes = run_once(request, command, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=done, to=REPORT, args=[found.row.id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    response = show(request, found, state)
    response.status_code = 422
    return response


@page(
    "reports/<int:review_id>/complete/",
    name="review-complete",
    clause="M4.1",
    permission=Permission.REVIEW_WRITE,
    methods=("GET", "POST"),
)
def complete(request: Request, review_id: int) -> HttpResponse:
    """What worked, what did not, advice, action items; may be saved in several goes."""
    found = _found(request, review_id)
    if request.method == "POST":
        done = T("已保存，可以提交审批了", "Saved; it can be submitted now")
        return _answer(request, found, complete_review, CompleteReview, {"review_id": review_id}, done, _show_complete)
    row = found.row
    values = {"worked": row.worked, "not_worked": row.not_worked, "advice": row.advice}
    return _show_complete(request, found, FormState(values={**values, **action_values(found.actions)}))


def _show_complete(request: Request, found: ReviewRecord, state: FormState[Any]) -> HttpResponse:
    view = {
        "title": T("补充复盘报告", "Complete the review"),
        "row": found.row,
        "groups": groups(found.figures)[:3],
        "state": state,
        "lines": action_lines(state.values),
        "people": colleagues(found.row.shop_id),
        "cancel_url": reverse(REPORT, args=[found.row.id]),
    }
    return render_page(request, "review/complete.html", view)


@page(
    "reports/<int:review_id>/meeting/",
    name="review-meeting",
    clause="M4.2",
    permission=Permission.MEETING_HOLD,
    methods=("GET", "POST"),
)
def meeting(request: Request, review_id: int) -> HttpResponse:
    """Minutes: who was there, what was said, what was decided, what is to be done."""
    found = _found(request, review_id)
    if request.method == "POST":
        extra = {"review_id": review_id}
        done = T("会议已记录，行动项开始计时", "The meeting is on record; its action items run")
        return _answer(request, found, hold_meeting, HoldMeeting, extra, done, _show_meeting)
    held_at = business_time.now().astimezone(SHOP_ZONE)
    return _show_meeting(request, found, FormState(values={"held_at": held_at}))


def _show_meeting(request: Request, found: ReviewRecord, state: FormState[Any]) -> HttpResponse:
    people = colleagues(found.row.shop_id)
    there = set(state.values.get("attendees", ()))
    view = {
        "title": T("记录复盘会议", "Record the review meeting"),
        "row": found.row,
        "number": state.values.get("number") or found.next_meeting,
        "state": state,
        "lines": action_lines(state.values),
        "people": people,
        "attendees": [(id_, name, id_ in there) for id_, name in people],
        "cancel_url": reverse(REPORT, args=[found.row.id]),
    }
    return render_page(request, "review/meeting.html", view)


@page(
    "reports/<int:review_id>/template/",
    name="review-template-make",
    clause="M4.2",
    permission=Permission.TEMPLATE_MAKE,
    methods=("GET", "POST"),
)
def template(request: Request, review_id: int) -> HttpResponse:
    """Make the campaign a template, with a note for the next planner."""
    found = _found(request, review_id)
    state: FormState[MakeTemplate] = FormState(values={"note": found.row.advice})
    if request.method == "POST":
        state = read_form(request.POST, MakeTemplate, {"campaign_id": found.row.campaign_id})
        if state.item is not None:
            outcomes = run_once(request, make_template, [state.item])
            if outcomes[0].ok:
                done = T("已定为模板，下次可以从它开始策划", "It is a template: the next plan may start from it")
                return answer_outcomes(request, outcomes, done=done, to="review-templates")
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("定为活动模板", "Make a template"),
        "row": found.row,
        "groups": groups(found.figures)[:3],
        "state": state,
        "cancel_url": reverse(REPORT, args=[found.row.id]),
    }
    return render_page(request, "review/template_make.html", view, status=422 if state.errors else 200)
