"""Pages of the go-live gate (M2.2): the list, one gate as traffic lights with arithmetic and remedy, its examples."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.flows.marketing.launch.commands.override_gate import OverrideGate, override_gates
from shopkeeper.flows.marketing.launch.commands.run_gate import RunGate, run_gates
from shopkeeper.flows.marketing.launch.commands.write_examples import DropExample, drop_examples, save_examples
from shopkeeper.flows.marketing.launch.forms import example_rows, read_example, values_of
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.queries.arithmetic import lights_of, why_of
from shopkeeper.flows.marketing.launch.queries.gates import (
    GateFilter,
    GateRecord,
    gate_counts,
    gate_of_campaign,
    gate_record,
    gates_page,
)
from shopkeeper.flows.marketing.launch.queries.materials import brands_of
from shopkeeper.flows.marketing.launch.states import OPEN_GATES, CheckKey, GateState
from shopkeeper.flows.marketing.promotions.queries.goods import goods_by_code
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import ALL, BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, Happening, RecordHead, Step, render_record

WHY_OVERRIDE = T("为什么可以带问题上线？", "Why may it go live all the same?")
GATES = Listing(
    key="gates",
    title=T("上线测试", "Go-live tests"),
    clause="M2.2",
    record="launch-gate",
    columns=(
        Column("campaign", T("活动", "Campaign"), always=True),
        Column("state", T("状态", "State")),
        Column("lights", T("检查", "Checks")),
        Column("starts", T("开始", "Starts")),
        Column("tested", T("测试", "Tested")),
        Column("expires", T("结果有效至", "Counts until")),
        Column("shop", T("店铺", "Shop")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("to_test", T("待测试", "To test"), tone="amber"),
        Tab("red", T("未通过", "Not passed"), tone="red"),
        Tab("passed", T("已通过", "Passed"), tone="green"),
        Tab("closed", T("已关闭", "Closed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("活动名称或编号", "Campaign or code"),
    bulk=(BulkAction("run", T("开始测试", "Test"), url="launch-run-many", primary=True, icon="player-play"),),
    live="launch",
    arrivals="launch.gate_opened",
)


@page(
    "gates/",
    name="launch-gates",
    clause="M2.2",
    permission=Permission.GATE_VIEW,
    menu=MenuEntry(T("上线测试", "Go-live tests"), section="marketing", order=36),
)
def gates(request: Request) -> HttpResponse:
    asked = GATES.read(request)
    if asked.counting:
        return GATES.counters(request, gate_counts(request.actor))
    if "tab" not in request.GET:
        asked = _on_first_filled(request, asked)
    shop = str(asked.filters.get("shop", ""))
    shop_id = int(shop) if shop.isdecimal() and len(shop) < 19 else None
    wanted = GateFilter(tab=asked.tab, text=asked.text[:80], shop_id=shop_id)
    rows, next_key = gates_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return GATES.render(
        request,
        asked,
        "launch/gates.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": [(str(one.shop_id), one.shop) for one in brands_of(request.actor)]},
    )


def _on_first_filled(request: Request, asked: ListQuery) -> ListQuery:
    """The list as it opens: on the first tab that holds something, on all where none does."""
    counts = gate_counts(request.actor)
    tab = next((one.name for one in GATES.tabs if one.counted and counts.get(one.name)), ALL)
    params = asked.params.copy()
    params["tab"] = tab
    return replace(asked, tab=tab, params=params)


@page("gates/run/", name="launch-run-many", clause="M2.2", permission=Permission.GATE_RUN, methods=("POST",))
def run_many(request: Request) -> HttpResponse:
    """Test the chosen campaigns, one after the other."""
    items = []
    for id_ in GATES.chosen(request).ids:
        found = gate_record(request.actor, id_)
        items += [RunGate(found.row.campaign_id)] if found else []
    outcomes = run_once(request, run_gates, items)
    return answer_outcomes(
        request, outcomes, done=T("已开始测试 {n} 个活动", "{n:# campaign is|# campaigns are} being tested")
    )


@page("campaigns/<int:campaign_id>/", name="launch-gate-of", clause="M2.2", permission=Permission.GATE_VIEW)
def gate_of(request: Request, campaign_id: int) -> HttpResponse:
    """The gate of a campaign."""
    gate_id = gate_of_campaign(request.actor, campaign_id)
    if gate_id is None:
        raise Http404
    return HttpResponseRedirect(reverse("launch-gate", args=[gate_id]))


@page("gates/<int:gate_id>/", name="launch-gate", clause="M2.2", permission=Permission.GATE_VIEW)
def gate(request: Request, gate_id: int) -> HttpResponse:
    """One gate: every check as a light with its arithmetic and what to do; examples; earlier runs."""
    found = _found(request, gate_id)
    row = found.row
    lights = lights_of(found)
    return render_record(
        request,
        "launch/gate.html",
        _head(request, found),
        timeline=_timeline(found),
        live="launch",
        found=found,
        row=row,
        lights=lights,
        red=[light for light in lights if light.is_red],
        is_running=row.state == GateState.RUNNING,
        is_open=row.state in OPEN_GATES,
        is_closed=row.state == GateState.CLOSED,
        checks=len(CheckKey),
        expired=why_of(row.expired_because),
        may_write=request.actor.may(Permission.GATE_EXAMPLE) and row.state != GateState.CLOSED,
        examples=[
            (
                example,
                Action(
                    T("删除", "Drop"),
                    reverse("launch-drop-example", args=[gate_id, example.id]),
                    icon="trash",
                    tone="red",
                ),
            )
            for example in found.examples
        ],
    )


def _found(request: Request, gate_id: int) -> GateRecord:
    found = gate_record(request.actor, gate_id)
    if found is None:
        raise Http404
    return found


def _head(request: Request, found: GateRecord) -> RecordHead:
    row, may = found.row, request.actor.may
    is_free = row.state not in (GateState.CLOSED, GateState.RUNNING)
    again = T("重新测试", "Test again") if row.runs else T("开始测试", "Test")
    run = Action(again, reverse("launch-run", args=[row.id]), icon="player-play")
    override = Action(
        T("特批放行", "Override"), reverse("launch-override", args=[row.id]), icon="user-check", ask=WHY_OVERRIDE
    )
    is_red = row.state == GateState.RED
    return RecordHead(
        title=T("上线测试", "Go-live test"),
        number=row.code,
        back="launch-gates",
        state=GateState(row.state),
        clause="M2.2",
        due_at=row.due_at,
        steps=_steps(found),
        primary=run if is_free and may(Permission.GATE_RUN) else None,
        secondary=(override,) if is_red and may(Permission.GATE_OVERRIDE) else (),
    )


def _steps(found: GateRecord) -> tuple[Step, ...]:
    row = found.row
    is_open, is_over = row.state in OPEN_GATES, row.state == GateState.CLOSED
    return (
        Step(T("活动批准", "Campaign approved"), "done", row.opened_at),
        Step(
            T("测试通过", "Passed"),
            "done" if is_open or is_over else "now",
            row.tested_at if is_open or is_over else row.wanted_at,
            planned=not is_open and not is_over,
        ),
        Step(
            T("活动上线", "Live"),
            "done" if is_over else "now" if is_open else "next",
            row.starts_at,
            planned=not is_over,
        ),
    )


def _timeline(found: GateRecord) -> list[Happening]:
    happened = [Happening(found.row.opened_at, T("活动批准，开始准备", "Approved; the gate opened"))]
    for run in reversed(found.runs):
        began = T("第 {n} 次测试", "Test {n}").format(n=run.number)
        happened.append(Happening(run.asked_at, began, run.asked_by))
        if run.ended_at:
            what = T("全部通过", "All passed") if run.is_green else T("未通过", "Not passed")
            happened.append(Happening(run.ended_at, what, tone="green" if run.is_green else "red"))
    if found.row.overridden_at:
        happened.append(
            Happening(
                found.row.overridden_at,
                T("特批放行", "Overridden"),
                found.overridden_by,
                found.row.override_reason,
                tone="amber",
            )
        )
    return happened


@page("gates/<int:gate_id>/run/", name="launch-run", clause="M2.2", permission=Permission.GATE_RUN, methods=("POST",))
def run(request: Request, gate_id: int) -> HttpResponse:
    found = _found(request, gate_id)
    outcomes = run_once(request, run_gates, [RunGate(found.row.campaign_id)])
    return answer_outcomes(
        request, outcomes, done=T("已开始测试，几秒后出结果", "Being tested; the result is seconds away")
    )


@page(
    "gates/<int:gate_id>/override/",
    name="launch-override",
    clause="M2.2",
    permission=Permission.GATE_OVERRIDE,
    methods=("POST",),
)
def override(request: Request, gate_id: int) -> HttpResponse:
    """Let the campaign pass, with the reason."""
    found = _found(request, gate_id)
    reason = request.POST.get("reason", "")[:300]
    outcomes = run_once(request, override_gates, [OverrideGate(found.row.campaign_id, reason)])
    return answer_outcomes(request, outcomes, done=T("已特批放行", "It may go live"))


@page(
    "gates/<int:gate_id>/example/",
    name="launch-example",
    clause="M2.2",
    permission=Permission.GATE_EXAMPLE,
    methods=("GET", "POST"),
)
def example(request: Request, gate_id: int) -> HttpResponse:
    """Write an example cart, or one that stands anew: goods, coupons in hand, and what it must come to."""
    found = _found(request, gate_id)
    standing = next((one for one in found.examples if str(one.id) == request.GET.get("example", "")), None)
    state: FormState[Any] = FormState(values=values_of(standing) if standing else {})
    if request.method == "POST":
        codes = [code.strip() for code in request.POST.getlist("code") if code.strip()]
        ids = {code: goods.id for code, goods in goods_by_code(codes, found.row.shop_id).items()}
        state = read_example(request.POST, found.row.campaign_id, ids)
        if state.item is not None:
            outcomes = run_once(request, save_examples, [state.item])
            if outcomes[0].ok:
                words = T("用例已保存，重新测试后生效", "Saved; it counts from the next test on")
                return answer_outcomes(request, outcomes, done=words, to="launch-gate", args=(gate_id,))
            state.errors[WHOLE] = outcome_text(outcomes[0])
    chosen = set(state.values.get("rule_ids", ()))
    view = {
        "title": T("算价用例", "Example cart"),
        "state": state,
        "row": found.row,
        "rows": example_rows(state.values),
        "goods": [label.split(" ", 1) for _, label in found.goods],
        "coupons": [(id_, name, str(id_) in chosen) for id_, name, needs_coupon in found.rules if needs_coupon],
        "cancel_url": reverse("launch-gate", args=[gate_id]),
    }
    return render_page(request, "launch/example.html", view, status=422 if state.errors else 200)


@page(
    "gates/<int:gate_id>/examples/<int:example_id>/drop/",
    name="launch-drop-example",
    clause="M2.2",
    permission=Permission.GATE_EXAMPLE,
    methods=("POST",),
)
def drop_example(request: Request, gate_id: int, example_id: int) -> HttpResponse:
    found = _found(request, gate_id)
    outcomes = run_once(request, drop_examples, [DropExample(found.row.campaign_id, example_id)])
    return answer_outcomes(request, outcomes, done=T("用例已删除", "The example is gone"))
