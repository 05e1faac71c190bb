"""S2.1: canned replies: the list and the form."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.keep_knowledge import SetReply, set_replies
from shopkeeper.flows.service.tickets.pages.choices import words_of
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.knowledge import canned_replies, canned_reply
from shopkeeper.flows.service.tickets.queries.scope import shops_of
from shopkeeper.flows.service.tickets.states import TicketKind
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import submit
from shopkeeper.web.listing import Column, Listing
from shopkeeper.web.pages import MenuEntry, Request, page

REPLIES = Listing(
    key="canned-replies",
    title=T("快捷回复", "Canned replies"),
    clause="S2.1",
    record="tickets-reply",
    columns=(
        Column("shortcut", T("快捷码", "Shortcut"), always=True),
        Column("title", T("标题", "Title")),
        Column("text", T("内容", "Text")),
        Column("kind", T("类型", "Type")),
        Column("shop", T("店铺", "Shop")),
        Column("active", T("启用", "In use")),
    ),
    search=T("快捷码、标题或内容", "Shortcut, title or text"),
)


@page(
    "replies/",
    name="tickets-replies",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_VIEW,
    menu=MenuEntry(T("快捷回复", "Canned replies"), section="service", order=62),
)
def replies(request: Request) -> HttpResponse:
    asked = REPLIES.read(request)
    may_write = request.actor.may(Permission.KNOWLEDGE_WRITE)
    return REPLIES.render(
        request,
        asked,
        "tickets/replies.html",
        rows=canned_replies(request.actor, text=asked.text),
        new_url=reverse("tickets-reply-new") if may_write else "",
    )


@page(
    "replies/new/",
    name="tickets-reply-new",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_WRITE,
    methods=("GET", "POST"),
)
def new(request: Request) -> HttpResponse:
    return _form(request, {"is_active": True}, {}, T("新快捷回复", "New canned reply"), is_new=True)


@page(
    "replies/<int:reply_id>/",
    name="tickets-reply",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_WRITE,
    methods=("GET", "POST"),
)
def reply(request: Request, reply_id: int) -> HttpResponse:
    found = canned_reply(request.actor, reply_id)
    if found is None:
        raise Http404
    known = {"title": found.title, "text": found.text, "kind": found.kind, "is_active": found.is_active}
    fixed = {"shortcut": found.shortcut, "shop_id": found.shop_id}
    return _form(request, known, fixed, T("快捷回复 /{s}", "Canned reply /{s}").format(s=found.shortcut), is_new=False)


def _form(request: Request, initial: dict[str, Any], fixed: dict[str, Any], title: T, *, is_new: bool) -> HttpResponse:
    return submit(
        request,
        set_replies,
        SetReply,
        template="tickets/reply_form.html",
        context={
            "title": title,
            "is_new": is_new,
            "kinds": words_of(TicketKind),
            "shops": shops_of(request.actor),
            "cancel_url": reverse("tickets-replies"),
        },
        initial=initial,
        extra=fixed,
        done=T("已保存", "Saved"),
        to="tickets-replies",
    )
