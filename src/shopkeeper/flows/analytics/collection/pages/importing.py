"""D1.1 on screen: a file of figures is looked at first, then taken in; how far it is, and what was not taken."""

from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from shopkeeper.flows.analytics.collection.commands.excuse_deliveries import ExcuseDelivery, excuse_deliveries
from shopkeeper.flows.analytics.collection.commands.import_figures import (
    StartFigureImport,
    StopFigureImport,
    start_figure_imports,
    stop_figure_imports,
)
from shopkeeper.flows.analytics.collection.imports import ReadFigures, profile_named, read_figures
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.profiles import PROFILES
from shopkeeper.flows.analytics.collection.queries.deliveries import deliveries_page, delivery_of
from shopkeeper.flows.analytics.collection.queries.imports import ImportView, flags_of, import_of, imports_page
from shopkeeper.flows.analytics.collection.states import FigureImportState, FiguresDayState
from shopkeeper.flows.analytics.collection.words import FIGURES
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.tables import TableRefused
from shopkeeper.foundation.files import TABLES, FileRefused, kept_files, shown_name, sniff
from shopkeeper.shared.clock import SHOP_ZONE, day_of
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import error_text, failure_text, outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COUNTS = (
    ("rows", T("读到的行", "Rows read"), ""),
    ("sets", T("导入的统计期", "Periods taken in"), "green"),
    ("replaced", T("取代旧数据", "Of these replaced"), "blue"),
    ("unchanged", T("无变化", "Unchanged"), ""),
    ("flagged", T("比率存疑", "Ratios at odds"), "amber"),
    ("rejected", T("未导入", "Not taken"), "red"),
)
FIELDS = ("shop_id", "profile", "digest", "shown_name")


@page(
    "import/",
    name="collection-import",
    clause="D1.1",
    permission=Permission.FIGURES_TAKE_IN,
    methods=("GET", "POST"),
    menu=MenuEntry(T("导入平台数据", "Import figures"), section="data", order=70),
)
def import_file(request: Request) -> HttpResponse:
    """First the file is read and shown; nothing is taken in before somebody has seen how it was understood."""
    shops = shop_choices(request.actor)
    chosen = request.GET.get("shop", "")
    initial = {"profile": "sycm_shop", "shop_id": chosen if chosen in dict(shops) else shops[0][0] if shops else ""}
    state: FormState[Any] = FormState(values=dict(initial))
    found: ReadFigures | None = None
    if request.method == "POST":
        state.values = {name: request.POST.get(name, "").strip() for name in FIELDS}
        found = _read(request, state)
        # Another file than the one that was previewed is looked at first, whichever button was pressed.
        is_another = request.POST.get("digest", "") not in ("", state.values["digest"])
        if found is not None and request.POST.get("step") == "take" and not is_another:
            answer = _start(request, state)
            if answer is not None:
                return answer
    imports, _ = imports_page(request.actor, limit=8)
    awaited, _ = deliveries_page(request.actor, state=FiguresDayState.AWAITED, limit=8)
    view = {
        "title": T("导入平台数据", "Import figures"),
        "state": state,
        "shops": shops,
        "profiles": [(name, profile.title) for name, profile in PROFILES.items()],
        "found": found,
        "preview": _preview(found) if found else None,
        "flags": [
            (line, FIGURES[flag.ratio], _percent(flag.stated_ppm), _percent(flag.computed_ppm))
            for line, flag in (found.contradictions(_tolerance(state)) if found else [])[:20]
        ],
        "imports": [(one, PROFILES[one.profile].title) for one in imports],
        "awaited": awaited,
        "form_attributes": format_html('enctype="{0}" hx-encoding="{0}"', "multipart/form-data"),
    }
    return render_page(request, "collection/import.html", view, status=422 if state.errors else 200)


def _tolerance(state: FormState[Any]) -> int:
    return int(read_policies()("ratio_tolerance_hundredths", int(state.values["shop_id"])))


def _preview(found: ReadFigures) -> dict[str, Any]:
    """The first rows as they were understood."""
    names = [name for name in found.profile.fields if name in found.bound]
    rows = [
        (line, [(name, line.figures.get(name), _percent(line.ratios.get(name))) for name in names])
        for line in found.lines[:8]
    ]
    return {"labels": [FIGURES[name] for name in names], "rows": rows, "more": max(0, len(found.lines) - 8)}


def _percent(ppm: int | None) -> str:
    return "" if ppm is None else f"{ppm / 10_000:.2f}%"


def _read(request: Request, state: FormState[Any]) -> ReadFigures | None:
    """Keep the file that was sent, or take up the one kept before, and read it; None with the reason in `state`."""
    if state.values["shop_id"] not in {key for key, _ in shop_choices(request.actor)}:
        state.errors["shop_id"] = T("请选择店铺", "Choose the shop").text()
    if state.values["profile"] not in PROFILES:
        state.errors["profile"] = T("请选择文件类型", "Choose what kind of file it is").text()
    if state.errors:
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
            kind = sniff(stream.read(4096))
            stream.seek(0)
            today = day_of(business_time.now(), ZoneInfo(SHOP_ZONE.key))
            return read_figures(stream, kind or next(iter(TABLES)), profile_named(state.values["profile"]), today)
    except (FileRefused, TableRefused) as refusal:
        state.errors["file"] = error_text(refusal)
    except (FileNotFoundError, ValueError):
        state.errors["file"] = T("文件已不在，请重新选择", "The file is gone; choose it again").text()
    return None


def _start(request: Request, state: FormState[Any]) -> HttpResponse | None:
    values = state.values
    item = StartFigureImport(int(values["shop_id"]), values["profile"], values["digest"], values["shown_name"][:120])
    outcomes = run_once(request, start_figure_imports, [item])
    if not outcomes[0].ok:
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return None
    words = T("文件已收下，开始导入", "The file is in; the import has begun")
    return answer_outcomes(request, outcomes, done=words, to=reverse("collection-import-job", args=[outcomes[0].id]))


@page(
    "imports/<int:import_id>/",
    name="collection-import-job",
    clause="D1.1",
    permission=Permission.COLLECTION_VIEW,
)
def job(request: Request, import_id: int) -> HttpResponse:
    """How far an import is, and in the end what came of it."""
    found = import_of(request.actor, import_id)
    if found is None:
        raise Http404
    may_stop = not found.is_over and not found.stop_asked_at and request.actor.may(Permission.FIGURES_TAKE_IN)
    view = {
        "title": PROFILES[found.profile].title,
        "job": found,
        "counts": [
            (label, int(found.result[name]), tone if found.result[name] else "")
            for name, label, tone in COUNTS
            if name in found.result
        ],
        "trouble": _trouble(found),
        "flags": [(flag, FIGURES[flag.ratio]) for flag in flags_of(found.id)],
        "stop": Action(T("停止", "Stop"), url=reverse("collection-import-stop", args=[found.id]), icon="x", tone="red")
        if may_stop
        else None,
    }
    return render_page(request, "collection/import_job.html", view)


def _trouble(found: ImportView) -> str:
    if found.state != FigureImportState.FAILED:
        return ""
    return failure_text(found.result, "collection")


@page(
    "imports/<int:import_id>/stop/",
    name="collection-import-stop",
    clause="D1.1",
    permission=Permission.FIGURES_TAKE_IN,
    methods=("POST",),
)
def stop(request: Request, import_id: int) -> HttpResponse:
    """Stop an import after the piece at hand."""
    outcomes = run_once(request, stop_figure_imports, [StopFigureImport(import_id)])
    words = T("做完手头这一批就停止", "It stops after the piece at hand")
    return answer_outcomes(request, outcomes, done=words, to="collection-import-job", args=(import_id,))


@page(
    "imports/<int:import_id>/failures/",
    name="collection-import-failures",
    clause="D1.1",
    permission=Permission.COLLECTION_VIEW,
)
def failures(request: Request, import_id: int) -> HttpResponse:
    """The rows that were not taken, as a sheet."""
    found = import_of(request.actor, import_id)
    if found is None or not found.failures_digest:
        raise Http404
    try:
        content = kept_files().open(found.failures_digest)
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    name = f"figures-{import_id}-rejected.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)  # type: ignore[return-value]


@page(
    "deliveries/<int:delivery_id>/",
    name="collection-delivery",
    clause="D1.1",
    permission=Permission.FIGURES_TAKE_IN,
    methods=("GET", "POST"),
)
def delivery(request: Request, delivery_id: int) -> HttpResponse:
    """One day's figures: bring them, or say why there are none."""
    found = delivery_of(request.actor, delivery_id)
    if found is None:
        raise Http404
    state: FormState[ExcuseDelivery] = FormState()
    if request.method == "POST":
        state = read_form(request.POST, ExcuseDelivery, {"delivery_id": delivery_id})
        if state.item is not None:
            outcomes = run_once(request, excuse_deliveries, [state.item])
            if outcomes[0].ok:
                return answer_outcomes(request, outcomes, done=T("已记录", "Noted"), to="collection-import")
            state.errors["excuse"] = outcome_text(outcomes[0])
    view = {"title": T("导入当日平台数据", "Bring in the day's figures"), "delivery": found, "state": state}
    return render_page(request, "collection/delivery.html", view, status=422 if state.errors else 200)
