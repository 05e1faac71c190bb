"""Statements on tickets that are there: locked, classified, answered, waiting, resolved."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class TicketRow:
    id: int
    shop_id: int
    order_id: int | None
    subject_id: int
    channel: str
    stage: str
    kind: str
    suggested_kind: str
    features: list[str]
    language: str
    state: str
    agent_id: int | None
    agent_person_id: int | None
    priority: str
    priority_rank: int
    opened_at: datetime
    reply_due_at: datetime | None
    first_reply_at: datetime | None
    resolve_due_at: datetime
    next_due_at: datetime
    resolution: str
    reopened_count: int
    duplicate_of_id: int | None
    external_ref: str


LOCK = Statement(
    """
    SELECT t.id, t.shop_id, t.order_id, t.subject_id, t.channel, t.stage, t.kind, t.suggested_kind, t.features,
           t.language, t.state, t.agent_id,
           (SELECT a.person_id FROM tickets_agent AS a WHERE a.id = t.agent_id) AS agent_person_id,
           t.priority, t.priority_rank, t.opened_at, t.reply_due_at, t.first_reply_at, t.resolve_due_at,
           t.next_due_at, t.resolution, t.reopened_count, t.duplicate_of_id, t.external_ref
    FROM tickets_ticket AS t WHERE t.id = ANY(%(ids)s::bigint[]) ORDER BY t.id FOR UPDATE OF t""",
    row=TicketRow,
)

CLASSIFY: Statement[NoRow] = Statement("""
    UPDATE tickets_ticket AS t
    SET kind = g.kind, stage = g.stage, classified_by = %(actor_id)s::bigint, priority = g.priority,
        priority_rank = g.priority_rank, resolve_due_at = g.resolve_due_at,
        next_due_at = CASE WHEN t.first_reply_at IS NULL THEN least(t.reply_due_at, g.resolve_due_at)
                           ELSE g.resolve_due_at END
    FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(stages)s::text[], %(priorities)s::text[], %(ranks)s::int[],
                %(dues)s::timestamptz[]) AS g (id, kind, stage, priority, priority_rank, resolve_due_at)
    WHERE t.id = g.id AND t.state IN ('open', 'assigned', 'waiting')""")

RECORD_CORRECTIONS: Statement[NoRow] = Statement("""
    INSERT INTO tickets_correction (ticket_id, shop_id, suggested_kind, kind, made_at, made_by)
    SELECT ticket_id, shop_id, suggested_kind, kind, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(shops)s::bigint[], %(suggested)s::text[], %(kinds)s::text[])
         AS g (ticket_id, shop_id, suggested_kind, kind)
    ORDER BY ticket_id
    ON CONFLICT (ticket_id) DO UPDATE
        SET kind = excluded.kind, made_at = excluded.made_at, made_by = excluded.made_by""")

LEARN: Statement[NoRow] = Statement("""
    INSERT INTO tickets_kindweight AS w (word, kind, points, changed_at)
    SELECT word, kind, greatest(-%(most)s::int, least(%(most)s::int, points)), %(now)s::timestamptz
    FROM unnest(%(words)s::text[], %(kinds)s::text[], %(points)s::int[]) AS g (word, kind, points)
    ORDER BY word, kind
    ON CONFLICT (word, kind) DO UPDATE
        SET points = greatest(-%(most)s::int, least(%(most)s::int, w.points + excluded.points)),
            changed_at = excluded.changed_at""")

NOTE_REPLIES: Statement[NoRow] = Statement("""
    UPDATE tickets_ticket AS t
    SET first_reply_at = %(now)s::timestamptz, first_reply_by = %(actor_id)s::bigint, next_due_at = t.resolve_due_at
    WHERE t.id = ANY(%(ids)s::bigint[]) AND t.first_reply_at IS NULL""")


@dataclass(frozen=True, slots=True)
class NotedRow:
    ticket_id: int
    shop_id: int
    note_ref: str


ADD_NOTES = Statement(
    """
    INSERT INTO tickets_ticketnote (ticket_id, shop_id, note_ref, made_at, made_by, subject_id, note_sealed)
    SELECT ticket_id, shop_id, note_ref, %(now)s::timestamptz, %(actor_id)s::bigint, subject_id, note_sealed
    FROM unnest(%(tickets)s::bigint[], %(shops)s::bigint[], %(refs)s::text[], %(subjects)s::bigint[],
                %(notes)s::bytea[]) AS g (ticket_id, shop_id, note_ref, subject_id, note_sealed)
    ORDER BY ticket_id, note_ref
    ON CONFLICT (ticket_id, note_ref) DO NOTHING
    RETURNING ticket_id, shop_id, note_ref""",
    row=NotedRow,
)

BEGIN_WAITS: Statement[NoRow] = Statement("""
    INSERT INTO tickets_ticketwait (ticket_id, since)
    SELECT id, %(now)s::timestamptz FROM unnest(%(ids)s::bigint[]) AS g (id) ORDER BY id
    ON CONFLICT (ticket_id) WHERE until IS NULL DO NOTHING""")


@dataclass(frozen=True, slots=True)
class WaitedRow:
    id: int
    resolve_due_at: datetime


# What was spent waiting for the customer is added to the time for the solution.
END_WAITS = Statement(
    """
    WITH ended AS (
        UPDATE tickets_ticketwait SET until = greatest(since, %(now)s::timestamptz)
        WHERE ticket_id = ANY(%(ids)s::bigint[]) AND until IS NULL
        RETURNING ticket_id, until - since AS waited
    )
    UPDATE tickets_ticket AS t
    SET resolve_due_at = t.resolve_due_at + e.waited,
        next_due_at = CASE WHEN t.first_reply_at IS NULL THEN least(t.reply_due_at, t.resolve_due_at + e.waited)
                           ELSE t.resolve_due_at + e.waited END
    FROM ended AS e WHERE t.id = e.ticket_id
    RETURNING t.id, t.resolve_due_at""",
    row=WaitedRow,
)

RESOLVE: Statement[NoRow] = Statement("""
    UPDATE tickets_ticket AS t
    SET resolved_at = %(now)s::timestamptz, resolution = g.resolution, duplicate_of_id = g.duplicate_of
    FROM unnest(%(ids)s::bigint[], %(resolutions)s::text[], %(doubles)s::bigint[]) AS g (id, resolution, duplicate_of)
    WHERE t.id = g.id AND t.state IN ('assigned', 'waiting')""")

STAMP_CLOSED: Statement[NoRow] = Statement(
    "UPDATE tickets_ticket SET closed_at = %(now)s::timestamptz WHERE id = ANY(%(ids)s::bigint[])"
)

REOPEN: Statement[NoRow] = Statement("""
    UPDATE tickets_ticket AS t
    SET reopened_count = t.reopened_count + 1, resolve_due_at = g.due_at, next_due_at = g.due_at, closed_at = NULL,
        agent_id = g.agent_id
    FROM unnest(%(ids)s::bigint[], %(dues)s::timestamptz[], %(agents)s::bigint[]) AS g (id, due_at, agent_id)
    WHERE t.id = g.id AND t.state IN ('resolved', 'closed')""")
