"""The packing station: scan the order, scan and look at each piece, weigh, close; everything without a mouse."""

import re

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.commands.close_packing import ClosePacking, close_packing
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import OpenPacking, open_packing
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pack import ScanPack, scan_pack
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.states import Verdict, WaveOrderState
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.labels import label_of, outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.station import Answer, Scan, Station, StationKey, one_scan, read_scan, render_station

PACK = Station(
    title=T("验货打包", "Packing"),
    clause="O2.2",
    prompt=T("扫订单、格号或运单", "Scan order, tote or waybill"),
    scan_url="warehouse-pack-scan",
    back="warehouse-queue",
    note=T("逐件检查外观", "Look at every piece"),
    keys=(
        StationKey("F3", "CMD:DAMAGED", T("破损", "Damaged")),
        StationKey("F4", "CMD:REPRINT", T("重打面单", "Reprint")),
        StationKey("F5", "CMD:STAINED", T("污渍", "Stained")),
        StationKey("F6", "CMD:WRONG", T("错货", "Wrong piece")),
        StationKey("F7", "CMD:FORCE", T("强制封箱", "Force")),
        StationKey("F8", "CMD:LIST", T("包裹清单", "Packing list")),
        StationKey("F9", "CMD:PRINT", T("打印面单", "Print label")),
        StationKey("F10", "CMD:NEXT", T("下一单", "Next order")),
    ),
)
PANEL = "warehouse/pack.html#panel"
EMPTY = {"order": "", "verdict": "", "qty": ""}
VERDICTS = {"CMD:DAMAGED": Verdict.DAMAGED, "CMD:STAINED": Verdict.STAINED, "CMD:WRONG": Verdict.WRONG_PIECE}
TITLES = {
    "not_in_order": T("商品不符", "Wrong piece"),
    "too_many": T("数量已够", "One too many"),
    "not_picked": T("没有拣货记录", "Never picked"),
    "refund_open": T("已退款请拦截", "Refund open: stop"),
    "order_left_wave": T("订单已撤回", "Order called back"),
    "too_light": T("重量偏轻", "Too light"),
    "too_heavy": T("超重", "Too heavy"),
    "refund_check_pending": T("等退款复核", "Refund check pending"),
    "number_not_there_yet": T("还没有运单号", "No waybill number yet"),
    "no_number": T("还没有运单号", "No waybill number yet"),
    "not_all_checked": T("还没验完", "Not all checked"),
    "already_packed": T("已打包", "Packed already"),
    "packed_by_other": T("在别的打包台", "At another station"),
}
WAITS = (
    "refund_check_pending",
    "number_not_there_yet",
    "no_number",
    "not_all_checked",
    "already_packed",
    "still_picking",
)
SHOUTS = ("not_in_order", "too_many", "refund_open", "order_left_wave", "too_light", "too_heavy")
_WEIGHT = re.compile(r"(?:CMD:WEIGHT:|W)?(\d{1,6})G?|(\d{1,3})\.(\d{1,3})KG")
_QUANTITY = re.compile(r"CMD:QTY:(\d{1,4})")
_OWN_NUMBERS = ("JY", "BC", "CK", "SLOT:")


@page(
    "pack/",
    name="warehouse-pack",
    clause="O2.2",
    permission=Permission.PACK,
    menu=MenuEntry(T("打包台", "Packing station"), section="warehouse", order=40),
)
def pack(request: Request) -> HttpResponse:
    """The station of one warehouse: the order that `?order=` names, else the one this packer has open."""
    places = queries.warehouse_choices(request.actor)
    chosen = _number(request.GET.get("warehouse", ""))
    here = chosen if chosen in dict(places) else 0
    named = _number(request.GET.get("order", ""))
    shown = _packing(request, named) or _packing(request, queries.order_in_hand(request.actor, here) or 0)
    place = shown.warehouse_id if shown else here or (places[0][0] if places else 0)
    return render_station(
        request,
        PACK,
        "warehouse/pack.html",
        {**_panel(request, shown, place), "places": places, "recent": _recent(request)},
        state={**EMPTY, "place": str(place), "order": str(shown.id) if shown else "", "printed": ""},
        next_step=_next_step(shown),
        progress=(shown.checked, shown.pieces) if shown else None,
        prompt=_prompt(shown),
        detail=f"{shown.order.number} · {shown.tote}" if shown else "",
    )


@page("pack/scan/", name="warehouse-pack-scan", clause="O2.2", permission=Permission.PACK, methods=("POST",))
@one_scan
def pack_scan(request: Request) -> HttpResponse:
    """One scan: an order, a piece, a weight, or a command."""
    scan = read_scan(request)
    order_id = _number(scan.context.get("order", ""))
    if scan.code == "CMD:NEXT":
        answer = Answer.warn(
            T("下一单", "Next order"), PACK.prompt,
            say="", context=EMPTY, next="", progress=(0, 1), prompt=PACK.prompt,
        )  # fmt: skip
        return answer.respond(request, scan, PANEL, _panel(request, None, _place(scan)))
    if scan.code in ("CMD:PRINT", "CMD:REPRINT", "CMD:LIST"):
        return _print(request, scan, order_id or _number(scan.context.get("printed", "")))
    if not order_id or scan.code.startswith(_OWN_NUMBERS) or scan.code == "CMD:TAKE":
        return _open(request, scan)
    if scan.code.startswith("CMD:") and not scan.code.startswith("CMD:WEIGHT:"):
        return _command(request, scan, order_id)
    weight = _grams(scan.code)
    return _close(request, scan, order_id, weight) if weight else _piece(request, scan, order_id)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _place(scan: Scan) -> int:
    return _number(scan.context.get("place", ""))


def _grams(code: str) -> int:
    """A typed weight: 830, 830G, W830, 0.83KG; no barcode is that short."""
    found = _WEIGHT.fullmatch(code)
    if not found:
        return 0
    return int(found[1]) if found[1] else int(found[2]) * 1000 + int(found[3].ljust(3, "0"))


def _packing(request: Request, wave_order_id: int) -> queries.OrderRecord | None:
    """An order that is open at a station, else None."""
    view = queries.order_record(request.actor, wave_order_id) if wave_order_id else None
    return view if view and view.state == WaveOrderState.PACKING else None


def _panel(request: Request, view: queries.OrderRecord | None, place: int) -> dict[str, object]:
    """What the panel shows: the open order, or what is open already and the queue."""
    at_hand, queue = ([] if view else _queue(request, tab, place) for tab in ("packing", "to_pack"))
    may_force = request.actor.may(Permission.PACK_FORCE)
    return {"packing": view, "at_hand": at_hand, "queue": queue, "place": place, "may_force": may_force}


def _recent(request: Request) -> list[tuple[queries.ScanView, T]]:
    """The packer's last pieces with what was said of each, for a station that was opened anew."""
    return [
        (scan, label_of(scan.verdict, "Verdict" if scan.is_accepted else "ScanRefusal").text)
        for scan in queries.recent_scans(request.actor, "pack")
    ]


def _queue(request: Request, tab: str, place: int) -> list[queries.PackQueueRow]:
    return queries.pack_queue(request.actor, queries.Wanted(tab, filters={"warehouse": place or ""}, limit=12)).rows


def _prompt(view: queries.OrderRecord | None) -> T:
    """What the scan field waits for now."""
    if view is None:
        return PACK.prompt
    if view.checked < view.pieces:
        return T("扫商品条码", "Scan the next piece")
    if view.parcel is None or not view.parcel.number:
        return T("等运单号", "Wait for the waybill number")
    return T("输入重量（克）", "Type the weight in grams")


def _next_step(view: queries.OrderRecord | None) -> T | str:
    if view is None or view.state != WaveOrderState.PACKING:
        return ""
    line = next((line for line in view.lines if line.checked < line.quantity), None)
    if line:
        left = line.quantity - line.checked
        return T("请扫商品：{name} ×{n}", "Scan: {name} ×{n}").format(name=line.name, n=left)
    if view.parcel is None or not view.parcel.number:
        return T("等运单号，稍候再称重", "Wait for the waybill number")
    if view.scale.expected_g is None:
        return T("称重：输入克数", "Weigh it: type the grams")
    return T("称重：输入克数，应约 {g} 克", "Weigh it: type the grams, about {g}").format(g=view.scale.expected_g)


def _show(request: Request, scan: Scan, order_id: int, answer: Answer) -> HttpResponse:
    """The answer with the order as it stands now; an order that is no longer open makes room for the next."""
    shown = _packing(request, order_id)
    context = {**EMPTY, "order": str(shown.id) if shown else "", **answer.context}
    full = Answer(
        answer.verdict,
        answer.title,
        answer.detail,
        answer.say,
        answer.progress or ((shown.checked, shown.pieces) if shown else None),
        answer.next if answer.next is not None else _next_step(shown),
        context,
        answer.repeat,
        answer.open_url,
        _prompt(shown),
    )
    return full.respond(request, scan, PANEL, _panel(request, shown, _place(scan)))


def _refusal(outcome: Outcome) -> Answer:
    title = TITLES.get(outcome.code, T("没有接受", "Not accepted"))
    if outcome.code in WAITS:
        return Answer.warn(title, outcome_text(outcome))
    return Answer.bad(title, outcome_text(outcome), repeat=outcome.code in SHOUTS)


def _open(request: Request, scan: Scan) -> HttpResponse:
    code = scan.context.get("wanted", "") if scan.code == "CMD:TAKE" else scan.code
    item = OpenPacking(_place(scan), code[:80] or "-", take_over=scan.code == "CMD:TAKE")
    outcome = open_packing.one(request.actor, item)
    if not outcome.ok:
        refusal = _refusal(outcome)
        if outcome.code == "order_not_here" and (grams := _grams(code)):
            refusal = _nothing_to_weigh(grams)
        wanted = code if outcome.code == "packed_by_other" else ""
        answer = Answer(
            refusal.verdict, refusal.title, refusal.detail, repeat=refusal.repeat, context={"wanted": wanted}
        )
        return _show(request, scan, _number(scan.context.get("order", "")), answer)
    view = queries.order_record(request.actor, outcome.id or 0)
    detail = f"{view.order.number} · {view.tote}" if view else ""
    answer = Answer.good(T("开始验货", "Begin"), detail, say=T("请扫商品", "Scan the pieces"), context={"wanted": ""})
    return _show(request, scan, outcome.id or 0, answer)


def _nothing_to_weigh(grams: int) -> Answer:
    words = T("没有打开的订单，{g} 克没有记下", "No order is open, so {g} g was not noted").format(g=grams)
    return Answer.warn(T("先扫订单再称重", "Scan the order, then weigh"), words)


def _command(request: Request, scan: Scan, order_id: int) -> HttpResponse:
    if found := _QUANTITY.fullmatch(scan.code):
        words = T("下一次扫描算 {n} 件", "The next scan counts {n}").format(n=found[1])
        return Answer.warn(words, context={"qty": found[1]}).respond(request, scan)
    if verdict := VERDICTS.get(scan.code):
        words = T("扫描{x}的那一件", "Scan the piece: {x}").format(x=str(label_of(verdict).text))
        return Answer.warn(words, context={"verdict": str(verdict)}).respond(request, scan)
    if scan.code == "CMD:FORCE":
        if not request.actor.may(Permission.PACK_FORCE):
            answer = Answer.bad(T("没有权限", "Not allowed"), T("请叫主管强制封箱", "Call the supervisor"))
            return answer.respond(request, scan)
        url = reverse("warehouse-force", args=[order_id])
        return Answer.warn(T("写明原因再封箱", "Give the reason"), open_url=url).respond(request, scan)
    return Answer.warn(T("没有这个命令", "No such command"), scan.code).respond(request, scan)


def _piece(request: Request, scan: Scan, order_id: int) -> HttpResponse:
    quantity = min(max(_number(scan.context.get("qty", "")), 1), 9_999)
    named = scan.context.get("verdict", "")
    verdict = Verdict(named) if named in set(Verdict) else Verdict.OK
    outcome = scan_pack.one(request.actor, ScanPack(order_id, scan.code[:80], scan.key, verdict, quantity))
    if not outcome.ok:
        return _show(request, scan, order_id, _refusal(outcome))
    facts = outcome.facts
    if "verdict" in facts:
        return _show(request, scan, order_id, _failed(facts))
    left = facts["pieces"] - facts["checked"]
    if left:
        words = T("还差 {n} 件", "{n} to go").format(n=left)
        answer = Answer.good(T("合格", "Passed"), words, say=T("成功", "Right"))
    else:
        answer = Answer.good(T("验齐了", "All checked"), T("请称重", "Weigh it"), say=T("数量完成，请称重", "Complete"))
    return _show(request, scan, order_id, answer)


def _failed(facts: dict[str, object]) -> Answer:
    if facts["dropped"]:
        detail = T("没有替换件，订单已转异常，请归位", "None to replace it; order held. Put its pieces back")
        return Answer.bad(T("已入残次区", "In quarantine"), detail, progress=(0, 1), next="")
    repick = facts["repick"]
    places = "、".join(str(new["bin_code"]) for new in repick) if isinstance(repick, list) else ""
    detail = T("已安排从 {x} 补拣，补齐后再扫本单", "Another is fetched from {x}; scan the order again then")
    return Answer.warn(
        T("已入残次区", "In quarantine"), detail.format(x=places or "–"), say=T("已登记，请补拣", "Noted, re-pick"),
        progress=(0, 1), next="",
    )  # fmt: skip


def _close(request: Request, scan: Scan, order_id: int, weight_g: int) -> HttpResponse:
    outcome = close_packing.one(request.actor, ClosePacking(order_id, weight_g))
    if not outcome.ok:
        return _show(request, scan, order_id, _refusal(outcome))
    return _show(request, scan, order_id, _closed(queries.order_record(request.actor, order_id), order_id, weight_g))


def _closed(view: queries.OrderRecord | None, order_id: int, weight_g: int) -> Answer:
    """The parcel is packed; without a label on it the courier would not take it."""
    pieces = view.pieces if view else 1
    is_labelled = bool(view and view.parcel and view.parcel.print_count)
    if is_labelled:
        title, verdict = T("已封箱", "Closed"), Answer.good
        detail = T("{g} 克，放到待交运区", "{g} g; put it with those to hand over").format(g=weight_g)
        spoken, following = T("打包完成", "Packed"), T("扫下一单", "Scan the next order")
    else:
        title, verdict = T("已封箱，还没打面单", "Closed, without a label"), Answer.warn
        detail = T("{g} 克。打印面单并贴好，再放到待交运区", "{g} g. Print its label and stick it on first")
        detail = detail.format(g=weight_g)
        spoken = T("请打印面单", "Print the label")
        following = T("点“打印面单”（F9），贴好再扫下一单", "“Print label” (F9), then scan the next order")
    return verdict(
        title,
        detail,
        say=spoken,
        progress=(pieces, pieces),
        next=following,
        context={"printed": str(order_id)},
    )


def _print(request: Request, scan: Scan, order_id: int) -> HttpResponse:
    """Label or packing list of the order at hand or the one just closed; every label print is counted."""
    view = queries.order_record(request.actor, order_id) if order_id else None
    if view is None:
        return Answer.warn(T("先扫订单", "Scan an order first")).respond(request, scan)
    if scan.code == "CMD:LIST":
        url = reverse("warehouse-packing-list", args=[view.id])
        answer = Answer.good(T("包裹清单", "Packing list"), view.order.number, say="", open_url=url)
        return answer.respond(request, scan)
    if view.parcel is None:
        return Answer.warn(T("还没有运单号", "No waybill number yet")).respond(request, scan)
    again = T("打包台重打", "reprinted at the packing station").text("zh") if scan.code == "CMD:REPRINT" else ""
    outcome = print_labels.one(request.actor, PrintLabel(view.parcel.id, again))
    if not outcome.ok:
        if outcome.code == "reprint_needs_reason":
            words = T("已打过面单，确需再打请点“重打面单”（F4）", "Printed before; “Reprint” (F4) prints it again")
            return Answer.warn(T("重复打印", "Printed before"), words).respond(request, scan)
        return _refusal(outcome).respond(request, scan)
    words = T("第 {n} 次打印", "Print no. {n}").format(n=outcome.facts["print_no"])
    url = reverse("warehouse-label", args=[view.id])
    if view.parcel.print_data:
        said = T("{x}；原面单由平台的打印组件打印", "{x}; the platform's print component prints the original")
        title = T("打开的是替代标签", "A stand-in label opened")
        answer = Answer.warn(title, said.format(x=str(words)), say="", open_url=url, next=_after_label(view))
        return answer.respond(request, scan)
    answer = Answer.good(T("面单已出", "Label printed"), words, say="", open_url=url, next=_after_label(view))
    return answer.respond(request, scan)


def _after_label(view: queries.OrderRecord) -> T | None:
    """What is next once the label came out: of a closed order the next one, else what it was before."""
    if view.state != WaveOrderState.PACKED:
        return None
    return T("贴好面单，扫下一单", "Stick the label on, then scan the next order")
