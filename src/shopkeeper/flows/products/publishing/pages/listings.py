"""Pages of P4: listings per shop, one listing beside what its platform shows, and publishing to shops."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.publishing.commands.check_listings import CheckListing, check_listings
from shopkeeper.flows.products.publishing.commands.first_publishing import PutOffPublishing, put_off_publishing
from shopkeeper.flows.products.publishing.commands.publish_products import PublishProduct, publish_products
from shopkeeper.flows.products.publishing.commands.relist_listings import (
    RelistListing,
    RetryListing,
    relist_listings,
    retry_listings,
)
from shopkeeper.flows.products.publishing.commands.take_down_listings import TakeDownListing, take_down_listings
from shopkeeper.flows.products.publishing.pages.showing import Verdict, compared_rows, listing_timeline
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.history import listing_history
from shopkeeper.flows.products.publishing.queries.listings import (
    ListingFilter,
    ListingRecord,
    ListingRow,
    listing_counts,
    listing_record,
    listings_page,
    matching_listings,
)
from shopkeeper.flows.products.publishing.queries.offers import (
    is_to_be_published,
    matching_offers,
    offers_page,
    product_of,
    shop_offers,
    sold_lately,
)
from shopkeeper.flows.products.publishing.queries.scope import shops_of
from shopkeeper.flows.products.publishing.states import ListingState
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.outcomes import refused
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import BulkAction, Chosen, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, Badge, RecordHead, Step, render_record

WHY_DOWN = T("为什么下架？", "Why is it taken off sale?")
LISTINGS = Listing(
    key="shop-listings",
    title=T("店铺商品", "Listings"),
    clause="P4.2",
    record="publishing-listing",
    columns=(
        Column("product", T("商品", "Product"), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("item", T("平台商品号", "Item no.")),
        Column("published", T("上架时间", "On sale since")),
        Column("checked", T("核验", "Checked")),
        Column("error", T("说明", "Remark")),
    ),
    tabs=(
        Tab("mismatch", T("有差异", "Differs"), tone="red"),
        Tab("failed", T("未成功", "Failed"), tone="red"),
        Tab("on_its_way", T("处理中", "On its way"), tone="blue"),
        Tab("on_sale", T("在售", "On sale"), tone="green"),
        Tab("taken_down", T("已下架", "Off sale"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("商品编码、标题、平台商品号或规格编码", "Product code, title, item no. or SKU code"),
    bulk=(
        BulkAction("check", T("核验", "Check"), url="publishing-check", primary=True, icon="shield-check"),
        BulkAction("retry", T("重试", "Retry"), url="publishing-retry", icon="refresh"),
        BulkAction("relist", T("上架", "Put back on sale"), url="publishing-relist", icon="arrow-right"),
        BulkAction("take-down", T("下架", "Take off sale"), url="publishing-take-down", icon="ban", ask=WHY_DOWN),
    ),
    live="publishing",
    refreshes="publishing.listing_checked",
    arrivals="publishing.mismatch_found",
)
OFFERS = Listing(
    key="offers",
    title=T("发布商品", "Publish products"),
    clause="P4.1",
    record="publishing-product",
    columns=(
        Column("product", T("商品", "Product"), always=True),
        Column("category", T("类目", "Category")),
        Column("variants", T("规格", "Variants"), align="end"),
        Column("price", T("售价", "Price"), align="end"),
        Column("ready", T("可否发布", "Ready")),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("商品编码或标题", "Product code or title"),
    bulk=(BulkAction("publish", T("发布到该店", "Publish here"), url="publishing-publish", primary=True, icon="send"),),
    live="publishing",
)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _wanted(asked: ListQuery) -> ListingFilter:
    return ListingFilter(
        tab=asked.tab,
        text=asked.text[:100],
        numbers=tuple(asked.numbers),
        shop_id=_number(str(asked.filters.get("shop", ""))),
    )


@page(
    "listings/",
    name="publishing-listings",
    clause="P4.2",
    permission=Permission.LISTING_VIEW,
    menu=MenuEntry(T("店铺商品", "Listings"), section="products", order=52),
)
def listings(request: Request) -> HttpResponse:
    asked = LISTINGS.read(request)
    if asked.counting:
        return LISTINGS.counters(request, listing_counts(request.actor))
    rows, next_key = listings_page(request.actor, _wanted(asked), after=_number(asked.after), limit=asked.limit)
    fitting = tuple(bulk for bulk in LISTINGS.bulk if _fits(request, bulk, rows))
    return replace(LISTINGS, bulk=fitting).render(
        request,
        asked,
        "publishing/listings.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
        may_publish=request.actor.may(Permission.PUBLISH),
    )


FITS: dict[str, tuple[Permission, Callable[[ListingRow], bool]]] = {
    "check": (Permission.CHECK, lambda row: row.is_selling),
    "retry": (Permission.PUBLISH, lambda row: row.state == ListingState.FAILED),
    "relist": (Permission.PUBLISH, lambda row: row.state == ListingState.TAKEN_DOWN),
    "take-down": (
        Permission.PUBLISH,
        lambda row: row.state not in (ListingState.TAKING_DOWN, ListingState.TAKEN_DOWN),
    ),
}


def _fits(request: Request, bulk: BulkAction, rows: Sequence[ListingRow]) -> bool:
    """Is there anything on the page that the viewer may do this with?"""
    permission, applies = FITS[bulk.name]
    return request.actor.may(permission) and any(applies(row) for row in rows)


def _chosen_ids(request: Request, chosen: Chosen) -> list[int]:
    return matching_listings(request.actor, _wanted(chosen.asked)) if chosen.all_matching else chosen.ids


def _run(request: Request, command: Command[Any], item: Callable[[int, str], Any], done: T) -> HttpResponse:
    """One command for the chosen listings."""
    chosen = LISTINGS.chosen(request)
    items: Sequence[Any] = [item(id_, chosen.reason[:300]) for id_ in _chosen_ids(request, chosen)]
    return answer_outcomes(request, run_once(request, command, items), done=done)


@page("listings/check/", name="publishing-check", clause="P4.2", permission=Permission.CHECK, methods=("POST",))
def check(request: Request) -> HttpResponse:
    done = T("正在核验 {n} 个，结果稍后显示", "{n:# is|# are} being read back; the result comes in a moment")
    return _run(request, check_listings, lambda id_, _: CheckListing(id_), done)


@page("listings/retry/", name="publishing-retry", clause="P4.1", permission=Permission.PUBLISH, methods=("POST",))
def retry(request: Request) -> HttpResponse:
    done = T("正在重试 {n} 个", "{n:# is|# are} tried again")
    return _run(request, retry_listings, lambda id_, _: RetryListing(id_), done)


@page("listings/relist/", name="publishing-relist", clause="P4.1", permission=Permission.PUBLISH, methods=("POST",))
def relist(request: Request) -> HttpResponse:
    done = T("正在上架 {n} 个", "{n:# is|# are} put back on sale")
    return _run(request, relist_listings, lambda id_, _: RelistListing(id_), done)


@page(
    "listings/take-down/",
    name="publishing-take-down",
    clause="P4.1",
    permission=Permission.PUBLISH,
    methods=("POST",),
)
def take_down(request: Request) -> HttpResponse:
    return _run(request, take_down_listings, TakeDownListing, T("正在下架 {n} 个", "{n:# is|# are} taken off sale"))


@page(
    "publish/",
    name="publishing-offers",
    clause="P4.1",
    permission=Permission.PUBLISH,
    menu=MenuEntry(T("发布商品", "Publish"), section="products", order=50),
)
def offers(request: Request) -> HttpResponse:
    """Approved products not put in the chosen shop from here; the first shop where none is chosen."""
    asked = OFFERS.read(request)
    shops = shops_of(request.actor)
    known = {key for key, _ in shops}
    shop = str(asked.filters.get("shop", ""))
    if shop not in known and shops:
        shop = shops[0][0]
    rows, next_key = (
        offers_page(int(shop), asked.text[:100], after=_number(asked.after), limit=asked.limit) if shop else ([], "")
    )
    return OFFERS.render(
        request,
        asked,
        "publishing/offers.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops},
        shop_name=dict(shops).get(shop, ""),
    )


@page(
    "publish/chosen/",
    name="publishing-publish",
    clause="P4.1",
    permission=Permission.PUBLISH,
    methods=("POST",),
)
def publish(request: Request) -> HttpResponse:
    """Publish the chosen products to the shop of the list; those that may not go answer why.

    Chosen as all that match, what the shop sold lately is left out: it may be on its shelf already.
    """
    chosen = OFFERS.chosen(request)
    shops = [key for key, _ in shops_of(request.actor)]
    asked = str(chosen.asked.filters.get("shop", ""))
    shop_id = int(asked) if asked in shops else int(shops[0]) if shops else 0
    ids = matching_offers(shop_id, chosen.asked.text[:100]) if chosen.all_matching else chosen.ids
    sold = {id_ for _, id_ in sold_lately([shop_id], ids)} if chosen.all_matching else set()
    items = [PublishProduct(id_, shop_id) for id_ in ids if id_ not in sold]
    outcomes = run_once(request, publish_products, items) if items else []
    outcomes += [refused("sold_here", id_) for id_ in ids if id_ in sold]
    return answer_outcomes(
        request, outcomes, done=T("正在发布 {n} 个商品", "{n:# product is on its|# products are on their} way")
    )


@page(
    "products/<int:product_id>/",
    name="publishing-product",
    clause="P4.1",
    permission=Permission.LISTING_VIEW,
    beside="publishing-listings",
)
def product(request: Request, product_id: int) -> HttpResponse:
    """One product in every shop of the viewer: what stands there, and where it could go."""
    found = product_of(product_id)
    if found is None:
        raise Http404
    offers = shop_offers(request.actor, found)
    publishes = request.actor.may(Permission.PUBLISH)
    view = {
        "title": T("发布到店铺", "Publish to shops"),
        "product": found,
        "offers": [(offer, outcome_text(offer.why_not) if offer.why_not else "") for offer in offers],
        "publishes": publishes,
        "may_publish": publishes and any(offer.may_publish for offer in offers),
        "put_off": _put_off(product_id) if publishes and is_to_be_published(product_id) else None,
    }
    return render_page(request, "publishing/product.html", view)


def _put_off(product_id: int) -> Action:
    return Action(
        T("暂不发布", "Not now"),
        reverse("publishing-put-off", args=[product_id]),
        icon="clock",
        ask=T("为什么现在不发布？", "Why is it not published now?"),
    )


@page(
    "products/<int:product_id>/put-off/",
    name="publishing-put-off",
    clause="P4.1",
    permission=Permission.PUBLISH,
    methods=("POST",),
)
def put_off(request: Request, product_id: int) -> HttpResponse:
    """Not to be published now: the duty ends, the product stays among those to publish."""
    item = PutOffPublishing(product_id, request.POST.get("reason", "")[:300])
    outcomes = run_once(request, put_off_publishing, [item])
    done = T(
        "已记下：暂不发布。以后可在“发布商品”里发布", "Noted: not now. It can be published under “Publish” at any time"
    )
    return answer_outcomes(request, outcomes, done=done, to="publishing-product", args=(product_id,))


@page(
    "products/<int:product_id>/publish/",
    name="publishing-product-publish",
    clause="P4.1",
    permission=Permission.PUBLISH,
    methods=("POST",),
)
def publish_one(request: Request, product_id: int) -> HttpResponse:
    """Publish one product to the chosen shops."""
    shops = [int(text) for text in request.POST.getlist("shops")[:200] if text.isdecimal() and len(text) < 19]
    outcomes = run_once(request, publish_products, [PublishProduct(product_id, shop_id) for shop_id in shops])
    done = T("正在发布到 {n} 个店铺", "On its way to {n:# shop|# shops}")
    return answer_outcomes(request, outcomes, done=done, to="publishing-product", args=(product_id,))


@page("listings/<int:listing_id>/", name="publishing-listing", clause="P4.2", permission=Permission.LISTING_VIEW)
def listing(request: Request, listing_id: int) -> HttpResponse:
    """One listing: what we told beside what the platform shows, its variants and its cases."""
    found = listing_record(request.actor, listing_id)
    if found is None:
        raise Http404
    return render_record(
        request,
        "publishing/listing.html",
        _head(request, found),
        timeline=listing_timeline(found, listing_history(listing_id)),
        live="publishing",
        found=found,
        row=found.row,
        case=found.open_case,
        compared=compared_rows(found.compared, found.row.platform, found.row.currency, _unequal(found.row)),
        looks_at=_looks_at(found.row),
    )


def _unequal(row: ListingRow) -> Verdict:
    """What different values of the last look come to: told since, they only were so; explained, they may stay."""
    return "was" if row.verdict == "again" else "differs" if row.verdict == "differs" else "explained"


def _looks_at(row: ListingRow) -> datetime | None:
    """When a listing that was told since its last look is read back by itself."""
    if row.verdict not in ("never", "again") or not row.is_selling or row.published_at is None:
        return None
    return row.published_at + timedelta(minutes=read_policies()("check_after_minutes", row.shop_id))


def _head(request: Request, found: ListingRecord) -> RecordHead:
    row = found.row
    fields = {"ids": row.id}
    may, state = request.actor.may, ListingState(row.state)
    check_it = Action(T("立即核验", "Check now"), reverse("publishing-check"), fields=fields, icon="shield-check")
    put_back = Action(
        T("重新上架", "Put back on sale"), reverse("publishing-relist"), fields=fields, icon="arrow-right"
    )
    again = Action(T("重试", "Retry"), reverse("publishing-retry"), fields=fields, icon="refresh")
    end = Action(T("下架", "Take off sale"), reverse("publishing-take-down"), fields=fields, icon="ban", ask=WHY_DOWN)
    primary: Action | None = None
    if row.is_selling and may(Permission.CHECK):
        primary = check_it
    elif may(Permission.PUBLISH):
        primary = {ListingState.TAKEN_DOWN: put_back, ListingState.FAILED: again}.get(state)
    ending = state not in (ListingState.TAKING_DOWN, ListingState.TAKEN_DOWN) and may(Permission.PUBLISH)
    checked = row.checked_at is not None and row.published_at is not None and row.checked_at >= row.published_at
    published = row.published_at is not None
    return RecordHead(
        title=T("店铺商品", "Listing"),
        number=row.code,
        back="publishing-listings",
        state=state,
        clause="P4.2",
        due_at=found.open_case.due_at if found.open_case else None,
        badges=(Badge(row.shop, "blue", "building-store"),),
        steps=(
            Step(T("选定店铺", "Chosen"), "done", row.wanted_at),
            Step(T("上架", "On sale"), "done" if published else "now", row.published_at),
            Step(T("核验", "Checked"), "done" if checked else "next", row.checked_at if checked else None),
        ),
        primary=primary,
        more=(end,) if ending else (),
    )
