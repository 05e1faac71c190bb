"""S1.1: our own chat for any shop page: a page in a frame and the few requests it makes.

Who is there is what the shop's page signed (forged is refused), else an anonymous visitor; either way the browser
holds a session token of ours and sends it with each request. No cookie is read or set.
"""

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from shopkeeper.flows.service.conversations.commands.keep_pictures import keep_upload
from shopkeeper.flows.service.conversations.commands.take_in_messages import TakeInMessage, take_in_messages
from shopkeeper.flows.service.conversations.hooks.limits import limited, refuse
from shopkeeper.flows.service.conversations.queries.customers import (
    Visitor,
    WidgetShop,
    own_conversation,
    picture_of,
    session_token,
    subject_of,
    visitor_in,
    widget_shop,
)
from shopkeeper.flows.service.conversations.queries.duty import is_on_duty
from shopkeeper.flows.service.conversations.queries.stream import stream_token
from shopkeeper.flows.service.conversations.rules.identity import NotBelieved, believed
from shopkeeper.flows.service.conversations.states import Channel
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import REFUSALS, FileRefused
from shopkeeper.shared.clock import machine_now
from shopkeeper.web.knocks import KNOCKS

SESSIONS_PER_MINUTE = 60
REQUESTS_PER_MINUTE = 240
PICTURES_PER_MINUTE = 12
BODY_MAX = 64 * 1024
Door = Callable[..., HttpResponse]


def for_shop(door: Door) -> Door:
    """Give the door its shop; 404 where there is none or its channels are not open."""

    @wraps(door)
    def opened(request: HttpRequest, shop_code: str, **kwargs: Any) -> HttpResponse:
        shop = widget_shop(shop_code)
        return door(request, shop, **kwargs) if shop else refuse("channel_not_open", 404)

    return opened


def for_visitor(door: Door) -> Door:
    """Give the door its shop and whoever the session token names; 401 without a good one."""

    @for_shop
    @wraps(door)
    def opened(request: HttpRequest, shop: WidgetShop, **kwargs: Any) -> HttpResponse:
        visitor = visitor_in(request.headers.get("Authorization", "").removeprefix("Bearer "), shop.shop_id)
        if visitor is None:
            return refuse("session_over", 401)
        if not KNOCKS.allowed(f"visitor:{visitor.reference}", REQUESTS_PER_MINUTE):
            return refuse("slow_down", 429, {"Retry-After": "10"})
        return door(request, shop, visitor, **kwargs)

    return opened


@xframe_options_exempt
@require_safe
@for_shop
def widget_page(request: HttpRequest, shop: WidgetShop) -> HttpResponse:
    """GET /widget/{shop}/: the chat itself; only pages the shop named may frame it."""
    context = {"shop": shop, "is_on_duty": is_on_duty(shop.shop_id)}
    return framed(render(request, "conversations/widget.html", context), shop)


def framed(response: HttpResponse, shop: WidgetShop) -> HttpResponse:
    """Only pages the shop named may show this in a frame."""
    response._csp_replace = {"frame-ancestors": ["'self'", *shop.origins]}  # type: ignore[attr-defined]
    return response


@csrf_exempt
@require_POST
@limited("session", SESSIONS_PER_MINUTE)
@for_shop
def open_session(request: HttpRequest, shop: WidgetShop) -> HttpResponse:
    """POST /widget/{shop}/session/ {"identity"?, "session"?}: who is there, with their conversation so far."""
    body = _json(request)
    visitor: Visitor | None = None
    if identity := str(body.get("identity") or ""):
        try:
            known = believed(shop.secret, identity, machine_now().timestamp())
        except NotBelieved as refusal:
            return refuse("identity_expired" if refusal.code == "expired" else "identity_forged", 403)
        visitor = Visitor(shop.shop_id, known.customer, known.name, known.phone)
    visitor = visitor or visitor_in(str(body.get("session") or ""), shop.shop_id)
    visitor = visitor or Visitor(shop.shop_id, f"visitor-{uuid.uuid4().hex}")
    return JsonResponse(
        {
            "session": session_token(visitor),
            "name": visitor.name,
            "on_duty": is_on_duty(shop.shop_id),
            **_conversation(visitor, 0),
        },
        json_dumps_params={"ensure_ascii": False},
    )


@csrf_exempt
@for_visitor
def lines(request: HttpRequest, shop: WidgetShop, visitor: Visitor) -> HttpResponse:
    """GET …/lines/?after=N: one's own lines. POST {"client_id", "text", "picture_id"?}: say something, once."""
    if request.method == "GET":
        after = request.GET.get("after", "0")
        return JsonResponse(
            _conversation(visitor, int(after) if after.isdecimal() and len(after) < 10 else 0),
            json_dumps_params={"ensure_ascii": False},
        )
    if request.method != "POST":
        return HttpResponse(status=405)
    body = _json(request)
    client_id, text = str(body.get("client_id") or ""), str(body.get("text") or "")
    picture_id = body.get("picture_id")
    if not 8 <= len(client_id) <= 60:
        return refuse("nothing_said", 422)
    if picture_id is not None and (
        not isinstance(picture_id, int) or picture_of(subject_of(visitor), shop.shop_id, picture_id) is None
    ):
        return refuse("picture_unknown", 422)
    item = TakeInMessage(
        shop_id=shop.shop_id,
        channel=Channel.WIDGET,
        customer=visitor.customer,
        client_id=f"c:{client_id}",
        text=text[:20_000],
        name=visitor.name,
        phone=visitor.phone,
        picture_id=picture_id,
    )
    outcome = take_in_messages.one(SYSTEM, item)
    if not outcome.ok:
        return refuse(outcome.code, 429 if outcome.code == "too_fast" else 422, **outcome.facts)
    conversation_id = outcome.facts["conversation_id"]
    return JsonResponse(
        {
            "sequence": outcome.facts.get("sequence"),
            "conversation": conversation_id,
            "stream": stream_token(conversation_id),
        }
    )


@csrf_exempt
@require_POST
@limited("picture", PICTURES_PER_MINUTE)
@for_visitor
def pictures(request: HttpRequest, shop: WidgetShop, visitor: Visitor) -> HttpResponse:
    """POST …/pictures/ (multipart `file`): kept sealed if it is a picture and within the bound."""
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        return refuse("nothing_said", 422)
    try:
        outcome = keep_upload(SYSTEM, shop.shop_id, visitor.customer, upload.file)
    except FileRefused as refusal:
        words = REFUSALS[refusal.code].format(**refusal.facts).both()
        return JsonResponse({"code": refusal.code, "words": words}, status=422)
    return JsonResponse({"picture_id": outcome.id})


@require_GET
@for_visitor
def picture(request: HttpRequest, shop: WidgetShop, visitor: Visitor, picture_id: int) -> HttpResponse:
    """GET …/pictures/{id}/: a picture of one's own conversation; anybody else's does not exist."""
    found = picture_of(subject_of(visitor), shop.shop_id, picture_id)
    return picture_answer(found.kind, found.content) if found else refuse("picture_unknown", 404)


def picture_answer(kind: str, content: bytes) -> HttpResponse:
    """Bytes as the picture they were recognised as, and as nothing else."""
    response = HttpResponse(content, content_type=f"image/{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'inline; filename="picture.{kind}"'
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _conversation(visitor: Visitor, after: int) -> dict[str, Any]:
    found = own_conversation(visitor, after=after)
    if found is None:
        return {"conversation": None, "is_open": False, "stream": "", "lines": []}
    return {"conversation": found.id, "is_open": found.is_open, "stream": found.stream, "lines": found.lines}


def _json(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; anything else is an empty one."""
    if len(request.body) > BODY_MAX:
        return {}
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
