"""After-sale as plain facts for analytics: when a solution was offered, why money went back, whether goods did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement, numbers


@dataclass(frozen=True, slots=True)
class OfferedRow:
    ticket_id: int
    offered_at: datetime


OFFERED = Statement(
    """
    SELECT ticket_id, min(offered_at) FROM aftersale_aftersalecase
    WHERE ticket_id = ANY(%(ids)s::bigint[]) AND offered_at IS NOT NULL GROUP BY ticket_id ORDER BY ticket_id""",
    row=OfferedRow,
)


@dataclass(frozen=True, slots=True)
class TicketRow:
    ticket_id: int


TICKETS = Statement(
    """
    SELECT DISTINCT ticket_id FROM aftersale_aftersalecase
    WHERE id = ANY(%(ids)s::bigint[]) AND ticket_id IS NOT NULL ORDER BY ticket_id""",
    row=TicketRow,
)


@dataclass(frozen=True, slots=True)
class CauseFact:
    """Why money of an order went back. `refund_no` is the platform's, '' where the case came another way."""

    order_id: int
    refund_no: str
    reason: str
    is_returned: bool


CAUSES = Statement(
    """
    SELECT c.order_id, coalesce(r.refund_no, ''), c.reason,
           EXISTS (SELECT FROM aftersale_returnparcel AS p WHERE p.case_id = c.id AND p.received_at IS NOT NULL)
    FROM aftersale_aftersalecase AS c LEFT JOIN aftersale_platformrefund AS r ON r.id = c.platform_refund_id
    WHERE c.order_id = ANY(%(ids)s::bigint[]) ORDER BY c.order_id, c.id""",
    row=CauseFact,
)


def offered_at(ticket_ids: Iterable[int]) -> dict[int, datetime]:
    """When the customer of each ticket was first offered a solution; those without one are left out."""
    return {row.ticket_id: row.offered_at for row in OFFERED.rows(ids=numbers(ticket_ids))}


def tickets_of_cases(case_ids: Iterable[int]) -> list[int]:
    """The tickets these after-sale cases came from."""
    return [row.ticket_id for row in TICKETS.rows(ids=numbers(case_ids))]


def refund_causes(order_ids: Iterable[int]) -> list[CauseFact]:
    """The after-sale cases of these orders, oldest first."""
    return CAUSES.rows(ids=numbers(order_ids))
