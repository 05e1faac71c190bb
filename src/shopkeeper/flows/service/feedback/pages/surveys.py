"""S3.1 on screen: how satisfied customers are, each rating, and links that an agent passes on."""

from datetime import time, timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.feedback.commands.invite_surveys import PassOnSurvey, pass_on_surveys
from shopkeeper.flows.service.feedback.pages.asking import shop_of, state_of, words_of
from shopkeeper.flows.service.feedback.papers.daily_summary import hundredths, percent
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.queries.scope import shops_of
from shopkeeper.flows.service.feedback.queries.surveys import (
    SurveyFilter,
    SurveyRow,
    satisfaction,
    survey_counts,
    survey_row,
    surveys_page,
)
from shopkeeper.flows.service.feedback.states import SurveyState
from shopkeeper.flows.service.feedback.words import STARS
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

DAYS = 30
SURVEYS = Listing(
    key="surveys",
    title=T("满意度", "Satisfaction"),
    clause="S3.1",
    record="feedback-survey",
    columns=(
        Column("number", T("评价编号", "Survey"), always=True),
        Column("score", T("评分", "Rating"), always=True),
        Column("state", T("状态", "State")),
        Column("comment", T("评语", "Comment")),
        Column("about", T("工单", "Ticket")),
        Column("kind", T("类型", "Type")),
        Column("agent", T("客服", "Agent")),
        Column("shop", T("店铺", "Shop")),
        Column("asked", T("邀请时间", "Invited")),
        Column("answered", T("评价时间", "Rated")),
    ),
    tabs=(
        Tab("all", T("全部", "All"), counted=False),
        Tab("answered", T("已评价", "Rated"), tone="green", counted=False),
        Tab("by_hand", T("待转发", "To pass on"), tone="amber"),
        Tab("invited", T("已邀请", "Invited"), tone="blue"),
        Tab("expired", T("已过期", "Expired"), counted=False),
        Tab("skipped", T("不邀请", "Not asked"), counted=False),
    ),
    filters=(
        Filter(
            "score",
            T("评分", "Rating"),
            choices=[("low", T("低分（1–2 星）", "Low (1–2)")), *((str(n), text) for n, text in STARS.items())],
        ),
        Filter("shop", T("店铺", "Shop")),
    ),
    search=T("评价编号 / 工单号 / 订单号，可粘贴多个", "Survey, ticket or order no., paste many"),
    live="feedback",
    arrivals="feedback.survey_answered",
)


@page(
    "",
    name="feedback-surveys",
    clause="S3.1",
    permission=Permission.SURVEY_VIEW,
    menu=MenuEntry(T("满意度", "Satisfaction"), section="service", order=70),
)
def surveys(request: Request) -> HttpResponse:
    asked = SURVEYS.read(request)
    if asked.counting:
        return SURVEYS.counters(request, survey_counts(request.actor))
    wanted = SurveyFilter(state_of(asked), str(asked.filters.get("score", "")), shop_of(asked), words_of(asked))
    rows, next_key = surveys_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return SURVEYS.render(
        request,
        asked,
        "feedback/surveys.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
        tiles=_tiles(request, wanted.shop_id),
    )


def _tiles(request: Request, shop_id: int | None) -> list[Tile]:
    """The last thirty days in three figures, each with what stands behind it."""
    now = business_time.now()
    until = at_time(day_of(now) + timedelta(days=1), time.min)
    found = satisfaction(request.actor, until - timedelta(days=DAYS), until, shop_id)
    source = T("近 {n} 天的评价", "Ratings of {n:# day|# days}").format(n=DAYS)
    low = found.stars[0] + found.stars[1]
    return [
        Tile(
            T("满意率（4–5 星）", "Satisfied (4–5 stars)"),
            percent(found.top_box),
            note=f"{found.satisfied} / {found.answered}",
            source=source,
        ),
        Tile(
            T("平均分", "Mean rating"), hundredths(found.mean_hundredths), note=f"n = {found.answered}", source=source
        ),
        Tile(
            T("回复率", "Response rate"),
            percent(found.response),
            note=f"{found.invited_answered} / {found.invited}",
            source=T("近 {n} 天的邀请", "Invitations of {n:# day|# days}").format(n=DAYS),
        ),
        Tile(
            T("低分（1–2 星）", "Low (1–2 stars)"),
            low,
            url=f"{reverse('feedback-surveys')}?score=low",
            tone="red" if low else "",
            source=source,
        ),
    ]


@page("surveys/<int:survey_id>/", name="feedback-survey", clause="S3.1", permission=Permission.SURVEY_VIEW)
def survey(request: Request, survey_id: int) -> HttpResponse:
    """One survey: what was asked, what the customer answered; the comment is shown with a reason only."""
    row = survey_row(request.actor, survey_id)
    if row is None:
        raise Http404
    return render_record(
        request,
        "feedback/survey_record.html",
        _head(request, row),
        timeline=_timeline(row),
        live="feedback",
        row=row,
        said=STARS.get(row.score or 0),
    )


def _head(request: Request, row: SurveyRow) -> RecordHead:
    state = SurveyState(row.state)
    primary = None
    if state is SurveyState.BY_HAND and request.actor.may(Permission.SURVEY_SEND):
        primary = Action(T("已转发给客户", "Passed on"), reverse("feedback-survey-pass-on", args=[row.id]), icon="send")
    badges = (Badge(row.stars, row.tone),) if row.score else ()
    return RecordHead(
        title=T("服务评价", "Survey"),
        number=row.number,
        back="feedback-surveys",
        state=state,
        clause="S3.1",
        badges=badges,
        steps=(
            Step(T("工单解决", "Resolved"), "done", row.planned_at),
            Step(
                T("邀请评价", "Invited"),
                "done" if row.invited_at else "stopped" if state is SurveyState.SKIPPED else "now",
                row.invited_at,
            ),
            Step(
                T("客户评价", "Rated"),
                "done" if row.answered_at else "stopped" if state is SurveyState.EXPIRED else "next",
                row.answered_at,
            ),
        ),
        primary=primary,
    )


def _timeline(row: SurveyRow) -> list[Happening]:
    system = str(T("系统", "System"))
    told = [Happening(row.planned_at, T("工单解决，计划邀请评价", "Resolved: to be asked about"), system)]
    if row.invited_at and row.way:
        told.append(Happening(row.invited_at, T("评价邀请已送达客户", "The customer has the link"), system))
    if row.answered_at:
        told.append(
            Happening(
                row.answered_at,
                T("客户打了 {n} 星", "The customer gave {n:# star|# stars}").format(n=row.score),
                kind="outside",
                tone=row.tone,
            )
        )
    return told


@page(
    "surveys/<int:survey_id>/pass-on/",
    name="feedback-survey-pass-on",
    clause="S3.1",
    permission=Permission.SURVEY_SEND,
    methods=("POST",),
)
def pass_on(request: Request, survey_id: int) -> HttpResponse:
    """The agent gave the customer the link."""
    outcomes = run_once(request, pass_on_surveys, [PassOnSurvey(survey_id)])
    return answer_outcomes(request, outcomes, done=T("已记录转发", "Noted as passed on"))
