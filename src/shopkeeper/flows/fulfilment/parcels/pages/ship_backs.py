"""O3.1: numbers on their way to the platforms: what is acknowledged, what waits, what was refused."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.commands.record_ship_backs import (
    ConfirmShipBack,
    RetryShipBack,
    confirm_ship_backs,
    retry_ship_backs,
)
from shopkeeper.flows.fulfilment.parcels.pages.asking import allowed, wanted
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page

SHIP_BACKS = Listing(
    key="ship-backs",
    title=T("发货回传", "Reports to platforms"),
    clause="O3.1",
    record="parcels-parcel",
    columns=(
        Column("number", T("运单号", "Tracking no."), always=True),
        Column("state", T("回传", "Report")),
        Column("platform_no", T("平台单号", "Platform no.")),
        Column("due", T("发货截止", "Ship by")),
        Column("error", T("平台答复", "Platform's answer")),
        Column("attempts", T("次数", "Tries"), align="end"),
        Column("tried", T("最近一次", "Last try")),
        Column("shop", T("店铺", "Shop")),
    ),
    tabs=(
        Tab("failed", T("平台拒绝", "Refused"), tone="red"),
        Tab("pending", T("待确认", "Waiting"), tone="amber"),
        Tab("acknowledged", T("已确认", "Acknowledged"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("运单号 / 平台单号 / 订单号，可粘贴多个", "Tracking, platform or order no., paste many"),
    bulk=(BulkAction("retry", T("重新回传", "Send again"), url="parcels-retry", primary=True, icon="refresh"),),
    live="parcels",
)


@page(
    "ship-backs/",
    name="parcels-ship-backs",
    clause="O3.1",
    permission=Permission.PARCEL_VIEW,
    menu=MenuEntry(T("发货回传", "Reports to platforms"), section="orders", order=42),
)
def ship_backs(request: Request) -> HttpResponse:
    """Every number sent to a platform, and what came of it."""
    asked = SHIP_BACKS.read(request)
    if asked.counting:
        return SHIP_BACKS.counters(request, queries.ship_back_counts(request.actor))
    found = queries.ship_back_list(request.actor, wanted(asked))
    return allowed(SHIP_BACKS, request.actor).render(
        request,
        asked,
        "parcels/ship_backs.html",
        rows=found.rows,
        next_key=found.next_key,
        choices={"shop": queries.shop_choices(request.actor)},
    )


@page(
    "ship-backs/retry/",
    name="parcels-retry",
    clause="O3.1",
    permission=Permission.SHIP_BACK_RETRY,
    methods=("POST",),
)
def retry(request: Request) -> HttpResponse:
    """Tell the platform again."""
    chosen = SHIP_BACKS.chosen(request)
    ids = queries.ship_back_ids(request.actor, wanted(chosen.asked)) if chosen.all_matching else chosen.ids
    outcomes = run_once(request, retry_ship_backs, [RetryShipBack(id_) for id_ in ids])
    return answer_outcomes(request, outcomes, done=T("已重新发送 {n} 单", "{n} sent again"), emits=("sk:parcels",))


@page(
    "<int:parcel_id>/confirm-ship-back/",
    name="parcels-confirm-ship-back",
    clause="O3.1",
    permission=Permission.SHIP_BACK_RETRY,
    methods=("GET", "POST"),
)
def confirm(request: Request, parcel_id: int) -> HttpResponse:
    """Somebody saw the number on the platform: take it as acknowledged."""
    record = queries.parcel_record(request.actor, parcel_id)
    if record is None or record.ship_back is None:
        raise Http404
    return submit(
        request,
        confirm_ship_backs,
        ConfirmShipBack,
        template="parcels/confirm_ship_back.html",
        context={
            "title": T("人工确认平台已收到单号", "Confirm by hand that the platform has the number"),
            "record": record,
            "card": record.card,
            "cancel_url": reverse("parcels-parcel", args=[parcel_id]),
        },
        extra={"parcel_id": parcel_id},
        done=T("已确认", "Confirmed"),
        to="parcels-parcel",
        args=(parcel_id,),
        emits=("sk:parcels",),
    )
