"""M1.2: a mailing is written, with a live count of who would get it and why the others would not."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.outreach.commands.save_mailings import SaveMailing, save_mailings
from shopkeeper.flows.marketing.outreach.pages.mailings import CHANNELS
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.queries.audience import audience
from shopkeeper.flows.marketing.outreach.queries.mailings import (
    campaign_choices,
    mailing_view,
    segment_choices,
    segment_of,
)
from shopkeeper.flows.marketing.outreach.states import MailingState, OutreachChannel
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import submit
from shopkeeper.web.pages import Request, page, render_page

WRITTEN = ("campaign_id", "segment_id", "channel", "name", "signature", "template", "subject", "text")


@page("mailings/new/", name="outreach-new", clause="M1.2", permission=Permission.MAILING_EDIT, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """A new message; ?campaign= and ?segment= choose for it."""
    tomorrow = (business_time.now() + timedelta(days=1)).astimezone(SHOP_ZONE).replace(hour=10, minute=0)
    initial = {
        "campaign_id": request.GET.get("campaign", ""),
        "segment_id": request.GET.get("segment", ""),
        "channel": str(OutreachChannel.SMS),
        "planned_at": tomorrow,
    }
    return _form(request, T("新建群发", "New mailing"), initial, None, reverse("outreach-mailings"))


@page(
    "mailings/<int:mailing_id>/edit/",
    name="outreach-edit",
    clause="M1.2",
    permission=Permission.MAILING_EDIT,
    methods=("GET", "POST"),
)
def edit(request: Request, mailing_id: int) -> HttpResponse:
    """A draft, rewritten."""
    view = mailing_view(request.actor, mailing_id)
    if view is None or view.state != MailingState.DRAFT:
        raise Http404
    initial = {name: getattr(view, name) for name in WRITTEN}
    initial["planned_at"] = view.planned_at.astimezone(SHOP_ZONE)
    return _form(
        request, T("修改群发", "Edit the mailing"), initial, mailing_id, reverse("outreach-mailing", args=[mailing_id])
    )


def _form(request: Request, title: T, initial: dict[str, Any], mailing_id: int | None, cancel_url: str) -> HttpResponse:
    return submit(
        request,
        save_mailings,
        SaveMailing,
        template="outreach/write.html",
        done=T("草稿已保存，核对后提交审批", "Saved. Look it through, then hand it in"),
        context={
            "title": title,
            "cancel_url": cancel_url,
            "campaigns": campaign_choices(request.actor),
            "segments": segment_choices(request.actor),
            "channels": CHANNELS,
        },
        initial=initial,
        extra={"mailing_id": mailing_id},
        to=cancel_url if mailing_id else "outreach-mailings",
    )


@page("audience/", name="outreach-audience", clause="M1.2", permission=Permission.MAILING_EDIT)
def looked_at(request: Request) -> HttpResponse:
    """The part of the form that counts: who of the chosen segment would get it now."""
    chosen = request.GET.get("segment_id", "")
    segment_id = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else None
    segment = segment_of(request.actor, segment_id) if segment_id is not None else None
    known = {str(one) for one in OutreachChannel}
    channel = request.GET.get("channel", "") if request.GET.get("channel") in known else str(OutreachChannel.SMS)
    found = audience(segment.segment_id, channel, segment.shop_id, business_time.now()) if segment else None
    context = {
        "segment": segment,
        "channel": channel,
        "found": found,
        "reasons": list(found.not_sent.items()) if found else [],
        "title": T("会发给谁", "Who would get it"),
    }
    return render_page(request, "outreach/audience.html", context)
