"""Conversations past and present as lists: newest first by key, filtered, found by customer's phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from shopkeeper.flows.service.conversations.models import Conversation, PhoneCall, ShopChannel, conversation_number
from shopkeeper.flows.service.conversations.queries.customers import widget_secret_of
from shopkeeper.flows.service.conversations.states import ConversationState
from shopkeeper.flows.service.conversations.words import waited
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import blind_index
from shopkeeper.shared.words import T

PHONE_DIGITS = 11
NUMBER_PREFIX = "HH"


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """What is asked of the list; empty fields do not narrow it. `text` is a number of ours or a whole phone."""

    tab: str = "all"
    channel: str = ""
    shop_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    id: int
    number: str
    shop: str
    channel: str
    state: str
    kind: str
    contact: str
    agent: str
    ticket_id: int | None
    opened_at: datetime
    waiting_from: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    open_since: datetime | None
    ended_at: datetime | None
    ending: str

    @property
    def waited_s(self) -> float | None:
        if self.replied_at is None or self.waiting_from is None:
            return None
        return round((self.replied_at - self.waiting_from).total_seconds(), 1)

    @property
    def waited_words(self) -> str:
        return waited(self.waited_s)

    @property
    def is_late(self) -> bool:
        return self.replied_at is not None and self.due_at is not None and self.replied_at > self.due_at

    @property
    def open_until(self) -> datetime | None:
        waits = self.state != ConversationState.ENDED and self.replied_at is None
        return self.due_at if waits else None


_COLUMNS = (
    "id", "shop__name", "channel", "state", "kind", "contact_masked", "agent__person__name", "ticket_id", "opened_at",
    "waiting_from", "due_at", "replied_at", "open_since", "ended_at", "ending",
)  # fmt: skip


def in_shops(viewer: Actor) -> QuerySet[Conversation]:
    rows = Conversation.objects.all()
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _tab(rows: QuerySet[Conversation], tab: str) -> QuerySet[Conversation]:
    if tab == "open":
        return rows.exclude(state=ConversationState.ENDED)
    if tab == "late":
        return rows.filter(replied_at__gt=F("due_at"))
    if tab == "missed":
        return rows.filter(state=ConversationState.ENDED, waiting_from__isnull=False, replied_at=None)
    return rows


def conversations_page(
    viewer: Actor, wanted: ConversationFilter, *, after: str = "", limit: int = 50
) -> tuple[list[ConversationRow], str]:
    """A page, newest first; the next key."""
    rows = _tab(in_shops(viewer), wanted.tab)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.text:
        rows = rows.filter(_named(wanted.text))
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(id__lt=int(after))
    found = [_row(values) for values in rows.order_by("-id").values(*_COLUMNS)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def conversation_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(viewer)
    return {"open": rows.exclude(state=ConversationState.ENDED).aggregate(n=Count("id"))["n"]}


def _named(text: str) -> Q:
    """Our number, or the customer's whole phone by its blind index; a part of a phone finds nobody."""
    digits = "".join(c for c in text if c.isdigit())
    found = Q(phone_index=blind_index("phone", digits[-PHONE_DIGITS:])) if len(digits) >= 7 else Q(pk=None)
    ours = text.upper().removeprefix(NUMBER_PREFIX)
    return found | Q(id=int(ours)) if ours.isdecimal() and len(ours) < 19 else found


def _row(values: dict[str, Any]) -> ConversationRow:
    return ConversationRow(
        number=conversation_number(values["id"]),
        shop=values["shop__name"],
        contact=values["contact_masked"] or str(T("访客", "Visitor")),
        agent=values["agent__person__name"] or "",
        **{name: values[name] for name in _COLUMNS if "__" not in name and name != "contact_masked"},
    )


@dataclass(frozen=True, slots=True)
class CallRow:
    id: int
    conversation_id: int
    shop_id: int
    shop: str
    reference: str
    caller: str
    rang_at: datetime
    answered_at: datetime | None
    hung_up_at: datetime | None
    due_at: datetime | None

    @property
    def waited_s(self) -> float | None:
        return round((self.answered_at - self.rang_at).total_seconds(), 1) if self.answered_at else None

    @property
    def waited_words(self) -> str:
        return waited(self.waited_s)

    @property
    def is_late(self) -> bool:
        return bool(self.answered_at and self.due_at and self.answered_at > self.due_at)

    @property
    def rings(self) -> bool:
        return self.answered_at is None and self.hung_up_at is None


def calls_page(viewer: Actor, *, text: str = "", after: str = "", limit: int = 50) -> tuple[list[CallRow], str]:
    """Calls, newest first; `text` is the caller's whole number."""
    rows = PhoneCall.objects.select_related("conversation", "shop")
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    digits = "".join(c for c in text if c.isdigit())
    if text:
        rows = rows.filter(conversation__phone_index=blind_index("phone", digits[-PHONE_DIGITS:]))
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(id__lt=int(after))
    found = [
        CallRow(
            row.pk,
            row.conversation_id,
            row.shop_id,
            row.shop.name,
            row.reference,
            row.conversation.contact_masked or "–",
            row.rang_at,
            row.answered_at,
            row.hung_up_at,
            row.conversation.due_at,
        )
        for row in rows.order_by("-id")[: limit + 1]
    ]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops as choices."""
    shops = Shop.objects.filter(is_active=True).order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [(str(shop.pk), shop.name) for shop in shops]


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A shop's channels as their keeper sees them; the secret only where it is asked for."""

    shop_id: int
    code: str
    shop: str
    platform: str
    is_open: bool
    origins: tuple[str, ...]
    secret_version: int
    pulled_at: datetime | None
    pulled_upto: int
    pull_error: str


def channels(viewer: Actor) -> list[ChannelRow]:
    opened = {row.shop_id: row for row in ShopChannel.objects.all()}
    shops = Shop.objects.filter(is_active=True).order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [_channel(shop, opened.get(shop.pk)) for shop in shops]


def _channel(shop: Shop, found: ShopChannel | None) -> ChannelRow:
    return ChannelRow(
        shop_id=shop.pk,
        code=shop.code,
        shop=shop.name,
        platform=shop.platform,
        is_open=found is not None,
        origins=tuple(found.origins.split()) if found else (),
        secret_version=found.secret_version if found else 0,
        pulled_at=found.pulled_at if found else None,
        pulled_upto=found.pulled_upto if found else 0,
        pull_error=found.pull_error if found else "",
    )


def widget_secret(viewer: Actor, shop_id: int) -> str | None:
    """The secret with which the shop's own server signs identities; for its keeper only."""
    opened = ShopChannel.objects.filter(shop_id=shop_id).exists()
    return widget_secret_of(shop_id) if opened and viewer.sees_shop(shop_id) else None
