"""What Ctrl-K finds besides orders, by the numbers and names at hand. Only what one may see."""

import re

from django.urls import reverse

from shopkeeper.flows.analytics.reports.documents.paper import days_shown
from shopkeeper.flows.analytics.reports.permissions import Permission as Reports
from shopkeeper.flows.analytics.reports.queries.reports import report_record
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as Parcels
from shopkeeper.flows.fulfilment.parcels.queries.lists import Wanted, parcel_list
from shopkeeper.flows.fulfilment.warehouse.models import wave_number
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission as Warehouse
from shopkeeper.flows.fulfilment.warehouse.queries.waves import wave_of_code
from shopkeeper.flows.marketing.campaigns.permissions import Permission as Campaigns
from shopkeeper.flows.marketing.campaigns.queries.lists import CampaignFilter, campaigns_page
from shopkeeper.flows.products.listing.permissions import Permission as Listing
from shopkeeper.flows.products.listing.queries.lists import ProductFilter, products_page
from shopkeeper.flows.products.stock.permissions import Permission as Stock
from shopkeeper.flows.products.stock.queries.levels import levels_called
from shopkeeper.flows.service.aftersale.permissions import Permission as AfterSale
from shopkeeper.flows.service.aftersale.queries.cases import find_cases
from shopkeeper.flows.service.conversations.permissions import Permission as Conversations
from shopkeeper.flows.service.conversations.queries.lists import ConversationFilter, conversations_page
from shopkeeper.flows.service.tickets.queries.finding import find_tickets
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.sop.queries.finding import find_duties
from shopkeeper.web.plugs import Hit, provide

SHORTEST = 2
CONVERSATION_NUMBER = re.compile(r"HH\d{1,18}")
REPORT_NUMBER = re.compile(r"BG0*(\d{1,18})")


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
            str(T("库存 {n} · {place}", "Stock {n} · {place}").format(n=row.free, place=row.warehouse)),
            "packages",
        )
        for row in levels_called(actor, text, limit=5)
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


def campaigns(actor: Actor, text: str) -> list[Hit]:
    if not actor.may(Campaigns.CAMPAIGN_VIEW) or len(text.strip()) < SHORTEST:
        return []
    rows, _ = campaigns_page(actor, CampaignFilter(text=text.strip()), limit=5)
    return [
        Hit(f"{row.code} · {row.name}", reverse("campaign", args=[row.id]), str(T("活动", "Campaign")), "speakerphone")
        for row in rows
    ]


def reports(actor: Actor, text: str) -> list[Hit]:
    """By its number, as it stands on the paper."""
    number = REPORT_NUMBER.fullmatch(text.strip().upper())
    found = report_record(actor, int(number.group(1))) if number and actor.may(Reports.REPORT_VIEW) else None
    if found is None:
        return []
    days = days_shown(found.row.first_day, found.row.last_day)
    label, url = f"{found.row.number} · {days}", reverse("reports-report", args=[found.row.id])
    return [Hit(label, url, str(T("运营报告", "Report")), "chart-bar")]


def waves(actor: Actor, text: str) -> list[Hit]:
    """By its number or a tote's."""
    wave_id = wave_of_code(actor, text) if actor.may(Warehouse.WAVE_VIEW) else None
    if wave_id is None:
        return []
    url = reverse("warehouse-wave", args=[wave_id])
    return [Hit(wave_number(wave_id), url, str(T("波次", "Wave")), "packages")]


def conversations(actor: Actor, text: str) -> list[Hit]:
    """By its number."""
    wanted = text.strip().upper()
    if not actor.may(Conversations.CONVERSATION_VIEW) or not CONVERSATION_NUMBER.fullmatch(wanted):
        return []
    rows, _ = conversations_page(actor, ConversationFilter(text=wanted), limit=1)
    return [
        Hit(
            f"{row.number} · {row.contact}",
            reverse("conversations-record", args=[row.id]),
            str(T("会话", "Conversation")),
            "message",
        )
        for row in rows
    ]


def provide_finders() -> None:
    desks = (products, parcels, stock, find_tickets, cases, campaigns, reports, waves, conversations)
    for finder in (*desks, find_duties):
        provide(finder=finder)
