"""M4.2 on screen: what was decided to be done after reviews, and by whom."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.review.commands.end_actions import (
    DropReviewAction,
    FinishReviewAction,
    drop_review_actions,
    finish_review_actions,
)
from shopkeeper.flows.marketing.review.pages.asking import shop_of, state_of
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.queries.actions import (
    ActionFilter,
    ActionRow,
    action_counts,
    action_row,
    actions_page,
)
from shopkeeper.flows.marketing.review.states import ActionState
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import ROLE_WORDS
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Happening, RecordHead, Step, render_record

ACTIONS = Listing(
    key="review-actions",
    title=T("复盘行动项", "Action items of reviews"),
    clause="M4.2",
    record="review-action",
    columns=(
        Column("what", T("做什么", "What"), always=True),
        Column("state", T("状态", "State")),
        Column("campaign", T("活动", "Campaign")),
        Column("owner", T("负责人", "Owner")),
        Column("until", T("截止", "Until")),
        Column("note", T("结果", "Outcome")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("open", T("待完成", "To do"), tone="amber"),
        Tab("planned", T("待生效", "Planned")),
        Tab("done", T("已完成", "Done"), tone="green", counted=False),
        Tab("dropped", T("已取消", "Dropped"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("mine", T("只看我的", "Mine only"), kind="switch"),
        Filter("shop", T("店铺", "Shop")),
    ),
    live="review",
)


@page(
    "actions/",
    name="review-actions",
    clause="M4.2",
    permission=Permission.ACTION_END,
    menu=MenuEntry(T("复盘行动项", "Action items"), section="marketing", order=82),
)
def actions(request: Request) -> HttpResponse:
    asked = ACTIONS.read(request)
    if asked.counting:
        return ACTIONS.counters(request, action_counts(request.actor))
    wanted = ActionFilter(state_of(asked), shop_of(asked), owner_id=_owner(request, asked))
    rows, next_key = actions_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return ACTIONS.render(
        request,
        asked,
        "review/actions.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


def _owner(request: Request, asked: ListQuery) -> int | None:
    return request.actor.id if asked.filters.get("mine") else None


@page("actions/<int:action_id>/", name="review-action", clause="M4.2", permission=Permission.ACTION_END)
def action(request: Request, action_id: int) -> HttpResponse:
    return _show(request, action_id, FormState())


@page(
    "actions/<int:action_id>/finish/",
    name="review-action-finish",
    clause="M4.2",
    permission=Permission.ACTION_END,
    methods=("POST",),
)
def finish(request: Request, action_id: int) -> HttpResponse:
    """Say what was done; mistakes show the page again with what was written."""
    state = read_form(request.POST, FinishReviewAction, {"action_id": action_id})
    if state.item is not None:
        outcomes = run_once(request, finish_review_actions, [state.item])
        if outcomes[0].ok:
            done = T("行动项已完成", "The action item is done")
            return answer_outcomes(request, outcomes, done=done, to="review-action", args=[action_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, action_id, state)


@page(
    "actions/<int:action_id>/drop/",
    name="review-action-drop",
    clause="M4.2",
    permission=Permission.MEETING_HOLD,
    methods=("POST",),
)
def drop(request: Request, action_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:500]
    outcomes = run_once(request, drop_review_actions, [DropReviewAction(action_id, reason)])
    return answer_outcomes(request, outcomes, done=T("行动项已取消", "The action item was dropped"))


def _show(request: Request, action_id: int, state: FormState[FinishReviewAction]) -> HttpResponse:
    row = action_row(request.actor, action_id)
    if row is None:
        raise Http404
    is_theirs = row.owner_id == request.actor.id or request.actor.may(Permission.MEETING_HOLD)
    response = render_record(
        request,
        "review/action.html",
        _head(request, row),
        timeline=_timeline(row),
        live="review",
        row=row,
        role=ROLE_WORDS.get(row.role, T(row.role, row.role)),
        state=state,
        may_finish=row.state == ActionState.OPEN and is_theirs,
    )
    if state.errors:
        response.status_code = 422
    return response


def _head(request: Request, row: ActionRow) -> RecordHead:
    more: tuple[Action, ...] = ()
    if row.state == ActionState.OPEN and request.actor.may(Permission.MEETING_HOLD):
        ask = T("为什么不做了", "Why it is not done")
        more = (Action(T("取消", "Drop"), reverse("review-action-drop", args=[row.id]), icon="x", tone="red", ask=ask),)
    ended = row.state in (ActionState.DONE, ActionState.DROPPED)
    return RecordHead(
        title=T("复盘行动项", "Action item"),
        number=row.number,
        back="review-actions",
        state=ActionState(row.state),
        clause="M4.2",
        due_at=row.open_until,
        steps=(
            Step(T("提出", "Written"), "done", row.made_at),
            Step(T("进行中", "Running"), "next" if row.state == ActionState.PLANNED else "done" if ended else "now"),
            Step(
                T("办结", "Ended"),
                "stopped" if row.state == ActionState.DROPPED else "done" if ended else "next",
                row.ended_at,
            ),
        ),
        more=more,
    )


def _timeline(row: ActionRow) -> list[Happening]:
    told = [Happening(row.made_at, T("写入报告或会议纪要", "Written down"))]
    if row.ended_at:
        is_done = row.state == ActionState.DONE
        what = T("完成", "Done") if is_done else T("取消", "Dropped")
        told.append(Happening(row.ended_at, what, row.ender, row.note, tone="green" if is_done else "grey"))
    return told
