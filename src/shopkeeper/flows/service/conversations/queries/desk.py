"""The desk as its agents read it: the queue by what is due, one conversation with its lines, who may be handed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.service.conversations.models import Conversation, Message, PhoneCall, conversation_number
from shopkeeper.flows.service.conversations.queries.customers import OpenPicture, opened_bodies, picture_of
from shopkeeper.flows.service.conversations.sql import reading as sql
from shopkeeper.flows.service.conversations.states import ConversationState, Sender
from shopkeeper.flows.service.conversations.words import ERASED, PICTURE, SYSTEM_LINES, waited
from shopkeeper.flows.service.tickets.models import Agent
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.personal import Erased, open_many
from shopkeeper.shared.words import T

QUEUE_MAX = 200
PREVIEW = 60
LINES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One conversation in the queue; `until` is when its open word is due, `since` when it was asked for."""

    id: int
    number: str
    shop: str
    channel: str
    state: str
    kind: str
    contact: str
    agent: str
    is_mine: bool
    ticket_id: int | None
    preview: str
    last_sender: str
    last_at: datetime
    waits: bool
    since: datetime | None
    until: datetime | None
    is_first: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A line as colleagues see it."""

    id: int
    sequence: int
    client_id: str
    sender: str
    person: str
    said_at: datetime
    text: str
    card: dict[str, Any] | None
    picture: int | None
    delivery: str
    failure: str


@dataclass(frozen=True, slots=True)
class DeskConversation:
    """One conversation whole."""

    id: int
    number: str
    shop_id: int
    shop: str
    channel: str
    state: str
    kind: str
    contact: str
    agent_id: int | None
    agent: str
    is_mine: bool
    subject_id: int
    ticket_id: int | None
    order_id: int | None
    opened_at: datetime
    waiting_from: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    greeted_at: datetime | None
    open_since: datetime | None
    off_duty: bool
    ending: str
    ended_at: datetime | None
    last_sequence: int

    @property
    def is_open(self) -> bool:
        return self.state != ConversationState.ENDED

    @property
    def waited_s(self) -> float | None:
        """Seconds to the first human word."""
        if self.replied_at is None or self.waiting_from is None:
            return None
        return (self.replied_at - self.waiting_from).total_seconds()

    @property
    def waited_words(self) -> str:
        return waited(self.waited_s)

    @property
    def is_late(self) -> bool:
        return self.replied_at is not None and self.due_at is not None and self.replied_at > self.due_at


def queue(viewer: Actor, *, whose: str = "mine") -> list[QueueItem]:
    """Open conversations of the viewer's shops, the nearest due first: `mine` (with what nobody has), or `all`."""
    rows = sql.QUEUE.rows(
        **_scope(viewer),
        anybody=whose == "all",
        queued=True,
        person=viewer.id,
        limit=QUEUE_MAX,
    )
    previews = _previews(rows)
    return [_item(viewer, row, previews.get(row.id, "")) for row in rows]


def _scope(viewer: Actor) -> dict[str, Any]:
    return {"everywhere": viewer.shops is None, "shops": sorted(viewer.shops or ())}


def _previews(rows: Sequence[sql.QueueRow]) -> dict[int, str]:
    """The last words of each, cut short; those of erased customers stay closed."""
    sealed = {row.id: (row.subject_id, bytes(row.last_sealed)) for row in rows if row.last_sealed}
    shown = {}
    try:
        bodies = open_many(sealed) if sealed else {}
    except Erased:
        bodies = {}
        for id_, one in sealed.items():
            try:
                bodies[id_] = open_many({id_: one})[id_]
            except Erased:
                shown[id_] = str(ERASED)
    for id_, body in bodies.items():
        card = body.get("card") or {}
        words = body.get("text") or card.get("name") or str(PICTURE)
        shown[id_] = " ".join(words.split())[:PREVIEW]
    return shown


def _item(viewer: Actor, row: sql.QueueRow, preview: str) -> QueueItem:
    is_first = row.replied_at is None
    return QueueItem(
        id=row.id,
        number=conversation_number(row.id),
        shop=row.shop,
        channel=row.channel,
        state=row.state,
        kind=row.kind,
        contact=row.contact or str(T("访客", "Visitor")),
        agent=row.agent,
        is_mine=row.agent_person_id == viewer.id,
        ticket_id=row.ticket_id,
        preview=preview,
        last_sender=row.last_sender,
        last_at=row.last_at,
        waits=row.open_since is not None,
        since=row.waiting_from if is_first else row.open_since,
        until=row.due_at if is_first else None,
        is_first=is_first,
        sequence=row.last_sequence,
    )


def conversation(viewer: Actor, conversation_id: int) -> DeskConversation | None:
    """One conversation; None where it is not in the viewer's shops."""
    rows = Conversation.objects.filter(id=conversation_id)
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    found = rows.select_related("shop", "agent__person").first()
    if found is None:
        return None
    person = found.agent.person if found.agent else None
    return DeskConversation(
        id=found.pk,
        number=conversation_number(found.pk),
        shop_id=found.shop_id,
        shop=found.shop.name,
        channel=found.channel,
        state=found.state,
        kind=found.kind,
        contact=found.contact_masked or str(T("访客", "Visitor")),
        agent_id=found.agent_id,
        agent=person.name if person else "",
        is_mine=person is not None and person.pk == viewer.id and found.state != ConversationState.QUEUED,
        subject_id=found.subject_id,
        ticket_id=found.ticket_id,
        order_id=found.order_id,
        opened_at=found.opened_at,
        waiting_from=found.waiting_from,
        due_at=found.due_at,
        replied_at=found.replied_at,
        greeted_at=found.greeted_at,
        open_since=found.open_since,
        off_duty=found.off_duty,
        ending=found.ending,
        ended_at=found.ended_at,
        last_sequence=found.last_sequence,
    )


def lines(conversation_id: int, after: int = 0) -> list[DeskLine]:
    """Lines behind a sequence, oldest first, with what became of those sent outside. Callers checked the scope."""
    rows = Message.objects.filter(conversation_id=conversation_id, sequence__gt=after)
    found = list(rows.select_related("person").order_by("sequence")[:LINES_MAX])
    bodies = opened_bodies(found)
    return [_line(row, bodies[row.sequence]) for row in found]


def undelivered(conversation_id: int) -> dict[int, tuple[str, str]]:
    """Lines that are still on their way out, or were not taken: sequence → (delivery, the platform's code)."""
    rows = Message.objects.filter(conversation_id=conversation_id, delivery__in=["pending", "failed"])
    return {
        row["sequence"]: (row["delivery"], row["failure"]) for row in rows.values("sequence", "delivery", "failure")
    }


def _line(row: Message, body: dict[str, Any] | None) -> DeskLine:
    text = str(ERASED) if body is None else str(body.get("text", ""))
    if row.sender == Sender.SYSTEM and body is not None:
        text = str(SYSTEM_LINES[body["code"]].format(name=body.get("name", "")))
    return DeskLine(
        id=row.pk,
        sequence=row.sequence,
        client_id=row.client_id,
        sender=row.sender,
        person=row.person.name if row.person else "",
        said_at=row.said_at,
        text=text,
        card=body.get("card") if body else None,
        picture=row.picture_id,
        delivery=row.delivery,
        failure=row.failure,
    )


def picture_in(viewer: Actor, conversation_id: int, picture_id: int) -> OpenPicture | None:
    """A picture of a conversation the viewer may see."""
    found = conversation(viewer, conversation_id)
    return picture_of(found.subject_id, found.shop_id, picture_id) if found else None


def customer_of(conversation_id: int) -> str:
    """The channel's own key of a conversation's customer, for keeping what is sent to them under their key."""
    row = Conversation.objects.only("subject_id", "contact_sealed").get(id=conversation_id)
    found = open_many({0: (row.subject_id, bytes(row.contact_sealed))})
    return str(found[0]["customer"])


def ringing(conversation_id: int) -> tuple[int, str] | None:
    """The call of a conversation, as its shop and the telephone system's number, while nobody has taken it."""
    row = PhoneCall.objects.filter(conversation_id=conversation_id, answered_at=None, hung_up_at=None).first()
    return (row.shop_id, row.reference) if row else None


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    person_id: int
    name: str
    presence: str
    load: int
    capacity: int


def colleagues(viewer: Actor) -> list[Colleague]:
    """Agents who are there, whom a conversation may be handed to; the freest first."""
    rows = Agent.objects.filter(presence__in=["available", "busy"], person__is_active=True).select_related("person")
    found = [
        Colleague(row.pk, row.person_id, row.person.name, row.presence, row.chat_load, row.chat_capacity)
        for row in rows.order_by("chat_load", "id")[:200]
    ]
    return [colleague for colleague in found if colleague.person_id != viewer.id]


def own_agent(viewer: Actor) -> Colleague | None:
    """The viewer as an agent; None for who was never on duty."""
    row = Agent.objects.filter(person_id=viewer.id).select_related("person").first()
    if row is None:
        return None
    return Colleague(row.pk, row.person_id, row.person.name, row.presence, row.chat_load, row.chat_capacity)
