"""Statements that read mailings for people: what became of their recipients."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class TallyRow:
    """So many recipients of a mailing in one state, for one reason."""

    mailing_id: int
    state: str
    reason: str
    recipients: int
    opted_out: int


TALLIES = Statement(
    """
    SELECT mailing_id, state, reason, count(*)::int, count(opted_out_at)::int FROM outreach_recipient
    WHERE mailing_id = ANY(%(mailings)s::bigint[]) GROUP BY mailing_id, state, reason
    ORDER BY mailing_id, state, reason""",
    row=TallyRow,
)


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """Messages that wait for the same cause, and when they are tried next."""

    cause: str
    messages: int
    next_at: datetime


TROUBLES = Statement(
    """
    SELECT e.last_error, count(*)::int, min(e.next_at)
    FROM foundation_errandentry AS e
    JOIN outreach_recipient AS r ON r.id = e.subject_id AND r.state = 'queued'
    WHERE e.kind = 'send_message' AND r.mailing_id = %(mailing)s::bigint AND e.last_error <> ''
    GROUP BY e.last_error ORDER BY count(*) DESC LIMIT 5""",
    row=TroubleRow,
)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order by its number, and its buyer."""

    id: int
    shop_id: int
    subject_id: int


ORDERS_OF_NUMBER = Statement(
    """
    SELECT id, shop_id, subject_id FROM intake_order
    WHERE (id = %(id)s::bigint OR platform_no = %(text)s::text)
      AND (%(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s::bigint[]))
    ORDER BY id DESC LIMIT 5""",
    row=OrderRow,
)
