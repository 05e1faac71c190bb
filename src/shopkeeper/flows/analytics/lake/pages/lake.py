"""The lake's board of D1.1: what lies in it, how far it is behind, what was left out; and known sources of D1.2."""

from collections import Counter
from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.lake.commands.keep_sources import (
    ListStaffVisitor,
    ListTestBuyer,
    UnlistSource,
    list_staff_visitors,
    list_test_buyers,
    unlist_sources,
)
from shopkeeper.flows.analytics.lake.commands.rebuild_lake import AskRebuild, ask_rebuild
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.days import DayRow, lake_days
from shopkeeper.flows.analytics.lake.queries.quarantine import excluded, quarantine_counts, sources
from shopkeeper.flows.analytics.lake.queries.standing import Standing, standing
from shopkeeper.flows.analytics.lake.rules.times import day_on
from shopkeeper.flows.analytics.lake.states import CleaningRule, SetAsideState
from shopkeeper.flows.analytics.lake.words import TABLES
from shopkeeper.flows.fulfilment.intake.queries.facts import order_of_number
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import SHOP_ZONE, day_of
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action

DAYS = 7
SOURCE = T("数据湖文件清单", "The lake's list of files")


@page(
    "",
    name="lake-board",
    clause="D1.1",
    permission=Permission.LAKE_VIEW,
    menu=MenuEntry(T("数据湖", "Data lake"), section="data", order=50),
)
def board(request: Request) -> HttpResponse:
    """Tables, days, files, how far behind; and what was left out of the last days, by rule."""
    now = business_time.now()
    last = day_of(now)
    first = last - timedelta(days=DAYS - 1)
    found = standing()
    days = lake_days(request.actor, first, last)
    return render_board(
        request,
        "lake/board.html",
        title=T("数据湖", "Data lake"),
        tiles=_tiles(request, found),
        clause="D1.1",
        live="lake",
        standing=found,
        tables=[(TABLES[table.table], table, _kib(table.bytes)) for table in found.tables],
        days=_by_day(days),
        shown=[TABLES[name] for name in _names(days)],
        left_out=_left_out(request, first, last),
        rebuild=_rebuild(request, found),
        first=first,
        last=last,
    )


def _rebuild(request: Request, found: Standing) -> Action | None:
    """Writing everything anew, for whoever may; switched off while it is under way."""
    if not request.actor.may(Permission.REBUILD):
        return None
    return Action(
        T("重建", "Write anew"),
        reverse("lake-rebuild"),
        icon="refresh",
        ask=T("为什么重建", "Why it is written anew"),
        why_not=T("重建已安排", "It is under way") if found.rebuild_asked_at else None,
    )


def _tiles(request: Request, found: Standing) -> list[Tile]:
    now = business_time.now()
    waiting = quarantine_counts(request.actor).get(str(SetAsideState.SUSPECTED), 0)
    lag = int((now - found.oldest_at).total_seconds() // 60) if found.oldest_at else 0
    return [
        Tile(
            T("待写入事件", "Announcements not written"),
            found.unwritten,
            T("条", "events"),
            tone="amber" if lag > 240 else "",
            note=T("最早等了 {n} 分钟", "the oldest waits {n} min").format(n=lag) if found.unwritten else "",
            source=T("事件日志", "Event log"),
            at=now,
        ),
        Tile(T("数据行", "Rows"), found.rows, T("行", "rows"), source=SOURCE, at=found.written_at),
        Tile(T("文件", "Files"), found.files, T("个", "files"), source=SOURCE, at=found.tidied_at or found.written_at),
        Tile(
            T("待确认异常", "To confirm"),
            waiting,
            T("项", "items"),
            f"{reverse('lake-quarantine')}?tab=suspected",
            "amber" if waiting else "green",
            source=T("清洗记录", "Cleaning record"),
            at=now,
        ),
    ]


def _kib(size: int) -> str:
    """A size as people read it."""
    return f"{size / 1024:,.0f} KB" if size < 10 * 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


def _names(days: list[DayRow]) -> list[str]:
    seen = {row.table for row in days}
    return [name for name in TABLES if name in seen]


def _by_day(days: list[DayRow]) -> list[tuple[date, list[DayRow | None]]]:
    """One line a day, newest first, a cell a table."""
    names = _names(days)
    cells = {(row.biz_date, row.table): row for row in days}
    dates = sorted({row.biz_date for row in days}, reverse=True)
    return [(day, [cells.get((day, name)) for name in names]) for day in dates]


def _left_out(request: Request, first: date, last: date) -> list[tuple[CleaningRule, int, int]]:
    """Rows and money by rule, the most first."""
    rows, money = Counter[str](), Counter[str]()
    for one in excluded(request.actor, first, last):
        rows[one.rule] += one.row_count
        money[one.rule] += one.amount_minor
    return [(CleaningRule(rule), n, money[rule]) for rule, n in rows.most_common()]


@page("rebuild/", name="lake-rebuild", clause="D1.1", permission=Permission.REBUILD, methods=("POST",))
def rebuild(request: Request) -> HttpResponse:
    """Have the lake written anew, with the reason."""
    outcomes = run_once(request, ask_rebuild, [AskRebuild(request.POST.get("reason", "").strip()[:300])])
    words = T("已安排重建，完成前读旧数据", "It is written anew; the old one is read until then")
    return answer_outcomes(request, outcomes, done=words, to="lake-board")


@page(
    "sources/",
    name="lake-sources",
    clause="D1.2",
    permission=Permission.LAKE_VIEW,
    methods=("GET", "POST"),
    menu=MenuEntry(T("内部来源", "Known sources"), section="data", order=60),
)
def known(request: Request) -> HttpResponse:
    """Who is known not to be a customer; a buyer is named by one of their orders, a visitor by its hash."""
    state: FormState[ListTestBuyer | ListStaffVisitor] = FormState()
    if request.method == "POST" and request.actor.may(Permission.SOURCES_KEEP):
        response = _list_source(request, state)
        if response is not None:
            return response
    context = {
        "title": T("内部来源", "Known sources"),
        "state": state,
        "sources": [(row, day_on(row.listed_at, str(SHOP_ZONE))) for row in sources()],
        "may_keep": request.actor.may(Permission.SOURCES_KEEP),
    }
    return render_page(request, "lake/sources.html", context, status=422 if state.errors else 200)


def _list_source(request: Request, state: FormState[ListTestBuyer | ListStaffVisitor]) -> HttpResponse | None:
    """Carry the form out; None where it is to be shown again with its mistakes."""
    who = request.POST.get("who", "").strip()[:80]
    order_id = order_of_number(request.actor, who)
    state.values.update({"who": who, "note": request.POST.get("note", "")})
    given = (
        read_form(request.POST, ListTestBuyer, {"order_id": order_id})
        if order_id
        else read_form(request.POST, ListStaffVisitor, {"visitor": who})
    )
    if "visitor" in given.errors:
        words = T("不是订单号，也不是访客编号。请核对。", "Neither an order's number nor a visitor's; check it.")
        state.errors["who"] = words.text()
    state.errors.update({name: text for name, text in given.errors.items() if name != "visitor"})
    if given.item is None:
        return None
    if isinstance(given.item, ListTestBuyer):
        outcomes = run_once(request, list_test_buyers, [given.item])
    else:
        outcomes = run_once(request, list_staff_visitors, [given.item])
    if outcomes[0].ok:
        return answer_outcomes(request, outcomes, done=T("已列入内部来源", "Listed as ours"), to="lake-sources")
    state.errors[WHOLE] = outcome_text(outcomes[0])
    return None


@page("sources/unlist/", name="lake-unlist", clause="D1.2", permission=Permission.SOURCES_KEEP, methods=("POST",))
def unlist(request: Request) -> HttpResponse:
    """Take one off the list."""
    text = request.POST.get("source_id", "")
    ids = [int(text)] if text.isdecimal() and len(text) < 19 else []
    outcomes = run_once(request, unlist_sources, [UnlistSource(id_) for id_ in ids])
    return answer_outcomes(request, outcomes, done=T("已移出", "Taken off the list"), to="lake-sources")
