"""The warehouse's pages of returns: the station that scans them in, the list, and the grading of one."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.aftersale.commands.grade_return import GradedPieces, GradeReturn, grade_return
from shopkeeper.flows.service.aftersale.commands.receive_return import (
    MatchReturn,
    ReceiveReturn,
    match_return,
    receive_return,
)
from shopkeeper.flows.service.aftersale.pages.cases import number_or_404
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.returns import (
    ReturnPiece,
    ReturnRecord,
    return_counts,
    return_record,
    returns_page,
    warehouses_of,
)
from shopkeeper.flows.service.aftersale.states import Grade, ReturnState
from shopkeeper.flows.service.aftersale.words import LABELS
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import Tone, outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, may_open, page
from shopkeeper.web.record import Action, Happening, RecordHead, Step, render_record
from shopkeeper.web.station import Answer, Scan, Station, StationKey, read_scan, render_station

RETURNS = Listing(
    key="aftersale-returns",
    title=T("退货包裹", "Returned parcels"),
    clause="S2.3",
    record="aftersale-return",
    columns=(
        Column("number", T("运单号", "Courier no."), always=True),
        Column("state", T("状态", "State")),
        Column("case", T("售后单", "Case")),
        Column("reason", T("原因", "Reason")),
        Column("shop", T("店铺", "Shop")),
        Column("warehouse", T("仓库", "Warehouse")),
        Column("received", T("收货时间", "Received")),
        Column("agreed", T("质检结论", "Outcome")),
    ),
    tabs=(
        Tab("received", T("待质检", "To grade"), tone="amber"),
        Tab("unknown", T("无头件", "Unknown"), tone="red"),
        Tab("on_the_way", T("退货在途", "On the way"), tone="blue"),
        Tab("awaited", T("待寄回", "To be sent"), counted=False),
        Tab("graded", T("已质检", "Graded"), tone="green", counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("warehouse", T("仓库", "Warehouse")),),
    search=T("运单号 / 售后单号", "Courier no. or case no."),
    live="aftersale",
)
STATION = Station(
    title=T("退货收货", "Returns"),
    clause="S2.3",
    prompt=T("扫退货运单或售后单号", "Scan the returned waybill or case no."),
    scan_url="aftersale-station-scan",
    back="aftersale-returns",
    note=T("先收货，再逐件质检", "Receive first, then grade piece by piece"),
    keys=(
        StationKey("F3", "CMD:GRADE", T("质检上一件", "Grade the last one")),
        StationKey("F8", "CMD:LIST", T("待质检列表", "List to grade")),
    ),
)
PANEL = "aftersale/station.html#panel"
NO_BIN = ("bin_needed", "bin_unknown")
GRADES = [(str(grade), LABELS[Grade][grade].text) for grade in Grade]


@page(
    "returns/",
    name="aftersale-returns",
    clause="S2.3",
    permission=Permission.RETURN_VIEW,
    menu=MenuEntry(T("退货包裹", "Returns"), section="aftersale", order=5),
)
def returns(request: Request) -> HttpResponse:
    asked = RETURNS.read(request)
    if asked.counting:
        return RETURNS.counters(request, return_counts(request.actor))
    place = str(asked.filters.get("warehouse", ""))
    rows, next_key = returns_page(
        request.actor,
        state="" if asked.tab == "all" else asked.tab,
        text=asked.text,
        warehouse_id=int(place) if place.isdecimal() and len(place) < 19 else None,
        after=asked.after_id,
        limit=asked.limit,
    )
    places = [(str(id_), name) for id_, name in warehouses_of(request.actor)]
    return RETURNS.render(
        request, asked, "aftersale/returns.html", rows=rows, next_key=next_key, choices={"warehouse": places}
    )


@page(
    "returns/station/",
    name="aftersale-station",
    clause="S2.3",
    permission=Permission.RETURN_RECEIVE,
    menu=MenuEntry(T("退货收货台", "Returns station"), section="aftersale", order=6),
)
def station(request: Request) -> HttpResponse:
    """The station of one warehouse."""
    places = warehouses_of(request.actor)
    wanted = request.GET.get("warehouse", "")
    chosen = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
    place = chosen if chosen in dict(places) else places[0][0] if places else 0
    view = {"places": places, "place": place, **_waiting(request, place)}
    return render_station(request, STATION, "aftersale/station.html", view, state={"place": str(place), "last": ""})


def _waiting(request: Request, place: int) -> dict[str, object]:
    rows, _ = returns_page(request.actor, state=ReturnState.RECEIVED, warehouse_id=place or None, limit=12)
    return {"waiting": rows}


@page(
    "returns/scan/",
    name="aftersale-station-scan",
    clause="S2.3",
    permission=Permission.RETURN_RECEIVE,
    methods=("POST",),
)
def station_scan(request: Request) -> HttpResponse:
    """One scan: a parcel that came back, or a command."""
    scan = read_scan(request)
    place, last = scan.context.get("place", ""), scan.context.get("last", "")
    if scan.code == "CMD:GRADE":
        return _grade_last(request, scan, last)
    if scan.code == "CMD:LIST":
        url = reverse("aftersale-returns")
        return Answer.warn(T("待质检列表", "To grade"), say="", open_url=url).respond(request, scan)
    warehouse_id = int(place) if place.isdecimal() and len(place) < 19 else 0
    outcome = receive_return.one(request.actor, ReceiveReturn(warehouse_id, scan.code[:60]))
    context = {"last": str(outcome.id or "") if outcome.ok and outcome.facts.get("is_known") else last}
    return _answer(outcome, context).respond(request, scan, PANEL, _waiting(request, warehouse_id))


def _answer(outcome: Outcome, context: dict[str, str]) -> Answer:
    if not outcome.ok:
        return Answer.bad(T("没有接受", "Not accepted"), outcome_text(outcome), context=context, repeat=True)
    if not outcome.changed:
        return Answer.warn(T("已经收过了", "Received before"), T("不用再收", "Nothing to do"), context=context)
    if not outcome.facts["is_known"]:
        detail = T(
            "没有对应的售后单，放到无头件区，等客服认领", "No case awaits it: put it aside, service will find out"
        )
        return Answer.warn(T("无头件", "Unknown parcel"), detail, context=context, repeat=True)
    detail = T("{x}，请质检（F3）", "{x}; grade it (F3)").format(x=outcome.facts["number"])
    return Answer.good(
        T("已收货", "Received"), detail, say=T("收货成功，请质检", "Received, grade it"), context=context
    )


def _grade_last(request: Request, scan: Scan, last: str) -> HttpResponse:
    if not last.isdecimal():
        return Answer.warn(T("先扫一个包裹", "Scan a parcel first")).respond(request, scan)
    url = reverse("aftersale-return", args=[int(last)])
    return Answer.good(T("打开质检", "Grade it"), say="", open_url=url).respond(request, scan)


@page("returns/<int:return_id>/", name="aftersale-return", clause="S2.3", permission=Permission.RETURN_VIEW)
def one_return(request: Request, return_id: int) -> HttpResponse:
    return _show(request, return_id, FormState())


def _show(request: Request, return_id: int, state: FormState[Any]) -> HttpResponse:
    found = return_record(request.actor, return_id)
    if found is None:
        raise Http404
    row = found.row
    response = render_record(
        request,
        "aftersale/return.html",
        _head(request, found),
        timeline=_timeline(found),
        live="aftersale",
        found=found,
        row=row,
        state=state,
        grades=GRADES,
        matrix=[(piece, _entered(piece, state)) for piece in found.pieces],
        bins=[(code, _shelf(code, pieces)) for code, pieces in sorted(found.bins, key=lambda shelf: -shelf[1])],
        sees_case=row.case_id is not None and request.actor.may(Permission.CASE_VIEW),
        sees_stock=may_open(request.actor, "stock-level"),
        may_grade=row.is_gradable and request.actor.may(Permission.RETURN_GRADE),
        may_match=row.state == ReturnState.UNKNOWN and request.actor.may(Permission.RETURN_RECEIVE),
    )
    if state.errors:
        response.status_code = 422
    return response


def _shelf(code: str, pieces: int) -> str:
    """A bin as a choice, with what of these goods lies there."""
    words = T("{code}（现有 {n} 件）", "{code} ({n:# piece|# pieces} there)")
    return words.format(code=code, n=pieces).text() if pieces else code


def _entered(piece: ReturnPiece, state: FormState[Any]) -> list[tuple[str, T, str]]:
    """The fields of one line; before anything is entered all its pieces are taken for good."""
    first = {str(Grade.GOOD): str(piece.quantity)} if not state.values else {}
    names = [(key, text, f"{piece.order_line_id}-{key}") for key, text in GRADES]
    return [(name, text, state.values.get(name, first.get(key, ""))) for key, text, name in names]


def _head(request: Request, found: ReturnRecord) -> RecordHead:
    row = found.row
    primary = None
    if row.case_id and request.actor.may(Permission.CASE_VIEW):
        url = reverse("aftersale-case", args=[row.case_id])
        primary = Action(T("打开售后单", "Open the case"), url, method="get", icon="external-link")
    return RecordHead(
        title=T("退货", "Return"),
        number=row.number or row.case_number,
        back="aftersale-returns",
        state=ReturnState(row.state),
        clause="S2.3",
        due_at=row.grade_due_at,
        steps=(
            Step(T("等待寄回", "Awaited"), "done", row.made_at),
            Step(T("仓库收货", "Received"), "done" if row.received_at else "now", row.received_at),
            Step(T("质检", "Graded"), "done" if row.graded_at else "now" if row.received_at else "next", row.graded_at),
        ),
        secondary=(primary,) if primary else (),
    )


def _timeline(found: ReturnRecord) -> list[Happening]:
    row = found.row
    told = [Happening(row.made_at, T("等待退货", "The goods are awaited"))]
    if row.received_at:
        told.append(Happening(row.received_at, T("扫描收货", "Scanned in"), found.received_by, tone="blue"))
    if row.graded_at:
        words = (
            T("质检：与约定一致", "Graded: as agreed")
            if row.as_agreed
            else T("质检：与约定不符", "Graded: not as agreed")
        )
        tone: Tone = "green" if row.as_agreed else "red"
        told.append(Happening(row.graded_at, words, found.graded_by, found.note, tone=tone))
    return told


@page(
    "returns/<int:return_id>/grade/",
    name="aftersale-grade",
    clause="S2.3",
    permission=Permission.RETURN_GRADE,
    methods=("POST",),
)
def grade(request: Request, return_id: int) -> HttpResponse:
    """Counts per line and grade; mistakes show the page again with what was entered."""
    found = return_record(request.actor, return_id)
    if found is None:
        raise Http404
    posted = request.POST
    state: FormState[GradeReturn] = FormState()
    pieces = []
    for piece in found.pieces:
        for name in Grade:
            field = f"{piece.order_line_id}-{name}"
            text = posted.get(field, "").strip()
            state.values[field] = text
            if text.isdecimal() and len(text) < 7 and int(text):
                pieces.append(GradedPieces(piece.order_line_id, name, int(text)))
    note = posted.get("note", "").replace("\x00", "").strip()[:200]
    bin_code, is_other = posted.get("bin_code", "").strip()[:30], posted.get("is_other") == "1"
    state.values |= {"note": note, "bin_code": bin_code, "is_other": "1" if is_other else ""}
    if not pieces:
        state.errors[WHOLE] = T("请填写每件商品的质检结果", "Say how many pieces are in which condition").text()
        return _show(request, return_id, state)
    item = GradeReturn(return_id, tuple(pieces), bin_code, is_other=is_other, note=note)
    outcomes = run_once(request, grade_return, [item])
    if not outcomes[0].ok:
        state.errors["bin_code" if outcomes[0].code in NO_BIN else WHOLE] = outcome_text(outcomes[0])
        return _show(request, return_id, state)
    as_agreed = outcomes[0].facts.get("as_agreed", True)
    going = T("质检完成，方案自动执行", "Graded; the solution goes on by itself")
    stopped = T("质检完成，与约定不符，已转客服", "Graded; not as agreed, service decides")
    return answer_outcomes(
        request, outcomes, done=going if as_agreed else stopped, to="aftersale-return", args=[return_id]
    )


@page(
    "returns/<int:return_id>/match/",
    name="aftersale-match",
    clause="S2.3",
    permission=Permission.RETURN_RECEIVE,
    methods=("POST",),
)
def match(request: Request, return_id: int) -> HttpResponse:
    """Say whose an unknown parcel is, by the number of the case."""
    text = request.POST.get("case", "").strip().upper().removeprefix("SH")
    state: FormState[Any] = FormState(values={"case": request.POST.get("case", "")})
    if not text.isdecimal():
        state.errors["case"] = T("请填写售后单号，例如 SH0000000012", "Enter a case number such as SH0000000012").text()
        return _show(request, return_id, state)
    outcomes = run_once(request, match_return, [MatchReturn(return_id, number_or_404(text))])
    if not outcomes[0].ok:
        state.errors["case"] = outcome_text(outcomes[0])
        return _show(request, return_id, state)
    words = T("已认领，请质检", "It is known whose it is; grade it")
    return answer_outcomes(request, outcomes, done=words, to="aftersale-return", args=[return_id])
