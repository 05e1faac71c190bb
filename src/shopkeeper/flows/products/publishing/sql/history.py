"""Statement of what happened to one listing, from the logs: the row itself knows only the last of each."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class HappenedRow:
    """An event by its type, or a move as `state:` and what it became; `command` is what did it."""

    occurred_at: datetime
    what: str
    command: str
    actor_id: int
    who: str
    why: str
    data: str


HISTORY = Statement(
    """
    SELECT h.occurred_at, h.what, h.command, h.actor_id, coalesce(p.name, ''), h.why, h.data
    FROM (
        (SELECT occurred_at, id, type AS what, command, actor_id, why, data::text AS data FROM foundation_event
         WHERE type = ANY(%(types)s::text[]) AND subject_id = %(listing)s::bigint
         ORDER BY id DESC LIMIT %(limit)s::int)
        UNION ALL
        (SELECT occurred_at, id, 'state:' || became, command, actor_id, reason, '{}' FROM foundation_statechange
         WHERE table_name = 'publishing_listing' AND row_id = %(listing)s::bigint
           AND became = ANY(%(states)s::text[])
         ORDER BY id DESC LIMIT %(limit)s::int)
    ) AS h LEFT JOIN foundation_person AS p ON p.id = h.actor_id
    ORDER BY h.occurred_at, h.id""",
    row=HappenedRow,
)
