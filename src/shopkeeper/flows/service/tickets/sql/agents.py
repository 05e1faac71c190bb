"""Statements of agents: who is free (slots taken without waiting for each other), what they carry, who they are."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class FreeRow:
    id: int
    kinds: list[str]
    stages: list[str]
    languages: list[str]
    shop_ids: list[int]
    knows: list[int] | None
    load: int
    capacity: int
    last_assigned_at: datetime | None


# Agents who can do at least one of the tickets, the least loaded first. Whoever is being given something by another
# transaction is passed over, not waited for; `avoid` has just handed the ticket over.
FREE = Statement(
    """
    SELECT a.id, a.kinds, a.stages, a.languages, a.shop_ids,
           CASE WHEN p.all_shops THEN NULL
                ELSE ARRAY(SELECT s.shop_id FROM foundation_personshop AS s WHERE s.person_id = p.id) END AS knows,
           a.load, a.capacity, a.last_assigned_at
    FROM tickets_agent AS a JOIN foundation_person AS p ON p.id = a.person_id
    WHERE a.presence = 'available' AND a.load < a.capacity AND p.is_active AND NOT a.id = ANY(%(avoid)s::bigint[])
      AND EXISTS (
        SELECT FROM unnest(%(shops)s::bigint[], %(kinds)s::text[], %(stages)s::text[], %(languages)s::text[])
               AS t (shop_id, kind, stage, language)
        WHERE (a.kinds = '{}' OR t.kind = ANY(a.kinds)) AND (a.stages = '{}' OR t.stage = ANY(a.stages))
          AND (a.languages = '{}' OR t.language = ANY(a.languages))
          AND (a.shop_ids = '{}' OR t.shop_id = ANY(a.shop_ids))
          AND (p.all_shops OR EXISTS (SELECT FROM foundation_personshop AS s
                                      WHERE s.person_id = p.id AND s.shop_id = t.shop_id)))
    ORDER BY a.load::float / a.capacity, a.last_assigned_at NULLS FIRST, a.id
    LIMIT %(limit)s::int FOR UPDATE OF a SKIP LOCKED""",
    row=FreeRow,
)


@dataclass(frozen=True, slots=True)
class AgentRow:
    id: int
    person_id: int
    presence: str
    load: int
    capacity: int
    knows: list[int] | None


LOCK = Statement(
    """
    SELECT a.id, a.person_id, a.presence, a.load, a.capacity,
           CASE WHEN p.all_shops THEN NULL
                ELSE ARRAY(SELECT s.shop_id FROM foundation_personshop AS s WHERE s.person_id = p.id) END AS knows
    FROM tickets_agent AS a JOIN foundation_person AS p ON p.id = a.person_id
    WHERE (a.id = ANY(%(ids)s::bigint[]) OR a.person_id = ANY(%(people)s::bigint[])) AND p.is_active
    ORDER BY a.id FOR UPDATE OF a""",
    row=AgentRow,
)

# Gives the tickets to their agents and moves the loads; the state is moved by `step.move` beside it.
GIVE: Statement[NoRow] = Statement("""
    UPDATE tickets_ticket AS t
    SET agent_id = g.agent_id, first_assigned_at = coalesce(t.first_assigned_at, %(now)s::timestamptz)
    FROM unnest(%(tickets)s::bigint[], %(agents)s::bigint[]) AS g (id, agent_id)
    WHERE t.id = g.id""")

SHIFT_LOADS: Statement[NoRow] = Statement("""
    WITH given AS (
        SELECT agent_id, sum(delta) AS delta, bool_or(delta > 0) AS got
        FROM unnest(%(agents)s::bigint[], %(deltas)s::int[]) AS g (agent_id, delta) GROUP BY agent_id
    ), locked AS (
        SELECT a.id FROM tickets_agent AS a JOIN given AS g ON g.agent_id = a.id ORDER BY a.id FOR UPDATE OF a
    )
    UPDATE tickets_agent AS a
    SET load = a.load + g.delta,
        last_assigned_at = CASE WHEN g.got THEN %(now)s::timestamptz ELSE a.last_assigned_at END
    FROM given AS g JOIN locked AS l ON l.id = g.agent_id WHERE a.id = g.agent_id""")

LET_GO: Statement[NoRow] = Statement(
    "UPDATE tickets_ticket SET agent_id = NULL WHERE id = ANY(%(ids)s::bigint[]) AND state = 'open'"
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


@dataclass(frozen=True, slots=True)
class PresenceRow:
    id: int
    person_id: int
    was: str


SET_PRESENCE = Statement(
    """
    WITH given AS (
        SELECT DISTINCT ON (person_id) person_id, presence
        FROM unnest(%(people)s::bigint[], %(presences)s::text[]) WITH ORDINALITY AS g (person_id, presence, n)
        ORDER BY person_id, n DESC
    ), before AS (
        SELECT a.person_id, a.presence FROM tickets_agent AS a JOIN given AS g ON g.person_id = a.person_id
        ORDER BY a.id FOR UPDATE OF a
    )
    INSERT INTO tickets_agent AS a (person_id, kinds, stages, languages, shop_ids, capacity, chat_capacity, load,
                                    chat_load, presence, presence_at)
    SELECT g.person_id, '{}', '{}', '{}', '{}', %(capacity)s::smallint, %(chat_capacity)s::smallint, 0, 0,
           g.presence, %(now)s::timestamptz
    FROM given AS g JOIN foundation_person AS p ON p.id = g.person_id AND p.is_active
    ORDER BY g.person_id
    ON CONFLICT (person_id) DO UPDATE SET presence = excluded.presence, presence_at = excluded.presence_at
        WHERE a.presence <> excluded.presence
    RETURNING a.id, a.person_id, coalesce((SELECT b.presence FROM before AS b WHERE b.person_id = a.person_id), '')""",
    row=PresenceRow,
)

SET_AGENTS = Statement(
    """
    INSERT INTO tickets_agent AS a (person_id, kinds, stages, languages, shop_ids, capacity, chat_capacity, load,
                                    chat_load, presence, presence_at)
    SELECT g.person_id, ARRAY(SELECT json_array_elements_text(g.kinds)),
           ARRAY(SELECT json_array_elements_text(g.stages)), ARRAY(SELECT json_array_elements_text(g.languages)),
           ARRAY(SELECT json_array_elements_text(g.shop_ids)::bigint), g.capacity, g.chat_capacity, 0, 0, 'offline',
           %(now)s::timestamptz
    FROM json_to_recordset(%(agents)s::json) AS g (person_id bigint, kinds json, stages json, languages json,
                                                   shop_ids json, capacity smallint, chat_capacity smallint)
    JOIN foundation_person AS p ON p.id = g.person_id AND p.is_active
    ORDER BY g.person_id
    ON CONFLICT (person_id) DO UPDATE
        SET kinds = excluded.kinds, stages = excluded.stages, languages = excluded.languages,
            shop_ids = excluded.shop_ids, capacity = excluded.capacity, chat_capacity = excluded.chat_capacity
        WHERE (a.kinds, a.stages, a.languages, a.shop_ids, a.capacity, a.chat_capacity)
              IS DISTINCT FROM (excluded.kinds, excluded.stages, excluded.languages, excluded.shop_ids,
                                excluded.capacity, excluded.chat_capacity)
    RETURNING a.id, a.person_id, a.presence""",
    row=PresenceRow,
)

OF_PEOPLE = Statement(
    "SELECT id, person_id, presence FROM tickets_agent WHERE person_id = ANY(%(people)s::bigint[])", row=PresenceRow
)

# Waiting tickets an agent who has a hand free might take: the most urgent of the shops they see.
WAITING_FOR = Statement(
    """
    SELECT t.id FROM tickets_ticket AS t
    WHERE t.state = 'open' AND EXISTS (
        SELECT FROM tickets_agent AS a JOIN foundation_person AS p ON p.id = a.person_id
        WHERE a.id = ANY(%(agents)s::bigint[]) AND (p.all_shops OR EXISTS (
            SELECT FROM foundation_personshop AS s WHERE s.person_id = p.id AND s.shop_id = t.shop_id)))
    ORDER BY t.next_due_at, t.id LIMIT %(limit)s::int""",
    row=IdRow,
)

UNANSWERED_OF = Statement(
    """
    SELECT id FROM tickets_ticket
    WHERE agent_id = ANY(%(agents)s::bigint[]) AND state = 'assigned' AND first_reply_at IS NULL ORDER BY id""",
    row=IdRow,
)
