"""D3 on screen: findings with what became of them, a month's list as a workbook, and a new finding."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.decisions.commands.record_findings import RecordFinding, record_findings
from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.queries.chain import (
    Chain,
    ChainFilter,
    chain_counts,
    chains_page,
)
from shopkeeper.flows.analytics.decisions.queries.figures import metric_choices, metric_named
from shopkeeper.flows.analytics.decisions.rules.effects import as_typed, from_typed
from shopkeeper.flows.analytics.decisions.states import Conclusion, DecisionEffect, FigureUnit
from shopkeeper.flows.analytics.decisions.words import LABELS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.xlsx import Cell
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.clock import day_of, is_thinkable
from shopkeeper.shared.money import HOME_CURRENCY
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.exporting import export
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import label_of, outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.shown import money_text

MONTHS = 12
UNITS = {FigureUnit.SECONDS: T("秒", "s"), FigureUnit.HOURS: T("小时", "h"), FigureUnit.DAYS: T("天", "days")}
CHAINS = Listing(
    key="decisions",
    title=T("数据决策", "Decisions"),
    clause="D3",
    record="decisions-finding",
    columns=(
        Column("number", T("编号", "No."), always=True),
        Column("stage", T("状态", "State")),
        Column("metric", T("指标", "Metric"), always=True),
        Column("shop", T("店铺", "Shop")),
        Column("words", T("发现", "Finding")),
        Column("before", T("发现时", "Then"), align="end"),
        Column("expected", T("预期", "Expected"), align="end"),
        Column("after", T("效果", "Afterwards"), align="end"),
        Column("effect", T("对比预期", "Beside what was expected")),
        Column("tasks", T("任务", "Tasks")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("open", T("待决策", "To decide"), tone="amber"),
        Tab("under_way", T("执行中", "Under way"), tone="blue"),
        Tab("measured", T("待结论", "To conclude"), tone="amber"),
        Tab("concluded", T("已结论", "Concluded"), counted=False),
        Tab("dismissed", T("不处理", "Left"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("month", T("月份", "Month")),
        Filter("metric", T("指标", "Metric")),
        Filter("shop", T("店铺", "Shop")),
    ),
    live="decisions",
    exports=True,
)
SHEET = (
    SheetColumn(T("编号", "No."), "id"),
    SheetColumn(T("状态", "State")),
    SheetColumn(T("店铺", "Shop")),
    SheetColumn(T("指标", "Metric")),
    SheetColumn(T("期间", "Days"), width=24),
    SheetColumn(T("发现", "Finding"), width=40),
    SheetColumn(T("发现时", "Then"), "decimal"),
    SheetColumn(T("决定", "Decision"), width=40),
    SheetColumn(T("理由", "Reason"), width=40),
    SheetColumn(T("预期", "Expected"), "decimal"),
    SheetColumn(T("测算日", "Measured on"), "date"),
    SheetColumn(T("效果", "Afterwards"), "decimal"),
    SheetColumn(T("对比预期", "Beside what was expected")),
    SheetColumn(T("任务", "Tasks")),
    SheetColumn(T("结论", "Conclusion")),
    SheetColumn(T("依据", "What it rests on"), width=40),
)


@page(
    "",
    name="decisions-findings",
    clause="D3",
    permission=Permission.DECISION_VIEW,
    menu=MenuEntry(T("数据决策", "Decisions"), section="data", order=60),
)
def findings(request: Request) -> HttpResponse:
    asked = CHAINS.read(request)
    if asked.counting:
        return CHAINS.counters(request, chain_counts(request.actor))
    wanted = _wanted(asked)
    if asked.exporting:
        return export(request, "decisions", T("数据决策", "Decisions"), SHEET, _cells(request, wanted))
    rows, next_key = chains_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return CHAINS.render(
        request,
        asked,
        "decisions/findings.html",
        rows=[Line(row) for row in rows],
        next_key=str(next_key or ""),
        choices={"shop": open_shops_of(request.actor), "metric": metric_choices(), "month": _months()},
        may_record=request.actor.may(Permission.FINDING_RECORD),
    )


class Line:
    """A finding's row with its values as people read them."""

    def __init__(self, row: Chain) -> None:
        self.id, self.row = row.id, row
        self.before = shown(row.value, row.unit, row.currency)
        self.expected = shown(row.decision.expected, row.unit, row.currency) if row.decision else ""
        self.after = shown(row.decision.after, row.unit, row.currency) if row.decision else ""


def shown(value: int | None, unit: str, currency: str = HOME_CURRENCY) -> str:
    """A value with its unit; empty where there is none."""
    if value is None:
        return ""
    kind = FigureUnit(unit)
    if kind is FigureUnit.MONEY:
        return money_text(value, currency)
    whole, dot, fine = as_typed(abs(value), unit).partition(".")
    sign = "-" if value < 0 else ""
    number = f"{int(whole):,}{dot}{fine}"
    if kind is FigureUnit.SHARE:
        return f"{sign}{number}%"
    return f"{sign}{number} {UNITS[kind]}" if kind in UNITS else f"{sign}{number}"


def _wanted(asked: ListQuery) -> ChainFilter:
    shop = str(asked.filters.get("shop", ""))
    return ChainFilter(
        stage="" if asked.tab == "all" else asked.tab,
        shop_id=int(shop) if shop.isascii() and shop.isdecimal() and len(shop) < 19 else None,
        metric=str(asked.filters.get("metric", ""))[:60],
        month=_day(f"{asked.filters.get('month', '')}-01"),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_thinkable(day) else None


def _months() -> list[tuple[str, str]]:
    """This month and those before it."""
    today = day_of(business_time.now())
    numbers = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
    return [(f"{n // 12}-{n % 12 + 1:02d}",) * 2 for n in numbers]


def _cells(request: Request, wanted: ChainFilter) -> Iterator[tuple[Cell, ...]]:
    after: int | None = None
    while True:
        rows, after = chains_page(request.actor, wanted, after=after, limit=200)
        yield from (_row_cells(row) for row in rows)
        if after is None:
            return


def _row_cells(row: Chain) -> tuple[Cell, ...]:
    decision = row.decision
    number = decision.after if decision else None
    family = "DecisionState" if decision else "FindingState"
    effect = LABELS[DecisionEffect][DecisionEffect(decision.effect)].text if decision and decision.effect else ""
    concluded = decision.conclusion if decision else ""
    return (
        row.number,
        label_of(row.stage, family).text,
        row.shop or T("全部店铺", "All shops"),
        row.metric_name,
        f"{row.first_day} – {row.last_day}",
        row.words,
        _decimal(row.value, row.unit),
        decision.what if decision else row.dismissed_reason,
        decision.reason if decision else "",
        _decimal(decision.expected, row.unit) if decision else None,
        decision.measure_on if decision else None,
        _decimal(number, row.unit) if number is not None else None,
        effect,
        f"{row.tasks_done}/{len(row.tasks)}" if row.tasks else "",
        LABELS[Conclusion][Conclusion(concluded)].text if concluded else "",
        decision.conclusion_words if decision else "",
    )


def _decimal(value: int, unit: str) -> float:
    return float(as_typed(value, unit))


@page(
    "new/",
    name="decisions-record-finding",
    clause="D3",
    permission=Permission.FINDING_RECORD,
    methods=("GET", "POST"),
)
def new(request: Request) -> HttpResponse:
    """A new finding; a report's figure brings ?metric_id=, ?first_day=, ?last_day= and ?shop_id= along."""
    yesterday = day_of(business_time.now()) - timedelta(days=1)
    state: FormState[RecordFinding] = FormState(
        values={
            "metric": request.GET.get("metric_id", ""),
            "first_day": request.GET.get("first_day", "") or (yesterday - timedelta(days=6)).isoformat(),
            "last_day": request.GET.get("last_day", "") or yesterday.isoformat(),
            "shop_id": request.GET.get("shop_id", ""),
        }
    )
    if request.method == "POST":
        state = _read(request)
        if state.item is not None:
            outcomes = run_once(request, record_findings, [state.item])
            if outcomes[0].ok:
                id_ = outcomes[0].id
                to = ("decisions-finding", [id_]) if id_ else ("decisions-findings", [])
                return answer_outcomes(
                    request, outcomes, done=T("发现已记录，等待决策", "Recorded"), to=to[0], args=to[1]
                )
            state.errors[WHOLE] = outcome_text(outcomes[0])
    context = {
        "title": T("记录发现", "New finding"),
        "state": state,
        "metrics": metric_choices(),
        "shops": open_shops_of(request.actor),
        "sees_all": request.actor.shops is None,
        "cancel_url": reverse("decisions-findings"),
    }
    return render_page(request, "decisions/new.html", context, status=422 if state.errors else 200)


def _read(request: Request) -> FormState[RecordFinding]:
    metric = metric_named(request.POST.get("metric", ""))
    typed = request.POST.get("typed", "").strip()
    value = from_typed(typed, metric.unit) if typed and metric else None
    state = read_form(request.POST, RecordFinding, {"value": value})
    state.values["typed"] = typed
    if typed and metric and value is None:
        state.errors["typed"] = str(WRONG_NUMBER)
        state.item = None
    return state


WRONG_NUMBER = T("请填数字，例如 12.34", "Enter a number, for example 12.34")
