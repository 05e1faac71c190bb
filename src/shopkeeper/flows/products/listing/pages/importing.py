"""P2.1: a table of products is handed in, tried out, taken; its progress, its failures, its template."""

from typing import Any, BinaryIO, cast

from django.http import FileResponse, Http404, HttpResponse
from django.utils.html import format_html

from shopkeeper.flows.products.listing.commands.import_products import ImportProducts, import_products
from shopkeeper.flows.products.listing.pages.products import export
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.profiles.sheet import HEADINGS
from shopkeeper.flows.products.listing.queries.importing import ImportView, import_of, imports_of
from shopkeeper.flows.products.listing.states import ImportState
from shopkeeper.foundation.files import TABLES, FileRefused, kept_files
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.exporting import XLSX
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import error_text, failure_text, outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

FIGURES = (
    ("read", T("读到", "Read"), ""),
    ("created", T("新建", "New"), "green"),
    ("updated", T("更新", "Changed"), "blue"),
    ("unchanged", T("无变化", "Unchanged"), ""),
    ("rejected", T("未导入", "Not taken"), "red"),
    ("to_mend", T("待完善", "To mend"), "amber"),
)


@page(
    "import/",
    name="listing-import",
    clause="P2.1",
    permission=Permission.PRODUCT_EDIT,
    methods=("GET", "POST"),
    menu=MenuEntry(T("导入商品", "Import"), section="products", order=22),
)
def import_file(request: Request) -> HttpResponse:
    """The form; a good file goes on to its import, a bad one comes back with the reason."""
    state: FormState[Any] = FormState(values={"dry_run": "1"})
    if request.method == "POST":
        state.values = {"dry_run": request.POST.get("dry_run", "")}
        answer = _begin(request, state)
        if answer is not None:
            return answer
    view = {
        "title": T("导入商品", "Import products"),
        "state": state,
        "form_attributes": format_html('enctype="{0}" hx-encoding="{0}"', "multipart/form-data"),
        "imports": imports_of(request.actor),
        "headings": [(heading.title, heading.needed) for heading in HEADINGS],
    }
    return render_page(request, "listing/import.html", view, status=422 if state.errors else 200)


def _begin(request: Request, state: FormState[Any]) -> HttpResponse | None:
    """Keep the file and begin; None when something is wrong, said in `state`."""
    upload = request.FILES.get("file")
    if upload is None:
        state.errors["file"] = T("请选择文件", "Choose a file").text()
        return None
    try:
        kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", TABLES)
    except FileRefused as refusal:
        state.errors["file"] = error_text(refusal)
        return None
    return _run(request, ImportProducts(kept.digest, kept.shown_name, state.values["dry_run"] == "1"), state)


def _run(request: Request, item: ImportProducts, state: FormState[Any]) -> HttpResponse | None:
    outcomes = run_once(request, import_products, [item])
    if not outcomes[0].ok:
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return None
    words = (
        T("开始试导入，不会改动商品", "Trying it out; nothing changes") if item.dry_run else T("开始导入", "Importing")
    )
    return answer_outcomes(request, outcomes, done=words, to="listing-import-job", args=(outcomes[0].id,))


@page(
    "import/<int:import_id>/",
    name="listing-import-job",
    clause="P2.1",
    permission=Permission.PRODUCT_EDIT,
    methods=("GET", "POST"),
)
def job(request: Request, import_id: int) -> HttpResponse:
    """One's own import: how far it is and what came of it; after a dry run, the same file for good."""
    found = import_of(request.actor, import_id)
    if found is None:
        raise Http404
    state: FormState[Any] = FormState()
    if request.method == "POST":
        answer = _run(request, ImportProducts(found.digest, found.shown_name, False), state)
        if answer is not None:
            return answer
    view = {
        "title": T("试导入", "Dry run") if found.is_dry_run else T("导入商品", "Import of products"),
        "job": found,
        "state": state,
        "figures": _figures(found),
        "trouble": _trouble(found),
        "may_take": found.is_dry_run and found.state == ImportState.DONE,
        "takes": sum(int(found.result.get(name, 0)) for name in ("created", "updated")),
    }
    return render_page(request, "listing/job.html", view, status=422 if state.errors else 200)


def _figures(found: ImportView) -> list[tuple[T, int, str]]:
    return [
        (label, int(found.result[name]), tone if found.result[name] else "")
        for name, label, tone in FIGURES
        if name in found.result
    ]


def _trouble(found: ImportView) -> str:
    if found.state != ImportState.FAILED:
        return ""
    return failure_text(found.result, "listing")


@page(
    "import/<int:import_id>/failures/",
    name="listing-import-failures",
    clause="P2.1",
    permission=Permission.PRODUCT_EDIT,
)
def failures(request: Request, import_id: int) -> HttpResponse:
    """What was not taken and what is to mend, as a sheet."""
    found = import_of(request.actor, import_id)
    if found is None or not found.failures_digest:
        raise Http404
    try:
        content = kept_files().open(found.failures_digest)
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=f"products-{import_id}.xlsx", content_type=XLSX)  # type: ignore[return-value]


@page("import/template/", name="listing-import-template", clause="P2.1", permission=Permission.PRODUCT_EDIT)
def template(request: Request) -> HttpResponse:
    """The table with its headings and nothing in it."""
    return export(request, [])
