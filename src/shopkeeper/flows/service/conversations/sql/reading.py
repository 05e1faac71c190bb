"""Statements that read conversations: the live stream, the desk's queue, the clocks of a day."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class StreamRow:
    topic: int
    sequence: int
    client_id: str
    sender: str
    said_at: datetime
    picture_id: int | None
    body_sealed: bytes
    wrapped: bytes | None


# Read by the live process: a page of lines behind what each follower has, with the keys to open them. What is said
# among colleagues (`system`) is never read for a customer.
STREAM = Statement(
    """
    SELECT m.conversation_id, m.sequence, m.client_id, m.sender, m.said_at, m.picture_id, m.body_sealed, k.wrapped
    FROM unnest(%(topics)s::bigint[], %(after)s::int[]) AS t (topic, after)
    CROSS JOIN LATERAL (
        SELECT * FROM conversations_message
        WHERE conversation_id = t.topic AND sequence > t.after AND sender <> 'system'
        ORDER BY sequence LIMIT %(limit)s::int) AS m
    JOIN foundation_subjectkey AS k ON k.id = m.subject_id
    ORDER BY m.conversation_id, m.sequence""",
    row=StreamRow,
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An open conversation as the desk lists it."""

    id: int
    shop_id: int
    shop: str
    channel: str
    state: str
    kind: str
    contact: str
    agent_id: int | None
    agent_person_id: int | None
    agent: str
    ticket_id: int | None
    opened_at: datetime
    waiting_from: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    open_since: datetime | None
    last_at: datetime
    last_sender: str
    last_sequence: int
    subject_id: int
    last_sealed: bytes | None


QUEUE = Statement(
    """
    SELECT c.id, c.shop_id, s.name, c.channel, c.state, c.kind, c.contact_masked, c.agent_id, a.person_id,
           coalesce(p.name, ''), c.ticket_id, c.opened_at, c.waiting_from, c.due_at, c.replied_at, c.open_since,
           c.last_at, c.last_sender, c.last_sequence, c.subject_id,
           (SELECT m.body_sealed FROM conversations_message AS m
            WHERE m.conversation_id = c.id AND m.sender IN ('customer', 'agent') ORDER BY m.sequence DESC LIMIT 1)
    FROM conversations_conversation AS c JOIN foundation_shop AS s ON s.id = c.shop_id
    LEFT JOIN tickets_agent AS a ON a.id = c.agent_id LEFT JOIN foundation_person AS p ON p.id = a.person_id
    WHERE c.state <> 'ended' AND (%(everywhere)s::boolean OR c.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(anybody)s::boolean OR a.person_id = %(person)s::bigint OR (c.state = 'queued' AND %(queued)s::boolean))
      AND (c.waiting_from IS NOT NULL OR c.agent_id IS NOT NULL)
    ORDER BY c.open_since IS NULL, CASE WHEN c.replied_at IS NULL THEN c.due_at ELSE c.open_since END, c.last_at DESC
    LIMIT %(limit)s::int""",
    row=QueueRow,
)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """How one channel kept its promise: first words asked for, given, in time, and still open beyond it."""

    channel: str
    asked: int
    replied: int
    kept: int
    late_open: int
    off_duty: int
    median_ms: int | None
    p90_ms: int | None
    greeted: int
    greeting_ms: int | None


CLOCKS = Statement(
    """
    SELECT channel, count(*)::int, count(replied_at)::int,
           (count(*) FILTER (WHERE replied_at <= due_at))::int,
           (count(*) FILTER (WHERE replied_at IS NULL AND due_at < %(now)s::timestamptz))::int,
           (count(*) FILTER (WHERE off_duty))::int,
           (percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM replied_at - waiting_from)) * 1000)::int,
           (percentile_disc(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM replied_at - waiting_from)) * 1000)::int,
           count(greeted_at)::int,
           (percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM greeted_at - waiting_from)) * 1000)::int
    FROM conversations_conversation
    WHERE waiting_from >= %(since)s::timestamptz AND waiting_from < %(until)s::timestamptz
      AND (%(everywhere)s::boolean OR shop_id = ANY(%(shops)s::bigint[]))
    GROUP BY channel ORDER BY channel""",
    row=ClockRow,
)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An agent as the supervisor sees them."""

    id: int
    person_id: int
    name: str
    presence: str
    presence_at: datetime
    chat_load: int
    chat_capacity: int
    waiting: int
    longest: datetime | None
    replied: int
    kept: int


STAFF = Statement(
    """
    SELECT a.id, a.person_id, p.name, a.presence, a.presence_at, a.chat_load, a.chat_capacity,
           (SELECT count(*)::int FROM conversations_conversation AS c
            WHERE c.agent_id = a.id AND c.state IN ('assigned', 'talking') AND c.open_since IS NOT NULL),
           (SELECT min(c.open_since) FROM conversations_conversation AS c
            WHERE c.agent_id = a.id AND c.state IN ('assigned', 'talking')),
           coalesce(d.replied, 0), coalesce(d.kept, 0)
    FROM tickets_agent AS a JOIN foundation_person AS p ON p.id = a.person_id AND p.is_active
    LEFT JOIN (SELECT replied_by, count(*)::int AS replied,
                      (count(*) FILTER (WHERE replied_at <= due_at))::int AS kept
               FROM conversations_conversation
               WHERE waiting_from >= %(since)s::timestamptz AND replied_at IS NOT NULL
                 AND (%(everywhere)s::boolean OR shop_id = ANY(%(shops)s::bigint[]))
               GROUP BY replied_by) AS d ON d.replied_by = a.person_id
    WHERE %(everywhere)s::boolean OR p.all_shops OR EXISTS (
        SELECT FROM foundation_personshop AS ps WHERE ps.person_id = p.id AND ps.shop_id = ANY(%(shops)s::bigint[]))
    ORDER BY a.presence = 'offline', a.presence <> 'available', p.name, a.id LIMIT 500""",
    row=StaffRow,
)
