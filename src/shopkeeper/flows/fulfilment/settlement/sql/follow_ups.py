"""Statements of follow-ups: opened, tried, answered."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    order_id: int
    shop_id: int


OPEN = Statement(
    """
    INSERT INTO settlement_followup (order_id, shop_id, state, state_at, opened_at, due_at, attempts, outcome)
    SELECT order_id, shop_id, 'open', %(now)s::timestamptz, %(now)s::timestamptz, due_at, 0, ''
    FROM unnest(%(orders)s::bigint[], %(shops)s::bigint[], %(dues)s::timestamptz[])
         AS given (order_id, shop_id, due_at)
    ORDER BY order_id
    ON CONFLICT (order_id) WHERE state = 'open' DO NOTHING
    RETURNING id, order_id, shop_id""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    id: int
    order_id: int
    shop_id: int
    subject_id: int
    state: str
    outcome: str
    attempts: int


# An order is locked before its follow-ups, as by whatever ends the wait for its buyer.
LOCK_ORDERS_OF: Statement[NoRow] = Statement("""
    SELECT id FROM intake_order
    WHERE id IN (SELECT order_id FROM settlement_followup WHERE id = ANY(%(ids)s::bigint[]))
    ORDER BY id FOR NO KEY UPDATE""")

LOCK = Statement(
    """
    SELECT f.id, f.order_id, f.shop_id, o.subject_id, f.state, f.outcome, f.attempts
    FROM settlement_followup AS f JOIN intake_order AS o ON o.id = f.order_id
    WHERE f.id = ANY(%(ids)s::bigint[]) ORDER BY f.id FOR UPDATE OF f""",
    row=FollowUpRow,
)

RECORD_TRIES: Statement[NoRow] = Statement("""
    INSERT INTO settlement_followupattempt (followup_id, shop_id, made_at, made_by, outcome, subject_id,
                                            note_sealed)
    SELECT followup_id, shop_id, %(now)s::timestamptz, %(actor_id)s::bigint, outcome, subject_id, note_sealed
    FROM unnest(%(ids)s::bigint[], %(shops)s::bigint[], %(outcomes)s::text[], %(subjects)s::bigint[],
                %(notes)s::bytea[]) AS given (followup_id, shop_id, outcome, subject_id, note_sealed)""")

# A follow-up with a next due time goes on; one without is at its end with this try.
COUNT_TRIES: Statement[NoRow] = Statement("""
    UPDATE settlement_followup AS f
    SET attempts = f.attempts + 1, due_at = coalesce(g.due_at, f.due_at),
        outcome = CASE WHEN g.due_at IS NULL THEN g.outcome ELSE '' END,
        ended_at = CASE WHEN g.due_at IS NULL THEN %(now)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(dues)s::timestamptz[]) AS g (id, outcome, due_at)
    WHERE f.id = g.id AND f.state = 'open'""")


@dataclass(frozen=True, slots=True)
class TryRow:
    id: int
    made_at: datetime
    made_by: int
    person: str
    outcome: str
    has_note: bool


TRIES_OF = Statement(
    """
    SELECT a.id, a.made_at, a.made_by, coalesce(p.name, '') AS person, a.outcome,
           length(a.note_sealed) > 0 AS has_note
    FROM settlement_followupattempt AS a LEFT JOIN foundation_person AS p ON p.id = a.made_by
    WHERE a.followup_id = %(followup)s::bigint ORDER BY a.id""",
    row=TryRow,
)
