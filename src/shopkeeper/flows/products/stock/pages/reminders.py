"""Pages of restocking (P3.1): what to restock and by when, one reminder with what can be done about it."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.stock.commands.handle_reminders import (
    CloseRestock,
    SnoozeRestock,
    close_restock,
    snooze_restock,
)
from shopkeeper.flows.products.stock.commands.note_restock_order import NoteRestockOrder, note_restock_order
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries.restocking import (
    Handled,
    ReminderFilter,
    ReminderRecord,
    matching_reminders,
    reminder_counts,
    reminder_record,
    reminders_page,
    reminders_to_export,
)
from shopkeeper.flows.products.stock.states import ReminderState
from shopkeeper.flows.products.stock.words import LABELS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.exporting import export
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import BulkAction, Column, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, render_record

WHY_CLOSE = T("为什么不补货？", "Why is it not restocked?")
REMINDERS = Listing(
    key="reminders",
    title=T("补货提醒", "Restock reminders"),
    clause="P3.1",
    record="stock-reminder",
    columns=(
        Column("code", T("商家编码", "SKU code"), always=True),
        Column("name", T("商品", "Product")),
        Column("state", T("状态", "State")),
        Column("free", T("可用", "Available"), align="end"),
        Column("threshold", T("预警值", "Threshold"), align="end"),
        Column("demand", T("近期出库", "Shipped lately"), align="end"),
        Column("waiting", T("订单在等", "Orders wait for"), align="end"),
        Column("suggested", T("建议补货", "Suggested"), align="end"),
        Column("arrive_by", T("最迟到货", "To be here by")),
        Column("expected", T("已订货", "Ordered")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("open", T("待补货", "To restock"), tone="amber"),
        Tab("ordered", T("已订货，等到货", "Ordered, expected"), tone="blue"),
        Tab("snoozed", T("已推迟", "Put off"), tone="blue"),
        Tab("restocked", T("已补货", "Restocked"), tone="green", counted=False),
        Tab("closed", T("已关闭", "Closed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    search=T("商家编码 / 条码 / 名称，可粘贴多个", "SKU code, barcode or name, paste many"),
    bulk=(BulkAction("close", T("关闭提醒", "Close"), url="stock-reminders-close", icon="x", ask=WHY_CLOSE),),
    live="stock",
    arrivals="stock.restock_reminded",
    exports=True,
)
SHEET = (
    SheetColumn(T("商家编码", "SKU code"), "id"),
    SheetColumn(T("商品", "Product")),
    SheetColumn(T("规格", "Variant")),
    SheetColumn(T("状态", "State")),
    SheetColumn(T("可用", "Available"), "integer"),
    SheetColumn(T("预警值", "Threshold"), "integer"),
    SheetColumn(T("近期出库", "Shipped lately"), "integer"),
    SheetColumn(T("订单在等", "Orders wait for"), "integer"),
    SheetColumn(T("建议补货", "Suggested"), "integer"),
    SheetColumn(T("最迟到货", "To be here by"), "date"),
    SheetColumn(T("提醒时间", "Reminded"), "moment"),
    SheetColumn(T("已订件数", "Pieces ordered"), "integer"),
    SheetColumn(T("预计到货", "Expected on"), "date"),
)


def _wanted(asked: ListQuery) -> ReminderFilter:
    return ReminderFilter("" if asked.tab == "all" else asked.tab, asked.text, tuple(asked.numbers))


@page(
    "reminders/",
    name="stock-reminders",
    clause="P3.1",
    permission=Permission.RESTOCK_VIEW,
    menu=MenuEntry(T("补货提醒", "Restocking"), section="stock", order=20),
)
def reminders(request: Request) -> HttpResponse:
    asked, today = REMINDERS.read(request), day_of(business_time.now())
    if asked.counting:
        return REMINDERS.counters(request, reminder_counts(today))
    if asked.exporting:
        return _export(request, _wanted(asked))
    rows, next_key = reminders_page(_wanted(asked), today, after=asked.after, limit=asked.limit)
    return REMINDERS.render(request, asked, "stock/reminders.html", rows=rows, next_key=next_key, today=today)


def _export(request: Request, wanted: ReminderFilter) -> HttpResponse:
    """The list as a workbook to order from."""
    cells = (
        (
            row.code,
            row.name,
            row.spec,
            LABELS[ReminderState][ReminderState(row.state)].text,
            row.free,
            row.threshold,
            row.demand,
            row.waiting,
            row.to_order,
            row.arrive_by,
            row.opened_at,
            row.ordered_quantity,
            row.expected_on,
        )
        for row in reminders_to_export(wanted, day_of(business_time.now()))
    )
    return export(request, "restock", REMINDERS.title, SHEET, cells)


@page(
    "reminders/close/",
    name="stock-reminders-close",
    clause="P3.1",
    permission=Permission.RESTOCK_HANDLE,
    methods=("POST",),
)
def close_chosen(request: Request) -> HttpResponse:
    """Close the chosen reminders with one reason."""
    chosen = REMINDERS.chosen(request)
    ids = chosen.ids
    if chosen.all_matching:
        ids = matching_reminders(_wanted(chosen.asked), day_of(business_time.now()))
    outcomes = run_once(request, close_restock, [CloseRestock(id_, chosen.reason) for id_ in ids])
    return answer_outcomes(request, outcomes, done=T("已关闭 {n} 条提醒", "{n:# reminder|# reminders} closed"))


@page("reminders/<int:reminder_id>/", name="stock-reminder", clause="P3.1", permission=Permission.RESTOCK_VIEW)
def reminder(request: Request, reminder_id: int) -> HttpResponse:
    return _record(request, reminder_id, FormState())


@page(
    "reminders/<int:reminder_id>/snooze/",
    name="stock-reminder-snooze",
    clause="P3.1",
    permission=Permission.RESTOCK_HANDLE,
    methods=("POST",),
)
def snooze(request: Request, reminder_id: int) -> HttpResponse:
    """Put it off; mistakes show the record again with what was entered."""
    state = read_form(request.POST, SnoozeRestock, {"reminder_id": reminder_id})
    if state.item is not None:
        outcomes = run_once(request, snooze_restock, [state.item])
        if outcomes[0].ok:
            words = T("已推迟", "Put off")
            return answer_outcomes(request, outcomes, done=words, to="stock-reminder", args=(reminder_id,))
        state.errors[WHOLE] = outcome_text(outcomes[0])
    response = _record(request, reminder_id, state)
    response.status_code = 422
    return response


@page(
    "reminders/<int:reminder_id>/order/",
    name="stock-reminder-order",
    clause="P3.1",
    permission=Permission.RESTOCK_HANDLE,
    methods=("GET", "POST"),
)
def note_order(request: Request, reminder_id: int) -> HttpResponse:
    """Note what was ordered from the supplier and when it is expected; an order that was noted is filled in."""
    found = reminder_record(request.actor, reminder_id)
    if found is None:
        raise Http404
    row = found.row
    known = {"quantity": row.ordered_quantity, "expected_on": row.expected_on, "note": row.order_note}
    return submit(
        request,
        note_restock_order,
        NoteRestockOrder,
        template="stock/order.html",
        context={"row": row, "cancel_url": reverse("stock-reminder", args=[row.id])},
        initial=known if row.ordered_at else {"quantity": row.to_order},
        done=T(
            "已登记：订 {quantity} 件，预计 {expected_on} 到货",
            "Noted: {quantity:# piece|# pieces}, expected {expected_on}",
        ),
        to="stock-reminder",
        args=[row.id],
        extra={"reminder_id": row.id},
    )


def _record(request: Request, reminder_id: int, state: FormState[SnoozeRestock]) -> HttpResponse:
    found = reminder_record(request.actor, reminder_id)
    if found is None:
        raise Http404
    may_handle = found.row.is_open and request.actor.may(Permission.RESTOCK_HANDLE)
    now = business_time.now()
    return render_record(
        request,
        "stock/reminder.html",
        _head(request, found, may_handle=may_handle),
        timeline=_timeline(found),
        live="stock",
        found=found,
        row=found.row,
        state=state,
        may_handle=may_handle,
        may_receive=request.actor.may(Permission.STOCK_RECEIVE),
        days_over=max(0, (day_of(now) - found.row.arrive_by).days) if found.row.is_open else 0,
        is_overdue=found.row.is_open and found.row.due_at <= now,
        comes_too_late=bool(found.row.expected_on and found.row.expected_on > found.row.arrive_by),
        may_put_off=may_handle and not found.row.ordered_at and (found.row.due_at > now or bool(state.errors)),
    )


def _head(request: Request, found: ReminderRecord, *, may_handle: bool) -> RecordHead:
    row = found.row
    close = Action(
        T("关闭提醒", "Close"), reverse("stock-reminders-close"), fields={"ids": row.id}, icon="x", ask=WHY_CLOSE
    )
    threshold = Action(
        T("设预警值", "Set the threshold"), f"{reverse('stock-thresholds')}?sku={row.code}", method="get", icon="bell"
    )
    order = Action(
        T("改到货日", "Change the order") if row.ordered_at else T("登记已订货", "Note the order"),
        reverse("stock-reminder-order", args=[row.id]),
        method="get",
        icon="truck-delivery",
    )
    today = day_of(business_time.now())
    ordered = row.is_open and row.expected_on and row.expected_on >= today
    put_off = row.is_open and not ordered and row.snoozed_until and row.snoozed_until > today
    badges = (
        *((Badge(T("已订货，等到货", "Ordered, expected"), "blue", "truck-delivery"),) if ordered else ()),
        *((Badge(T("已推迟", "Put off"), "blue", "clock"),) if put_off else ()),
    )
    return RecordHead(
        title=T("补货", "Restock"),
        number=row.code,
        back="stock-reminders",
        state=ReminderState(row.state),
        clause="P3.1",
        due_at=row.due_at if row.is_open else None,
        badges=badges,
        primary=order if may_handle else None,
        secondary=(close,) if may_handle else (),
        more=(threshold,) if request.actor.may(Permission.THRESHOLD_SET) else (),
    )


def _timeline(found: ReminderRecord) -> list[Happening]:
    row, system = found.row, str(T("系统", "System"))
    happened = [
        Happening(row.opened_at, T("低于预警值，开始提醒", "Below the threshold: reminded"), system, tone="amber")
    ]
    happened += [_handled(one) for one in found.handled]
    if row.ended_at:
        label = LABELS[ReminderState][ReminderState(row.state)]
        happened.append(Happening(row.ended_at, label.text, found.ended_by or system, row.why_ended, tone=label.tone))
    return happened


def _handled(one: Handled) -> Happening:
    day = one.day.isoformat()
    if one.quantity is None:
        return Happening(one.at, T("推迟到 {day}", "Put off to {day}").format(day=day), one.who, one.note, tone="blue")
    said = T("已订货 {n} 件，预计 {day} 到货", "{n:# piece|# pieces} ordered, expected on {day}")
    return Happening(one.at, said.format(n=one.quantity, day=day), one.who, one.note, tone="blue")
