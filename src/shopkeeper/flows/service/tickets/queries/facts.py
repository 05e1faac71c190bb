"""Tickets as plain facts for analytics: types and moments, no words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement, numbers


@dataclass(frozen=True, slots=True)
class TicketFact:
    id: int
    shop_id: int
    zone: str
    order_id: int | None
    channel: str
    kind: str
    stage: str
    opened_at: datetime
    first_reply_at: datetime | None
    resolved_at: datetime | None


TICKETS = Statement(
    """
    SELECT t.id, t.shop_id, s.zone, t.order_id, t.channel, t.kind, t.stage, t.opened_at, t.first_reply_at,
           t.resolved_at
    FROM tickets_ticket AS t JOIN foundation_shop AS s ON s.id = t.shop_id
    WHERE t.id = ANY(%(ids)s::bigint[]) ORDER BY t.id""",
    row=TicketFact,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


IDS = Statement(
    "SELECT id FROM tickets_ticket WHERE id > %(after)s::bigint ORDER BY id LIMIT %(limit)s::int", row=IdRow
)


def ticket_facts(ids: Iterable[int]) -> list[TicketFact]:
    """These tickets in the order of their ids; one that is not there is left out."""
    return TICKETS.rows(ids=numbers(ids))


def ticket_ids(after: int, limit: int) -> list[int]:
    """Ids of tickets, ascending, a piece at a time."""
    return [row.id for row in IDS.rows(after=after, limit=limit)]
