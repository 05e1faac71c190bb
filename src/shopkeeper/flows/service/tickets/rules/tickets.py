"""S1.2: how urgent a ticket is, and when its solution is due."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.flows.service.tickets.states import Channel, Priority, Stage, TicketKind

RANKS: dict[str, int] = {Priority.NORMAL: 0, Priority.HIGH: 1, Priority.URGENT: 2}


def priority_of(kind: str, stage: str) -> Priority:
    """What the parcel outruns is urgent: a change before it leaves. A complaint or fault is high."""
    if stage == Stage.IN_SALE and kind in (TicketKind.ADDRESS_CHANGE, TicketKind.CANCEL):
        return Priority.URGENT
    return Priority.HIGH if kind in (TicketKind.COMPLAINT, TicketKind.QUALITY) else Priority.NORMAL


def awaits_reply(channel: str, first_reply_at: datetime | None) -> bool:
    """Whether the customer is to be answered first, which has a clock of its own: nobody can resolve it before. What
    is on the phone is answered as it is written down, or stands with the call."""
    return first_reply_at is None and channel != Channel.PHONE


def resolve_due_at(policy: Callable[..., Any], shop_id: int, priority: str, since: datetime) -> datetime:
    """So many hours after `since`, by the shop's policy; fewer where it is urgent."""
    key = "urgent_ticket_resolve_hours" if priority == Priority.URGENT else "ticket_resolve_hours"
    return since + timedelta(hours=policy(key, shop_id))
