"""The picking station, made for a scanner in the hand (390 px): where to go, what to take, into which slot."""

import re

from django.http import HttpResponse

from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.commands.claim_wave import ClaimWave, claim_wave
from shopkeeper.flows.fulfilment.warehouse.commands.finish_wave import FinishWave, finish_wave
from shopkeeper.flows.fulfilment.warehouse.commands.report_short_pick import ShortPick, report_short_pick
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pick import ScanPick, scan_pick
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.states import WaveState
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.station import Answer, Scan, Station, StationKey, one_scan, read_scan, render_station

PICK = Station(
    title=T("拣货", "Picking"),
    clause="O2.1",
    prompt=T("扫商品条码", "Scan the piece"),
    scan_url="warehouse-pick-scan",
    back="warehouse-waves",
    note=T("先进先出", "FIFO"),
    keys=(
        StationKey("F6", "CMD:SHORT", T("缺货", "Short")),
        StationKey("F8", "CMD:OK", T("拣货完成", "Finish")),
        StationKey("F10", "CMD:NEXT", T("换波次", "Other wave")),
    ),
)
PANEL = "warehouse/pick.html#panel"
SPOKEN = {
    "wrong_piece": T("商品不符", "Wrong piece"),
    "not_in_wave": T("商品不符", "Wrong piece"),
    "wrong_bin": T("货位不符", "Wrong bin"),
    "over_pick": T("数量已够", "Enough already"),
}
_QUANTITY = re.compile(r"CMD:QTY:(\d{1,4})")


@page(
    "pick/",
    name="warehouse-pick",
    clause="O2.1",
    permission=Permission.PICK,
    menu=MenuEntry(T("拣货台", "Picking station"), section="warehouse", order=30),
)
def pick(request: Request) -> HttpResponse:
    """The station; without a wave it offers those to pick."""
    asked = request.GET.get("wave", "")
    view = queries.pick_view(request.actor, int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    return render_station(
        request,
        PICK,
        "warehouse/pick.html",
        {**_panel(request, view), "due_at": view.due_at if view else None},
        state={"wave": str(view.wave_id) if view else "", "qty": "", "bin": "", "short": ""},
        next_step=_next_step(view),
        progress=(view.picked, view.pieces) if view else None,
        prompt=_prompt(view),
        detail=view.number if view else "",
    )


@page("pick/scan/", name="warehouse-pick-scan", clause="O2.1", permission=Permission.PICK, methods=("POST",))
@one_scan
def pick_scan(request: Request) -> HttpResponse:
    """One scan: a wave to claim, a command, a bin, or a piece."""
    scan = read_scan(request)
    wave_id = _number(scan.context.get("wave", ""))
    if scan.code == "CMD:NEXT":
        answer = Answer.warn(
            T("换波次", "Other wave"), T("扫拣货单号，或点下面的波次", "Scan a pick list, or choose below"),
            context={"wave": "", "qty": "", "bin": "", "short": ""}, next="", prompt=_prompt(None),
        )  # fmt: skip
        return answer.respond(request, scan, PANEL, _panel(request, None))
    other = queries.wave_of_code(request.actor, scan.code)
    if other:
        return _claim(request, scan, other)
    if not wave_id:
        answer = Answer.bad(T("先扫拣货单", "Scan the pick list first"), T("拣货单号以 BC 开头", "It begins with BC"))
        return answer.respond(request, scan, PANEL, _panel(request, None))
    if scan.code.startswith("CMD:"):
        return _command(request, scan, wave_id)
    place = scan.code.removeprefix("LOC:")
    if place != scan.code or queries.is_bin_of_wave(request.actor, wave_id, place):
        answer = Answer.warn(T("货位 {x}", "Bin {x}").format(x=place), say=T("请扫商品", "Scan the piece"),
                             context={"bin": place, "short": ""})  # fmt: skip
        return answer.respond(request, scan)
    return _piece(request, scan, wave_id)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _panel(request: Request, view: queries.PickView | None) -> dict[str, object]:
    """What the panel shows: the wave at hand, or the waves to choose from."""
    return {"pick": view, "waves": [] if view else queries.waves_to_pick(request.actor)}


def _prompt(view: queries.PickView | None) -> T:
    """What the scan field waits for now."""
    if view is None or view.state == WaveState.OPEN:
        return T("扫拣货单号", "Scan a pick list")
    return PICK.prompt if view.now else T("点“拣货完成”（F8）", "“Finish” (F8)")


def _next_step(view: queries.PickView | None) -> T | str:
    if view is None:
        return ""
    if view.state == WaveState.OPEN:
        return T("先领单：扫 {x}", "Claim it first: scan {x}").format(x=view.number)
    if view.now is None:
        return T("拣齐了，点“拣货完成”（F8）", "All picked: “Finish” (F8)")
    return T("去 {bin}，取 {name} ×{n}", "Go to {bin}, take {name} ×{n}").format(
        bin=view.now.bin, name=view.now.name, n=view.now.left
    )


def _show(request: Request, scan: Scan, wave_id: int, answer: Answer) -> HttpResponse:
    """The answer with the wave as it stands now."""
    view = queries.pick_view(request.actor, wave_id)
    shown = Answer(
        answer.verdict,
        answer.title,
        answer.detail,
        answer.say,
        (view.picked, view.pieces) if view else None,
        _next_step(view),
        {"wave": str(wave_id) if view else "", "qty": "", "short": "", **answer.context},
        answer.repeat,
        answer.open_url,
        _prompt(view),
    )
    return shown.respond(request, scan, PANEL, _panel(request, view))


def _claim(request: Request, scan: Scan, wave_id: int) -> HttpResponse:
    outcome = claim_wave.one(request.actor, ClaimWave(wave_id))
    if outcome.ok:
        answer = Answer.good(T("已领单", "Claimed"), scan.code, context={"bin": ""})
        return _show(request, scan, wave_id, answer)
    view = queries.pick_view(request.actor, wave_id)
    if outcome.code == "wave_closed" and view and view.stops:
        return _show(request, scan, wave_id, Answer.good(T("补拣", "Re-pick"), scan.code, context={"bin": ""}))
    return Answer.bad(T("不能领单", "Cannot claim"), outcome_text(outcome)).respond(request, scan)


def _command(request: Request, scan: Scan, wave_id: int) -> HttpResponse:
    if found := _QUANTITY.fullmatch(scan.code):
        words = T("下一次扫描算 {n} 件", "The next scan counts {n}").format(n=found[1])
        return Answer.warn(words, context={"qty": found[1]}).respond(request, scan)
    if scan.code == "CMD:SHORT":
        return _short(request, scan, wave_id)
    if scan.code == "CMD:OK":
        view = queries.pick_view(request.actor, wave_id)
        outcome = finish_wave.one(request.actor, FinishWave(wave_id))
        if not outcome.ok:
            answer = Answer.bad(T("还不能完成", "Not finished yet"), outcome_text(outcome))
            return _show(request, scan, wave_id, answer)
        picked = view.picked if view else 0
        detail = T("拣了 {n} 件，送去打包台", "{n:# piece|# pieces} picked; take them to packing").format(n=picked)
        done = Answer.good(
            T("波次完成", "Wave finished"), detail, say=T("拣货完成", "Finished"),
            context={"wave": "", "bin": ""}, next="", progress=(picked, picked) if picked else None,
            prompt=_prompt(None),
        )  # fmt: skip
        return done.respond(request, scan, PANEL, _panel(request, None))
    return Answer.warn(T("没有这个命令", "No such command"), scan.code).respond(request, scan)


def _short(request: Request, scan: Scan, wave_id: int) -> HttpResponse:
    """Twice in a row, so that nothing is written off by a slip of the finger."""
    view = queries.pick_view(request.actor, wave_id)
    if view is None or view.now is None:
        return _show(request, scan, wave_id, Answer.warn(T("没有要拣的了", "Nothing left to pick")))
    stop = view.now
    if scan.context.get("short") != str(stop.line_ids[0]):
        words = T("{bin} 缺 {n} 件？", "{bin}: {n} missing?").format(bin=stop.bin, n=stop.left)
        answer = Answer.warn(
            words,
            T("再点一次“缺货”（F6）确认登记", "“Short” (F6) again to report it"),
            context={"short": str(stop.line_ids[0])},
        )
        return _show(request, scan, wave_id, answer)
    outcomes = report_short_pick(request.actor, [ShortPick(line) for line in stop.line_ids])
    refused = next((outcome for outcome in outcomes if not outcome.ok), None)
    if refused:
        return _show(request, scan, wave_id, Answer.bad(T("没有登记", "Not reported"), outcome_text(refused)))
    return _show(request, scan, wave_id, _reported(outcomes))


def _reported(outcomes: list[Outcome]) -> Answer:
    places = sorted({new["bin_code"] for outcome in outcomes for new in outcome.facts.get("replaced", [])})
    dropped = sum(bool(outcome.facts.get("dropped")) for outcome in outcomes)
    if dropped:
        detail = T("没有替代库存，{n} 单剔出波次", "No other stock: {n:# order|# orders} left the wave").format(
            n=dropped
        )
    else:
        detail = T("改从 {x} 补拣", "Fetch it from {x} instead").format(x="、".join(places) or "–")
    return Answer.warn(T("已登记缺货", "Reported short"), detail)


def _piece(request: Request, scan: Scan, wave_id: int) -> HttpResponse:
    quantity = min(max(_number(scan.context.get("qty", "")), 1), 9_999)
    item = ScanPick(wave_id, scan.code[:80], scan.key, quantity, scan.context.get("bin", "")[:40])
    outcome = scan_pick.one(request.actor, item)
    if not outcome.ok:
        title = SPOKEN.get(outcome.code, T("没有接受", "Not accepted"))
        answer = Answer.bad(title, outcome_text(outcome), repeat=outcome.code in SPOKEN, context={"bin": ""})
        return _show(request, scan, wave_id, answer)
    puts = outcome.facts["puts"]
    title = _slots(puts)
    last = not outcome.facts["left_here"]
    spoken = T("{n}号格，数量完成", "Slot {n}, complete") if last else T("{n}号格", "Slot {n}")
    detail = f"{outcome.facts['name']} {outcome.facts['spec']}"
    # The bin that was named holds for as long as something is to be taken from it.
    bin_code = "" if last else scan.context.get("bin", "")
    answer = Answer.good(title, detail, say=spoken.format(n=puts[0]["slot"]), context={"bin": bin_code})
    return _show(request, scan, wave_id, answer)


def _slots(puts: list[dict[str, int]]) -> T:
    """Into which slots the pieces go."""
    if len(puts) == 1:
        return T("放 {n} 号格", "Slot {n}").format(n=puts[0]["slot"])
    each = [T("{n} 号格 ×{m}", "slot {n} ×{m}").format(n=put["slot"], m=put["quantity"]) for put in puts]
    return T("、".join(one.text("zh") for one in each), ", ".join(one.text("en") for one in each))
