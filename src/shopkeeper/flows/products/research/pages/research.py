"""P1.1 on screen: what research says, and bringing an export in: looked at first, then taken."""

from datetime import date
from typing import Any, BinaryIO, cast

from django.http import HttpResponse
from django.utils.html import format_html

from shopkeeper.flows.products.research.commands.take_in_research import (
    ResearchLine,
    TakeInResearch,
    take_in_research,
)
from shopkeeper.flows.products.research.imports import ReadResearch, as_item, read_research
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.profiles import fields_of
from shopkeeper.flows.products.research.queries.research import research_files, research_lines
from shopkeeper.flows.products.research.states import ResearchKind
from shopkeeper.flows.products.research.words import LABELS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.tables import TableRefused
from shopkeeper.foundation.files import TABLES, FileRefused, kept_files, shown_name, sniff
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import error_text, outcome_text
from shopkeeper.web.listing import Column, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

KINDS = [(str(kind), LABELS[ResearchKind][kind].text) for kind in ResearchKind]
RESEARCH = Listing(
    key="research",
    title=T("市场研究", "Market research"),
    clause="P1.1",
    columns=(
        Column("name", T("关键词 / 商品 / 类目", "Keyword / goods / category"), always=True),
        Column("kind", T("类型", "Kind")),
        Column("heat", T("热度", "Heat"), align="end"),
        Column("growth", T("增长", "Growth"), align="end"),
        Column("price", T("价格", "Price"), align="end"),
        Column("sales", T("月销量", "Monthly sales"), align="end"),
        Column("category", T("类目", "Category")),
        Column("source", T("来源", "Source")),
        Column("period", T("统计期", "Period")),
    ),
    tabs=(
        Tab("all", T("全部", "All"), counted=False),
        *[Tab(str(kind), LABELS[ResearchKind][kind].text, counted=False) for kind in ResearchKind],
    ),
    search=T("关键词、商品或类目", "Keyword, goods or category"),
)


@page(
    "",
    name="research",
    clause="P1.1",
    permission=Permission.RESEARCH_VIEW,
    menu=MenuEntry(T("市场研究", "Research"), section="products", order=10),
)
def research(request: Request) -> HttpResponse:
    asked = RESEARCH.read(request)
    after = asked.after_id or 0
    kind = "" if asked.tab == "all" else asked.tab
    rows, next_key = research_lines(request.actor, kind=kind, text=asked.text, after=after, limit=asked.limit)
    may_record = request.actor.may(Permission.RESEARCH_RECORD)
    return RESEARCH.render(
        request, asked, "research/research.html", rows=rows, next_key=next_key, may_record=may_record
    )


@page(
    "import/",
    name="research-import",
    clause="P1.1",
    permission=Permission.RESEARCH_RECORD,
    methods=("GET", "POST"),
)
def import_file(request: Request) -> HttpResponse:
    """First the file is read and shown; nothing is taken in before somebody has seen how it was understood."""
    today = day_of(business_time.now()).isoformat()
    names = ("kind", "source", "period_from", "period_to", "digest", "shown_name")
    state: FormState[Any] = FormState(values={"kind": "keyword", "period_from": today, "period_to": today})
    found: ReadResearch | None = None
    if request.method == "POST":
        state.values = {name: request.POST.get(name, "").strip() for name in names}
        found = _read(request, state)
        if found is not None and request.POST.get("step") == "take" and not state.errors:
            answer = _take(request, state, found)
            if answer is not None:
                return answer
    kind = _kind(state)
    view = {
        "title": T("导入市场研究", "Import research"),
        "state": state,
        "kinds": KINDS,
        "found": found,
        "columns": _columns(found, kind) if found and kind else [],
        "sample": found.lines[:8] if found else [],
        "files": research_files(request.actor),
        "form_attributes": format_html('enctype="{0}" hx-encoding="{0}"', "multipart/form-data"),
    }
    return render_page(request, "research/import.html", view, status=422 if state.errors else 200)


def _kind(state: FormState[Any]) -> ResearchKind | None:
    return ResearchKind(state.values["kind"]) if state.values["kind"] in set(ResearchKind) else None


def _read(request: Request, state: FormState[Any]) -> ReadResearch | None:
    """Keep the file that was sent, or take up the one kept before, and read it; None with the reason in `state`."""
    kind = _kind(state)
    if kind is None:
        state.errors["kind"] = T("请选择类型", "Choose the kind").text()
        return None
    upload = request.FILES.get("file")
    try:
        if upload is not None:
            kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", TABLES)
            state.values |= {"digest": kept.digest, "shown_name": shown_name(kept.shown_name)}
        if not state.values["digest"]:
            state.errors["file"] = T("请选择文件", "Choose a file").text()
            return None
        with kept_files().path(state.values["digest"]).open("rb") as stream:
            file_kind = sniff(stream.read(4096))
            stream.seek(0)
            mapping = {name: request.POST.get(f"column_{name}", "") for name in fields_of(kind)}
            return read_research(stream, file_kind or next(iter(TABLES)), kind, mapping)
    except (FileRefused, TableRefused) as refusal:
        state.errors["file"] = error_text(refusal)
    except (FileNotFoundError, ValueError):
        state.errors["file"] = T("文件已不在，请重新选择", "The file is gone; choose it again").text()
    return None


def _columns(found: ReadResearch, kind: ResearchKind) -> list[tuple[str, T, str, list[tuple[str, str]]]]:
    """(our column, its word, the heading it was bound to, the choices)."""
    bound = dict(found.columns)
    choices = [("", "—"), *[(heading, heading) for heading in found.heading if heading]]
    return [(name, one.label, bound.get(name, ""), choices) for name, one in fields_of(kind).items()]


def _take(request: Request, state: FormState[Any], found: ReadResearch) -> HttpResponse | None:
    kind = _kind(state)
    try:
        period = date.fromisoformat(state.values["period_from"]), date.fromisoformat(state.values["period_to"])
    except ValueError:
        state.errors["period_from"] = T("请填日期", "Enter a date").text()
        return None
    assert kind is not None
    item = as_item(found, kind, state.values["source"], period, state.values["shown_name"], state.values["digest"])
    outcomes = run_once(request, take_in_research, [item])
    if not outcomes[0].ok:
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return None
    return answer_outcomes(
        request, outcomes, done=T("已导入 {rows} 行", "{rows:# line|# lines} taken in"), to="research"
    )


@page(
    "note/",
    name="research-note",
    clause="P1.1",
    permission=Permission.RESEARCH_RECORD,
    methods=("GET", "POST"),
)
def note(request: Request) -> HttpResponse:
    """One line typed by hand: what somebody saw at a fair, in a shop, in a tool without exports."""
    today = day_of(business_time.now())
    state: FormState[Any] = FormState(values={"kind": "competitor"})
    if request.method == "POST":
        from_form = _noted(request, state)
        if from_form is not None:
            kind, source, line = from_form
            outcomes = run_once(request, take_in_research, [TakeInResearch(kind, source, today, today, (line,))])
            if outcomes[0].ok:
                return answer_outcomes(request, outcomes, done=T("已记录", "Noted"), to="research")
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {"title": T("记录一条研究", "Note a finding"), "state": state, "kinds": KINDS}
    return render_page(request, "research/note.html", view, status=422 if state.errors else 200)


def _noted(request: Request, state: FormState[Any]) -> tuple[ResearchKind, str, ResearchLine] | None:
    names = ("kind", "source", "name", "category", "competitor", "heat", "growth_basis_points", "price_minor",
             "monthly_sales")  # fmt: skip
    state.values = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in names}
    kind = _kind(state)
    if kind is None:
        state.errors["kind"] = T("请选择类型", "Choose the kind").text()
        return None
    values: dict[str, Any] = {name: state.values[name] for name in ("name", "category", "competitor")}
    for name, one in fields_of(kind).items():
        if one.read is not None:
            try:
                values[name] = one.read(state.values.get(name, ""))
            except ValueError:
                state.errors[name] = T(
                    "读不懂这个数字，例如 1,234 或 12.5%", "Not a figure; for example 1,234 or 12.5%"
                ).text()
    if not values["name"]:
        state.errors["name"] = T("请填写", "Fill this in").text()
    return None if state.errors else (kind, state.values["source"], ResearchLine(**values))
