"""The program's door to after-sale: reads, and the upload of evidence; every command has its own address besides."""

from dataclasses import asdict
from datetime import date
from typing import Any, BinaryIO, cast

from django.http import Http404, HttpRequest
from ninja import File, Router, UploadedFile

from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.cases import CaseFilter, cases_page
from shopkeeper.flows.service.aftersale.queries.figures import offer_figures
from shopkeeper.flows.service.aftersale.queries.links import link_url, subject_of_case
from shopkeeper.flows.service.aftersale.queries.policy import policy_in_force
from shopkeeper.flows.service.aftersale.queries.records import CaseRecord, case_record
from shopkeeper.flows.service.aftersale.queries.refunds import refund_row, refunds_page
from shopkeeper.flows.service.aftersale.queries.returns import return_record, returns_page
from shopkeeper.flows.service.aftersale.rules.proposals import Because
from shopkeeper.flows.service.aftersale.schemas import (
    CaseDetail,
    Cases,
    FigureAnswer,
    PolicyAnswer,
    RefundAnswer,
    Refunds,
    ReturnDetail,
    Returns,
    SealedFileAnswer,
)
from shopkeeper.flows.service.aftersale.words import explained
from shopkeeper.foundation import business_time
from shopkeeper.foundation.files import FILMS, IMAGES
from shopkeeper.foundation.personal import Erased
from shopkeeper.foundation.sealed_files import sealed_files
from shopkeeper.shared.words import LANGUAGES, speaking
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


@router.get("/cases", response=Cases, operation_id="list_aftersale_cases")
def cases(
    request: HttpRequest,
    state: str = "",
    reason: str = "",
    shop_id: int | None = None,
    order_id: int | None = None,
    text: str = "",
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Cases, newest first; `text` is a case, order or platform number. Buyers are masked."""
    viewer = program(request, Permission.CASE_VIEW)
    wanted = CaseFilter(state=state, reason=reason, shop_id=shop_id, order_id=order_id, text=text)
    rows, next_key = cases_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/cases/{case_id}", response=CaseDetail, operation_id="get_aftersale_case")
def case(request: HttpRequest, case_id: int) -> dict[str, Any]:
    """One case: what the policy owes and why, evidence, offers, money. `next_offer` is what offer-solution takes."""
    viewer = program(request, Permission.CASE_VIEW)
    found = case_record(viewer, case_id, business_time.now())
    if found is None:
        raise Http404
    return _detail(found, shows_link=viewer.may(Permission.CASE_HANDLE))


def _both(because: Because, currency: str) -> dict[str, str]:
    """One reason in both languages."""
    words = {}
    for language in LANGUAGES:
        with speaking(language):
            words[str(language)] = explained(because, currency)
    return words


def _detail(found: CaseRecord, *, shows_link: bool) -> dict[str, Any]:
    proposal = asdict(found.judged.proposal)
    proposal["because"] = [
        {"code": one.code, "speaks_for": one.speaks_for, "words": _both(one, found.row.currency)}
        for one in found.judged.proposal.because
    ]
    link = found.live_link
    return {
        **asdict(found.row),
        "policy_version": found.policy_version,
        "next_offer": found.offers_made + 1,
        "proposal": proposal,
        "lines": [asdict(line) for line in found.judged.lines],
        "evidence": [asdict(one) for one in found.evidence],
        "offers": [asdict(offer) for offer in found.offers],
        "refunds": [asdict(refund) for refund in found.refunds],
        "evidence_url": link_url(link.id) if link and shows_link else "",
        "return_id": found.return_id,
        "return_state": found.return_state,
        "return_number": found.return_number,
        "replacement_order_id": found.replacement_order_id,
    }


@router.post("/cases/{case_id}/evidence-files", response=SealedFileAnswer, operation_id="seal_evidence_file")
def evidence_files(request: HttpRequest, case_id: int, file: File[UploadedFile]) -> dict[str, Any]:
    """Check and seal a picture or film of a case; nothing is on the case until add-evidence names it."""
    viewer = program(request, Permission.EVIDENCE_TAKE_IN)
    subject = subject_of_case(viewer, case_id)
    if subject is None:
        raise Http404
    try:
        kept = sealed_files().keep(subject, cast("BinaryIO", file.file), IMAGES | FILMS)
    except Erased as erased:
        raise Http404 from erased
    return {"file_ref": kept.ref, "file_kind": str(kept.kind), "size": kept.size}


@router.get("/refunds", response=Refunds, operation_id="list_aftersale_refunds")
def refunds(
    request: HttpRequest, state: str = "", shop_id: int | None = None, after: int | None = None, limit: int = 50
) -> dict[str, Any]:
    """Refunds and compensations, newest first; `next` is the `after` of the following page."""
    viewer = program(request, Permission.CASE_VIEW)
    rows, next_key = refunds_page(viewer, state=state, shop_id=shop_id, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/refunds/{refund_id}", response=RefundAnswer, operation_id="get_aftersale_refund")
def refund(request: HttpRequest, refund_id: int) -> dict[str, Any]:
    """One refund."""
    row = refund_row(program(request, Permission.CASE_VIEW), refund_id)
    if row is None:
        raise Http404
    return asdict(row)


@router.get("/returns", response=Returns, operation_id="list_aftersale_returns")
def returns(
    request: HttpRequest,
    state: str = "",
    warehouse_id: int | None = None,
    text: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Parcels that come back, newest first; those nobody knows have no case."""
    viewer = program(request, Permission.RETURN_VIEW)
    rows, next_key = returns_page(
        viewer, state=state, warehouse_id=warehouse_id, text=text, after=after, limit=min(max(limit, 1), PAGE)
    )
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/returns/{return_id}", response=ReturnDetail, operation_id="get_aftersale_return")
def one_return(request: HttpRequest, return_id: int) -> dict[str, Any]:
    """One parcel with the pieces that should be in it, the bins they may go to, and how they were graded."""
    found = return_record(program(request, Permission.RETURN_VIEW), return_id)
    if found is None:
        raise Http404
    pieces = [
        {
            **asdict(piece),
            "graded": [{"grade": g, "quantity": quantity, "lot_code": lot} for g, quantity, lot, _ in piece.graded],
        }
        for piece in found.pieces
    ]
    return {**asdict(found.row), "pieces": pieces, "bins": [code for code, _ in found.bins], "note": found.note}


@router.get("/policy", response=PolicyAnswer, operation_id="get_aftersale_policy")
def policy(request: HttpRequest, platform: str = "") -> dict[str, Any]:
    """The policy of a platform in force; `platform` empty, or without its own, answers the general one."""
    program(request, Permission.CASE_VIEW)
    return asdict(policy_in_force(platform))


@router.get("/figures", response=FigureAnswer, operation_id="get_aftersale_figures")
def figures(request: HttpRequest, from_day: date, to_day: date, shop_id: int | None = None) -> dict[str, Any]:
    """How cases opened in these days (both included, the shops' own days) went."""
    viewer = program(request, Permission.CASE_VIEW)
    return asdict(offer_figures(viewer, from_day, to_day, shop_id))
