"""O1.1: files of orders brought by people: hand one in, watch it being taken in, see what was not taken."""

from typing import Any, BinaryIO, cast

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from shopkeeper.flows.fulfilment.intake.commands.start_jobs import StartImport, start_import
from shopkeeper.flows.fulfilment.intake.commands.stop_jobs import StopJob, stop_jobs
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.profiles import PROFILES
from shopkeeper.flows.fulfilment.intake.queries.jobs import JobView, job_of, jobs_of
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.flows.fulfilment.intake.states import JobState
from shopkeeper.foundation.files import FileKind, FileRefused, kept_files
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import error_text, failure_text, outcome_text, refusal_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action

SINGLE_FILES = ("taobao_csv",)  # profiles that read one file; those that need a folder are for the command line
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "import": T("导入订单", "Import of orders"),
    "release": T("批量放行", "Release of many"),
    "hold": T("批量留单", "Hold of many"),
    "cancel": T("批量取消", "Cancellation of many"),
    "pass": T("批量处理异常", "Exceptions of many"),
}
FIGURES = (
    ("read", T("读到", "Read"), ""),
    ("created", T("新建", "Created"), "green"),
    ("updated", T("更新", "Updated"), "blue"),
    ("unchanged", T("无变化", "Unchanged"), ""),
    ("rejected", T("未导入", "Rejected"), "red"),
    ("held", T("其中异常", "Of these held"), "amber"),
    ("done", T("已完成", "Done"), "green"),
    ("refused", T("被拒绝", "Refused"), "red"),
)


@page(
    "import/",
    name="intake-import",
    clause="O1.1",
    permission=Permission.ORDER_IMPORT,
    methods=("GET", "POST"),
    menu=MenuEntry(T("导入订单", "Import"), section="orders", order=50),
)
def import_file(request: Request) -> HttpResponse:
    """The form; a good file goes on to its job, a bad one comes back with the reason."""
    shops = shop_choices(request.actor)
    only_shop = shops[0][0] if len(shops) == 1 else ""
    state: FormState[Any] = FormState(values={"profile": SINGLE_FILES[0], "shop_id": only_shop})
    if request.method == "POST":
        state.values = {name: request.POST.get(name, "") for name in ("profile", "shop_id", "history")}
        answer = _begin(request, state)
        if answer is not None:
            return answer
    view = {
        "title": T("导入订单", "Import orders"),
        "state": state,
        "profiles": [(name, PROFILES[name].title) for name in SINGLE_FILES],
        "shops": shops,
        "needed": [headings for _, _, headings, is_needed in PROFILES[SINGLE_FILES[0]].columns() if is_needed],
        "form_attributes": format_html('enctype="{0}" hx-encoding="{0}"', "multipart/form-data"),
        "jobs": [(job, KINDS[job.kind]) for job in jobs_of(request.actor, kind="import", limit=8)],
    }
    return render_page(request, "intake/import.html", view, status=422 if state.errors else 200)


def _begin(request: Request, state: FormState[Any]) -> HttpResponse | None:
    """Keep the file and begin its job; None when something is wrong, said in `state`."""
    upload, profile, shop = request.FILES.get("file"), state.values["profile"], state.values["shop_id"]
    if upload is None:
        state.errors["file"] = T("请选择文件", "Choose a file").text()
    if profile not in SINGLE_FILES:
        state.errors["profile"] = T("请选择文件类型", "Choose what kind of file it is").text()
    if shop not in {key for key, _ in shop_choices(request.actor)}:
        state.errors["shop_id"] = T("请选择店铺", "Choose the shop").text()
    if state.errors or upload is None:
        return None
    try:
        kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", {FileKind.CSV, FileKind.XLSX})
    except FileRefused as refusal:
        state.errors["file"] = error_text(refusal)
        return None
    item = StartImport(int(shop), profile, kept.digest, kept.shown_name, state.values["history"] == "1")
    outcomes = run_once(request, start_import, [item])
    if not outcomes[0].ok:
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return None
    words = T("文件已收下，开始导入", "The file is in; the import has begun")
    return answer_outcomes(request, outcomes, done=words, to=reverse("intake-job", args=[outcomes[0].id]))


@page("jobs/<int:job_id>/", name="intake-job", clause="O1.3", permission=Permission.ORDER_VIEW)
def job(request: Request, job_id: int) -> HttpResponse:
    """One's own job: how far it is, and in the end what came of it."""
    found = job_of(request.actor, job_id)
    if found is None:
        raise Http404
    codes = found.result.get("codes", {})
    view = {
        "title": KINDS[found.kind],
        "job": found,
        "figures": _figures(found),
        "reasons": [(refusal_text(code, "intake").text(), count) for code, count in codes.items()],
        "trouble": _trouble(found),
        "name": found.wish.get("name", ""),
        "stop": None if found.is_over or found.stop_asked_at else _stop(found),
        "stopped": found.state == JobState.STOPPED,
    }
    return render_page(request, "intake/job.html", view)


@page(
    "jobs/<int:job_id>/stop/",
    name="intake-job-stop",
    clause="O1.3",
    permission=Permission.ORDER_VIEW,
    methods=("POST",),
)
def stop_job(request: Request, job_id: int) -> HttpResponse:
    """Stop one's own job after the piece at hand."""
    outcomes = run_once(request, stop_jobs, [StopJob(job_id)])
    words = T("做完手头这一批就停止", "It stops after the piece at hand")
    return answer_outcomes(request, outcomes, done=words, to="intake-job", args=(job_id,))


def _stop(found: JobView) -> Action:
    return Action(T("停止", "Stop"), url=reverse("intake-job-stop", args=[found.id]), icon="x", tone="red")


def _figures(found: JobView) -> list[tuple[T, int, str]]:
    return [
        (label, int(found.result[name]), tone if found.result[name] else "")
        for name, label, tone in FIGURES
        if name in found.result
    ]


def _trouble(found: JobView) -> str:
    if found.state != JobState.FAILED:
        return ""
    return failure_text(found.result, "intake")


@page("jobs/<int:job_id>/failures/", name="intake-job-failures", clause="O1.1", permission=Permission.ORDER_IMPORT)
def failures(request: Request, job_id: int) -> HttpResponse:
    """The orders that were not taken, as a sheet."""
    found = job_of(request.actor, job_id)
    if found is None or not found.failures_digest:
        raise Http404
    try:
        content = kept_files().open(found.failures_digest)
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=f"import-{job_id}-rejected.xlsx", content_type=XLSX)  # type: ignore[return-value]
