"""The buyer's own door for evidence: a one-time link, no account, phone first. A forged one leads nowhere."""

from typing import BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from shopkeeper.flows.service.aftersale.commands.add_evidence import SealedShot, SubmitEvidence, submit_evidence
from shopkeeper.flows.service.aftersale.queries.links import OpenLink, opened_link
from shopkeeper.flows.service.aftersale.states import Shot
from shopkeeper.flows.service.aftersale.words import LABELS, SLOW_DOWN
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import FILMS, IMAGES, MIB, FileRefused
from shopkeeper.foundation.personal import Erased
from shopkeeper.foundation.sealed_files import sealed_files
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.knocks import KNOCKS
from shopkeeper.web.labels import error_text, outcome_text, refusal_text
from shopkeeper.web.pages import render_page

MOST_AT_ONCE = 9
KNOCKS_PER_MINUTE = 60
GONE = 410


@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def hand_in_proof(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is wanted, and take it in once. Expired, used and replaced links say so (410); at most so many
    requests a minute from one address (429)."""
    if not KNOCKS.allowed(f"proof:{request.META.get('REMOTE_ADDR', '')}", KNOCKS_PER_MINUTE):
        response = _page(request, None, gone=SLOW_DOWN.text(), status=429)
        response["Retry-After"] = "60"
        return response
    link = opened_link(token, business_time.now())
    if link is None:
        raise Http404
    if link.code:
        return _page(request, link, gone=refusal_text(link.code, "aftersale").text(), status=GONE)
    if request.method != "POST":
        return _page(request, link)
    try:
        files = _taken(request, link)
    except FileRefused as refusal:
        return _page(request, link, error=error_text(refusal, "aftersale"), status=422)
    except BusinessError as mistake:
        return _page(request, link, error=error_text(mistake, "aftersale"), status=422)
    except Erased as erased:
        raise Http404 from erased
    outcome = submit_evidence.one(SYSTEM, SubmitEvidence(link.id, tuple(files)))
    if not outcome.ok:
        return _page(request, link, gone=outcome_text(outcome), status=GONE)
    return _page(request, link, is_done=True)


def _taken(request: HttpRequest, link: OpenLink) -> list[SealedShot]:
    """Check and seal every file; nothing of it counts until all are good."""
    given: list[tuple[BinaryIO, Shot]] = []
    for shot in Shot:
        uploads = request.FILES.getlist(f"shot-{shot}")
        given += [(cast("BinaryIO", upload.file), shot) for upload in uploads if upload]
    if not given:
        raise BusinessError("file_needed")
    if len(given) > MOST_AT_ONCE:
        raise BusinessError("too_many_files", most=MOST_AT_ONCE)
    most = read_policies()("aftersale_video_mb") * MIB
    kept = []
    for stream, shot in given:
        file = sealed_files().keep(link.subject_id, stream, IMAGES | FILMS, most)
        kept.append(SealedShot(file.ref, file.kind, file.size, shot))
    return kept


def _page(
    request: HttpRequest,
    link: OpenLink | None,
    *,
    error: str = "",
    gone: str = "",
    is_done: bool = False,
    status: int = 200,
) -> HttpResponse:
    view = {
        "title": T("上传售后凭证", "Send your pictures"),
        "link": link,
        "shots": [(shot, LABELS[Shot][Shot(shot)].text, shot == Shot.FILM) for shot in (link.shots if link else ())],
        "error": error,
        "gone": gone,
        "is_done": is_done,
    }
    response = render_page(request, "aftersale/proof.html", view, status=status)
    response["Referrer-Policy"] = "same-origin"  # the address is the right to hand in, but a form must have an origin
    return response
