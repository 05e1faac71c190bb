"""What Ctrl-K finds besides orders, by the numbers and names at hand. Only what one may see."""

import re
from datetime import date

from django.urls import reverse

from shopkeeper.flows.analytics.collection.permissions import Permission as Collection
from shopkeeper.flows.analytics.collection.queries.disagreements import CaseFilter, cases_page
from shopkeeper.flows.analytics.decisions.permissions import Permission as Decisions
from shopkeeper.flows.analytics.decisions.queries.chain import chain_of
from shopkeeper.flows.analytics.reports.documents.paper import days_shown
from shopkeeper.flows.analytics.reports.permissions import Permission as Reports
from shopkeeper.flows.analytics.reports.queries.reports import report_record
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as Parcels
from shopkeeper.flows.fulfilment.parcels.queries.lists import Wanted, parcel_list
from shopkeeper.flows.fulfilment.settlement.permissions import Permission as Settlement
from shopkeeper.flows.fulfilment.settlement.queries.settlements import SettlementFilter, settlements_page
from shopkeeper.flows.fulfilment.warehouse.models import wave_number
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission as Warehouse
from shopkeeper.flows.fulfilment.warehouse.queries.waves import wave_of_code
from shopkeeper.flows.marketing.campaigns.permissions import Permission as Campaigns
from shopkeeper.flows.marketing.campaigns.queries.lists import CampaignFilter, campaigns_page, tasks_called
from shopkeeper.flows.marketing.launch.permissions import Permission as Launch
from shopkeeper.flows.marketing.launch.queries.materials import MaterialFilter, materials_page
from shopkeeper.flows.products.listing.permissions import Permission as Listing
from shopkeeper.flows.products.listing.queries.lists import ProductFilter, products_page
from shopkeeper.flows.products.pricing.permissions import Permission as Pricing
from shopkeeper.flows.products.pricing.queries.plans import PlanFilter, plans_page
from shopkeeper.flows.products.stock.permissions import Permission as Stock
from shopkeeper.flows.products.stock.queries.levels import levels_called
from shopkeeper.flows.service.aftersale.permissions import Permission as AfterSale
from shopkeeper.flows.service.aftersale.queries.cases import case_row, find_cases
from shopkeeper.flows.service.aftersale.queries.refunds import refunds_of_case
from shopkeeper.flows.service.aftersale.queries.returns import returns_page
from shopkeeper.flows.service.conversations.permissions import Permission as Conversations
from shopkeeper.flows.service.conversations.queries.lists import ConversationFilter, conversations_page
from shopkeeper.flows.service.tickets.queries.finding import find_tickets
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.sop.queries.finding import find_duties
from shopkeeper.web.labels import label_of
from shopkeeper.web.plugs import Hit, provide
from shopkeeper.web.shown import money_text

SHORTEST = 2
CONVERSATION_NUMBER = re.compile(r"HH\d{1,18}")
CASE_NUMBER = re.compile(r"SH0*(\d{1,18})")
FINDING_NUMBER = re.compile(r"FX0*(\d{1,18})")
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
            " · ".join(part for part in (row.code, row.name, row.spec) if part),
            reverse("stock-level", args=[row.id]),
            str(T("库存 {n} · {place}", "Stock {n} · {place}").format(n=row.free, place=row.warehouse)),
            "packages",
        )
        for row in levels_called(actor, text, limit=5)
    ]


def prices(actor: Actor, text: str) -> list[Hit]:
    """Price plans, by the code or barcode of their SKU."""
    wanted = text.strip()[:60]
    if not actor.may(Pricing.PRICE_VIEW) or len(wanted) < SHORTEST:
        return []
    rows, _ = plans_page(actor, PlanFilter(numbers=(wanted, wanted.upper())), limit=5)
    return [
        Hit(
            " · ".join(part for part in (row.code, row.name, row.shop) if part),
            reverse("price-plan", args=[row.id]),
            str(T("定价 {state}", "Price plan, {state}").format(state=label_of(row.state, "PlanState").text)),
            "tag",
        )
        for row in rows
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


def campaign_tasks(actor: Actor, text: str) -> list[Hit]:
    """By their title."""
    if not actor.may(Campaigns.CAMPAIGN_VIEW) or len(text.strip()) < SHORTEST:
        return []
    return [
        Hit(
            f"{row.title} · {row.campaign}",
            reverse("campaign-task", args=[row.id]),
            str(T("活动任务 {state}", "Task, {state}").format(state=label_of(row.state, "TaskState").text)),
            "checklist",
        )
        for row in tasks_called(actor, text.strip()[:120])
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


def returns(actor: Actor, text: str) -> list[Hit]:
    """Parcels that come back, by their waybill."""
    if not actor.may(AfterSale.RETURN_VIEW) or len(text.strip()) < 6:
        return []
    rows, _ = returns_page(actor, text=text[:60], limit=5)
    return [
        Hit(row.number, reverse("aftersale-return", args=[row.id]), str(T("退货包裹", "Return parcel")), "truck-return")
        for row in rows
        if row.number
    ]


def refunds(actor: Actor, text: str) -> list[Hit]:
    """Money going back, by the number of its case."""
    number = CASE_NUMBER.fullmatch(text.strip().upper())
    if number is None or not actor.may(AfterSale.CASE_VIEW):
        return []
    if case_row(actor, int(number[1])) is None:
        return []
    return [
        Hit(
            f"{row.case_number} · {money_text(row.amount_minor, row.currency)}",
            reverse("aftersale-refund", args=[row.id]),
            str(T("退款", "Refund")),
            "cash",
        )
        for row in refunds_of_case(int(number[1]))
    ]


def settlements(actor: Actor, text: str) -> list[Hit]:
    """By the number of their order."""
    if not actor.may(Settlement.SETTLEMENT_VIEW) or len(text.strip()) < 6:
        return []
    rows, _ = settlements_page(actor, SettlementFilter(text=text.strip().upper()[:64]), limit=5)
    return [
        Hit(
            f"{row.order_number} · {row.shop}",
            reverse("settlement-record", args=[row.id]),
            str(T("结算", "Settlement")),
            "receipt",
        )
        for row in rows
    ]


def decisions(actor: Actor, text: str) -> list[Hit]:
    """By the number of the finding."""
    number = FINDING_NUMBER.fullmatch(text.strip().upper())
    found = chain_of(actor, int(number[1])) if number and actor.may(Decisions.DECISION_VIEW) else None
    if found is None:
        return []
    label = f"{found.number} · {found.metric_name}"
    return [Hit(label, reverse("decisions-finding", args=[found.id]), str(T("决策", "Decision")), "chart-bar")]


def disagreements(actor: Actor, text: str) -> list[Hit]:
    """By the day that sources tell apart."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return []
    if not actor.may(Collection.COLLECTION_VIEW):
        return []
    rows, _ = cases_page(actor, CaseFilter(day=day), limit=5)
    return [
        Hit(
            f"{row.day.isoformat()} · {row.shop} · {label_of(row.figure, 'ComparedFigure').text}",
            reverse("collection-disagreement", args=[row.id]),
            str(T("数据差异", "Disagreement")),
            "chart-bar",
        )
        for row in rows
    ]


def materials(actor: Actor, text: str) -> list[Hit]:
    """By their title."""
    if not actor.may(Launch.MATERIAL_VIEW) or len(text.strip()) < SHORTEST:
        return []
    rows, _ = materials_page(actor, MaterialFilter(text=text.strip()[:100]), limit=5)
    return [
        Hit(
            f"{row.title} · {row.campaign}",
            reverse("launch-material", args=[row.id]),
            str(T("素材", "Material")),
            "photo",
        )
        for row in rows
        if text.strip().casefold() in row.title.casefold()
    ]


def provide_finders() -> None:
    desks = (
        products, parcels, stock, prices, find_tickets, cases, refunds, returns, settlements, campaigns, campaign_tasks,
        materials, reports, decisions, disagreements, waves, conversations,
    )  # fmt: skip
    for finder in (*desks, find_duties):
        provide(finder=finder)
