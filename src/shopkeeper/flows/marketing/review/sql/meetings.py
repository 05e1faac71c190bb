"""Statements of review meetings and of action items."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """Somebody who works here, with the roles they hold."""

    id: int
    is_active: bool
    roles: list[str]


COLLEAGUES = Statement(
    """
    SELECT p.id, p.is_active, coalesce(array_agg(r.role ORDER BY r.role) FILTER (WHERE r.role IS NOT NULL), '{}')
    FROM foundation_person AS p LEFT JOIN foundation_personrole AS r ON r.person_id = p.id
    WHERE p.id = ANY(%(people)s::bigint[]) GROUP BY p.id ORDER BY p.id""",
    row=ColleagueRow,
)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    id: int
    review_id: int
    number: int


RECORD = Statement(
    """
    INSERT INTO review_meeting (review_id, shop_id, number, held_at, said, decisions, missing, recorded_at,
                                recorded_by)
    SELECT review_id, shop_id, number, held_at, said, decisions, ARRAY(SELECT json_array_elements_text(missing)),
           %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(meetings)s::json)
         AS given (review_id bigint, shop_id bigint, number int, held_at timestamptz, said text, decisions text,
                   missing json)
    ORDER BY review_id, number ON CONFLICT (review_id, number) DO NOTHING
    RETURNING id, review_id, number""",
    row=MeetingRow,
)

ATTEND: Statement[NoRow] = Statement("""
    INSERT INTO review_attendance (meeting_id, person_id, roles)
    SELECT meeting_id, person_id, ARRAY(SELECT json_array_elements_text(roles))
    FROM json_to_recordset(%(attendees)s::json) AS given (meeting_id bigint, person_id bigint, roles json)
    ORDER BY meeting_id, person_id ON CONFLICT (meeting_id, person_id) DO NOTHING""")

FORGET_PLANNED: Statement[NoRow] = Statement("""
    DELETE FROM review_actionitem WHERE review_id = ANY(%(reviews)s::bigint[]) AND state = 'planned'""")


@dataclass(frozen=True, slots=True)
class AddedRow:
    id: int
    review_id: int
    shop_id: int
    role: str
    due_at: datetime
    what: str


# Numbers go on from the highest that the review has; the order of the given is kept.
ADD = Statement(
    """
    INSERT INTO review_actionitem (review_id, shop_id, meeting_id, number, what, owner_id, role, due_on, due_at, state,
                                   state_at, made_at, made_by, note)
    SELECT review_id, shop_id, meeting_id,
           coalesce((SELECT max(a.number) FROM review_actionitem AS a WHERE a.review_id = given.review_id), 0)
               + row_number() OVER (PARTITION BY review_id ORDER BY place),
           what, owner_id, role, due_on, due_at, state, %(now)s::timestamptz, %(now)s::timestamptz,
           %(actor_id)s::bigint, ''
    FROM json_to_recordset(%(actions)s::json)
         AS given (place int, review_id bigint, shop_id bigint, meeting_id bigint, what text, owner_id bigint,
                   role text, due_on date, due_at timestamptz, state text)
    ORDER BY review_id, place
    RETURNING id, review_id, shop_id, role, due_at, what""",
    row=AddedRow,
)


@dataclass(frozen=True, slots=True)
class ActionRow:
    id: int
    review_id: int
    shop_id: int
    owner_id: int
    role: str
    what: str
    due_on: date
    due_at: datetime
    state: str


_ACTION = """
    SELECT id, review_id, shop_id, owner_id, role, what, due_on, due_at, state FROM review_actionitem"""

PLANNED_OF = Statement(
    f"{_ACTION} WHERE review_id = ANY(%(reviews)s::bigint[]) AND state = 'planned' ORDER BY id", row=ActionRow
)

LOCK_ACTIONS = Statement(f"{_ACTION} WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE", row=ActionRow)

END: Statement[NoRow] = Statement("""
    UPDATE review_actionitem AS a
    SET note = given.note, ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(notes)s::text[]) AS given (id, note)
    WHERE a.id = given.id AND a.state = 'open'""")
