"""Tickets and their agents, what agents know, and changes of orders that are under way."""

from shopkeeper.flows.service.tickets.models.changes import Interception, OrderChange
from shopkeeper.flows.service.tickets.models.knowledge import Article, ArticleVersion, CannedReply, Offer
from shopkeeper.flows.service.tickets.models.tickets import (
    Agent,
    Correction,
    KindWeight,
    Ticket,
    TicketNote,
    TicketWait,
    ticket_number,
)

__all__ = [
    "Agent",
    "Article",
    "ArticleVersion",
    "CannedReply",
    "Correction",
    "Interception",
    "KindWeight",
    "Offer",
    "OrderChange",
    "Ticket",
    "TicketNote",
    "TicketWait",
    "ticket_number",
]
