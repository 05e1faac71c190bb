"""Every move of one record's state, with who made it and why."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class MoveLine:
    """`who` is empty for the system."""

    at: datetime
    was: str
    became: str
    who: str
    why: str


MOVES_OF = Statement(
    """
    SELECT c.occurred_at, c.was, c.became, coalesce(p.name, '') AS who, c.reason
    FROM foundation_statechange AS c LEFT JOIN foundation_person AS p ON p.id = c.actor_id
    WHERE c.table_name = %(table)s::text AND c.row_id = %(row)s::bigint ORDER BY c.id LIMIT 200""",
    row=MoveLine,
)
