"""What a customer may see from outside: their own latest conversation, and nothing of anybody else's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from shopkeeper.flows.service.conversations.models import Conversation, Message, Picture, ShopChannel
from shopkeeper.flows.service.conversations.queries.stream import HIDDEN, shown_line, stream_token
from shopkeeper.flows.service.conversations.states import Channel, ConversationState
from shopkeeper.foundation.models import Shop, SubjectKey
from shopkeeper.foundation.personal import Erased, open_bytes_under, open_many, open_secret, reference_hash

SESSION_SALT = "shopkeeper.widget"
SESSION_AGE_S = 30 * 24 * 3600
ANSWER_SALT = "shopkeeper.form"
ANSWER_AGE_S = 180 * 24 * 3600
LINES_MAX = 500


@dataclass(frozen=True, slots=True)
class WidgetShop:
    """A shop with open channels, as its public pages need it."""

    shop_id: int
    code: str
    name: str
    secret: str = field(repr=False)
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a session says is there. Nothing of it shows in `repr`."""

    shop_id: int
    customer: str = field(repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    @property
    def reference(self) -> str:
        return f"buyer:{self.shop_id}:{self.customer}"


@dataclass(frozen=True, slots=True)
class OwnConversation:
    """The customer's conversation with its lines behind a sequence."""

    id: int
    is_open: bool
    stream: str
    lines: list[dict[str, Any]]


def widget_shop(code: str) -> WidgetShop | None:
    """The shop of a public page; None where there is none or its channels are not open."""
    found = ShopChannel.objects.select_related("shop").filter(shop__code=code, shop__is_active=True).first()
    if found is None:
        return None
    shop: Shop = found.shop
    origins = tuple(found.origins.split())
    return WidgetShop(shop.pk, shop.code, shop.name, open_secret(bytes(found.secret_sealed)), origins)


def shop_id_of(code: str) -> int | None:
    return Shop.objects.filter(code=code, is_active=True).values_list("id", flat=True).first()


def widget_secret_of(shop_id: int) -> str:
    """The secret a shop's own server signs identities with."""
    return open_secret(bytes(ShopChannel.objects.get(shop_id=shop_id).secret_sealed))


def session_token(visitor: Visitor) -> str:
    """What the visitor's own browser keeps to be recognised by."""
    body = {"s": visitor.shop_id, "c": visitor.customer, "n": visitor.name, "p": visitor.phone}
    return signing.dumps(body, salt=SESSION_SALT, compress=True)


def visitor_in(token: str, shop_id: int) -> Visitor | None:
    """The visitor a session token names, at this very shop; None for one that is forged, old or another's."""
    try:
        body = signing.loads(token, salt=SESSION_SALT, max_age=SESSION_AGE_S)
        visitor = Visitor(int(body["s"]), str(body["c"]), str(body["n"]), str(body["p"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    return visitor if visitor.shop_id == shop_id else None


def answer_token(conversation_id: int) -> str:
    """The right to read one form and its answers; whoever else left the same number has it not."""
    return signing.dumps({"f": conversation_id}, salt=ANSWER_SALT, compress=True)


def answered_form(token: str, shop_id: int) -> OwnConversation | None:
    """The form a token names, with its answers."""
    try:
        conversation_id = int(signing.loads(token, salt=ANSWER_SALT, max_age=ANSWER_AGE_S)["f"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    rows = Conversation.objects.filter(id=conversation_id, shop_id=shop_id, channel=Channel.FORM)
    return _own(rows.first(), 0)


def own_conversation(visitor: Visitor, *, after: int = 0) -> OwnConversation | None:
    """The visitor's latest chat with the lines behind a sequence."""
    subject = subject_of(visitor)
    if subject is None:
        return None
    rows = Conversation.objects.filter(subject_id=subject, shop_id=visitor.shop_id, channel=Channel.WIDGET)
    return _own(rows.order_by("-id").first(), after)


def _own(found: Conversation | None, after: int) -> OwnConversation | None:
    if found is None:
        return None
    is_open = found.state != ConversationState.ENDED
    return OwnConversation(found.pk, is_open, stream_token(found.pk), lines_of(found.pk, after))


def lines_of(conversation_id: int, after: int) -> list[dict[str, Any]]:
    """Lines a customer sees, oldest first."""
    rows = Message.objects.filter(conversation_id=conversation_id, sequence__gt=after)
    shown: Sequence[Message] = list(rows.exclude(sender__in=HIDDEN).order_by("sequence")[:LINES_MAX])
    bodies = opened_bodies(shown)
    return [
        shown_line(
            sequence=row.sequence,
            client_id=row.client_id,
            sender=row.sender,
            said_at=row.said_at,
            picture_id=row.picture_id,
            body=bodies[row.sequence],
        )
        for row in shown
    ]


def opened_bodies(rows: Sequence[Message]) -> dict[int, dict[str, Any] | None]:
    """Bodies by sequence; None where the customer was erased."""
    try:
        return dict(open_many({row.sequence: (row.subject_id, bytes(row.body_sealed)) for row in rows}))
    except Erased:
        return dict.fromkeys((row.sequence for row in rows), None)


def subject_of(visitor: Visitor) -> int | None:
    row = SubjectKey.objects.filter(reference_hash=reference_hash(visitor.reference)).values("id").first()
    return row["id"] if row else None


@dataclass(frozen=True, slots=True)
class OpenPicture:
    kind: str
    content: bytes = field(repr=False)


def picture_of(subject_id: int | None, shop_id: int, picture_id: int) -> OpenPicture | None:
    """A picture of one customer in one shop; None for anybody else's, and for an erased one."""
    if subject_id is None:
        return None
    row = Picture.objects.filter(id=picture_id, shop_id=shop_id, subject_id=subject_id).first()
    if row is None:
        return None
    wrapped = SubjectKey.objects.filter(id=row.subject_id).values_list("wrapped", flat=True).first()
    content = open_bytes_under(bytes(wrapped) if wrapped else None, bytes(row.content_sealed))
    return OpenPicture(row.kind, content) if content is not None else None
