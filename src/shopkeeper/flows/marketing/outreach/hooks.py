"""Doors of outreach for those outside: the customer's own way out, and what the provider of text messages pushes."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from shopkeeper.flows.marketing.outreach.commands.withdraw_consents import OptOutByLink, opt_out_by_link
from shopkeeper.flows.marketing.outreach.performers import hear_replies, hear_reports
from shopkeeper.flows.marketing.outreach.ports import ForgedMessage, TextReports
from shopkeeper.flows.marketing.outreach.queries.links import WayOut, way_out
from shopkeeper.flows.marketing.outreach.words import PLAIN
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.words import T
from shopkeeper.web.knocks import KNOCKS
from shopkeeper.web.pages import render_page

KNOCKS_PER_MINUTE = 60
LONGEST_PUSH = 512 * 1024
TAKEN = {"code": 0, "msg": "成功"}


@csrf_exempt  # the address is the right to leave, and mailboxes post to it without having seen the page (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def leave_mailings(request: HttpRequest, token: str) -> HttpResponse:
    """/opt-out/{token}/: GET asks, POST leaves; again is the same. Looking at the link changes nothing, since mail
    scanners follow links. A forged one leads nowhere; at most so many requests a minute from one address (429)."""
    if not KNOCKS.allowed(f"opt-out:{request.META.get('REMOTE_ADDR', '')}", KNOCKS_PER_MINUTE):
        response = _page(request, None, gone=PLAIN["slow_down"].text(), status=429)
        response["Retry-After"] = "60"
        return response
    found = way_out(token)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found)
    opt_out_by_link.one(SYSTEM, OptOutByLink(found.recipient_id))
    return _page(request, found, is_done=True)


def _page(
    request: HttpRequest, found: WayOut | None, *, gone: str = "", is_done: bool = False, status: int = 200
) -> HttpResponse:
    view = {
        "title": T("退订活动消息", "Stop these messages"),
        "shop": found.shop if found else "",
        "found": found,
        "gone": gone,
        "is_done": is_done or (found is not None and found.is_out),
    }
    response = render_page(request, "outreach/opt_out.html", view, status=status)
    response["Referrer-Policy"] = "same-origin"  # the address is the right to leave, but a form must have an origin
    return response


def sms_pushes(provider: Callable[[], TextReports]) -> Callable[..., HttpResponse]:
    """The view for what the provider of text messages pushes; config/urls.py gives it the provider's port.

    /hooks/sms/{key}/report and …/up, arrays of JSON. Messages we do not know are answered as taken.
    """

    @csrf_exempt
    @require_POST
    def receive(request: HttpRequest, key: str, kind: str) -> HttpResponse:
        if len(request.body) > LONGEST_PUSH:
            return JsonResponse({"code": 413, "msg": "too_large"}, status=413)
        try:
            if kind == "report":
                hear_reports(provider().reports(key, request.body))
            elif kind == "up":
                hear_replies(provider().replies(key, request.body))
            else:
                raise Http404
        except ForgedMessage as forged:
            status = 403 if forged.code == "bad_signature" else 400
            return JsonResponse({"code": status, "msg": forged.code}, status=status)
        return JsonResponse(TAKEN, json_dumps_params={"ensure_ascii": False})

    return receive
