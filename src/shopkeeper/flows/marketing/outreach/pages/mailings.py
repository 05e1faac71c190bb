"""M1.2 on screen: mailings, from the list to what became of every message."""

from typing import TypeVar

from django.http import Http404, HttpResponse

from shopkeeper.flows.marketing.outreach.commands.approve_mailings import (
    ApproveMailing,
    ReturnMailing,
    approve_mailings,
    return_mailings,
)
from shopkeeper.flows.marketing.outreach.commands.book_costs import BookMailingCost, book_mailing_costs
from shopkeeper.flows.marketing.outreach.commands.stop_mailings import StopMailing, stop_mailings
from shopkeeper.flows.marketing.outreach.commands.submit_mailings import SubmitMailing, submit_mailings
from shopkeeper.flows.marketing.outreach.pages.telling import head_of, timeline_of
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.queries.mailings import (
    MailingFilter,
    mailing_counts,
    mailing_view,
    mailings_page,
    recipients_page,
    troubles_of,
)
from shopkeeper.flows.marketing.outreach.states import MailingState, NotSentReason, OutreachChannel
from shopkeeper.flows.marketing.outreach.words import FAILURES, LABELS
from shopkeeper.foundation.commands import Command
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.listing import Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import render_record

Item = TypeVar("Item")
SHOWN_RECIPIENTS = 20
CHANNELS = [(str(channel), label.text) for channel, label in LABELS[OutreachChannel].items()]
MAILINGS = Listing(
    key="mailings",
    title=T("短信与邮件群发", "Mailings"),
    clause="M1.2",
    record="outreach-mailing",
    columns=(
        Column("number", T("编号", "No."), always=True),
        Column("state", T("状态", "State")),
        Column("name", T("名称", "Name"), always=True),
        Column("channel", T("渠道", "Channel")),
        Column("campaign", T("活动", "Campaign")),
        Column("shop", T("店铺", "Shop")),
        Column("planned", T("发送时间", "Goes out")),
        Column("accepted", T("已提交", "Handed over"), align="end"),
        Column("skipped", T("未发送", "Not sent"), align="end"),
        Column("opted_out", T("退订", "Opted out"), align="end"),
        Column("cost", T("费用", "Cost"), align="end"),
    ),
    tabs=(
        Tab("all", T("全部", "All"), counted=False),
        Tab("draft", T("草稿", "Drafts")),
        Tab("in_review", T("待审批", "To approve"), tone="amber"),
        Tab("approved", T("待发送", "Waiting"), tone="blue"),
        Tab("sending", T("发送中", "Going out"), tone="blue"),
        Tab("sent", T("已发完", "Sent"), counted=False),
        Tab("stopped", T("已停止", "Stopped"), counted=False),
    ),
    filters=(Filter("channel", T("渠道", "Channel"), choices=CHANNELS), Filter("shop", T("店铺", "Shop"))),
    search=T("名称", "Name"),
    live="outreach",
)


def number_of(asked: ListQuery, name: str) -> int | None:
    """A filter that names a row."""
    text = str(asked.filters.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@page(
    "mailings/",
    name="outreach-mailings",
    clause="M1.2",
    permission=Permission.MAILING_VIEW,
    menu=MenuEntry(T("群发", "Mailings"), section="marketing", order=60),
)
def mailings(request: Request) -> HttpResponse:
    asked = MAILINGS.read(request)
    if asked.counting:
        return MAILINGS.counters(request, mailing_counts(request.actor))
    wanted = MailingFilter(
        state="" if asked.tab == "all" else asked.tab,
        channel=str(asked.filters.get("channel", "")),
        shop_id=number_of(asked, "shop"),
        text=asked.text[:80],
    )
    rows, next_key = mailings_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return MAILINGS.render(
        request,
        asked,
        "outreach/mailings.html",
        rows=rows,
        next_key=str(next_key or ""),
        choices={"shop": open_shops_of(request.actor)},
        may_write=request.actor.may(Permission.MAILING_EDIT),
    )


@page("mailings/<int:mailing_id>/", name="outreach-mailing", clause="M1.2", permission=Permission.MAILING_VIEW)
def mailing(request: Request, mailing_id: int) -> HttpResponse:
    """One message: what it says, who got it, why others did not, what it cost."""
    view = mailing_view(request.actor, mailing_id)
    if view is None:
        raise Http404
    recipients, _ = recipients_page(request.actor, mailing_id, limit=SHOWN_RECIPIENTS, passed_over=False)
    reasons = [(reason, view.not_sent[reason]) for reason in NotSentReason if view.not_sent.get(reason)]
    is_own = request.actor.id in (view.writer_id, view.submitter_id)
    return render_record(
        request,
        "outreach/mailing.html",
        head_of(request, view),
        timeline=timeline_of(view),
        live="outreach",
        row=view,
        reasons=reasons,
        recipients=[(one, FAILURES.get(one.failure, one.failure)) for one in recipients],
        troubles=troubles_of(mailing_id) if view.state == MailingState.SENDING else [],
        is_own=is_own and view.state == MailingState.IN_REVIEW,
        may_book=view.owes and request.actor.may(Permission.MAILING_EDIT),
    )


def _act(request: Request, command: Command[Item], item: Item, done: T, to: str | None = None) -> HttpResponse:
    return answer_outcomes(request, run_once(request, command, [item]), done=done, to=to)


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").replace("\x00", "").strip()[:300]


@page(
    "mailings/<int:mailing_id>/submit/",
    name="outreach-submit",
    clause="M1.2",
    permission=Permission.MAILING_EDIT,
    methods=("POST",),
)
def submit(request: Request, mailing_id: int) -> HttpResponse:
    words = T("已提交审批，预计发给 {would_get} 人", "Handed in; {would_get} would get it")
    return _act(request, submit_mailings, SubmitMailing(mailing_id), words)


@page(
    "mailings/<int:mailing_id>/approve/",
    name="outreach-approve",
    clause="M1.2",
    permission=Permission.MAILING_APPROVE,
    methods=("POST",),
)
def approve(request: Request, mailing_id: int) -> HttpResponse:
    words = T("已批准，到时自动发送", "Approved; it goes out at its time")
    return _act(request, approve_mailings, ApproveMailing(mailing_id), words)


@page(
    "mailings/<int:mailing_id>/return/",
    name="outreach-return",
    clause="M1.2",
    permission=Permission.MAILING_APPROVE,
    methods=("POST",),
)
def give_back(request: Request, mailing_id: int) -> HttpResponse:
    return _act(request, return_mailings, ReturnMailing(mailing_id, _reason(request)), T("已退回", "Returned"))


@page(
    "mailings/<int:mailing_id>/stop/",
    name="outreach-stop",
    clause="M1.2",
    permission=Permission.MAILING_STOP,
    methods=("POST",),
)
def stop(request: Request, mailing_id: int) -> HttpResponse:
    words = T("已停止，还没发的不再发送", "Stopped; nobody else is written to")
    return _act(request, stop_mailings, StopMailing(mailing_id, _reason(request)), words)


@page(
    "mailings/<int:mailing_id>/book/",
    name="outreach-book",
    clause="M1.2",
    permission=Permission.MAILING_EDIT,
    methods=("POST",),
)
def book(request: Request, mailing_id: int) -> HttpResponse:
    return _act(request, book_mailing_costs, BookMailingCost(mailing_id), T("费用已入账", "The cost is booked"))
