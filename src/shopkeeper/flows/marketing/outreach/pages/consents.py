"""M1.2 on screen: who may be written to. A number or mail address is looked up whole; nothing is shown in plain."""

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.outreach.commands.give_consents import GiveConsent, give_consents
from shopkeeper.flows.marketing.outreach.commands.withdraw_consents import WithdrawConsent, withdraw_consents
from shopkeeper.flows.marketing.outreach.pages.mailings import CHANNELS, number_of
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.queries.consents import (
    ConsentFilter,
    consent_counts,
    consents_page,
    order_of_number,
)
from shopkeeper.flows.marketing.outreach.states import ConsentSource
from shopkeeper.flows.marketing.outreach.words import LABELS
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text, refusal_text
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

SOURCES = [(str(source), label.text) for source, label in LABELS[ConsentSource].items()]
CONSENTS = Listing(
    key="consents",
    title=T("营销同意", "Consent"),
    clause="M1.2",
    columns=(
        Column("address", T("号码或邮箱", "Address"), always=True),
        Column("state", T("状态", "State")),
        Column("channel", T("渠道", "Channel")),
        Column("shop", T("店铺", "Shop")),
        Column("source", T("来源", "Source")),
        Column("given", T("同意时间", "Agreed")),
        Column("withdrawn", T("退订", "Opted out")),
        Column("reachable", T("能否送达", "Reachable")),
    ),
    tabs=(
        Tab("given", T("已同意", "Agreed"), tone="green"),
        Tab("withdrawn", T("已退订", "Opted out"), tone="red"),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("channel", T("渠道", "Channel"), choices=CHANNELS), Filter("shop", T("店铺", "Shop"))),
    search=T("完整手机号、邮箱或订单编号", "A whole number, mail address or order number"),
    bulk=(BulkAction("withdraw", T("登记退订", "Record an opt-out"), url="outreach-withdraw", icon="ban"),),
)


@page(
    "consents/",
    name="outreach-consents",
    clause="M1.2",
    permission=Permission.CONSENT_VIEW,
    menu=MenuEntry(T("营销同意", "Consent"), section="marketing", order=65),
)
def consents(request: Request) -> HttpResponse:
    asked = CONSENTS.read(request)
    if asked.counting:
        return CONSENTS.counters(request, consent_counts(request.actor))
    wanted = ConsentFilter(
        state="" if asked.tab == "all" else asked.tab,
        channel=str(asked.filters.get("channel", "")),
        shop_id=number_of(asked, "shop"),
        text=asked.text[:100],
    )
    rows, next_key = consents_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return CONSENTS.render(
        request,
        asked,
        "outreach/consents.html",
        rows=rows,
        next_key=str(next_key or ""),
        choices={"shop": open_shops_of(request.actor)},
        may_record=request.actor.may(Permission.CONSENT_RECORD),
    )


@page(
    "consents/new/",
    name="outreach-consent",
    clause="M1.2",
    permission=Permission.CONSENT_RECORD,
    methods=("GET", "POST"),
)
def record(request: Request) -> HttpResponse:
    """A customer said yes: who, on which channel, where it was said, and the address they gave."""
    state: FormState[GiveConsent] = FormState(values={"shop_id": request.GET.get("shop", "")})
    if request.method == "POST":
        text = request.POST.get("order", "").strip()
        state = read_form(
            request.POST, GiveConsent, {"order_id": order_of_number(request.actor, text) if text else None}
        )
        state.values["order"] = text
        if text and state.item is not None and state.item.order_id is None:
            state.errors["order"] = refusal_text("order_unknown").text()
        elif state.item is not None:
            outcomes = run_once(request, give_consents, [state.item])
            if outcomes[0].ok:
                return answer_outcomes(
                    request, outcomes, done=T("已登记同意", "The consent is recorded"), to="outreach-consents"
                )
            state.errors[WHOLE] = outcome_text(outcomes[0])
    context = {
        "title": T("登记营销同意", "Record a consent"),
        "state": state,
        "shops": open_shops_of(request.actor),
        "channels": CHANNELS,
        "sources": SOURCES,
        "cancel_url": reverse("outreach-consents"),
    }
    return render_page(request, "outreach/consent.html", context, status=422 if state.errors else 200)


@page(
    "consents/withdraw/",
    name="outreach-withdraw",
    clause="M1.2",
    permission=Permission.CONSENT_RECORD,
    methods=("POST",),
)
def withdraw(request: Request) -> HttpResponse:
    """The chosen customers told us that they want no messages."""
    chosen = CONSENTS.chosen(request)
    outcomes = run_once(request, withdraw_consents, [WithdrawConsent(id_) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已登记 {n} 条退订", "{n:# opt-out|# opt-outs} recorded"))
