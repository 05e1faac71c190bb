"""P2.1: the list of products, and what is done to many at once."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.listing.commands.retire_products import RetireProduct, retire_products
from shopkeeper.flows.products.listing.commands.submit_product import SubmitProduct, submit_product
from shopkeeper.flows.products.listing.documents import product_table
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.importing import products_with_skus
from shopkeeper.flows.products.listing.queries.lists import (
    ProductFilter,
    all_matching,
    list_rows,
    matching_products,
    product_counts,
    products_page,
    root_choices,
)
from shopkeeper.flows.products.listing.queries.record import as_returned
from shopkeeper.flows.products.listing.states import Platform, Tag
from shopkeeper.flows.products.listing.words import LABELS, PLATFORMS
from shopkeeper.shared.outcomes import refused
from shopkeeper.shared.words import T
from shopkeeper.web import exporting
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page

PRODUCTS = Listing(
    key="products",
    title=T("商品", "Products"),
    clause="P2.1",
    record="listing-product",
    columns=(
        Column("product", T("商品", "Product"), always=True),
        Column("state", T("状态", "State")),
        Column("category", T("类目", "Category")),
        Column("platforms", T("平台", "Platforms")),
        Column("skus", T("规格", "Variants"), align="end"),
        Column("price", T("售价", "Price"), align="end"),
        Column("images", T("图片", "Pictures")),
        Column("tags", T("标签", "Tags")),
        Column("edited", T("最近修改", "Last edited")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("draft", T("草稿", "Drafts")),
        Tab("submitted", T("待审核", "To review"), tone="amber"),
        Tab("returned", T("已退回", "Returned"), tone="red"),
        Tab("approved", T("已通过", "Approved"), tone="green"),
        Tab("retired", T("已停用", "Retired"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("category", T("一级类目", "Category")),
        Filter("platform", T("平台", "Platform"), choices=[(str(p), PLATFORMS[p]) for p in Platform]),
        Filter("tag", T("标签", "Tag"), choices=[(str(tag), LABELS[Tag][tag].text) for tag in Tag]),
    ),
    search=T(
        "标题 / 拼音首字母 / 编码 / 条码，可粘贴多个编码", "Title, pinyin initials, code, barcode; paste many codes"
    ),
    bulk=(
        BulkAction("submit", T("提交审核", "Submit"), url="listing-submit-many", primary=True, icon="send"),
        BulkAction(
            "retire",
            T("停用", "Retire"),
            url="listing-retire-many",
            icon="ban",
            ask=T("停用原因", "Why are they retired?"),
        ),
    ),
    live="listing",
    exports=True,
)


def wanted_of(asked: ListQuery) -> ProductFilter:
    """The list's question as the query takes it."""
    category = str(asked.filters.get("category", ""))
    return ProductFilter(
        state="" if asked.tab == "all" else asked.tab,
        text="" if asked.numbers else asked.text[:200],
        codes=tuple(asked.numbers),
        tag=str(asked.filters.get("tag", "")),
        category_id=int(category) if category.isdecimal() and len(category) < 19 else None,
        platform=str(asked.filters.get("platform", "")),
    )


@page(
    "",
    name="listing-products",
    clause="P2.1",
    permission=Permission.PRODUCT_VIEW,
    menu=MenuEntry(T("商品资料", "Products"), section="products", order=20),
)
def products(request: Request) -> HttpResponse:
    asked = PRODUCTS.read(request)
    if asked.counting:
        return PRODUCTS.counters(request, product_counts())
    wanted = wanted_of(asked)
    if asked.exporting:
        return export(request, all_matching(wanted))
    after = asked.after_id or 0
    rows, next_key = products_page(wanted, after=after, limit=asked.limit)
    return PRODUCTS.render(
        request,
        asked,
        "listing/products.html",
        rows=rows,
        next_key=next_key,
        choices={"category": [(str(i), name) for i, name in root_choices()]},
        may_edit=request.actor.may(Permission.PRODUCT_EDIT),
    )


def export(request: Request, ids: Iterable[int]) -> HttpResponse:
    """The products as the table that can be edited and imported again, with costs for who enters them."""
    with_cost = request.actor.may(Permission.PRODUCT_EDIT)
    columns, rows = product_table(products_with_skus(ids), with_cost=with_cost)
    return exporting.export(request, "products", T("商品", "Products"), columns, rows)


def _chosen(request: Request) -> list[int]:
    chosen = PRODUCTS.chosen(request)
    return matching_products(wanted_of(chosen.asked)) if chosen.all_matching else chosen.ids


@page(
    "submit/",
    name="listing-submit-many",
    clause="P2.1",
    permission=Permission.PRODUCT_SUBMIT,
    methods=("POST",),
)
def submit_many(request: Request) -> HttpResponse:
    """Submit the chosen products; those with something to mend answer how much.

    One that was returned and has not changed is submitted from its own page, where the reason is asked for.
    """
    rows = list_rows(_chosen(request))
    unchanged = as_returned([row.id for row in rows])
    items = [SubmitProduct(row.id, row.version) for row in rows if row.id not in unchanged]
    outcomes = [
        *(run_once(request, submit_product, items) if items or not rows else []),
        *(refused("unchanged_since_returned", id_) for id_ in sorted(unchanged)),
    ]
    return answer_outcomes(request, outcomes, done=T("已提交 {n} 件商品", "{n:# product|# products} submitted"))


@page(
    "retire/",
    name="listing-retire-many",
    clause="P2.1",
    permission=Permission.PRODUCT_RETIRE,
    methods=("POST",),
)
def retire_many(request: Request) -> HttpResponse:
    """Retire the chosen products with the reason given."""
    reason = PRODUCTS.chosen(request).reason
    outcomes = run_once(request, retire_products, [RetireProduct(i, reason) for i in _chosen(request)])
    to = reverse("listing-products") if request.POST.get("go") == "list" else None
    return answer_outcomes(request, outcomes, done=T("已停用 {n} 件商品", "{n:# product|# products} retired"), to=to)
