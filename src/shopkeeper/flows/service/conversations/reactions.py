"""What conversations do when something happens elsewhere: agents come and go, hands become free, customers go on."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.service.conversations.commands.route_conversations import (
    RouteConversation,
    route_conversations,
)
from shopkeeper.flows.service.conversations.queries.routing import left_behind, queued, waiting_tickets
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import ResumeTicket, resume_tickets
from shopkeeper.flows.service.tickets.events import PresenceChanged
from shopkeeper.flows.service.tickets.states import Presence
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def route_waiting(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """Somebody waits, or a hand became free: look once more who can have whom."""
    gone = {
        event.event.agent_id
        for event in events
        if isinstance(event.event, PresenceChanged) and event.event.presence in (Presence.AWAY, Presence.OFFLINE)
    }
    left = left_behind(sorted(gone))
    items = [RouteConversation(id_, is_left=True) for id_ in left]
    items += [RouteConversation(id_) for id_ in queued() if id_ not in set(left)]
    route_conversations(actor, items)


def resume_tickets_spoken_of(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """The customer spoke again: their ticket no longer waits for them."""
    tickets = waiting_tickets(sorted({event.event.conversation_id for event in events}))
    resume_tickets(actor, [ResumeTicket(id_) for id_ in tickets])
