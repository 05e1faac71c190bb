"""S1.1: the public form: a matter left in writing, answered on a page of its own that only its writer can open."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from shopkeeper.flows.service.conversations.commands.take_in_messages import TakeInMessage, take_in_messages
from shopkeeper.flows.service.conversations.hooks.limits import limited, refuse
from shopkeeper.flows.service.conversations.hooks.widget import for_shop, framed
from shopkeeper.flows.service.conversations.queries.customers import (
    WidgetShop,
    answer_token,
    answered_form,
)
from shopkeeper.flows.service.conversations.rules.contacts import contact_of
from shopkeeper.flows.service.conversations.states import Channel
from shopkeeper.flows.service.conversations.words import REFUSALS
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.words import T

FORMS_PER_MINUTE = 20
TEXT_MAX = 2_000


@csrf_exempt  # nobody is signed in here, and no cookie is read
@xframe_options_exempt
@limited("form", FORMS_PER_MINUTE)
@for_shop
def ticket_form(request: HttpRequest, shop: WidgetShop) -> HttpResponse:
    """GET /widget/{shop}/form/: the form. POST: take it in once per `form_token`, then show where it is answered."""
    values = {name: request.POST.get(name, "").strip() for name in ("name", "contact", "platform_no", "text")}
    token = request.POST.get("form_token", "") or uuid.uuid4().hex
    errors: dict[str, str] = {}
    if request.method == "POST":
        contact = contact_of(values["contact"])
        if contact is None:
            errors["contact"] = str(REFUSALS["contact_needed"])
        if not values["text"]:
            errors["text"] = str(T("请写明您的问题", "Say what it is about"))
        if not errors and contact is not None:
            return _take_in(request, shop, values, contact, token[:40])
    context = {"shop": shop, "values": values, "errors": errors, "form_token": token, "text_max": TEXT_MAX}
    return framed(render(request, "conversations/form.html", context, status=422 if errors else 200), shop)


def _take_in(
    request: HttpRequest, shop: WidgetShop, values: dict[str, str], contact: tuple[str, str], token: str
) -> HttpResponse:
    kind, reached = contact
    item = TakeInMessage(
        shop_id=shop.shop_id,
        channel=Channel.FORM,
        customer=f"{kind}-{reached}"[:110],
        client_id=f"f:{token}",
        text=values["text"][:TEXT_MAX],
        name=values["name"][:60],
        phone=reached if kind == "phone" else "",
        platform_no=values["platform_no"][:64],
    )
    outcome = take_in_messages.one(SYSTEM, item)
    if not outcome.ok:
        return refuse(outcome.code, 422, **outcome.facts)
    place = reverse("widget-answer", args=[shop.code])
    return HttpResponseRedirect(f"{place}?key={answer_token(outcome.facts['conversation_id'])}")


@xframe_options_exempt
@limited("answer", FORMS_PER_MINUTE * 6)
@for_shop
def ticket_answer(request: HttpRequest, shop: WidgetShop) -> HttpResponse:
    """GET /widget/{shop}/answer/?key=…: what was asked and answered, for whoever holds the key of it."""
    found = answered_form(request.GET.get("key", ""), shop.shop_id)
    if found is None:
        return refuse("session_over", 404)
    return framed(render(request, "conversations/answer.html", {"shop": shop, "found": found}), shop)
