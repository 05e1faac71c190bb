"""The data specialist's pages of D1.2: what was set aside, one verdict with its arithmetic, and the decision."""

from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.lake.commands.decide_set_asides import (
    ConfirmSetAside,
    PutBack,
    confirm_set_asides,
    put_back,
)
from shopkeeper.flows.analytics.lake.commands.set_aside_orders import SetAsideOrder, set_aside_orders
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.quarantine import (
    QuarantineFilter,
    SetAsideRow,
    matching_ids,
    open_day_choices,
    quarantine_counts,
    quarantine_page,
    quarantine_to_export,
    set_aside_row,
)
from shopkeeper.flows.analytics.lake.states import CleaningRule, SetAsideState, Subject
from shopkeeper.flows.analytics.lake.words import LABELS, RULES_EXPLAINED, said_facts
from shopkeeper.flows.fulfilment.intake.queries.facts import order_of_number
from shopkeeper.foundation.documents.xlsx import Cell
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.exporting import export
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import Tone, outcome_text
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, Happening, RecordHead, Step, render_record

WHY_BACK = T("为什么重新计入", "Why it counts after all")
QUARANTINE = Listing(
    key="quarantine",
    title=T("异常数据", "Cleaned out"),
    clause="D1.2",
    record="lake-set-aside",
    columns=(
        Column("what", T("对象", "What"), always=True),
        Column("rule", T("原因", "Why")),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("day", T("业务日", "Day")),
        Column("rows", T("条数", "Rows"), align="end"),
        Column("amount", T("金额", "Amount"), align="end"),
        Column("found", T("发现", "Found")),
        Column("due", T("确认时限", "Confirm by")),
    ),
    tabs=(
        Tab("suspected", T("待确认", "To confirm"), tone="amber"),
        Tab("confirmed", T("已剔除", "Left out"), tone="red", counted=False),
        Tab("put_back", T("已放回", "Put back"), tone="green", counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("rule", T("原因", "Why"), choices=[(str(r), LABELS[CleaningRule][r].text) for r in CleaningRule]),
        Filter("subject", T("对象", "What"), choices=[(str(s), LABELS[Subject][s].text) for s in Subject]),
        Filter("shop", T("店铺", "Shop")),
        Filter("day", T("发现日", "Found on")),
        Filter("dates", T("业务日", "Day"), kind="dates"),
    ),
    search=T("订单号 JY…，可粘贴多个", "Order no. JY…, paste many"),
    bulk=(
        BulkAction("confirm", T("确认剔除", "Confirm"), url="lake-confirm", primary=True, icon="check"),
        BulkAction("put_back", T("放回统计", "Put back"), url="lake-put-back", icon="arrow-back-up", ask=WHY_BACK),
    ),
    live="lake",
    arrivals="lake.rows_set_aside",
    exports=True,
)
SHEET = (
    SheetColumn(T("对象", "What"), "id"),
    SheetColumn(T("类型", "Kind")),
    SheetColumn(T("原因", "Why")),
    SheetColumn(T("依据", "Arithmetic")),
    SheetColumn(T("状态", "State")),
    SheetColumn(T("店铺", "Shop")),
    SheetColumn(T("业务日", "Day"), "date"),
    SheetColumn(T("条数", "Rows"), "integer"),
    SheetColumn(T("金额", "Amount"), "money"),
    SheetColumn(T("发现时间", "Found"), "moment"),
    SheetColumn(T("剔除说明", "Reason")),
    SheetColumn(T("决定时间", "Decided"), "moment"),
    SheetColumn(T("决定人", "By")),
    SheetColumn(T("决定说明", "Why")),
)


def _wanted(asked: ListQuery) -> QuarantineFilter:
    """The list's question as the query takes it."""
    first, last = asked.filters.get("dates") or ("", "")
    return QuarantineFilter(
        state="" if asked.tab == "all" else asked.tab,
        rule=str(asked.filters.get("rule", "")),
        subject=str(asked.filters.get("subject", "")),
        shop_id=_number(asked.filters.get("shop")),
        day_id=_number(asked.filters.get("day")),
        from_day=_day(first),
        to_day=_day(last),
        keys=tuple(key.upper().removeprefix("JY").lstrip("0") for key in asked.numbers or asked.text.split()),
    )


def _number(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 19 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page(
    "quarantine/",
    name="lake-quarantine",
    clause="D1.2",
    permission=Permission.LAKE_VIEW,
    menu=MenuEntry(T("异常数据", "Cleaned out"), section="data", order=40),
)
def quarantine(request: Request) -> HttpResponse:
    asked = QUARANTINE.read(request)
    if asked.counting:
        return QUARANTINE.counters(request, quarantine_counts(request.actor))
    wanted = _wanted(asked)
    if asked.exporting:
        cells = (_cells(row) for row in quarantine_to_export(request.actor, wanted))
        return export(request, "quarantine", T("异常数据", "Cleaned out"), SHEET, cells)
    rows, next_key = quarantine_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return QUARANTINE.render(
        request,
        asked,
        "lake/quarantine.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor), "day": open_day_choices(request.actor)},
        may_clean=request.actor.may(Permission.CLEAN),
    )


def _cells(row: SetAsideRow) -> tuple[Cell, ...]:
    return (
        row.order_number or row.visitor,
        LABELS[Subject][Subject(row.subject)].text,
        LABELS[CleaningRule][CleaningRule(row.rule)].text,
        said_facts(row.facts),
        LABELS[SetAsideState][SetAsideState(row.state)].text,
        row.shop,
        row.biz_date,
        row.row_count,
        row.amount_minor,
        row.found_at,
        row.reason,
        row.decided_at,
        row.decided_by,
        row.decided_reason,
    )


def _chosen(request: Request) -> tuple[list[int], str]:
    """The verdicts an action is about, and the line that was asked for."""
    chosen = QUARANTINE.chosen(request)
    ids = matching_ids(request.actor, _wanted(chosen.asked)) if chosen.all_matching else chosen.ids
    return ids, chosen.reason


@page("quarantine/confirm/", name="lake-confirm", clause="D1.2", permission=Permission.CLEAN, methods=("POST",))
def confirm(request: Request) -> HttpResponse:
    """Confirm the chosen verdicts; those that may not be answer why."""
    ids, _ = _chosen(request)
    outcomes = run_once(request, confirm_set_asides, [ConfirmSetAside(id_) for id_ in ids])
    return answer_outcomes(request, outcomes, done=T("已确认剔除 {n} 项", "{n} confirmed"), emits=("sk:lake",))


@page("quarantine/put-back/", name="lake-put-back", clause="D1.2", permission=Permission.CLEAN, methods=("POST",))
def back(request: Request) -> HttpResponse:
    """Let the chosen count again, with the reason."""
    ids, reason = _chosen(request)
    outcomes = run_once(request, put_back, [PutBack(id_, reason[:300]) for id_ in ids])
    words = T(
        "已放回 {n} 项，下次写入后计入统计", "{n:# put back; it counts|# put back; they count} after the next write"
    )
    return answer_outcomes(request, outcomes, done=words, emits=("sk:lake",))


@page(
    "quarantine/add/", name="lake-set-aside-order", clause="D1.2", permission=Permission.CLEAN, methods=("GET", "POST")
)
def add(request: Request) -> HttpResponse:
    """Take an order out by hand."""
    number = request.POST.get("number", request.GET.get("order", ""))[:64]
    state: FormState[SetAsideOrder] = FormState(values={"number": number})
    if request.method == "POST":
        order_id = order_of_number(request.actor, number)
        state = read_form(request.POST, SetAsideOrder, {"order_id": order_id or 0})
        state.values["number"] = number
        if order_id is None:
            words = T("没有找到这个订单号，请核对。", "No order has this number; check it.")
            state.errors["number"], state.item = words.text(), None
        if state.item is not None:
            outcomes = run_once(request, set_aside_orders, [state.item])
            if outcomes[0].ok:
                words = T("已剔除，等待另一人确认", "Taken out; somebody else confirms it")
                return answer_outcomes(request, outcomes, done=words, to="lake-quarantine", emits=("sk:lake",))
            state.errors[WHOLE] = outcome_text(outcomes[0])
    context = {
        "title": T("手工剔除订单", "Take an order out"),
        "state": state,
        "cancel_url": reverse("lake-quarantine"),
    }
    return render_page(request, "lake/add.html", context, status=422 if state.errors else 200)


@page("quarantine/<int:set_aside_id>/", name="lake-set-aside", clause="D1.2", permission=Permission.LAKE_VIEW)
def record(request: Request, set_aside_id: int) -> HttpResponse:
    """One verdict: what it is about, the arithmetic, what a person said of it."""
    found = set_aside_row(request.actor, set_aside_id)
    if found is None:
        raise Http404
    rule = CleaningRule(found.rule)
    return render_record(
        request,
        "lake/set_aside.html",
        _head(found, request),
        timeline=_timeline(found),
        live="lake",
        row=found,
        explained=RULES_EXPLAINED[rule],
        arithmetic=said_facts(found.facts),
    )


def _head(row: SetAsideRow, request: Request) -> RecordHead:
    may_clean = request.actor.may(Permission.CLEAN)
    fields = {"ids": row.id}
    confirmable = may_clean and row.state == SetAsideState.SUSPECTED
    agree = Action(T("确认剔除", "Confirm"), reverse("lake-confirm"), fields=fields, icon="check")
    undo = Action(
        T("放回统计", "Put back"), reverse("lake-put-back"), fields=fields, icon="arrow-back-up", ask=WHY_BACK
    )
    decided = row.state != SetAsideState.SUSPECTED
    label = LABELS[SetAsideState][SetAsideState(row.state)].text if decided else T("确认", "Confirm")
    return RecordHead(
        title=LABELS[CleaningRule][CleaningRule(row.rule)].text,
        number=row.order_number or f"{row.biz_date.isoformat()} {row.id}",
        back="lake-quarantine",
        state=SetAsideState(row.state),
        clause="D1.2",
        due_at=row.due_at,
        steps=(
            Step(T("发现", "Found"), "done", row.found_at),
            Step(label, "done" if decided else "now", row.decided_at),
        ),
        primary=agree if confirmable else None,
        secondary=(undo,) if may_clean and row.is_out and row.rule != CleaningRule.DUPLICATE else (),
    )


def _timeline(row: SetAsideRow) -> list[Happening]:
    """What happened to the verdict; the moves themselves are on record besides."""
    system = str(T("系统规则", "Cleaning rule"))
    happenings = [
        Happening(row.found_at, T("从统计中剔除", "Taken out of the figures"), row.found_by or system, row.reason)
    ]
    if row.decided_at:
        is_back = row.state == SetAsideState.PUT_BACK
        what = T("放回统计", "Put back") if is_back else T("确认剔除", "Confirmed")
        tone: Tone = "green" if is_back else "red"
        happenings.append(Happening(row.decided_at, what, row.decided_by, row.decided_reason, tone=tone))
    return happenings
