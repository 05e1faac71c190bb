"""Waves: the list, one wave with its pick list and orders, and what may be done with it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.commands.claim_wave import ClaimWave, claim_wave
from shopkeeper.flows.fulfilment.warehouse.commands.finish_wave import FinishWave, finish_wave
from shopkeeper.flows.fulfilment.warehouse.commands.release_waves import ReleaseWaves, release_waves
from shopkeeper.flows.fulfilment.warehouse.commands.report_short_pick import ShortPick, report_short_pick
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.queries.scope import Change
from shopkeeper.flows.fulfilment.warehouse.states import PickState, WaveOrderState, WaveState
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.labels import label_of
from shopkeeper.web.listing import Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

WAVES = Listing(
    key="waves",
    title=T("波次", "Waves"),
    clause="O2.1",
    record="warehouse-wave",
    columns=(
        Column("number", T("波次号", "Wave"), always=True),
        Column("state", T("状态", "State")),
        Column("warehouse", T("仓库", "Warehouse")),
        Column("progress", T("拣货进度", "Picked")),
        Column("orders", T("订单", "Orders"), align="end"),
        Column("packed", T("已打包", "Packed"), align="end"),
        Column("left", T("剔出", "Left"), align="end", shown=False),
        Column("picker", T("拣货员", "Picker")),
        Column("ship_by", T("最早发货截止", "Earliest ship-by")),
        Column("due", T("拣货截止", "Pick by")),
        Column("released", T("生成时间", "Released")),
    ),
    tabs=(
        Tab("open", T("待领取", "To claim"), tone="amber"),
        Tab("picking", T("拣货中", "Picking"), tone="blue"),
        Tab("picked", T("打包中", "Packing"), tone="blue"),
        Tab("done", T("已结束", "Ended"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("warehouse", T("仓库", "Warehouse")),
        Filter("mine", T("我领的", "Mine"), kind="switch"),
    ),
    search=T("波次号、订单号、平台单号，可粘贴多个", "Wave, order or platform no.; paste many"),
    live="warehouse",
)


def wanted_of(asked: ListQuery) -> queries.Wanted:
    """A list's question in the queries' words."""
    texts = asked.numbers or ([asked.text] if asked.text else [])
    return queries.Wanted(asked.tab, texts, asked.filters, asked.after, asked.limit)


def warehouse_filter(request: Request) -> list[tuple[str, str]]:
    return [(str(place), name) for place, name in queries.warehouse_choices(request.actor)]


@page(
    "waves/",
    name="warehouse-waves",
    clause="O2.1",
    permission=Permission.WAVE_VIEW,
    menu=MenuEntry(T("波次", "Waves"), section="warehouse", order=20),
)
def waves(request: Request) -> HttpResponse:
    """Waves by state, found by their number or by an order they hold."""
    asked = WAVES.read(request)
    if asked.counting:
        return WAVES.counters(request, queries.wave_counts(request.actor))
    found = queries.wave_list(request.actor, wanted_of(asked))
    return WAVES.render(
        request,
        asked,
        "warehouse/waves.html",
        rows=found.rows,
        next_key=found.next_key,
        choices={"warehouse": warehouse_filter(request)},
    )


@page("waves/release/", name="warehouse-release", clause="O2.1", permission=Permission.WAVE_RELEASE, methods=("POST",))
def release(request: Request) -> HttpResponse:
    """Release waves in one warehouse, of everything that waits or of the orders named."""
    place = request.POST.get("warehouse_id", "")
    if not place.isdecimal():
        raise Http404
    orders = tuple(int(text) for text in request.POST.getlist("ids") if text.isdecimal() and len(text) < 19)
    outcomes = run_once(request, release_waves, [ReleaseWaves(int(place), orders)])
    return answer_outcomes(
        request, outcomes, done=T("波次已生成", "Waves released"), to="warehouse-waves", emits=("sk:board",)
    )


@page("waves/<int:wave_id>/", name="warehouse-wave", clause="O2.1", permission=Permission.WAVE_VIEW)
def wave(request: Request, wave_id: int) -> HttpResponse:
    """One wave: pick list in walking order, orders by slot, what happened."""
    found = queries.wave_record(request.actor, wave_id)
    if found is None:
        raise Http404
    return render_record(
        request,
        "warehouse/wave.html",
        _head(request, found),
        timeline=[_happening(change) for change in found.changes],
        live="warehouse",
        wave=found.wave,
        lines=[(line, _short_action(request, found, line)) for line in found.lines],
        orders=found.orders,
        percent=found.wave.picked,
        to_pick=sum(line.quantity - line.picked for line in found.lines if line.state == PickState.OPEN),
    )


def _head(request: Request, found: queries.WaveRecord) -> RecordHead:
    wave = found.wave
    primary, more = _actions(request, wave)
    returning = sum(order.state == WaveOrderState.RETURNING for order in found.orders)
    badges = (Badge(T("待归位 {n} 单", "{n} to put back").format(n=returning), "red"),) if returning else ()
    return RecordHead(
        title=T("波次", "Wave"),
        number=wave.number,
        back="warehouse-waves",
        state=wave.state,
        states="WaveState",
        clause="O2.1",
        due_at=wave.due_at,
        badges=badges,
        steps=_steps(wave),
        primary=primary,
        secondary=(
            Action(
                T("打印拣货单", "Print pick list"),
                reverse("warehouse-pick-list", args=[wave.id]),
                method="get",
                icon="printer",
            ),
        ),
        more=more,
    )


def _steps(wave: queries.WaveRow) -> tuple[Step, ...]:
    done = {
        WaveState.OPEN: 1, WaveState.PICKING: 2, WaveState.PICKED: 3, WaveState.DONE: 4, WaveState.CANCELLED: 1,
    }[WaveState(wave.state)]  # fmt: skip
    names = (
        (T("生成", "Released"), wave.released_at),
        (T("领单", "Claimed"), wave.claimed_at),
        (T("拣完", "Picked"), wave.picked_at),
        (T("打包完", "Packed"), None),
    )
    stopped = wave.state == WaveState.CANCELLED
    return tuple(
        Step(
            name,
            "done" if place < done else "stopped" if stopped and place == done else "now" if place == done else "next",
            at,
        )
        for place, (name, at) in enumerate(names)
    )


def _actions(request: Request, wave: queries.WaveRow) -> tuple[Action | None, tuple[Action, ...]]:
    if not request.actor.may(Permission.PICK) or wave.state in (WaveState.DONE, WaveState.CANCELLED):
        return None, ()
    station = f"{reverse('warehouse-pick')}?wave={wave.id}"
    claim = reverse("warehouse-claim", args=[wave.id])
    if wave.state == WaveState.OPEN:
        return Action(T("领单", "Claim"), claim, icon="hand-stop"), ()
    go_on = Action(T("去拣货", "Go picking"), station, method="get", icon="scan")
    if wave.state == WaveState.PICKED:
        again = Action(T("去补拣", "Fetch replacements"), station, method="get", icon="scan")
        return (again if wave.open_lines else None), ()
    if wave.picker_id != request.actor.id:
        return Action(T("接手", "Take over"), claim, {"take_over": 1}, icon="switch-horizontal"), ()
    finish = Action(
        T("拣货完成", "Finish picking"),
        reverse("warehouse-finish", args=[wave.id]),
        icon="check",
        why_not=T("还有商品没拣", "Lines are still open") if wave.open_lines else None,
    )
    return (go_on, (finish,)) if wave.open_lines else (finish, (go_on,))


def _short_action(request: Request, found: queries.WaveRecord, line: Any) -> Action | None:
    """Only the picker reports short, and only what is still open."""
    mine = found.wave.picker_id == request.actor.id or found.wave.state == WaveState.PICKED
    if line.state != PickState.OPEN or not mine or not request.actor.may(Permission.PICK):
        return None
    return Action(
        T("缺货", "Short"),
        reverse("warehouse-short"),
        {"pick_line_id": line.id},
        ask=T("货位上的情况（会记入台账）", "What the bin looks like (kept in the ledger)"),
    )


def _happening(change: Change) -> Happening:
    label = label_of(change.became, "WaveState")
    return Happening(change.at, label.text, change.who, tone=label.tone)


@page(
    "waves/<int:wave_id>/claim/", name="warehouse-claim", clause="O2.1", permission=Permission.PICK, methods=("POST",)
)
def claim(request: Request, wave_id: int) -> HttpResponse:
    """Take a wave and go picking."""
    item = ClaimWave(wave_id, take_over=request.POST.get("take_over") == "1")
    outcomes = run_once(request, claim_wave, [item])
    to = f"{reverse('warehouse-pick')}?wave={wave_id}" if outcomes[0].ok else None
    return answer_outcomes(request, outcomes, done=T("已领单，开始拣货", "Claimed; go picking"), to=to)


@page(
    "waves/<int:wave_id>/finish/", name="warehouse-finish", clause="O2.1", permission=Permission.PICK, methods=("POST",)
)
def finish(request: Request, wave_id: int) -> HttpResponse:
    outcomes = run_once(request, finish_wave, [FinishWave(wave_id)])
    return answer_outcomes(request, outcomes, done=T("拣货完成，已转打包", "Picked; off to packing"))


@page("short/", name="warehouse-short", clause="O2.1", permission=Permission.PICK, methods=("POST",))
def short(request: Request) -> HttpResponse:
    """Report a line short from the wave's page."""
    line = request.POST.get("pick_line_id", "")
    if not line.isdecimal() or len(line) > 18:
        raise Http404
    item = ShortPick(int(line), request.POST.get("reason", "").strip()[:200])
    outcomes = run_once(request, report_short_pick, [item])
    return answer_outcomes(
        request, outcomes, done=T("已登记缺货 {missing} 件", "{missing:# piece|# pieces} reported missing")
    )
