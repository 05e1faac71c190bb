"""Doors of what a campaign needs (M1.2): budget, spends, raises, slots, own places, tasks; each a form of its page."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.commands.book_spend import BookSpend, book_spend
from shopkeeper.flows.marketing.campaigns.commands.campaign_tasks import (
    AddTask,
    DropTask,
    FinishTask,
    add_tasks,
    drop_tasks,
    finish_tasks,
)
from shopkeeper.flows.marketing.campaigns.commands.own_slots import (
    AddOwnSlot,
    BookOwnSlot,
    ReleaseOwnSlot,
    add_own_slots,
    book_own_slots,
    release_own_slots,
)
from shopkeeper.flows.marketing.campaigns.commands.plan_budget import PlanBudget, PlannedCost, plan_budget
from shopkeeper.flows.marketing.campaigns.commands.raise_budget import (
    DecideRaise,
    RequestRaise,
    decide_raises,
    request_raises,
)
from shopkeeper.flows.marketing.campaigns.commands.slots import (
    AddSlot,
    AnswerSlot,
    ApplySlot,
    DropSlot,
    add_slots,
    answer_slots,
    apply_slots,
    drop_slots,
)
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.record import campaign_of
from shopkeeper.flows.marketing.campaigns.states import BudgetKind
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.money import to_minor
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.shared.words import T
from shopkeeper.web import toasts
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import Request, page
from shopkeeper.web.toasts import Toast

Item = TypeVar("Item")


def _run(
    request: Request, command: Command[Item], item_type: type[Item], done: T, record: int = 0, /, **extra: Any
) -> HttpResponse:
    """One small form, one command; a mistake is said where the form stood."""
    state = read_form(request.POST, item_type, extra)
    if state.item is None:
        told = [Toast("red", T("没有保存", "Not saved").text(), list(dict.fromkeys(state.errors.values())))]
        if request.headers.get("HX-Request") and not record:
            return toasts.attach(HttpResponse(status=204), told)
        toasts.keep(request, told)
        return answer_nothing(request, record)
    return _answer(request, run_once(request, command, [state.item]), done, record)


def _answer(request: Request, outcomes: Sequence[Outcome], done: T, campaign_id: int = 0) -> HttpResponse:
    to = reverse("campaign", args=[campaign_id]) if campaign_id else None
    return answer_outcomes(request, outcomes, done=done, to=to)


def answer_nothing(request: Request, campaign_id: int) -> HttpResponse:
    """Back to the page, where the kept words are shown."""
    target = reverse("campaign", args=[campaign_id]) if campaign_id else reverse("campaigns")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponse(status=303, headers={"Location": target})


@page(
    "<int:campaign_id>/budget/",
    name="campaign-budget",
    clause="M1.2",
    permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)
def budget(request: Request, campaign_id: int) -> HttpResponse:
    """The whole budget as it stands in the form; lines without an amount are left out."""
    kinds, names, amounts = (request.POST.getlist(name) for name in ("kind", "name", "planned"))
    items = []
    for kind, name, amount in zip(kinds, names, amounts, strict=False):
        if not amount.strip():
            continue
        try:
            items.append(PlannedCost(BudgetKind(kind), to_minor(amount), name.strip()[:80]))
        except ValueError:
            return _answer(
                request, [refused("budget_unreadable", line=f"{name} {amount}"[:60])], T("", ""), campaign_id
            )
    outcomes = run_once(request, plan_budget, [PlanBudget(campaign_id, tuple(items))])
    return _answer(request, outcomes, T("预算已保存", "The budget is saved"), campaign_id)


@page(
    "<int:campaign_id>/spend/", name="campaign-spend", clause="M1.2", permission=Permission.CAMPAIGN_SPEND,
    methods=("POST",),
)  # fmt: skip
def spend(request: Request, campaign_id: int) -> HttpResponse:
    return _run(request, book_spend, BookSpend, T("支出已记", "The spend is booked"), campaign_id)


@page(
    "<int:campaign_id>/raise/", name="campaign-raise-ask", clause="M1.2", permission=Permission.CAMPAIGN_SPEND,
    methods=("POST",),
)  # fmt: skip
def ask_raise(request: Request, campaign_id: int) -> HttpResponse:
    return _run(request, request_raises, RequestRaise, T("追加申请已提交", "The raise is asked for"), campaign_id)


@page(
    "raises/<int:raise_id>/decide/", name="campaign-raise-decide", clause="M1.2",
    permission=Permission.CAMPAIGN_APPROVE, methods=("POST",),
)  # fmt: skip
def decide_raise(request: Request, raise_id: int) -> HttpResponse:
    return _run(request, decide_raises, DecideRaise, T("已审批", "Decided"), raise_id=raise_id)


@page(
    "<int:campaign_id>/slots/add/", name="campaign-slot-add", clause="M1.2", permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)  # fmt: skip
def add_slot(request: Request, campaign_id: int) -> HttpResponse:
    return _run(
        request, add_slots, AddSlot, T("已加入资源位", "The slot is noted"), campaign_id, campaign_id=campaign_id
    )


@page(
    "slots/<int:slot_id>/applied/", name="campaign-slot-applied", clause="M1.2", permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)  # fmt: skip
def applied(request: Request, slot_id: int) -> HttpResponse:
    item = ApplySlot(slot_id, request.POST.get("reason", "").strip()[:80])
    return _answer(request, run_once(request, apply_slots, [item]), T("已登记申请", "Applied for"))


@page(
    "slots/<int:slot_id>/answer/", name="campaign-slot-answer", clause="M1.2", permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)  # fmt: skip
def answer_slot(request: Request, slot_id: int) -> HttpResponse:
    return _run(request, answer_slots, AnswerSlot, T("结果已登记", "The answer is noted"), slot_id=slot_id)


@page(
    "slots/<int:slot_id>/drop/", name="campaign-slot-drop", clause="M1.2", permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)  # fmt: skip
def drop_slot(request: Request, slot_id: int) -> HttpResponse:
    item = DropSlot(slot_id, request.POST.get("reason", "")[:300])
    return _answer(request, run_once(request, drop_slots, [item]), T("已放弃", "Given up"))


@page("places/", name="campaign-place-add", clause="M1.2", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
def add_place(request: Request) -> HttpResponse:
    return _run(request, add_own_slots, AddOwnSlot, T("已加入位置", "The place is noted"))


@page(
    "<int:campaign_id>/places/", name="campaign-place-book", clause="M1.2", permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)  # fmt: skip
def book_place(request: Request, campaign_id: int) -> HttpResponse:
    words = T("位置已预订", "The place is booked")
    return _run(request, book_own_slots, BookOwnSlot, words, campaign_id, campaign_id=campaign_id)


@page(
    "places/<int:booking_id>/release/", name="campaign-place-release", clause="M1.2",
    permission=Permission.CAMPAIGN_EDIT, methods=("POST",),
)  # fmt: skip
def release_place(request: Request, booking_id: int) -> HttpResponse:
    outcomes = run_once(request, release_own_slots, [ReleaseOwnSlot(booking_id)])
    return _answer(request, outcomes, T("位置已释放", "The place is free again"))


@page(
    "<int:campaign_id>/tasks/", name="campaign-task-add", clause="M1.2", permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)  # fmt: skip
def add_task(request: Request, campaign_id: int) -> HttpResponse:
    return _run(
        request, add_tasks, AddTask, T("任务已派", "The task is given out"), campaign_id, campaign_id=campaign_id
    )


@page(
    "tasks/<int:task_id>/finish/", name="campaign-task-finish", clause="M1.2", permission=Permission.TASK_DO,
    methods=("POST",),
)  # fmt: skip
def finish_task(request: Request, task_id: int) -> HttpResponse:
    item = FinishTask(task_id, request.POST.get("reason", "")[:500])
    outcomes = run_once(request, finish_tasks, [item])
    campaign_id = None if request.headers.get("HX-Request") else campaign_of(request.actor, "task", task_id)
    # In place where scripts run; without them back to the row.
    to = f"{reverse('campaign', args=[campaign_id])}#task-{task_id}" if campaign_id else None
    return answer_outcomes(request, outcomes, done=T("任务已完成", "The task is done"), to=to)


@page(
    "tasks/<int:task_id>/drop/", name="campaign-task-drop", clause="M1.2", permission=Permission.CAMPAIGN_EDIT,
    methods=("POST",),
)  # fmt: skip
def drop_task(request: Request, task_id: int) -> HttpResponse:
    item = DropTask(task_id, request.POST.get("reason", "")[:300])
    return _answer(request, run_once(request, drop_tasks, [item]), T("任务已取消", "The task is taken back"))
