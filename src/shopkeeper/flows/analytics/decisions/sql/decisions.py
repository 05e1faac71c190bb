"""Statements from findings to conclusions."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding, locked, with the decision on it where there is one."""

    id: int
    shop_id: int | None
    metric: str
    unit: str
    first_day: date
    last_day: date
    value: int
    state: str
    found_by: int
    decision_id: int | None


_FINDING = """
    SELECT f.id, f.shop_id, f.metric, f.unit, f.first_day, f.last_day, f.value, f.state, f.found_by,
           (SELECT d.id FROM decisions_decision AS d WHERE d.finding_id = f.id)
    FROM decisions_finding AS f"""

LOCK_FINDINGS = Statement(
    f"{_FINDING} WHERE f.id = ANY(%(ids)s::bigint[]) ORDER BY f.id FOR UPDATE OF f", row=FindingRow
)


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    shop_id: int | None
    metric: str
    first_day: date
    last_day: date


# A figure of the same days is noticed once.
RECORD = Statement(
    """
    INSERT INTO decisions_finding (shop_id, metric, unit, first_day, last_day, value, compared, words, state, state_at,
                                   found_at, found_by, due_at, dismissed_reason)
    SELECT shop_id, metric, unit, first_day, last_day, value, compared, words, 'open', %(now)s::timestamptz,
           %(now)s::timestamptz, %(actor_id)s::bigint, due_at, ''
    FROM json_to_recordset(%(findings)s::json)
         AS given (shop_id bigint, metric text, unit text, first_day date, last_day date, value bigint,
                   compared bigint, words text, due_at timestamptz)
    ORDER BY metric, shop_id, first_day, last_day
    ON CONFLICT (metric, shop_id, first_day, last_day) DO NOTHING
    RETURNING id, shop_id, metric, first_day, last_day""",
    row=MadeRow,
)

DISMISS: Statement[NoRow] = Statement("""
    UPDATE decisions_finding AS f
    SET dismissed_reason = given.reason, ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason)
    WHERE f.id = given.id AND f.state = 'open'""")

END_FINDINGS: Statement[NoRow] = Statement("""
    UPDATE decisions_finding SET ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'open'""")


@dataclass(frozen=True, slots=True)
class DecidedRow:
    id: int
    finding_id: int
    shop_id: int | None


DECIDE = Statement(
    """
    INSERT INTO decisions_decision (finding_id, shop_id, what, reason, expected, expected_words, measure_on, measure_at,
                                    after_first_day, after_last_day, state, state_at, decided_at, decided_by, before,
                                    after_typed, effect, conclusion, conclusion_words)
    SELECT finding_id, shop_id, what, reason, expected, expected_words, measure_on, measure_at, after_first_day,
           after_last_day, 'under_way', %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint, before,
           false, '', '', ''
    FROM json_to_recordset(%(decisions)s::json)
         AS given (finding_id bigint, shop_id bigint, what text, reason text, expected bigint, expected_words text,
                   measure_on date, measure_at timestamptz, after_first_day date, after_last_day date, before bigint)
    ORDER BY finding_id
    RETURNING id, finding_id, shop_id""",
    row=DecidedRow,
)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision, locked, with what its finding is about."""

    id: int
    finding_id: int
    shop_id: int | None
    metric: str
    state: str
    before: int
    expected: int
    after: int | None
    after_first_day: date
    after_last_day: date
    measure_at: datetime
    effect: str
    conclusion: str
    decided_by: int


LOCK_DECISIONS = Statement(
    """
    SELECT d.id, d.finding_id, d.shop_id, f.metric, d.state, d.before, d.expected, d.after, d.after_first_day,
           d.after_last_day, d.measure_at, d.effect, d.conclusion, d.decided_by
    FROM decisions_decision AS d JOIN decisions_finding AS f ON f.id = d.finding_id
    WHERE d.id = ANY(%(ids)s::bigint[]) ORDER BY d.id FOR UPDATE OF d""",
    row=DecisionRow,
)

MEASURE: Statement[NoRow] = Statement("""
    UPDATE decisions_decision AS d
    SET after = given.after, effect = given.effect, measured_at = %(now)s::timestamptz, conclude_due_at = given.due_at
    FROM unnest(%(ids)s::bigint[], %(afters)s::bigint[], %(effects)s::text[], %(dues)s::timestamptz[])
         AS given (id, after, effect, due_at)
    WHERE d.id = given.id AND d.state = 'under_way'""")

CONCLUDE: Statement[NoRow] = Statement("""
    UPDATE decisions_decision AS d
    SET conclusion = given.conclusion, conclusion_words = given.words, concluded_at = %(now)s::timestamptz,
        concluded_by = %(actor_id)s::bigint, after = given.after, effect = given.effect, after_typed = given.typed
    FROM json_to_recordset(%(conclusions)s::json)
         AS given (id bigint, conclusion text, words text, after bigint, effect text, typed boolean)
    WHERE d.id = given.id AND d.state = 'measured'""")


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    decision_id: int
    shop_id: int | None
    owner: str
    what: str
    due_at: datetime


OPEN_TASKS = Statement(
    """
    INSERT INTO decisions_decisiontask (decision_id, shop_id, owner, what, due_at, state, state_at, opened_at,
                                        opened_by, note)
    SELECT decision_id, shop_id, owner, what, due_at, 'open', %(now)s::timestamptz, %(now)s::timestamptz,
           %(actor_id)s::bigint, ''
    FROM json_to_recordset(%(tasks)s::json)
         AS given (decision_id bigint, shop_id bigint, owner text, what text, due_at timestamptz)
    ORDER BY decision_id, owner, what ON CONFLICT (decision_id, owner, what) DO NOTHING
    RETURNING id, decision_id, shop_id, owner, what, due_at""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task, locked."""

    id: int
    decision_id: int
    shop_id: int | None
    owner: str
    state: str


LOCK_TASKS = Statement(
    """
    SELECT id, decision_id, shop_id, owner, state FROM decisions_decisiontask
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=TaskRow,
)

END_TASKS: Statement[NoRow] = Statement("""
    UPDATE decisions_decisiontask AS t
    SET note = given.note, ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(notes)s::text[]) AS given (id, note)
    WHERE t.id = given.id AND t.state = 'open'""")
