"""Statements that bring conversations to agents: the hands that are free, the rows given, the loads moved."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class HandRow:
    id: int
    person_id: int
    kinds: list[str]
    languages: list[str]
    shops: list[int]
    chat_load: int
    chat_capacity: int
    last_assigned_at: datetime | None


_HANDS = """
    SELECT a.id, a.person_id, a.kinds, a.languages,
           ARRAY(SELECT s FROM unnest(%(shops)s::bigint[]) AS s
                 WHERE (a.shop_ids = '{{}}' OR s = ANY(a.shop_ids))
                   AND (p.all_shops OR EXISTS (SELECT FROM foundation_personshop AS ps
                                               WHERE ps.person_id = p.id AND ps.shop_id = s))) AS shops,
           a.chat_load, a.chat_capacity, a.last_assigned_at
    FROM tickets_agent AS a JOIN foundation_person AS p ON p.id = a.person_id
    WHERE a.presence = 'available' AND a.chat_load < a.chat_capacity AND p.is_active
    ORDER BY {order} LIMIT %(limit)s::int FOR UPDATE OF a{waiting}"""

# On arrival nobody waits for another arrival: whoever is being given something is passed over.
FREE = Statement(
    _HANDS.format(
        order="a.chat_load::float / a.chat_capacity, a.last_assigned_at NULLS FIRST, a.id", waiting=" SKIP LOCKED"
    ),
    row=HandRow,
)

# The second look, a moment later, takes every free hand, in key order.
ALL_FREE = Statement(_HANDS.format(order="a.id", waiting=""), row=HandRow)


@dataclass(frozen=True, slots=True)
class AgentRow:
    id: int
    person_id: int
    name: str
    presence: str
    chat_load: int
    chat_capacity: int
    knows: list[int] | None


LOCK_AGENTS = Statement(
    """
    SELECT a.id, a.person_id, p.name, a.presence, a.chat_load, a.chat_capacity,
           CASE WHEN p.all_shops THEN NULL
                ELSE ARRAY(SELECT s.shop_id FROM foundation_personshop AS s WHERE s.person_id = p.id) END
    FROM tickets_agent AS a JOIN foundation_person AS p ON p.id = a.person_id
    WHERE (a.id = ANY(%(ids)s::bigint[]) OR a.person_id = ANY(%(people)s::bigint[])) AND p.is_active
    ORDER BY a.id FOR UPDATE OF a""",
    row=AgentRow,
)

GIVE: Statement[NoRow] = Statement("""
    UPDATE conversations_conversation AS c SET agent_id = given.agent_id
    FROM unnest(%(ids)s::bigint[], %(agents)s::bigint[]) AS given (id, agent_id) WHERE c.id = given.id""")

SHIFT_LOADS: Statement[NoRow] = Statement("""
    UPDATE tickets_agent AS a
    SET chat_load = greatest(0, a.chat_load + given.delta),
        last_assigned_at = CASE WHEN given.got THEN %(now)s::timestamptz ELSE a.last_assigned_at END
    FROM (SELECT agent_id, sum(delta)::int AS delta, bool_or(delta > 0) AS got
          FROM unnest(%(agents)s::bigint[], %(deltas)s::int[]) AS g (agent_id, delta)
          GROUP BY agent_id ORDER BY agent_id) AS given
    WHERE a.id = given.agent_id""")


@dataclass(frozen=True, slots=True)
class BeforeRow:
    conversation_id: int
    agent_id: int


# Who talked with these customers last, whatever the channel.
TALKED_BEFORE = Statement(
    """
    SELECT DISTINCT ON (c.id) c.id, b.agent_id
    FROM conversations_conversation AS c
    JOIN conversations_conversation AS b
      ON b.subject_id = c.subject_id AND b.shop_id = c.shop_id AND b.id < c.id AND b.agent_id IS NOT NULL
     AND b.replied_at IS NOT NULL
    WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id, b.id DESC""",
    row=BeforeRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


QUEUED = Statement(
    """
    SELECT id FROM conversations_conversation
    WHERE state = 'queued' AND (shop_id = ANY(%(shops)s::bigint[]) OR %(everywhere)s::boolean)
    ORDER BY open_since NULLS LAST, id LIMIT %(limit)s::int""",
    row=IdRow,
)

# What somebody who is no longer there leaves behind, and a customer waits for.
LEFT_BEHIND = Statement(
    """
    SELECT c.id FROM conversations_conversation AS c JOIN tickets_agent AS a ON a.id = c.agent_id
    WHERE c.state IN ('assigned', 'talking') AND c.open_since IS NOT NULL AND a.presence IN ('away', 'offline')
      AND a.id = ANY(%(agents)s::bigint[]) ORDER BY c.id LIMIT %(limit)s::int""",
    row=IdRow,
)
