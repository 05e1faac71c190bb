"""Tickets by their number, for the palette."""

import re

from django.urls import reverse

from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.lists import TicketFilter, tickets_page
from shopkeeper.flows.service.tickets.states import TicketKind
from shopkeeper.flows.service.tickets.words import LABELS
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.web.plugs import Hit

_MEANT = re.compile(r"(?:GD|JY)\d{1,18}|\d{4}|\d{10,13}", re.IGNORECASE)


def find_tickets(viewer: Actor, text: str) -> list[Hit]:
    """Tickets of the viewer's shops by their own or their order's number, a phone or its last four digits."""
    wanted = text.strip()
    if not viewer.may(Permission.TICKET_VIEW) or not _MEANT.fullmatch(wanted):
        return []
    rows, _ = tickets_page(viewer, TicketFilter(words=(wanted,)), limit=5)
    return [
        Hit(
            f"{ticket_number(row.id)} · {LABELS[TicketKind][TicketKind(row.kind)].text} {row.customer}",
            reverse("tickets-ticket", args=[row.id]),
            str(T("工单", "Ticket")),
            "ticket",
        )
        for row in rows
    ]
