"""What Ctrl-K finds besides orders: products, parcels and stock, by the numbers at hand. Only what one may see."""

from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels.permissions import Permission as Parcels
from shopkeeper.flows.fulfilment.parcels.queries.lists import Wanted, parcel_list
from shopkeeper.flows.products.listing.permissions import Permission as Listing
from shopkeeper.flows.products.listing.queries.lists import ProductFilter, products_page
from shopkeeper.flows.products.stock.permissions import Permission as Stock
from shopkeeper.flows.products.stock.queries.levels import levels
from shopkeeper.flows.service.aftersale.permissions import Permission as AfterSale
from shopkeeper.flows.service.aftersale.queries.cases import find_cases
from shopkeeper.flows.service.tickets.queries.finding import find_tickets
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.web.plugs import Hit, provide

SHORTEST = 2


def parcels(actor: Actor, text: str) -> list[Hit]:
    if not actor.may(Parcels.PARCEL_VIEW) or len(text.strip()) < 6:
        return []
    found = parcel_list(actor, Wanted(texts=(text.strip(),), limit=5))
    return [
        Hit(row.number or f"#{row.id}", reverse("parcels-parcel", args=[row.id]), str(T("包裹", "Parcel")), "truck")
        for row in found.rows
    ]


def stock(actor: Actor, text: str) -> list[Hit]:
    if not actor.may(Stock.STOCK_VIEW) or len(text.strip()) < SHORTEST:
        return []
    return [
        Hit(
            f"{row.code} · {row.name}",
            reverse("stock-level", args=[row.id]),
            str(T("库存 {n}", "Stock {n}").format(n=row.free)),
            "boxes",
        )
        for row in levels(actor, text=text, limit=5)
    ]


def products(actor: Actor, text: str) -> list[Hit]:
    if not actor.may(Listing.PRODUCT_VIEW) or len(text.strip()) < SHORTEST:
        return []
    rows, _ = products_page(ProductFilter(text=text.strip()[:200]), limit=5)
    return [
        Hit(
            f"{row.code} · {row.title}", reverse("listing-product", args=[row.id]), str(T("商品", "Product")), "package"
        )
        for row in rows
    ]


def cases(actor: Actor, text: str) -> list[Hit]:
    if not actor.may(AfterSale.CASE_VIEW) or len(text.strip()) < 6:
        return []
    return [
        Hit(
            f"{row.number} · {row.goods}",
            reverse("aftersale-case", args=[row.id]),
            str(T("售后单", "After-sale case")),
            "truck-return",
        )
        for row in find_cases(actor, text.strip()[:64])
    ]


def provide_finders() -> None:
    for finder in (products, parcels, stock, find_tickets, cases):
        provide(finder=finder)
