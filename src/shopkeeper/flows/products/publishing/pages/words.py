"""The word list of P4.1: searched, added to, taken from, imported and exported, with its history."""

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from shopkeeper.flows.products.publishing.commands.add_terms import AddTerm, add_terms
from shopkeeper.flows.products.publishing.commands.retire_terms import RetireTerm, retire_terms
from shopkeeper.flows.products.publishing.imports import ALLOWED, MOST_BYTES, ImportedTerms, import_terms
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.word_lists import (
    TermFilter,
    TermRow,
    term_counts,
    term_ids_matching,
    terms_page,
    terms_to_export,
    versions,
)
from shopkeeper.flows.products.publishing.states import Ground, Severity
from shopkeeper.flows.products.publishing.words import LABELS, TERM_COLUMNS
from shopkeeper.foundation.documents.xlsx import Cell
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.foundation.files import FileRefused, kept_files
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.exporting import export
from shopkeeper.web.form_reading import FormState
from shopkeeper.web.labels import error_text
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

GROUNDS = [(str(ground), LABELS[Ground][ground].text) for ground in Ground]
SEVERITIES = [(str(severity), LABELS[Severity][severity].text) for severity in Severity]
TERMS = Listing(
    key="words",
    title=T("违禁词库", "Word list"),
    clause="P4.1",
    columns=(
        Column("text", T("词", "Term"), always=True),
        Column("severity", T("力度", "Weight")),
        Column("ground", T("依据", "Ground")),
        Column("suggestion", T("建议", "Suggestion")),
        Column("scope", T("适用范围", "Scope")),
        Column("version", T("版本", "Version"), align="end"),
        Column("reason", T("说明", "Reason")),
    ),
    tabs=(
        Tab("in_force", T("生效中", "In force")),
        Tab("retired", T("已停用", "Retired"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("severity", T("力度", "Weight"), choices=SEVERITIES),
        Filter("ground", T("依据", "Ground"), choices=GROUNDS),
    ),
    search=T("词，变体写法也能找到", "A term; disguised spellings are found, too"),
    bulk=(
        BulkAction(
            "retire",
            T("停用", "Retire"),
            url="publishing-words-retire",
            icon="ban",
            tone="red",
            ask=T("为什么停用？", "Why is it retired?"),
        ),
    ),
    live="publishing",
    exports=True,
)
SHEET = tuple(SheetColumn(words) for words in TERM_COLUMNS.values())


def _wanted(asked: ListQuery) -> TermFilter:
    return TermFilter(
        state=asked.tab,
        text=asked.text[:60],
        severity=str(asked.filters.get("severity", "")),
        ground=str(asked.filters.get("ground", "")),
    )


@page(
    "words/",
    name="publishing-words",
    clause="P4.1",
    permission=Permission.WORDS_VIEW,
    menu=MenuEntry(T("违禁词库", "Word list"), section="products", order=60),
)
def words(request: Request) -> HttpResponse:
    asked = TERMS.read(request)
    if asked.counting:
        return TERMS.counters(request, term_counts())
    wanted = _wanted(asked)
    if asked.exporting:
        return export(request, "words", T("违禁词库", "Word list"), SHEET, _cells(terms_to_export(wanted)))
    after = asked.after_id
    rows, next_key = terms_page(wanted, after=after, limit=asked.limit)
    may_edit = request.actor.may(Permission.WORDS_EDIT)
    template = "publishing/words.html"
    return TERMS.render(request, asked, template, rows=rows, next_key=next_key, may_edit=may_edit)


def _cells(rows: Iterator[TermRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.text,
            LABELS[Severity][Severity(row.severity)].text,
            LABELS[Ground][Ground(row.ground)].text,
            row.suggestion,
            row.category,
            row.platform,
        )


@page(
    "words/add/",
    name="publishing-words-add",
    clause="P4.1",
    permission=Permission.WORDS_EDIT,
    methods=("GET", "POST"),
)
def add(request: Request) -> HttpResponse:
    """One word by hand."""
    return submit(
        request,
        add_terms,
        AddTerm,
        template="publishing/word.html",
        done=T("已加入词库", "On the list"),
        context={
            "title": T("添加词", "Add a term"),
            "severities": SEVERITIES,
            "grounds": GROUNDS,
            "cancel_url": reverse("publishing-words"),
        },
        initial={"severity": "block", "ground": "absolute"},
        to="publishing-words",
    )


@page(
    "words/retire/",
    name="publishing-words-retire",
    clause="P4.1",
    permission=Permission.WORDS_EDIT,
    methods=("POST",),
)
def retire(request: Request) -> HttpResponse:
    """Take the chosen words off the list."""
    chosen = TERMS.chosen(request)
    ids = term_ids_matching(_wanted(chosen.asked)) if chosen.all_matching else chosen.ids
    outcomes = run_once(request, retire_terms, [RetireTerm(id_, chosen.reason[:300]) for id_ in ids])
    return answer_outcomes(request, outcomes, done=T("已停用 {n} 个词", "{n:# term|# terms} retired"))


@page(
    "words/import/",
    name="publishing-words-import",
    clause="P4.1",
    permission=Permission.WORDS_EDIT,
    methods=("GET", "POST"),
)
def import_file(request: Request) -> HttpResponse:
    """A file of words, as the export writes it; every row is accounted for."""
    state: FormState[Any] = FormState(values={"reason": request.POST.get("reason", "")})
    result = _imported(request, state) if request.method == "POST" else None
    view = {
        "title": T("导入违禁词", "Import terms"),
        "state": state,
        "result": result,
        "columns": TERM_COLUMNS.values(),
        "form_attributes": format_html('enctype="{0}" hx-encoding="{0}"', "multipart/form-data"),
        "cancel_url": reverse("publishing-words"),
    }
    return render_page(request, "publishing/words_import.html", view, status=422 if state.errors else 200)


def _imported(request: Request, state: FormState[Any]) -> ImportedTerms | None:
    """What became of the file; None when something is wrong, said in `state`."""
    upload, reason = request.FILES.get("file"), str(state.values["reason"]).strip()[:300]
    if upload is None:
        state.errors["file"] = T("请选择文件", "Choose a file").text()
    if not reason:
        state.errors["reason"] = T("请写明来源或原因", "Say where the list is from, or why").text()
    if state.errors or upload is None:
        return None
    try:
        kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", ALLOWED, MOST_BYTES)
        return import_terms(request.actor, kept, reason)
    except (FileRefused, BusinessError) as refusal:
        state.errors["file"] = error_text(refusal)
        return None


@page("words/versions/", name="publishing-word-versions", clause="P4.1", permission=Permission.WORDS_VIEW)
def history(request: Request) -> HttpResponse:
    """What was changed, by whom and why, newest first."""
    view = {"title": T("词库版本", "Versions of the list"), "versions": versions(50)}
    return render_page(request, "publishing/word_versions.html", view)
