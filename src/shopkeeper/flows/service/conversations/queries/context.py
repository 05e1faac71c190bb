"""What an agent needs beside a conversation: the customer's orders, parcels and earlier matters, and what to say."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.parcels.queries.cards import ParcelCard, all_parcels_of_orders
from shopkeeper.flows.service.conversations.models import Conversation, conversation_number
from shopkeeper.flows.service.conversations.queries.desk import DeskConversation
from shopkeeper.flows.service.tickets.models import Ticket, ticket_number
from shopkeeper.flows.service.tickets.queries.knowledge import (
    article_record,
    articles_page,
    filled_replies,
    product_cards,
)
from shopkeeper.foundation.actor import Actor

ORDERS_MAX = 5
EARLIER_MAX = 5
FOUND_MAX = 8
KNOWLEDGE_MAX = 3


@dataclass(frozen=True, slots=True)
class EarlierMatter:
    """A ticket or conversation of the same customer."""

    id: int
    number: str
    kind: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Context:
    """Everything beside the conversation. Customers masked; orders newest first."""

    orders: list[OrderCard]
    parcels: dict[int, list[ParcelCard]]
    ticket: EarlierMatter | None
    tickets: list[EarlierMatter]
    talks: list[EarlierMatter]


def context_of(viewer: Actor, found: DeskConversation) -> Context:
    """What is known of a conversation's customer. The viewer may see the conversation's shop."""
    mine = Q(subject_id=found.subject_id) | Q(id=found.order_id)
    rows = Order.objects.filter(mine, shop_id=found.shop_id).order_by("-id").values_list("id", flat=True)
    ids = list(rows[:ORDERS_MAX])
    orders = orders_by_id(ids)
    tickets = [
        EarlierMatter(row.pk, ticket_number(row.pk), row.kind, row.state, row.opened_at)
        for row in Ticket.objects.filter(subject_id=found.subject_id, shop_id=found.shop_id).order_by("-id")[
            : EARLIER_MAX + 1
        ]
    ]
    talks = [
        EarlierMatter(row.pk, conversation_number(row.pk), row.kind, row.state, row.opened_at)
        for row in Conversation.objects.filter(subject_id=found.subject_id, shop_id=found.shop_id)
        .exclude(id=found.id)
        .order_by("-id")[:EARLIER_MAX]
    ]
    return Context(
        orders=[orders[id_] for id_ in ids if id_ in orders],
        parcels=all_parcels_of_orders(ids),
        ticket=next((ticket for ticket in tickets if ticket.id == found.ticket_id), None),
        tickets=[ticket for ticket in tickets if ticket.id != found.ticket_id][:EARLIER_MAX],
        talks=talks,
    )


@dataclass(frozen=True, slots=True)
class Saying:
    """A canned reply with its places filled from this conversation's matter."""

    id: int
    shortcut: str
    title: str
    text: str


def sayings(viewer: Actor, found: DeskConversation, text: str = "") -> list[Saying]:
    """Canned replies that fit the matter and whose shortcut, title or words match, ready to be sent."""
    ticket = Ticket.objects.select_related("shop").filter(id=found.ticket_id or 0).first()
    if ticket is None:
        return []
    wanted = text.lower()
    fitting = [
        Saying(reply.id, reply.shortcut, reply.title, reply.text)
        for reply in filled_replies(viewer, ticket)
        if wanted in f"{reply.shortcut} {reply.title} {reply.text}".lower()
    ]
    fitting.sort(key=lambda saying: not saying.shortcut.lower().startswith(wanted))
    return fitting[:FOUND_MAX]


@dataclass(frozen=True, slots=True)
class Goods:
    """A product that may be shown to the customer, with price (minor units) and stock of this moment."""

    sku_id: int
    code: str
    name: str
    spec: str
    price_minor: int
    currency: str
    available: int


def goods(text: str) -> list[Goods]:
    """Products by code or by words of their name."""
    return [
        Goods(card.sku_id, card.code, card.name, card.spec, card.price_minor, card.currency, card.available)
        for card in product_cards(text)[:FOUND_MAX]
        if not card.is_delisted
    ]


@dataclass(frozen=True, slots=True)
class Knowledge:
    id: int
    title: str
    body: str


def knowledge(viewer: Actor, found: DeskConversation, text: str) -> list[Knowledge]:
    """Published articles of the shop (or of all) that fit these words best, with what they say now."""
    rows, _ = articles_page(viewer, text=text, shop_id=found.shop_id, limit=KNOWLEDGE_MAX) if text.strip() else ([], "")
    records = [article_record(viewer, row.id) for row in rows]
    return [Knowledge(one.article.pk, one.current.title, one.current.body) for one in records if one]
