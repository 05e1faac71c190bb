"""Pages of coupons (M2.3): batches with what was claimed and used; a new one."""

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.promotions.commands.make_coupon_batch import (
    MakeCouponBatch,
    StopCouponBatch,
    make_coupon_batch,
    stop_coupon_batches,
)
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.coupons import BatchFilter, batch_counts, batches_page
from shopkeeper.flows.marketing.promotions.queries.rules import rule_choices, shops_of
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page

WHY_STOP = T("为什么停发？", "Why are no more given out?")
BATCHES = Listing(
    key="coupon-batches",
    title=T("优惠券", "Coupons"),
    clause="M2.3",
    columns=(
        Column("code", T("批次", "Batch"), always=True),
        Column("rule", T("促销", "Promotion")),
        Column("shop", T("店铺", "Shop")),
        Column("claimed", T("已领 / 总量", "Claimed / total"), align="end"),
        Column("used", T("已用", "Used"), align="end"),
        Column("per_buyer", T("每人", "Each"), align="end"),
        Column("claim", T("领取时间", "Claimed between")),
        Column("valid", T("有效期至", "Good until")),
    ),
    tabs=(
        Tab("open", T("可领取", "Open"), tone="green"),
        Tab("over", T("已结束", "Over"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("批次编号或名称", "Code or name"),
    bulk=(BulkAction("stop", T("停发", "Stop"), url="coupon-stop", icon="ban", ask=WHY_STOP),),
    live="promotions",
)


@page(
    "coupons/",
    name="coupons",
    clause="M2.3",
    permission=Permission.RULE_VIEW,
    menu=MenuEntry(T("优惠券", "Coupons"), section="marketing", order=45),
)
def coupons(request: Request) -> HttpResponse:
    asked, now = BATCHES.read(request), business_time.now()
    if asked.counting:
        return BATCHES.counters(request, batch_counts(request.actor, now))
    after = asked.after_id
    shop = str(asked.filters.get("shop", ""))
    shop_id = int(shop) if shop.isdecimal() and len(shop) < 19 else None
    wanted = BatchFilter(tab=asked.tab, text=asked.text[:80], shop_id=shop_id)
    rows, next_key = batches_page(request.actor, wanted, now, after=after, limit=asked.limit)
    return BATCHES.render(
        request,
        asked,
        "promotions/coupons.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
        may_issue=request.actor.may(Permission.COUPON_ISSUE),
    )


@page("coupons/new/", name="coupon-new", clause="M2.3", permission=Permission.COUPON_ISSUE, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """Coupons of a promotion that is used with a coupon."""
    return submit(
        request,
        make_coupon_batch,
        MakeCouponBatch,
        template="promotions/coupon_new.html",
        done=T("券批次已建好，到时开始领取", "The coupons are on offer from their time on"),
        context={
            "title": T("新建优惠券", "New coupons"),
            "rules": rule_choices(request.actor),
            "cancel_url": reverse("coupons"),
        },
        initial={"rule_id": request.GET.get("rule", ""), "per_buyer": 1},
        to="coupons",
    )


@page("coupons/stop/", name="coupon-stop", clause="M2.3", permission=Permission.COUPON_ISSUE, methods=("POST",))
def stop(request: Request) -> HttpResponse:
    """Give out no more of the chosen batches; coupons claimed stay good."""
    chosen = BATCHES.chosen(request)
    items = [StopCouponBatch(id_, chosen.reason[:300]) for id_ in chosen.ids]
    outcomes = run_once(request, stop_coupon_batches, items)
    return answer_outcomes(request, outcomes, done=T("已停发 {n} 个批次", "{n:# batch|# batches} stopped"))
