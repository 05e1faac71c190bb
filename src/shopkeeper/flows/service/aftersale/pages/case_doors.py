"""POST doors of a case: each one command call; a refusal of a form shows the page again with what was entered."""

from typing import Any, BinaryIO, TypeVar, cast

from django.http import Http404, HttpResponse, StreamingHttpResponse

from shopkeeper.flows.service.aftersale.commands.add_evidence import AddEvidence, SealedShot, add_evidence
from shopkeeper.flows.service.aftersale.commands.answer_offer import AnswerOffer, answer_offer
from shopkeeper.flows.service.aftersale.commands.ask_evidence import AskEvidence, ask_evidence
from shopkeeper.flows.service.aftersale.commands.end_aftersale import (
    CloseAfterSale,
    RefuseAfterSale,
    close_aftersale,
    refuse_aftersale,
)
from shopkeeper.flows.service.aftersale.commands.judge_evidence import JudgeEvidence, judge_evidence
from shopkeeper.flows.service.aftersale.commands.note_return import NoteReturn, note_return
from shopkeeper.flows.service.aftersale.commands.note_viewing import NoteViewing, note_viewing
from shopkeeper.flows.service.aftersale.commands.offer_solution import OfferSolution, offer_solution
from shopkeeper.flows.service.aftersale.pages.case import show_case
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.links import evidence_file, subject_of_case
from shopkeeper.flows.service.aftersale.states import Shot
from shopkeeper.foundation.commands import Command
from shopkeeper.foundation.files import FILMS, IMAGES, FileRefused
from shopkeeper.foundation.personal import Erased
from shopkeeper.foundation.sealed_files import sealed_files
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import error_text, outcome_text
from shopkeeper.web.pages import Request, page

Item = TypeVar("Item")


def _run(
    request: Request, case_id: int, command: Command[Item], item_type: type[Item], extra: dict[str, Any], done: T
) -> HttpResponse:
    """Read the form, run the command, go back to the case; what was refused is said on it."""
    state = read_form(request.POST, item_type, extra)
    if state.item is not None:
        outcomes: list[Outcome] = run_once(request, command, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=done, to="aftersale-case", args=[case_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return show_case(request, case_id, state)


@page(
    "<int:case_id>/offer/",
    name="aftersale-offer",
    clause="S2.3",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def offer(request: Request, case_id: int) -> HttpResponse:
    words = T("方案已给出，等待买家答复", "Offered; the buyer's answer is awaited")
    return _run(request, case_id, offer_solution, OfferSolution, {"case_id": case_id}, words)


@page(
    "<int:case_id>/answer/",
    name="aftersale-answer",
    clause="S2.3",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def answer(request: Request, case_id: int) -> HttpResponse:
    words = T("买家的答复已记录，方案开始执行", "The answer is on record and carried out")
    return _run(request, case_id, answer_offer, AnswerOffer, {"case_id": case_id}, words)


@page(
    "<int:case_id>/ask/",
    name="aftersale-ask",
    clause="S2.3",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def ask(request: Request, case_id: int) -> HttpResponse:
    words = T("举证链接已生成，请复制发给买家", "The link is made; copy it to the buyer")
    return _run(request, case_id, ask_evidence, AskEvidence, {"case_id": case_id}, words)


@page(
    "<int:case_id>/refuse/",
    name="aftersale-refuse",
    clause="S2.3",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def refuse(request: Request, case_id: int) -> HttpResponse:
    return _run(request, case_id, refuse_aftersale, RefuseAfterSale, {"case_id": case_id}, T("已拒绝", "Refused"))


@page(
    "<int:case_id>/close/",
    name="aftersale-close",
    clause="S2.3",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def close(request: Request, case_id: int) -> HttpResponse:
    return _run(request, case_id, close_aftersale, CloseAfterSale, {"case_id": case_id}, T("已关闭", "Closed"))


@page(
    "<int:case_id>/number/",
    name="aftersale-number",
    clause="S2.3",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def number(request: Request, case_id: int) -> HttpResponse:
    words = T("退货运单已登记", "The number is noted")
    return _run(request, case_id, note_return, NoteReturn, {"case_id": case_id, "courier": ""}, words)


@page(
    "<int:case_id>/evidence/",
    name="aftersale-add-evidence",
    clause="S2.3",
    permission=Permission.EVIDENCE_TAKE_IN,
    methods=("POST",),
)
def add(request: Request, case_id: int) -> HttpResponse:
    """What an agent was sent elsewhere: one file and what it is to show."""
    subject = subject_of_case(request.actor, case_id)
    if subject is None:
        raise Http404
    upload, shot = request.FILES.get("file"), request.POST.get("shot", "")
    state: FormState[Any] = FormState(values={"shot": shot})
    if upload is None:
        state.errors["file"] = T("请选择照片或视频", "Choose a picture or film").text()
    if shot not in set(Shot):
        state.errors["shot"] = T("请选择拍的是什么", "Say what it shows").text()
    if state.errors or upload is None:
        return show_case(request, case_id, state)
    try:
        kept = sealed_files().keep(subject, cast("BinaryIO", upload.file), IMAGES | FILMS)
    except FileRefused as refusal:
        state.errors["file"] = error_text(refusal, "aftersale")
        return show_case(request, case_id, state)
    except Erased as erased:
        raise Http404 from erased
    item = AddEvidence(case_id, (SealedShot(kept.ref, kept.kind, kept.size, Shot(shot)),))
    outcomes = run_once(request, add_evidence, [item])
    if not outcomes[0].ok:
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return show_case(request, case_id, state)
    return answer_outcomes(
        request, outcomes, done=T("凭证已收下", "The evidence is in"), to="aftersale-case", args=[case_id]
    )


@page(
    "evidence/<int:evidence_id>/judge/",
    name="aftersale-judge",
    clause="S2.3",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def judge(request: Request, evidence_id: int) -> HttpResponse:
    verdict = request.POST.get("verdict", "")
    if verdict not in ("good", "bad"):
        raise Http404
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:200]
    item = JudgeEvidence(evidence_id, "good" if verdict == "good" else "bad", reason)
    outcomes = run_once(request, judge_evidence, [item])
    return answer_outcomes(request, outcomes, done=T("审核结果已记录", "The verdict is on record"))


@page(
    "evidence/<int:evidence_id>/",
    name="aftersale-evidence",
    clause="S2.3",
    permission=Permission.EVIDENCE_VIEW,
)
def evidence(request: Request, evidence_id: int) -> HttpResponse:
    """The picture or film itself, opened for whoever handles the case, and on record; never as anything but what it
    is."""
    try:
        found = evidence_file(request.actor, evidence_id)
    except (Erased, FileNotFoundError) as gone:
        raise Http404 from gone
    if found is None or not note_viewing.one(request.actor, NoteViewing(evidence_id)).ok:
        raise Http404
    return StreamingHttpResponse(  # type: ignore[return-value]
        found.content,
        content_type=found.media_type,
        headers={
            "Content-Length": str(found.size),
            "Content-Disposition": "inline",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )
