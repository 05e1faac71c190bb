"""Handing over to the courier: the list of what is packed, and a station to scan it out (O3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from django.http import HttpResponse

from shopkeeper.flows.fulfilment.parcels.pages.leaving import hand_over_labelled
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as ParcelPermission
from shopkeeper.flows.fulfilment.parcels.queries import Wanted, parcel_counts, parcel_list, shop_choices
from shopkeeper.flows.fulfilment.parcels.queries.lists import ParcelRow
from shopkeeper.flows.fulfilment.parcels.words import COURIER_WORDS, courier_name
from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.pages.waves import warehouse_filter
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.station import Answer, Station, StationKey, one_scan, read_scan, render_station

READY = Listing(
    key="hand-over",
    title=T("待交运", "To hand over"),
    clause="O3.1",
    columns=(
        Column("label", T("包裹号", "Parcel"), always=True),
        Column("tracking", T("运单号", "Waybill")),
        Column("courier", T("快递", "Courier")),
        Column("order", T("订单号", "Order")),
        Column("shop", T("店铺", "Shop")),
        Column("place", T("收货地", "Place")),
        Column("weight", T("重量", "Weight"), align="end"),
    ),
    filters=(
        Filter("warehouse", T("仓库", "Warehouse")),
        Filter("courier", T("快递", "Courier"), choices=tuple(COURIER_WORDS.items())),
        Filter("shop", T("店铺", "Shop")),
    ),
    tabs=(
        Tab("to_hand_over", T("待交运", "To hand over"), tone="amber"),
        Tab("recalled", T("已召回", "Called back"), tone="red"),
    ),
    search=T("运单号、包裹号、订单号，可粘贴多个", "Waybill, parcel or order no.; paste many"),
    bulk=(BulkAction("hand-over", T("交运", "Hand over"), url="warehouse-hand-over-many", primary=True, icon="truck"),),
    live="parcels",
)
SCAN_OUT = Station(
    title=T("扫描交运", "Hand over"),
    clause="O3.1",
    prompt=T("扫运单号", "Scan the waybill"),
    scan_url="warehouse-hand-over-scan",
    back="warehouse-hand-over",
    note=T("交给快递员的最后一道门", "The last door"),
    keys=(StationKey("F8", "CMD:COUNT", T("本次清点", "Count so far")),),
)
MOST_AT_ONCE = 1_000
STOPS = {
    "refund_open": T("已退款请拦截", "Stop: refund or hold"),
    "order_on_hold": T("已退款请拦截", "Stop: refund or hold"),
    "order_not_packed": T("已召回请拦截", "Stop: called back"),
    "parcel_cancelled": T("已作废请拦截", "Stop: void"),
    "no_label": T("没打面单", "No label yet"),
}


@dataclass(frozen=True, slots=True)
class LeavingRow(ParcelRow):
    """A parcel to hand over, with the wave order where its pieces are put back, or its missing label is printed."""

    put_back_id: int | None = None
    packed_id: int | None = None


@page(
    "hand-over/",
    name="warehouse-hand-over",
    clause="O3.1",
    permission=ParcelPermission.PARCEL_HAND_OVER,
    menu=MenuEntry(T("交运", "Hand-over"), section="warehouse", order=50),
)
def hand_over(request: Request) -> HttpResponse:
    """Packed parcels, to be handed over in bulk by courier; those that were called back stand apart."""
    asked = READY.read(request)
    if asked.counting:
        return READY.counters(request, parcel_counts(request.actor))
    texts = asked.numbers or ([asked.text] if asked.text else [])
    found = parcel_list(request.actor, Wanted(asked.tab, texts, asked.filters, asked.after, asked.limit))
    recalled = asked.tab == "recalled"
    listing = replace(READY, bulk=()) if recalled else READY
    return listing.render(
        request,
        asked,
        "warehouse/hand_over.html",
        rows=_rows(request, found.rows, recalled),
        next_key=found.next_key,
        choices={
            "warehouse": warehouse_filter(request),
            "shop": [(str(key), str(name)) for key, name in shop_choices(request.actor)],
        },
        is_recalled=recalled,
        recalled_count=parcel_counts(request.actor)["recalled"],
    )


def _rows(request: Request, found: Sequence[ParcelRow], recalled: bool) -> list[LeavingRow]:
    named = [replace(row, courier=str(courier_name(row.courier))) for row in found]
    waiting = queries.orders_to_put_back(request.actor, [row.order_id for row in found]) if recalled else {}
    bare = queries.packed_in(request.actor, [row.order_id for row in found if not row.is_labelled and not recalled])
    names = [field.name for field in fields(ParcelRow)]
    return [
        LeavingRow(
            **{name: getattr(row, name) for name in names},
            put_back_id=waiting.get(row.order_id),
            packed_id=bare.get(row.order_id),
        )
        for row in named
    ]


@page(
    "hand-over/many/",
    name="warehouse-hand-over-many",
    clause="O3.1",
    permission=ParcelPermission.PARCEL_HAND_OVER,
    methods=("POST",),
)
def hand_over_many(request: Request) -> HttpResponse:
    """Hand over the parcels chosen, or everything the list's question matches (a thousand at a time)."""
    chosen = READY.chosen(request)
    ids = chosen.ids
    if chosen.all_matching:
        asked = chosen.asked
        texts = asked.numbers or ([asked.text] if asked.text else [])
        tab = "to_hand_over"  # whatever the tab: what was called back does not leave in bulk
        found = parcel_list(request.actor, Wanted(tab, texts, asked.filters, "", MOST_AT_ONCE))
        ids = [row.id for row in found.rows]
    outcomes = hand_over_labelled(request, ids)
    return answer_outcomes(request, outcomes, done=T("已交运 {n} 件", "{n:# parcel|# parcels} handed over"))


@page(
    "hand-over/station/",
    name="warehouse-hand-over-station",
    clause="O3.1",
    permission=ParcelPermission.PARCEL_HAND_OVER,
)
def station(request: Request) -> HttpResponse:
    return render_station(request, SCAN_OUT, "warehouse/hand_over_station.html", state={"count": "0"})


@page(
    "hand-over/scan/",
    name="warehouse-hand-over-scan",
    clause="O3.1",
    permission=ParcelPermission.PARCEL_HAND_OVER,
    methods=("POST",),
)
@one_scan
def scan_out(request: Request) -> HttpResponse:
    """One waybill: the parcel leaves, or the station says why not."""
    scan = read_scan(request)
    kept = scan.context.get("count", "")
    count = int(kept) if kept.isdecimal() and len(kept) < 7 else 0
    total = T("本次已交运 {n} 件", "{n} handed over so far")
    if scan.code == "CMD:COUNT":
        return Answer.warn(total.format(n=count)).respond(request, scan)
    parcel_id = queries.parcel_of_code(request.actor, scan.code)
    if parcel_id is None:
        words = T("没有这个包裹", "No such parcel")
        return Answer.bad(words, T("核对运单号后重扫", "Check the number and scan again")).respond(request, scan)
    outcome = hand_over_labelled(request, [parcel_id])[0]
    if outcome.code == "unchanged":
        return Answer.warn(T("重复扫描", "Scanned twice"), T("已经交运过", "Handed over before")).respond(request, scan)
    if not outcome.ok:
        stop = outcome.code in STOPS
        title = STOPS.get(outcome.code, T("不能交运", "Cannot leave"))
        return Answer.bad(title, outcome_text(outcome), repeat=stop).respond(request, scan)
    count += 1
    answer = Answer.good(
        T("已发货", "Handed over"), scan.code, next=total.format(n=count), context={"count": str(count)}
    )
    return answer.respond(request, scan)
