"""S1.1: an agent answers a customer. Their first word stops the clock; each line is stored once and told outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.service.conversations.commands.giving import give
from shopkeeper.flows.service.conversations.commands.standing import (
    CLOCKS,
    Line,
    Standing,
    store,
    unanswered,
)
from shopkeeper.flows.service.conversations.events import AgentReplied
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.rules.lines import fit
from shopkeeper.flows.service.conversations.sql import arrivals as sql
from shopkeeper.flows.service.conversations.sql import routing
from shopkeeper.flows.service.conversations.states import (
    CONVERSATION_FLOW,
    Channel,
    ConversationState,
    Sender,
)
from shopkeeper.flows.service.tickets.commands.offer_products import OfferProduct, offer_products
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import NoteReply, note_replies
from shopkeeper.flows.service.tickets.sql import offers
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class SendReply:
    """One line of ours. `client_id` is the sender's own key: the same twice is sent once.

    `picture_id` is a picture kept for this conversation's customer; `sku_id` a product to be shown with price and
    stock of this moment.
    """

    conversation_id: int
    client_id: Annotated[str, Field(min_length=1, max_length=70)]
    text: Annotated[str, Field(max_length=20_000)] = field(default="", repr=False)
    picture_id: int | None = None
    sku_id: int | None = None


@command(
    clause="S1.1",
    permission=Permission.CONVERSATION_REPLY,
    scope=ShopOf("conversations_conversation", "conversation_id"),
)
def send_replies(step: Step, items: Sequence[SendReply]) -> list[Outcome]:
    """Store replies; the first human word ends the clock. A queued conversation becomes the replying agent's.

    Two agents at once: both lines are stored, in order. Refused: "conversation_ended", "not_written" for a call,
    "nothing_said", "picture_unknown", "sku_unknown", "not_an_agent" for a queued conversation where the actor was
    never on duty. A line known already is unchanged.
    """
    policy = policies(step)
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.conversation_id for item in items])}
    keys = [(rows[item.conversation_id].subject_id, f"a:{item.client_id}") for item in items]
    known = sql.HEARD.rows(subjects=[key[0] for key in keys], client_ids=[key[1] for key in keys])
    heard = {(row.subject_id, row.client_id): row for row in known}
    mine = _own_agent(step, rows)
    cards = _cards(items)
    pictures = _pictures(items)
    standings = {id_: Standing.of(row) for id_, row in rows.items()}
    answers: list[Outcome | tuple[int, int]] = []
    said: dict[tuple[int, str], tuple[int, int]] = {}
    for item, key in zip(items, keys, strict=True):
        row = rows[item.conversation_id]
        text = fit(item.text, policy("line_length", row.shop_id))
        if key in heard or key in said:
            answers.append(unchanged(heard[key].id if key in heard else None, conversation_id=row.id))
        elif code := _refusal(row, item, text, mine) or _unknown(row, item, cards, pictures):
            answers.append(refused(code, row.id))
        else:
            body = {"text": text, **({"card": cards[item.sku_id]} if item.sku_id else {})}
            said[key] = (row.id, _say(step, standings[row.id], item, key[1], body))
            answers.append(said[key])
    _begin_talking(step, [s for s in standings.values() if s.lines], mine)
    ids = store(step, standings.values())
    shown = {(rows[i.conversation_id].ticket_id, i.sku_id) for i in items if i.sku_id in cards}
    offer_products.within(step, [OfferProduct(ticket, sku) for ticket, sku in sorted(shown, key=str) if ticket and sku])
    return [
        answer if isinstance(answer, Outcome) else done(ids[answer], conversation_id=answer[0], sequence=answer[1])
        for answer in answers
    ]


def _own_agent(step: Step, rows: Mapping[int, sql.OpenRow]) -> int | None:
    """The actor as an agent, where something queued is answered; that row is locked."""
    if not any(row.state == ConversationState.QUEUED for row in rows.values()):
        return None
    found = routing.LOCK_AGENTS.rows(ids=[], people=[step.actor.id])
    return found[0].id if found else None


def _cards(items: Sequence[SendReply]) -> dict[int | None, dict[str, Any]]:
    """Products to be shown, as they stand now; minor units of their currency."""
    skus = sorted({item.sku_id for item in items if item.sku_id})
    if not skus:
        return {}
    return {
        card.sku_id: {
            "sku_id": card.sku_id,
            "name": card.name,
            "spec": card.spec,
            "price_minor": card.price_minor,
            "currency": card.currency,
            "available": card.available,
        }
        for card in offers.CARDS.rows(skus=skus)
        if not card.is_delisted
    }


def _pictures(items: Sequence[SendReply]) -> dict[int, int]:
    """Whose the named pictures are."""
    ids = sorted({item.picture_id for item in items if item.picture_id})
    return {row.id: row.subject_id for row in sql.PICTURES.rows(ids=ids)} if ids else {}


def _unknown(row: sql.OpenRow, item: SendReply, cards: Mapping[int | None, Any], pictures: Mapping[int, int]) -> str:
    if item.sku_id and item.sku_id not in cards:
        return "sku_unknown"
    return "picture_unknown" if item.picture_id and pictures.get(item.picture_id) != row.subject_id else ""


def _refusal(row: sql.OpenRow, item: SendReply, text: str, mine: int | None) -> str:
    if row.state == ConversationState.ENDED:
        return "conversation_ended"
    if row.channel == Channel.PHONE:
        return "not_written"
    if not text and item.picture_id is None and item.sku_id is None:
        return "nothing_said"
    return "not_an_agent" if row.state == ConversationState.QUEUED and mine is None else ""


def _say(step: Step, standing: Standing, item: SendReply, client_id: str, body: dict[str, Any]) -> int:
    """Add the line; the first one that answers somebody waiting stops the clock."""
    row = standing.row
    sequence = standing.say(Line(client_id, Sender.AGENT, body, step.now, step.actor.id, item.picture_id))
    is_first = standing.waiting_from is not None and standing.replied_at is None
    waited = step.now - (standing.open_since or step.now)
    if is_first:
        standing.replied_at, standing.replied_by = step.now, step.actor.id
    standing.open_since = None
    is_late = is_first and standing.due_at is not None and step.now > standing.due_at
    step.emit(
        AgentReplied(
            row.id,
            row.shop_id,
            row.agent_id or 0,
            sequence,
            is_first,
            is_late,
            int(waited / timedelta(milliseconds=1)),
        )
    )
    return sequence


def _begin_talking(step: Step, answered: Sequence[Standing], mine: int | None) -> None:
    """Queued conversations become the actor's; those waiting for the first word are talked in from now on."""
    queued = {s.row.id: s.row for s in answered if s.row.state == ConversationState.QUEUED}
    if mine is not None and queued:
        give(step, dict.fromkeys(queued, mine), queued, "picked")
    first = [s.row for s in answered if unanswered(s.row)]
    assigned = [s.row.id for s in answered if s.row.state == ConversationState.ASSIGNED or s.row.id in queued]
    step.move(CONVERSATION_FLOW, assigned, ConversationState.TALKING)
    for kind in {CLOCKS[row.channel][0] for row in first}:
        close(step, kind, [row.id for row in first if CLOCKS[row.channel][0] is kind])
    note_replies.within(step, [NoteReply(row.ticket_id) for row in first if row.ticket_id])
