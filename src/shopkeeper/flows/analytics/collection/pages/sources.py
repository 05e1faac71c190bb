"""D1.1 on screen: the same figures of every source side by side, and what was said of their differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.collection.commands.compare_sources import CompareSources, compare_sources
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.deliveries import deliveries_page
from shopkeeper.flows.analytics.collection.queries.disagreements import (
    CaseView,
    ShopDayView,
    case_counts,
    days_side_by_side,
)
from shopkeeper.flows.analytics.collection.rules.reconciling import BASE, share_of
from shopkeeper.flows.analytics.collection.states import (
    ComparedFigure,
    DisagreementState,
    FigureOrigin,
    FiguresDayState,
)
from shopkeeper.flows.analytics.collection.words import LABELS, RULES_OF_SOURCES
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import MenuEntry, Request, page

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One source's value of a figure; `share_bp` is how far it is from what it is held against."""

    value: int | None
    is_base: bool
    share_bp: int | None
    is_beyond: bool
    case: CaseView | None

    @property
    def tone(self) -> str:
        if self.case is not None and self.case.state == DisagreementState.ANSWERED:
            return "green"
        return "amber" if self.is_beyond else "grey"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a shop's day over all sources."""

    figure: ComparedFigure
    cells: list[Cell]

    @property
    def label(self) -> T:
        return LABELS[ComparedFigure][self.figure].text

    @property
    def is_money(self) -> bool:
        return self.figure is ComparedFigure.PAID_MINOR


@page(
    "",
    name="collection-sources",
    clause="D1.1",
    permission=Permission.COLLECTION_VIEW,
    menu=MenuEntry(T("多来源核对", "Sources compared"), section="data", order=60),
)
def sources(request: Request) -> HttpResponse:
    """The last seven days up to the one asked for, of all shops or one."""
    yesterday = day_of(business_time.now()) - timedelta(days=1)
    last = _asked_day(request, yesterday)
    shop = request.GET.get("shop", "")
    shops = shop_choices(request.actor)
    shop_id = int(shop) if shop in {key for key, _ in shops} else None
    span = DAYS_SHOWN if shop_id is not None or len(shops) <= 1 else 2
    found = days_side_by_side(request.actor, [last - timedelta(days=n) for n in range(span)], shop_id)
    return render_board(
        request,
        "collection/sources.html",
        title=T("多来源核对", "Sources compared"),
        tiles=_tiles(request, found),
        clause="D1.1",
        live="collection",
        columns=[(source, LABELS[FigureOrigin][source].text) for source in FigureOrigin],
        days=[(one, _lines(one)) for one in found],
        rules=[(LABELS[FigureOrigin][source].text, RULES_OF_SOURCES[source]) for source in FigureOrigin],
        shops=shops,
        shop=shop,
        last=last,
        yesterday=yesterday,
        may_compare=request.actor.may(Permission.FIGURES_TAKE_IN),
    )


def _asked_day(request: Request, yesterday: date) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("until", "")), yesterday)
    except ValueError:
        return yesterday


def _lines(one: ShopDayView) -> list[Line]:
    figures = one.sides.figures
    beyond = {(diff.figure, diff.other_source) for diff in one.sides.beyond}
    lines = []
    for figure, base in BASE.items():
        held = figures.get(base, {}).get(figure)
        cells = []
        for source in FigureOrigin:
            value = figures.get(source, {}).get(figure)
            share = share_of(held, value) if held and value is not None and source is not base else None
            is_beyond = (figure, str(source)) in beyond
            cells.append(Cell(value, source is base, share, is_beyond, one.cases.get((str(figure), str(source)))))
        if any(cell.value is not None for cell in cells):
            lines.append(Line(figure, cells))
    return lines


def _tiles(request: Request, found: Sequence[ShopDayView]) -> list[Tile]:
    now = business_time.now()
    open_cases = case_counts(request.actor).get(DisagreementState.OPEN, 0)
    awaited, _ = deliveries_page(request.actor, state=FiguresDayState.AWAITED, limit=100)
    late = sum(one.due_at < now for one in awaited)
    compared = sum(len(one.sides.differences) for one in found)
    beyond = sum(len(one.sides.beyond) for one in found)
    source = T("各来源当日数据", "Each source's figures")
    return [
        Tile(
            T("待核对差异", "To reconcile"),
            open_cases,
            url=reverse("collection-disagreements"),
            tone="amber" if open_cases else "green",
            source=source,
            at=now,
        ),
        Tile(
            T("待导入", "Figures awaited"),
            len(awaited),
            T("天", "days"),
            url=reverse("collection-import"),
            tone="red" if late else "",
            note=T("其中 {n} 天已超时", "{n} of them late").format(n=late) if late else "",
            source=T("每日导入", "Daily imports"),
            at=now,
        ),
        Tile(T("已比对", "Compared"), compared, T("项", "figures"), source=source, at=now),
        Tile(
            T("超出容差", "Beyond tolerance"), beyond, T("项", "figures"), tone="amber" if beyond else "", source=source
        ),
    ]


@page(
    "compare/",
    name="collection-compare",
    clause="D1.1",
    permission=Permission.FIGURES_TAKE_IN,
    methods=("POST",),
)
def compare(request: Request) -> HttpResponse:
    """Compare a shop's day again, after something came late."""
    item = read_form(request.POST, CompareSources).item
    outcomes = run_once(request, compare_sources, [item] if item else [])
    return answer_outcomes(
        request, outcomes, done=T("新增差异 {opened} 项，消除 {vanished} 项", "{opened} new, {vanished} gone")
    )
