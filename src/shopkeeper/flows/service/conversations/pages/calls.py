"""S1.1 by telephone: what rang, who took it after how long; a call is logged by hand where no system does it."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse

from shopkeeper.flows.service.conversations.commands.log_calls import LogCall, log_calls
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.queries.lists import calls_page, shops_of
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, new_token, run_once, submit
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.listing import Column, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page

CALLS = Listing(
    key="calls",
    title=T("来电记录", "Calls"),
    clause="S1.1",
    record="",
    columns=(
        Column("caller", T("来电", "Caller"), always=True),
        Column("shop", T("店铺", "Shop")),
        Column("rang", T("振铃", "Rang")),
        Column("waited", T("接听用时", "Taken after"), align="end"),
        Column("ended", T("挂断", "Hung up")),
        Column("talk", T("会话", "Conversation")),
    ),
    tabs=(Tab("all", T("全部", "All"), counted=False),),
    search=T("来电的完整号码", "The caller's whole number"),
    live="conversations",
    arrivals="conversations.call_logged",
)


@page(
    "calls/",
    name="conversations-calls",
    clause="S1.1",
    permission=Permission.CALL_LOG,
    menu=MenuEntry(T("来电记录", "Calls"), section="service", order=42),
)
def calls(request: Request) -> HttpResponse:
    asked = CALLS.read(request)
    rows, next_key = calls_page(request.actor, text=asked.text, after=asked.after, limit=asked.limit)
    return CALLS.render(request, asked, "conversations/calls.html", rows=rows, next_key=next_key)


@page(
    "calls/new/",
    name="conversations-call-form",
    clause="S1.1",
    permission=Permission.CALL_LOG,
    methods=("GET", "POST"),
)
def call_form(request: Request) -> HttpResponse:
    """Log a call that one has just taken, or missed. Times are the shop's."""
    now = business_time.now()
    posted: dict[str, Any] = {}
    if request.method == "POST":
        posted["reference"] = f"hand:{request.POST.get('form_token') or new_token()}"[:80]
    return submit(
        request,
        log_calls,
        LogCall,
        template="conversations/call_form.html",
        done=T("来电已记录", "The call is on record"),
        context={"title": T("记录来电", "Log a call"), "shops": shops_of(request.actor)},
        initial={"rang_at": _local(now - timedelta(seconds=5)), "answered_at": _local(now)},
        extra=posted,
        to="conversations-calls",
    )


@page(
    "calls/answer/",
    name="conversations-call-answer",
    clause="S1.1",
    permission=Permission.CALL_LOG,
    methods=("POST",),
)
def answer(request: Request) -> HttpResponse:
    """The actor takes the ringing call now."""
    state = read_form(request.POST, LogCall, {"answered_at": business_time.now(), "hung_up_at": None, "rang_at": None})
    items = [state.item] if state.item else []
    outcomes: list[Outcome] = run_once(request, log_calls, items)
    return answer_outcomes(request, outcomes, done=T("来电已接听", "You have taken the call"))


def _local(moment: datetime) -> str:
    return moment.astimezone(SHOP_ZONE).strftime("%Y-%m-%dT%H:%M:%S")
