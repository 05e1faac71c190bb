"""Statements behind the lists and records: pages by key from indexes alone, counters, the time line."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class KeyRow:
    """`at` is filled where the page is sorted by the day of the order."""

    id: int
    at: datetime | None


# One short walk of the index per shop and state, then merged: the cost follows the page, not the table.
PAGE_BY_STATE = Statement(
    """
    SELECT o.id, NULL::timestamptz FROM unnest(%(shops)s::bigint[]) AS shop (id)
    CROSS JOIN unnest(%(states)s::text[]) AS asked (state)
    CROSS JOIN LATERAL (
        SELECT id FROM intake_order
        WHERE shop_id = shop.id AND state = asked.state
          AND (%(after)s::bigint IS NULL OR id < %(after)s::bigint)
        ORDER BY id DESC LIMIT %(limit)s::int) AS o
    ORDER BY o.id DESC LIMIT %(limit)s::int""",
    row=KeyRow,
)

PAGE_HELD = Statement(
    """
    SELECT o.id, NULL::timestamptz FROM unnest(%(shops)s::bigint[]) AS shop (id)
    CROSS JOIN LATERAL (
        SELECT id FROM intake_order
        WHERE shop_id = shop.id AND open_holds <> '{}'
          AND (%(state)s::text IS NULL OR state = %(state)s::text)
          AND (%(hold)s::text = '' OR %(hold)s::text = ANY(open_holds))
          AND (%(since)s::timestamptz IS NULL OR placed_at >= %(since)s::timestamptz)
          AND (%(before)s::timestamptz IS NULL OR placed_at < %(before)s::timestamptz)
          AND (%(after)s::bigint IS NULL OR id < %(after)s::bigint)
        ORDER BY id DESC LIMIT %(limit)s::int) AS o
    ORDER BY o.id DESC LIMIT %(limit)s::int""",
    row=KeyRow,
)

PAGE_BY_DAY = Statement(
    """
    SELECT o.id, o.placed_at FROM unnest(%(shops)s::bigint[]) AS shop (id)
    CROSS JOIN LATERAL (
        SELECT id, placed_at FROM intake_order
        WHERE shop_id = shop.id AND placed_at >= %(since)s::timestamptz AND placed_at < %(before)s::timestamptz
          AND (%(state)s::text IS NULL OR state = %(state)s::text)
          AND (%(after)s::bigint IS NULL OR (placed_at, id) < (%(at)s::timestamptz, %(after)s::bigint))
        ORDER BY placed_at DESC, id DESC LIMIT %(limit)s::int) AS o
    ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s::int""",
    row=KeyRow,
)

PAGE_FOUND = Statement(
    """
    SELECT o.id, NULL::timestamptz FROM intake_order AS o
    WHERE o.id IN (
            SELECT unnest(%(ids)s::bigint[])
            UNION SELECT id FROM intake_order WHERE platform_no = ANY(%(numbers)s::text[])
            UNION SELECT id FROM intake_order WHERE phone_index = ANY(%(phones)s::bytea[])
            UNION SELECT id FROM intake_order WHERE phone_tail_index = ANY(%(tails)s::bytea[]))
      AND o.shop_id = ANY(%(shops)s::bigint[]) AND (%(state)s::text IS NULL OR o.state = %(state)s::text)
      AND (NOT %(held)s::boolean OR o.open_holds <> '{}')
      AND (%(hold)s::text = '' OR %(hold)s::text = ANY(o.open_holds))
      AND (%(since)s::timestamptz IS NULL OR o.placed_at >= %(since)s::timestamptz)
      AND (%(before)s::timestamptz IS NULL OR o.placed_at < %(before)s::timestamptz)
      AND (%(after)s::bigint IS NULL OR o.id < %(after)s::bigint)
    ORDER BY o.id DESC LIMIT %(limit)s::int""",
    row=KeyRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    state: str
    count: int


# What has come to rest is never counted in full.
COUNT_OPEN = Statement(
    """
    SELECT state, count(*)::int FROM intake_order
    WHERE shop_id = ANY(%(shops)s::bigint[]) AND state = ANY(%(states)s::text[])
    GROUP BY state ORDER BY state""",
    row=CountRow,
)


@dataclass(frozen=True, slots=True)
class HeldCountRow:
    count: int


COUNT_HELD = Statement(
    """
    SELECT count(*)::int AS count FROM intake_order
    WHERE shop_id = ANY(%(shops)s::bigint[]) AND open_holds <> '{}'""",
    row=HeldCountRow,
)


@dataclass(frozen=True, slots=True)
class LineSumRow:
    order_id: int
    pieces: int
    kinds: int
    first: str


LINE_SUMS = Statement(
    """
    SELECT l.order_id, sum(l.quantity)::int, count(*)::int, (array_agg(l.title ORDER BY l.id))[1]
    FROM intake_orderline AS l WHERE l.order_id = ANY(%(orders)s::bigint[]) GROUP BY l.order_id""",
    row=LineSumRow,
)


@dataclass(frozen=True, slots=True)
class PromisedRow:
    order_line_id: int
    promised: int


PROMISED_OF = Statement(
    "SELECT order_line_id, quantity FROM stock_promise WHERE order_id = %(order)s::bigint", row=PromisedRow
)


@dataclass(frozen=True, slots=True)
class StoryRow:
    """`what` is an event's type, or a state after `state:`."""

    occurred_at: datetime
    what: str
    was: str
    actor_id: int
    why: str
    data: str


STORY = Statement(
    """
    SELECT occurred_at, what, was, actor_id, why, data FROM (
        SELECT occurred_at, 2 AS turn, id, 'state:' || became AS what, was, actor_id, reason AS why, '{}' AS data
        FROM foundation_statechange WHERE table_name = 'intake_order' AND row_id = %(order)s::bigint
        UNION ALL
        SELECT occurred_at, 1, id, type, '', actor_id, why, data::text FROM foundation_event
        WHERE type = ANY(%(types)s::text[]) AND subject_id = %(order)s::bigint) AS told
    ORDER BY occurred_at, turn, id LIMIT 500""",
    row=StoryRow,
)


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int
    modified_at: datetime
    received_at: datetime


MESSAGES_OF = Statement(
    """
    SELECT id, modified_at, received_at FROM intake_platformmessage
    WHERE order_id = %(order)s::bigint ORDER BY id LIMIT 200""",
    row=MessageRow,
)


@dataclass(frozen=True, slots=True)
class DueRow:
    """An open deadline; `whose` is who took it, else empty."""

    kind: str
    due_at: datetime
    opens_at: datetime | None
    whose: str


DUES_OF = Statement(
    """
    SELECT d.kind, d.due_at, d.opens_at, coalesce(p.name, '')
    FROM sop_deadline AS d LEFT JOIN foundation_person AS p ON p.id = d.claimed_by_id
    WHERE d.kind = ANY(%(kinds)s::text[]) AND d.subject_id = %(subject)s::bigint ORDER BY d.due_at""",
    row=DueRow,
)


@dataclass(frozen=True, slots=True)
class TwinRow:
    id: int


# Others to the same receiver in the same shop, placed around the same time: those at the check, and the buyer's own
# that went on since.
TWINS_OF = Statement(
    """
    WITH asked AS MATERIALIZED (
        SELECT id, shop_id, subject_id, address_index, placed_at - make_interval(hours => %(hours)s::int) AS since,
               placed_at + make_interval(hours => %(hours)s::int) AS until
        FROM intake_order WHERE id = %(order)s::bigint
    )
    SELECT t.id FROM asked AS a JOIN intake_order AS t
      ON t.address_index = a.address_index AND t.shop_id = a.shop_id AND t.state IN ('to_check', 'released')
    WHERE t.id <> a.id AND t.placed_at BETWEEN a.since AND a.until
    UNION
    SELECT t.id FROM asked AS a JOIN intake_order AS t
      ON t.subject_id = a.subject_id AND t.shop_id = a.shop_id AND t.paid_at IS NOT NULL
    WHERE t.id <> a.id AND t.placed_at BETWEEN a.since AND a.until AND t.address_index = a.address_index
      AND t.state <> 'cancelled'
    ORDER BY id DESC LIMIT 5""",
    row=TwinRow,
)


@dataclass(frozen=True, slots=True)
class SessionStandRow:
    """An open session: what waits clean, what is held, what was released since it opened, and its deadline."""

    session_id: int
    clean: int
    held: int
    released: int
    due_at: datetime | None


SESSION_STANDS = Statement(
    """
    SELECT s.id AS session_id, waiting.clean, waiting.held, gone.released,
           (SELECT due_at FROM sop_deadline WHERE kind = %(kind)s::text AND subject_id = s.id) AS due_at
    FROM intake_checksession AS s
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE open_holds = '{}' AND refund_state <> 'requested')::int AS clean,
               count(*) FILTER (WHERE open_holds <> '{}' OR refund_state = 'requested')::int AS held
        FROM intake_order WHERE shop_id = s.shop_id AND state = 'to_check' AND NOT is_history) AS waiting
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS released FROM intake_order
        WHERE shop_id = s.shop_id AND released_at >= s.opened_at) AS gone
    WHERE s.id = ANY(%(sessions)s::bigint[]) AND s.state = 'open'""",
    row=SessionStandRow,
)


@dataclass(frozen=True, slots=True)
class HoldCountRow:
    code: str
    count: int


HELD_BY_CODE = Statement(
    """
    SELECT code, count(*)::int FROM (
        SELECT unnest(open_holds) AS code FROM intake_order
        WHERE shop_id = ANY(%(shops)s::bigint[]) AND open_holds <> '{}') AS open
    GROUP BY code ORDER BY count(*) DESC, code""",
    row=HoldCountRow,
)


@dataclass(frozen=True, slots=True)
class ErrandStateRow:
    subject_id: int
    next_at: datetime
    attempts: int
    last_error: str
    is_given_up: bool


PULL_ERRANDS = Statement(
    """
    SELECT subject_id, next_at, attempts, last_error, given_up_at IS NOT NULL
    FROM foundation_errandentry WHERE kind = 'pull_orders' AND subject_id = ANY(%(shops)s::bigint[])""",
    row=ErrandStateRow,
)
