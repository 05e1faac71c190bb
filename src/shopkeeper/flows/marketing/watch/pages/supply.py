"""M3.2 on screen: calls for urgent restock with their answer, a presale that ends, named benchmarks."""

from django.http import Http404, HttpResponse

from shopkeeper.flows.marketing.watch.commands.call_restock import AnswerRestock, answer_restock
from shopkeeper.flows.marketing.watch.commands.set_benchmarks import SetBenchmark, set_benchmarks
from shopkeeper.flows.marketing.watch.commands.set_presales import EndPresale, end_presales
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.queries.alerts import (
    CallLine,
    call_counts,
    call_record,
    calls_page,
    presale_record,
)
from shopkeeper.flows.marketing.watch.queries.traffic import benchmarks
from shopkeeper.flows.marketing.watch.states import CallState
from shopkeeper.flows.marketing.watch.words import LABELS, percent
from shopkeeper.foundation import business_time
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.clock import SHOP_ZONE, day_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Happening, RecordHead, Step, render_record

OPEN_CALLS = (CallState.ASKED, CallState.PROMISED, CallState.CANNOT)
CALLS = Listing(
    key="watch-restocks",
    title=T("紧急补货", "Urgent restock"),
    clause="M3.2",
    record="watch-restock",
    columns=(
        Column("goods", T("商品", "Goods"), always=True),
        Column("state", T("状态", "State")),
        Column("campaign", T("活动", "Campaign")),
        Column("quantity", T("需要件数", "Needed"), align="end"),
        Column("needed", T("最晚到货", "Needed by")),
        Column("arrives", T("答复到货", "Arrives")),
        Column("due", T("答复时限", "Answer by")),
    ),
    tabs=(
        Tab("asked", LABELS[CallState][CallState.ASKED].text, tone="amber"),
        Tab("promised", LABELS[CallState][CallState.PROMISED].text, tone="blue"),
        Tab("all", T("全部", "All"), counted=False),
    ),
    live="watch",
    arrivals="watch.restock_called",
)


@page(
    "restocks/",
    name="watch-restocks",
    clause="M3.2",
    permission=Permission.WATCH_VIEW,
    menu=MenuEntry(T("紧急补货", "Urgent restock"), section="stock", order=60),
)
def restocks(request: Request) -> HttpResponse:
    asked = CALLS.read(request)
    if asked.counting:
        return CALLS.counters(request, call_counts(request.actor))
    state = "" if asked.tab == "all" else asked.tab
    rows, next_key = calls_page(request.actor, state, after=asked.after_id, limit=asked.limit)
    return CALLS.render(request, asked, "watch/restocks.html", rows=rows, next_key=next_key)


@page("restocks/<int:call_id>/", name="watch-restock", clause="M3.2", permission=Permission.WATCH_VIEW)
def restock(request: Request, call_id: int) -> HttpResponse:
    return _show(request, call_id, FormState())


@page(
    "restocks/<int:call_id>/answer/",
    name="watch-restock-answer",
    clause="M3.2",
    permission=Permission.RESTOCK_ANSWER,
    methods=("POST",),
)
def answer(request: Request, call_id: int) -> HttpResponse:
    """Say when pieces come, or why none do; mistakes show the page again."""
    state = read_form(request.POST, AnswerRestock, {"call_id": call_id})
    if state.item is not None:
        outcomes = run_once(request, answer_restock, [state.item])
        if outcomes[0].ok:
            words = T("补货答复已记录", "The answer is on record")
            return answer_outcomes(request, outcomes, done=words, to="watch-restock", args=[call_id])
        state.errors[_place(outcomes[0].code, state.item)] = outcome_text(outcomes[0])
    return _show(request, call_id, state)


def _place(code: str, item: AnswerRestock) -> str:
    """The field at which a refused answer is put right."""
    missing = "arrives_at" if item.arrives_at is None else "quantity"
    fields = {"restock_note_needed": "note", "arrival_not_ahead": "arrives_at", "arrival_half_said": missing}
    return fields.get(code, WHOLE)


def _show(request: Request, call_id: int, state: FormState[AnswerRestock]) -> HttpResponse:
    call = call_record(request.actor, call_id)
    if call is None:
        raise Http404
    may = call.state in OPEN_CALLS and request.actor.may(Permission.RESTOCK_ANSWER)
    if call.answered_at and not state.values:
        at = call.arrives_at.astimezone(SHOP_ZONE) if call.arrives_at else ""
        state = FormState(values={"arrives_at": at, "quantity": call.promised_quantity or "", "note": call.note})
    response = render_record(
        request, "watch/restock.html", _head(call), timeline=_timeline(call), live="watch", call=call, state=state,
        may_answer=may,
    )  # fmt: skip
    if state.errors:
        response.status_code = 422
    return response


def _head(call: CallLine) -> RecordHead:
    answered = call.answered_at is not None
    return RecordHead(
        title=T("紧急补货", "Urgent restock"),
        number=f"{call.sku_name} {call.sku_code}",
        back="watch-restocks",
        state=CallState(call.state),
        clause="M3.2",
        due_at=call.open_until,
        steps=(
            Step(T("提出", "Called for"), "done", call.asked_at),
            Step(T("答复", "Answered"), "done" if answered else "now", call.answered_at),
            Step(T("到货", "Arrived"), "done" if call.arrived_at else "next", call.arrived_at),
        ),
    )


def _timeline(call: CallLine) -> list[Happening]:
    told = [Happening(call.asked_at, T("提出紧急补货", "Called for"), call.asked_by, call.asked_for)]
    if call.answered_at:
        told.append(Happening(call.answered_at, T("答复", "Answered"), call.answered_by, call.note, "note"))
    if call.arrived_at:
        told.append(Happening(call.arrived_at, T("到货入库", "Pieces received"), kind="outside", tone="green"))
    return told


@page(
    "presales/<int:presale_id>/",
    name="watch-presale",
    clause="M3.2",
    permission=Permission.ALERT_ANSWER,
    methods=("GET", "POST"),
)
def presale(request: Request, presale_id: int) -> HttpResponse:
    """End a presale, or decline one that is only proposed."""
    found = presale_record(request.actor, presale_id)
    if found is None:
        raise Http404
    back = ("watch-alert", [found.alert_id]) if found.alert_id else ("watch-alerts", [])
    return submit(
        request,
        end_presales,
        EndPresale,
        template="watch/presale.html",
        done=T("预售已结束", "The presale is over"),
        context={"title": T("结束预售", "End a presale"), "found": found},
        extra={"presale_id": presale_id},
        to=back[0],
        args=back[1],
    )


@page(
    "benchmarks/",
    name="watch-benchmarks",
    clause="M3.2",
    permission=Permission.WATCH_VIEW,
)
def benchmark_list(request: Request) -> HttpResponse:
    return _benchmarks(request, FormState(values={"valid_from": day_of(business_time.now()).isoformat()}))


@page(
    "benchmarks/set/",
    name="watch-benchmark-set",
    clause="M3.2",
    permission=Permission.BENCHMARK_SET,
    methods=("POST",),
)
def benchmark_set(request: Request) -> HttpResponse:
    state = read_form(request.POST, SetBenchmark)
    if state.item is not None:
        outcomes = run_once(request, set_benchmarks, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(
                request, outcomes, done=T("基准已设定", "The benchmark is set"), to="watch-benchmarks"
            )
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _benchmarks(request, state)


def _benchmarks(request: Request, state: FormState[SetBenchmark]) -> HttpResponse:
    view = {
        "title": T("转化基准", "Conversion benchmarks"),
        "state": state,
        "shops": shops_of(request.actor),
        "lines": [(line, percent(line.conversion_bp)) for line in benchmarks(request.actor)],
        "may_set": request.actor.may(Permission.BENCHMARK_SET),
    }
    return render_page(request, "watch/benchmarks.html", view, status=422 if state.errors else 200)
