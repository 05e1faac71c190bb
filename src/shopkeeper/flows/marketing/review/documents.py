"""A review as an answer: PDF or XLSX. Both doors use it."""

import io

from django.http import HttpResponse

from shopkeeper.flows.marketing.review.papers.review_report import (
    PaperAction,
    PaperMeeting,
    ReviewPaper,
    review_pdf,
    review_xlsx,
)
from shopkeeper.flows.marketing.review.queries.actions import ActionRow
from shopkeeper.flows.marketing.review.queries.reviews import MeetingRow, ReviewRecord, review_record
from shopkeeper.flows.marketing.review.queries.scope import role_words
from shopkeeper.flows.marketing.review.states import ActionState, ReviewState
from shopkeeper.flows.marketing.review.words import LABELS
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def review_answer(viewer: Actor, review_id: int, kind: str, version: int | None = None) -> HttpResponse | None:
    """M4.1: 《活动复盘报告》 as "pdf" or "xlsx"; None where there is no such review."""
    found = review_record(viewer, review_id, version)
    if found is None:
        return None
    paper = review_paper(found)
    name = f"review-{found.row.id}-v{found.shown_version}.{kind}"
    if kind == "xlsx":
        target = io.BytesIO()
        review_xlsx(paper, target)
        answer = HttpResponse(target.getvalue(), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    answer = HttpResponse(review_pdf(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def review_paper(found: ReviewRecord) -> ReviewPaper:
    """The paper of a review, worded in the active language."""
    row = found.row
    taken = next(one.taken_at for one in found.versions if one.version == found.shown_version)
    return ReviewPaper(
        campaign=row.campaign,
        code=row.campaign_code,
        shop=row.shop,
        theme=row.theme,
        state=LABELS[ReviewState][ReviewState(row.state)].text.text(),
        version=f"V{found.shown_version} · {taken.astimezone(SHOP_ZONE):%m-%d %H:%M}",
        figures=found.figures,
        worked=row.worked,
        not_worked=row.not_worked,
        advice=row.advice,
        actions=[_action(one) for one in found.actions],
        meetings=[_meeting(one) for one in found.meetings],
        completer=row.completer,
        submitter=row.submitter,
        approver=row.decider if row.state == ReviewState.APPROVED else "",
    )


def _action(row: ActionRow) -> PaperAction:
    state = LABELS[ActionState][ActionState(row.state)].text.text()
    return PaperAction(row.what, row.owner, f"{row.due_on:%Y-%m-%d}", state, row.note)


def _meeting(row: MeetingRow) -> PaperMeeting:
    return PaperMeeting(
        held=f"{row.held_at.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M}",
        attendees="，".join(f"{one.name}（{one.roles}）" for one in row.attendees),
        missing=role_words(list(row.missing)),
        said=row.said,
        decisions=row.decisions,
    )
