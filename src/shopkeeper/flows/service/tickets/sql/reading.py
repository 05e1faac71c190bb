"""Statements that read tickets for lists, counters and figures."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.rules.asking import is_asked
from shopkeeper.flows.service.tickets.states import TicketState
from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket in a list; the customer masked. `next_due_at` is the nearest of its two clocks."""

    id: int
    order_id: int | None
    shop_id: int
    shop: str
    channel: str
    stage: str
    kind: str
    priority: str
    state: str
    customer: str
    agent_id: int | None
    agent: str
    opened_at: datetime
    first_reply_at: datetime | None
    reply_due_at: datetime | None
    resolve_due_at: datetime
    next_due_at: datetime
    resolved_at: datetime | None
    resolution: str
    reopened_count: int
    external_ref: str

    @property
    def is_asked(self) -> bool:
        """Whether a colleague asks, and no customer."""
        return is_asked(self.external_ref)

    @property
    def number(self) -> str:
        return ticket_number(self.id)

    @property
    def order_number(self) -> str:
        return order_number(self.order_id) if self.order_id else ""

    @property
    def is_running(self) -> bool:
        """Does a clock run? Not while the customer is awaited, nor after the end."""
        return self.state in (TicketState.OPEN, TicketState.ASSIGNED)


_COLUMNS = """t.id, t.order_id, t.shop_id, s.name AS shop, t.channel, t.stage, t.kind, t.priority, t.state,
           t.customer_name_masked AS customer, t.agent_id, coalesce(p.name, '') AS agent, t.opened_at,
           t.first_reply_at, t.reply_due_at, t.resolve_due_at, t.next_due_at, t.resolved_at, t.resolution,
           t.reopened_count, t.external_ref"""
_FROM = """tickets_ticket AS t JOIN foundation_shop AS s ON s.id = t.shop_id
    LEFT JOIN tickets_agent AS a ON a.id = t.agent_id LEFT JOIN foundation_person AS p ON p.id = a.person_id"""
_ASKED = """(%(shops)s::bigint[] IS NULL OR t.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(shop)s::bigint IS NULL OR t.shop_id = %(shop)s::bigint)
      AND (%(agent)s::bigint IS NULL OR t.agent_id = %(agent)s::bigint)
      AND (%(kind)s::text = '' OR t.kind = %(kind)s::text)
      AND (%(stage)s::text = '' OR t.stage = %(stage)s::text)
      AND (%(channel)s::text = '' OR t.channel = %(channel)s::text)
      AND (%(priority)s::text = '' OR t.priority = %(priority)s::text)"""

BY_DUE = Statement(
    f"""
    SELECT {_COLUMNS} FROM {_FROM}
    WHERE t.state = %(state)s::text AND {_ASKED}
      AND (t.next_due_at, t.id) > (%(after_due)s::timestamptz, %(after_id)s::bigint)
    ORDER BY t.next_due_at, t.id LIMIT %(limit)s::int""",
    row=TicketLine,
)

NEWEST = Statement(
    f"""
    SELECT {_COLUMNS} FROM {_FROM}
    WHERE (%(state)s::text = '' OR t.state = %(state)s::text) AND {_ASKED}
      AND (%(after_id)s::bigint = 0 OR t.id < %(after_id)s::bigint)
    ORDER BY t.id DESC LIMIT %(limit)s::int""",
    row=TicketLine,
)

# What was pasted is looked up by index, one kind after the other, before anything else is asked.
PASTED = Statement(
    f"""
    WITH found AS (
        SELECT id FROM tickets_ticket WHERE id = ANY(%(tickets)s::bigint[])
        UNION SELECT id FROM tickets_ticket WHERE order_id = ANY(%(orders)s::bigint[])
        UNION SELECT id FROM tickets_ticket WHERE phone_index = ANY(%(phones)s::bytea[])
        UNION SELECT id FROM tickets_ticket WHERE phone_tail_index = ANY(%(tails)s::bytea[])
        UNION SELECT id FROM tickets_ticket WHERE external_ref = ANY(%(refs)s::text[])
    )
    SELECT {_COLUMNS} FROM found AS f JOIN {_FROM.replace("tickets_ticket AS t", "tickets_ticket AS t ON t.id = f.id")}
    WHERE (%(state)s::text = '' OR t.state = %(state)s::text) AND {_ASKED}
      AND (%(after_id)s::bigint = 0 OR t.id < %(after_id)s::bigint)
    ORDER BY t.id DESC LIMIT %(limit)s::int""",
    row=TicketLine,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    state: str
    mine: bool
    n: int


# Counters look at what is unfinished; what has ended grows for ever and is not counted.
COUNTS = Statement(
    """
    SELECT t.state, coalesce(t.agent_id = %(agent)s::bigint, false) AS mine, count(*)::int
    FROM tickets_ticket AS t
    WHERE t.state IN ('open', 'assigned', 'waiting')
      AND (%(shops)s::bigint[] IS NULL OR t.shop_id = ANY(%(shops)s::bigint[]))
    GROUP BY t.state, mine""",
    row=CountRow,
)


@dataclass(frozen=True, slots=True)
class ConversionRow:
    """Inquiries of a day and shop, those a product was shown to, and those that became an order."""

    shop_id: int
    shop: str
    inquiries: int
    shown: int
    converted: int
    converted_minor: int
    currency: str

    @property
    def rate_basis_points(self) -> int:
        return round(self.converted * 10_000 / self.inquiries) if self.inquiries else 0


CONVERSIONS = Statement(
    """
    SELECT t.shop_id, s.name AS shop, count(*)::int,
           count(*) FILTER (WHERE EXISTS (SELECT FROM tickets_offer AS f WHERE f.ticket_id = t.id))::int,
           count(t.converted_order_id)::int, coalesce(sum(o.paid_minor), 0)::bigint, s.currency
    FROM tickets_ticket AS t JOIN foundation_shop AS s ON s.id = t.shop_id
    LEFT JOIN intake_order AS o ON o.id = t.converted_order_id
    WHERE t.stage = 'pre_sale' AND t.opened_at >= %(since)s::timestamptz AND t.opened_at < %(until)s::timestamptz
      AND (%(shops)s::bigint[] IS NULL OR t.shop_id = ANY(%(shops)s::bigint[]))
    GROUP BY t.shop_id, s.name, s.currency ORDER BY t.shop_id""",
    row=ConversionRow,
)


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """How often the suggested type stood, over the tickets that somebody looked at."""

    looked_at: int
    right: int


ACCURACY = Statement(
    """
    SELECT count(*)::int, count(*) FILTER (WHERE c.suggested_kind = c.kind)::int FROM tickets_correction AS c
    WHERE c.made_at >= %(since)s::timestamptz
      AND (%(shops)s::bigint[] IS NULL OR c.shop_id = ANY(%(shops)s::bigint[]))""",
    row=AccuracyRow,
)


@dataclass(frozen=True, slots=True)
class FoundArticle:
    id: int
    code: str
    title: str
    kind: str
    state: str
    version: int
    shop_id: int | None
    shop: str
    changed_at: datetime
    hits: int


# Overlap of grams is found by the index and ranked by how many of the asked grams an article has.
FIND_ARTICLES = Statement(
    """
    SELECT a.id, a.code, a.title, a.kind, a.state, a.version, a.shop_id, coalesce(s.name, '') AS shop, a.changed_at,
           cardinality(ARRAY(SELECT unnest(a.grams) INTERSECT SELECT unnest(%(grams)s::text[]))) AS hits
    FROM tickets_article AS a LEFT JOIN foundation_shop AS s ON s.id = a.shop_id
    WHERE (%(state)s::text = '' OR a.state = %(state)s::text)
      AND (%(kind)s::text = '' OR a.kind = %(kind)s::text)
      AND (%(shops)s::bigint[] IS NULL OR a.shop_id IS NULL OR a.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(shop)s::bigint IS NULL OR a.shop_id IS NULL OR a.shop_id = %(shop)s::bigint)
      AND (cardinality(%(grams)s::text[]) = 0 OR a.grams && %(grams)s::text[])
    ORDER BY hits DESC, a.changed_at DESC, a.id DESC OFFSET %(skip)s::int LIMIT %(limit)s::int""",
    row=FoundArticle,
)
