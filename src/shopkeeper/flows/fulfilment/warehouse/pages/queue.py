"""Orders in waves: the packing queue, one order with its verdicts, putting back, closing against the scale."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels.permissions import Permission as ParcelPermission
from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.commands.close_packing import ForcePacking, force_packing
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import OpenPacking, open_packing
from shopkeeper.flows.fulfilment.warehouse.commands.return_to_shelf import ReturnToShelf, return_to_shelf
from shopkeeper.flows.fulfilment.warehouse.pages.waves import wanted_of, warehouse_filter
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.states import WaveOrderState
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.labels import label_of
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record
from shopkeeper.web.shown import exact

QUEUE = Listing(
    key="packing",
    title=T("验货打包", "Packing"),
    clause="O2.2",
    record="warehouse-order",
    columns=(
        Column("order", T("订单号", "Order"), always=True),
        Column("state", T("状态", "State")),
        Column("tote", T("周转格", "Tote")),
        Column("shop", T("店铺", "Shop")),
        Column("place", T("收货地", "Place"), shown=False),
        Column("checked", T("已验", "Checked")),
        Column("tracking", T("运单号", "Waybill")),
        Column("packer", T("打包员", "Packer")),
        Column("weight", T("重量", "Weight"), align="end", shown=False),
        Column("due", T("打包截止", "Pack by")),
        Column("ship_by", T("发货截止", "Ship by")),
    ),
    tabs=(
        Tab("to_pack", T("待打包", "To pack"), tone="amber"),
        Tab("packing", T("验货中", "On a station"), tone="blue"),
        Tab("repicking", T("补拣中", "Re-picking"), tone="amber"),
        Tab("returning", T("待归位", "To put back"), tone="red"),
        Tab("packed", T("已打包", "Packed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("warehouse", T("仓库", "Warehouse")),),
    search=T("订单号、格号、运单号、平台单号", "Order, tote, waybill or platform no."),
    live="warehouse",
)
PLACES = {
    WaveOrderState.PICKING: 0,
    WaveOrderState.REPICKING: 0,
    WaveOrderState.TO_PACK: 1,
    WaveOrderState.PACKING: 2,
    WaveOrderState.PACKED: 4,
    WaveOrderState.RETURNING: 1,
    WaveOrderState.DROPPED: 1,
}
CALL_WORDS = {
    "closed on the platform": T("平台上已关闭", "closed on the platform"),
    "": T("没有写明", "no reason given"),
}
STEPS = (T("拣货", "Picked"), T("待打包", "To pack"), T("验货", "Inspected"), T("封箱", "Closed"))


@page(
    "orders/",
    name="warehouse-queue",
    clause="O2.2",
    permission=Permission.WAVE_VIEW,
    menu=MenuEntry(T("打包队列", "Packing queue"), section="warehouse", order=35),
)
def queue(request: Request) -> HttpResponse:
    """Orders to pack, the most urgent first; those to put back; those packed."""
    asked = QUEUE.read(request)
    if asked.counting:
        return QUEUE.counters(request, queries.pack_queue_counts(request.actor))
    found = queries.pack_queue(request.actor, wanted_of(asked))
    return QUEUE.render(
        request,
        asked,
        "warehouse/queue.html",
        rows=found.rows,
        next_key=found.next_key,
        choices={"warehouse": warehouse_filter(request)},
    )


def _record(request: Request, wave_order_id: int) -> queries.OrderRecord:
    found = queries.order_record(request.actor, wave_order_id)
    if found is None:
        raise Http404
    return found


@page("orders/<int:wave_order_id>/", name="warehouse-order", clause="O2.2", permission=Permission.WAVE_VIEW)
def order(request: Request, wave_order_id: int) -> HttpResponse:
    """One order in its wave: goods and verdicts, parcel and scale, every scan."""
    found = _record(request, wave_order_id)
    return render_record(
        request,
        "warehouse/order.html",
        _head(request, found),
        timeline=_timeline(found),
        live="warehouse",
        packing=found,
        recall=_recall(found),
        deviation=found.weight_g - found.scale.expected_g if found.weight_g and found.scale.expected_g else None,
    )


def _recall(found: queries.OrderRecord) -> T | None:
    """Who called the order back, when and why, in one sentence."""
    recall = queries.recall_of(found.id, found.order.id) if found.drop_reason else None
    if recall is None:
        return None
    why = "、".join(str(label_of(code, "HoldCode").text) for code in recall.codes)
    words = CALL_WORDS.get(recall.words, T(recall.words, recall.words))
    cancelled = recall.became == "cancelled"
    became = T("订单取消", "the order was cancelled") if cancelled else T("订单转异常", "the order was held")
    return T("{when}，{who}：{became}（{why}）", "{when}, {who}: {became} ({why})").format(
        when=exact(recall.at), who=recall.who or str(T("系统", "the system")), became=str(became), why=why or str(words)
    )


def _head(request: Request, found: queries.OrderRecord) -> RecordHead:
    primary, more = _actions(request, found)
    dropped = (Badge(label_of(found.drop_reason, "DropReason").text, "red"),) if found.drop_reason else ()
    forced = (Badge(T("强制封箱", "Forced"), "amber"),) if found.forced_reason else ()
    now = PLACES[WaveOrderState(found.state)]
    stopped = found.state in (WaveOrderState.RETURNING, WaveOrderState.DROPPED)
    return RecordHead(
        title=T("打包单", "Packing"),
        number=found.order.number,
        back="warehouse-queue",
        state=found.state,
        states="WaveOrderState",
        clause="O2.2",
        due_at=found.due_at,
        badges=dropped + forced,
        steps=tuple(
            Step(name, "done" if i < now else ("stopped" if stopped else "now") if i == now else "next")
            for i, name in enumerate(STEPS)
        ),
        primary=primary,
        secondary=_papers(request, found),
        more=more,
    )


def _papers(request: Request, found: queries.OrderRecord) -> tuple[Action, ...]:
    url = reverse("warehouse-packing-list", args=[found.id])
    papers: tuple[Action, ...] = (Action(T("包裹清单", "Packing list"), url, method="get", icon="file-text"),)
    stopped = found.state in (WaveOrderState.RETURNING, WaveOrderState.DROPPED)
    if found.parcel is None or stopped or not request.actor.may(ParcelPermission.LABEL_PRINT):
        return papers
    to = reverse("warehouse-print-label", args=[found.parcel.id])
    no_number = None if found.parcel.number else T("还没有运单号", "No waybill number yet")
    if found.parcel.print_count:
        label = Action(T("重打面单", "Reprint label"), to, icon="printer", ask=T("重打原因", "Why again?"))
    else:
        label = Action(T("打印面单", "Print label"), to, icon="printer", why_not=no_number)
    return (label, *papers)


def _actions(request: Request, found: queries.OrderRecord) -> tuple[Action | None, tuple[Action, ...]]:
    if found.state == WaveOrderState.RETURNING and request.actor.may(Permission.PICK):
        url = reverse("warehouse-return", args=[found.id])
        return Action(T("已归位", "Put back"), url, icon="arrow-back"), ()
    if not request.actor.may(Permission.PACK):
        return None, ()
    if found.state == WaveOrderState.TO_PACK:
        return Action(T("开始验货", "Begin packing"), reverse("warehouse-open", args=[found.id]), icon="scan"), ()
    if found.state != WaveOrderState.PACKING:
        return None, ()
    station = f"{reverse('warehouse-pack')}?warehouse={found.warehouse_id}&order={found.id}"
    primary = Action(T("去打包台", "To the station"), station, method="get", icon="scan")
    if not request.actor.may(Permission.PACK_FORCE):
        return primary, ()
    force = Action(T("强制封箱", "Force"), reverse("warehouse-force", args=[found.id]), method="get", icon="lock")
    return primary, (force,)


def _timeline(found: queries.OrderRecord) -> list[Happening]:
    moves = [
        Happening(change.at, label_of(change.became, "WaveOrderState").text, change.who) for change in found.changes
    ]
    failed = [
        Happening(
            one.at,
            T("{x}：{n} 件", "{x}: {n}").format(x=str(label_of(one.verdict, "Verdict").text), n=one.quantity),
            one.who,
            one.sku_code,
            tone="red",
        )
        for one in reversed(found.failed)
    ]
    checked = [
        Happening(found.rechecked_at, T("平台退款复核已返回", "The platform answered the refund check"), kind="outside")
    ] if found.rechecked_at else []  # fmt: skip
    return [*failed, *checked, *moves]


@page(
    "orders/<int:wave_order_id>/open/",
    name="warehouse-open",
    clause="O2.2",
    permission=Permission.PACK,
    methods=("POST",),
)
def open_order(request: Request, wave_order_id: int) -> HttpResponse:
    """Open an order and go to the station."""
    found = _record(request, wave_order_id)
    outcomes = run_once(request, open_packing, [OpenPacking(found.warehouse_id, found.order.number)])
    to = f"{reverse('warehouse-pack')}?warehouse={found.warehouse_id}&order={found.id}" if outcomes[0].ok else None
    return answer_outcomes(request, outcomes, done=T("已在打包台打开", "Open at the station"), to=to)


@page(
    "orders/<int:wave_order_id>/return/",
    name="warehouse-return",
    clause="O2.1",
    permission=Permission.PICK,
    methods=("POST",),
)
def put_back(request: Request, wave_order_id: int) -> HttpResponse:
    outcomes = run_once(request, return_to_shelf, [ReturnToShelf(wave_order_id)])
    return answer_outcomes(request, outcomes, done=T("{pieces} 件已归位", "{pieces:# piece|# pieces} put back"))


@page(
    "orders/<int:wave_order_id>/force/",
    name="warehouse-force",
    clause="O2.2",
    permission=Permission.PACK_FORCE,
    methods=("GET", "POST"),
)
def force(request: Request, wave_order_id: int) -> HttpResponse:
    """Close against the scale, with the reason on record."""
    found = _record(request, wave_order_id)
    return submit(
        request,
        force_packing,
        ForcePacking,
        template="warehouse/force.html",
        context={
            "title": T("强制封箱", "Close against the scale"),
            "clause": "O2.2",
            "packing": found,
            "cancel_url": reverse("warehouse-order", args=[wave_order_id]),
        },
        extra={"wave_order_id": wave_order_id},
        done=T("已强制封箱", "Closed against the scale"),
        to="warehouse-order",
        args=(wave_order_id,),
    )
