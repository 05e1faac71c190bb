"""S1.1: how each shop's customers reach us: channels opened, the widget's tag and secret, how far chats are read."""

from django.http import HttpResponse

from shopkeeper.flows.service.conversations.commands.open_channels import (
    OpenChannels,
    RenewSecret,
    open_channels,
    renew_widget_secrets,
)
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.queries.lists import channels, widget_secret
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import MenuEntry, Request, page, render_page


@page(
    "channels/",
    name="conversations-channels",
    clause="S1.1",
    permission=Permission.CHANNEL_OPEN,
    menu=MenuEntry(T("客服渠道", "Channels"), section="service", order=90),
)
def channels_page(request: Request) -> HttpResponse:
    """One card per shop. The secret stands only on the page of who may renew it."""
    rows = [(row, widget_secret(request.actor, row.shop_id)) for row in channels(request.actor)]
    host = f"{request.scheme}://{request.get_host()}"
    view = {"title": T("客服渠道", "Channels"), "rows": rows, "host": host}
    return render_page(request, "conversations/channels.html", view)


@page(
    "channels/open/",
    name="conversations-channels-open",
    clause="S1.1",
    permission=Permission.CHANNEL_OPEN,
    methods=("POST",),
)
def open_page(request: Request) -> HttpResponse:
    """Open a shop's channels, or set where its widget may stand."""
    origins = tuple(request.POST.get("origins", "").split())
    state = read_form(request.POST, OpenChannels, {"origins": origins})
    outcomes = run_once(request, open_channels, [state.item] if state.item else [])
    return answer_outcomes(request, outcomes, done=T("渠道已设置", "The channels are set"), to="conversations-channels")


@page(
    "channels/renew/",
    name="conversations-channels-renew",
    clause="S1.1",
    permission=Permission.CHANNEL_OPEN,
    methods=("POST",),
)
def renew(request: Request) -> HttpResponse:
    state = read_form(request.POST, RenewSecret)
    outcomes = run_once(request, renew_widget_secrets, [state.item] if state.item else [])
    words = T("密钥已更换，请更新店铺网站", "The secret is renewed; update the shop's site")
    return answer_outcomes(request, outcomes, done=words, to="conversations-channels")
