"""Statements of surveys and of what follows a low score."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket that may be asked about."""

    id: int
    shop_id: int
    order_id: int | None
    subject_id: int
    agent_id: int | None
    stage: str
    kind: str
    resolution: str
    state: str


TICKETS = Statement(
    """
    SELECT id, shop_id, order_id, subject_id, agent_id, stage, kind, resolution, state FROM tickets_ticket
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=TicketRow,
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: int
    shop_id: int
    order_id: int
    subject_id: int
    ticket_id: int | None


CASES = Statement(
    """
    SELECT id, shop_id, order_id, subject_id, ticket_id FROM aftersale_aftersalecase
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=CaseRow,
)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    id: int
    shop_id: int
    ticket_id: int | None
    case_id: int | None


PLAN = Statement(
    """
    INSERT INTO feedback_survey (shop_id, ticket_id, case_id, order_id, kind, agent_id, subject_id, state, state_at,
                                 planned_at, skip_reason, way, comment_sealed, has_comment)
    SELECT shop_id, ticket_id, case_id, order_id, kind, agent_id, subject_id, 'planned', %(now)s::timestamptz,
           %(now)s::timestamptz, '', '', ''::bytea, false
    FROM json_to_recordset(%(surveys)s::json)
         AS given (shop_id bigint, ticket_id bigint, case_id bigint, order_id bigint, kind text, agent_id bigint,
                   subject_id bigint)
    ORDER BY ticket_id, case_id ON CONFLICT DO NOTHING
    RETURNING id, shop_id, ticket_id, case_id""",
    row=PlannedRow,
)

# Reopened before the customer was asked, and resolved again: it is asked about after all.
LOCK_REOPENED = Statement(
    """
    SELECT id, shop_id, ticket_id, case_id FROM feedback_survey
    WHERE ticket_id = ANY(%(tickets)s::bigint[]) AND state = 'skipped' AND skip_reason = 'reopened'
    ORDER BY id FOR UPDATE""",
    row=PlannedRow,
)


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey, locked."""

    id: int
    shop_id: int
    ticket_id: int | None
    subject_id: int
    kind: str
    state: str
    ticket_state: str
    expires_at: datetime | None
    score: int | None


LOCK = Statement(
    """
    SELECT s.id, s.shop_id, s.ticket_id, s.subject_id, s.kind, s.state,
           coalesce((SELECT t.state FROM tickets_ticket AS t WHERE t.id = s.ticket_id), '') AS ticket_state,
           s.expires_at, s.score
    FROM feedback_survey AS s WHERE s.id = ANY(%(ids)s::bigint[]) ORDER BY s.id FOR UPDATE OF s""",
    row=SurveyRow,
)


@dataclass(frozen=True, slots=True)
class SubjectRow:
    id: int
    is_erased: bool


# One customer's surveys are judged one after the other, whichever of them come at the same moment.
LOCK_SUBJECTS = Statement(
    """
    SELECT id, wrapped IS NULL AS is_erased FROM foundation_subjectkey
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE""",
    row=SubjectRow,
)


@dataclass(frozen=True, slots=True)
class AskedRow:
    subject_id: int
    asked_at: datetime


LAST_ASKED = Statement(
    """
    SELECT subject_id, max(coalesce(invited_at, state_at)) FROM feedback_survey
    WHERE subject_id = ANY(%(subjects)s::bigint[]) AND (invited_at IS NOT NULL OR state = 'by_hand')
    GROUP BY subject_id""",
    row=AskedRow,
)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    survey_id: int
    conversation_id: int
    channel: str


# Where a survey's customer is spoken to: the newest exchange on the channel its ticket came from; a form is a page of
# its own. A customer without a conversation about the ticket is asked in their newest chat, where there is one.
PLACES = Statement(
    """
    SELECT DISTINCT ON (s.id) s.id, c.id, c.channel
    FROM feedback_survey AS s
    LEFT JOIN LATERAL (
        SELECT id, channel FROM conversations_conversation
        WHERE subject_id = s.subject_id AND ticket_id = s.ticket_id ORDER BY id DESC LIMIT 1
    ) AS own ON true
    JOIN conversations_conversation AS c ON c.subject_id = s.subject_id AND c.shop_id = s.shop_id
     AND (c.channel IN ('platform', 'widget') OR (c.channel = 'form' AND c.id = own.id))
    WHERE s.id = ANY(%(ids)s::bigint[])
    ORDER BY s.id, (c.channel = own.channel) DESC NULLS LAST, c.id DESC""",
    row=PlaceRow,
)

INVITE: Statement[NoRow] = Statement("""
    UPDATE feedback_survey AS s
    SET way = given.way, conversation_id = given.conversation_id, expires_at = given.expires_at,
        invited_at = CASE WHEN given.way = 'hand' THEN NULL ELSE %(now)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(ways)s::text[], %(conversations)s::bigint[], %(expiries)s::timestamptz[])
         AS given (id, way, conversation_id, expires_at)
    WHERE s.id = given.id AND s.state = 'planned'""")

SKIP: Statement[NoRow] = Statement("""
    UPDATE feedback_survey AS s SET skip_reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason)
    WHERE s.id = given.id AND s.state = 'planned'""")

PASS_ON: Statement[NoRow] = Statement("""
    UPDATE feedback_survey SET invited_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'by_hand'""")

ANSWER: Statement[NoRow] = Statement("""
    UPDATE feedback_survey AS s
    SET score = given.score, comment_sealed = given.comment, has_comment = length(given.comment) > 0,
        answered_at = %(now)s::timestamptz, invited_at = coalesce(s.invited_at, %(now)s::timestamptz)
    FROM unnest(%(ids)s::bigint[], %(scores)s::int[], %(comments)s::bytea[]) AS given (id, score, comment)
    WHERE s.id = given.id AND s.state IN ('by_hand', 'invited')""")


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    survey_id: int
    shop_id: int
    score: int
    due_at: datetime


OPEN_RECOVERIES = Statement(
    """
    INSERT INTO feedback_recovery (survey_id, shop_id, subject_id, score, state, state_at, opened_at, due_at, attempts,
                                   outcome)
    SELECT survey_id, shop_id, subject_id, score, 'open', %(now)s::timestamptz, %(now)s::timestamptz, due_at, 0, ''
    FROM unnest(%(surveys)s::bigint[], %(shops)s::bigint[], %(subjects)s::bigint[], %(scores)s::int[],
                %(dues)s::timestamptz[]) AS given (survey_id, shop_id, subject_id, score, due_at)
    ORDER BY survey_id ON CONFLICT (survey_id) DO NOTHING
    RETURNING id, survey_id, shop_id, score, due_at""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    id: int
    survey_id: int
    shop_id: int
    subject_id: int
    state: str
    outcome: str
    attempts: int


LOCK_RECOVERIES = Statement(
    """
    SELECT id, survey_id, shop_id, subject_id, state, outcome, attempts FROM feedback_recovery
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=RecoveryRow,
)

RECORD_TRIES: Statement[NoRow] = Statement("""
    INSERT INTO feedback_recoverytry (recovery_id, shop_id, attempt, made_at, made_by, outcome, subject_id, note_sealed)
    SELECT recovery_id, shop_id, attempt, %(now)s::timestamptz, %(actor_id)s::bigint, outcome, subject_id, note
    FROM unnest(%(ids)s::bigint[], %(shops)s::bigint[], %(attempts)s::int[], %(outcomes)s::text[],
                %(subjects)s::bigint[], %(notes)s::bytea[])
         AS given (recovery_id, shop_id, attempt, outcome, subject_id, note)""")

# A recovery with a next due time goes on; one without is at its end with this try.
COUNT_TRIES: Statement[NoRow] = Statement("""
    UPDATE feedback_recovery AS r
    SET attempts = r.attempts + 1, due_at = coalesce(g.due_at, r.due_at),
        outcome = CASE WHEN g.due_at IS NULL THEN g.outcome ELSE '' END,
        ended_at = CASE WHEN g.due_at IS NULL THEN %(now)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(dues)s::timestamptz[]) AS g (id, outcome, due_at)
    WHERE r.id = g.id AND r.state = 'open'""")


@dataclass(frozen=True, slots=True)
class TryRow:
    id: int
    attempt: int
    made_at: datetime
    person: str
    outcome: str
    has_note: bool


TRIES_OF = Statement(
    """
    SELECT t.id, t.attempt, t.made_at, coalesce(p.name, ''), t.outcome, length(t.note_sealed) > 0
    FROM feedback_recoverytry AS t LEFT JOIN foundation_person AS p ON p.id = t.made_by
    WHERE t.recovery_id = %(recovery)s::bigint ORDER BY t.attempt""",
    row=TryRow,
)


@dataclass(frozen=True, slots=True)
class StarsRow:
    invited: int
    invited_answered: int
    one: int
    two: int
    three: int
    four: int
    five: int


# Ratings given in a span, and of the customers invited in it those who answered.
STARS = Statement(
    """
    WITH looked AS (
        SELECT invited_at >= %(since)s::timestamptz AND invited_at < %(until)s::timestamptz AS is_invited,
               answered_at >= %(since)s::timestamptz AND answered_at < %(until)s::timestamptz AS is_answered,
               answered_at, score
        FROM feedback_survey
        WHERE (%(everywhere)s::boolean OR shop_id = ANY(%(shops)s::bigint[]))
          AND (%(shop)s::bigint IS NULL OR shop_id = %(shop)s::bigint)
          AND (invited_at >= %(since)s::timestamptz OR answered_at >= %(since)s::timestamptz)
    )
    SELECT count(*) FILTER (WHERE is_invited)::int,
           count(*) FILTER (WHERE is_invited AND answered_at < %(until)s::timestamptz)::int,
           count(*) FILTER (WHERE is_answered AND score = 1)::int,
           count(*) FILTER (WHERE is_answered AND score = 2)::int,
           count(*) FILTER (WHERE is_answered AND score = 3)::int,
           count(*) FILTER (WHERE is_answered AND score = 4)::int,
           count(*) FILTER (WHERE is_answered AND score = 5)::int
    FROM looked""",
    row=StarsRow,
)
