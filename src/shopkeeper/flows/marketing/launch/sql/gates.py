"""Statements of gates: opened, tested, decided, expired; and of the example carts."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class GateRow:
    id: int
    campaign_id: int
    shop_id: int
    state: str
    due_at: datetime
    runs: int
    fingerprint: str
    expires_at: datetime | None
    code: str
    campaign_state: str
    starts_at: datetime
    for_start: datetime


_GATE = """
    SELECT g.id, g.campaign_id, g.shop_id, g.state, g.due_at, g.runs, g.fingerprint, g.expires_at, c.code,
           c.state AS campaign_state, c.starts_at, g.for_start
    FROM launch_gate AS g JOIN campaigns_campaign AS c ON c.id = g.campaign_id"""

LOCK = Statement(f"{_GATE} WHERE g.id = ANY(%(ids)s::bigint[]) ORDER BY g.id FOR NO KEY UPDATE OF g", row=GateRow)

LOCK_OF_CAMPAIGNS = Statement(
    f"{_GATE} WHERE g.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY g.id FOR NO KEY UPDATE OF g", row=GateRow
)

OF_CAMPAIGNS = Statement(f"{_GATE} WHERE g.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY g.id", row=GateRow)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


# Gates whose result counts: what was tested may have changed since.
WITH_RESULT = Statement(
    """
    SELECT id FROM launch_gate
    WHERE state IN ('green', 'overridden') AND (%(shop)s::bigint IS NULL OR shop_id = %(shop)s::bigint) ORDER BY id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class CampaignRow:
    id: int
    shop_id: int
    state: str
    code: str
    starts_at: datetime


CAMPAIGNS = Statement(
    """
    SELECT id, shop_id, state, code, starts_at FROM campaigns_campaign
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=CampaignRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    campaign_id: int


OPEN = Statement(
    """
    INSERT INTO launch_gate (campaign_id, shop_id, state, state_at, opened_at, for_start, due_at, runs,
                             fingerprint, expired_because, override_reason)
    SELECT campaign_id, shop_id, 'waiting', %(now)s::timestamptz, %(now)s::timestamptz, for_start, due_at, 0, '', '', ''
    FROM unnest(%(campaigns)s::bigint[], %(shops)s::bigint[], %(starts)s::timestamptz[], %(dues)s::timestamptz[])
         AS given (campaign_id, shop_id, for_start, due_at)
    ORDER BY campaign_id
    ON CONFLICT (campaign_id) DO UPDATE SET for_start = excluded.for_start, due_at = excluded.due_at
    RETURNING id, campaign_id""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class RunRow:
    id: int
    gate_id: int
    number: int


START_RUNS = Statement(
    """
    WITH stepped AS (
        UPDATE launch_gate SET runs = runs + 1 WHERE id = ANY(%(gates)s::bigint[]) RETURNING id, runs
    )
    INSERT INTO launch_gaterun (gate_id, number, asked_at, asked_by)
    SELECT id, runs, %(now)s::timestamptz, %(actor_id)s::bigint FROM stepped ORDER BY id
    RETURNING id, gate_id, number""",
    row=RunRow,
)


@dataclass(frozen=True, slots=True)
class RunningRow:
    """A run that is under way, with its gate."""

    id: int
    gate_id: int
    number: int
    campaign_id: int
    shop_id: int
    code: str
    due_at: datetime
    for_start: datetime


RUNNING = Statement(
    """
    SELECT r.id, r.gate_id, r.number, g.campaign_id, g.shop_id, c.code, g.due_at, g.for_start
    FROM launch_gaterun AS r JOIN launch_gate AS g ON g.id = r.gate_id AND g.runs = r.number
    JOIN campaigns_campaign AS c ON c.id = g.campaign_id
    WHERE r.id = ANY(%(runs)s::bigint[]) AND r.ended_at IS NULL AND g.state = 'running'
    ORDER BY g.id FOR NO KEY UPDATE OF g""",
    row=RunningRow,
)

NOTE_CHECKS: Statement[NoRow] = Statement("""
    INSERT INTO launch_gatecheck (run_id, key, verdict, facts, rows, checked_at)
    SELECT run_id, key, verdict, facts, rows, %(now)s::timestamptz
    FROM json_to_recordset(%(checks)s::json) AS given (run_id bigint, key text, verdict text, facts jsonb, rows jsonb)
    ORDER BY run_id, key
    ON CONFLICT (run_id, key) DO UPDATE
        SET verdict = excluded.verdict, facts = excluded.facts, rows = excluded.rows,
            checked_at = excluded.checked_at""")


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """`is_empty` where the check found nothing to look at."""

    run_id: int
    key: str
    verdict: str
    is_empty: bool


VERDICTS = Statement(
    """
    SELECT run_id, key, verdict, rows = '[]'::jsonb AS is_empty
    FROM launch_gatecheck WHERE run_id = ANY(%(runs)s::bigint[]) ORDER BY run_id, key""",
    row=VerdictRow,
)

# The verdicts of each gate's newest run.
NEWEST_VERDICTS = Statement(
    """
    SELECT g.id AS run_id, k.key, k.verdict, k.rows = '[]'::jsonb AS is_empty
    FROM launch_gate AS g JOIN launch_gaterun AS r ON r.gate_id = g.id AND r.number = g.runs
    JOIN launch_gatecheck AS k ON k.run_id = r.id
    WHERE g.id = ANY(%(gates)s::bigint[]) ORDER BY g.id, k.key""",
    row=VerdictRow,
)

END_RUNS: Statement[NoRow] = Statement("""
    WITH given AS (
        SELECT * FROM unnest(%(runs)s::bigint[], %(greens)s::boolean[], %(prints)s::text[], %(expiries)s::timestamptz[])
            AS given (run_id, is_green, fingerprint, expires_at)
    ), ended AS (
        UPDATE launch_gaterun AS r SET ended_at = %(now)s::timestamptz, is_green = given.is_green
        FROM given WHERE r.id = given.run_id RETURNING r.gate_id, given.fingerprint, given.expires_at
    )
    UPDATE launch_gate AS g
    SET fingerprint = ended.fingerprint, expires_at = ended.expires_at, tested_at = %(now)s::timestamptz,
        expired_because = ''
    FROM ended WHERE g.id = ended.gate_id""")

NOTE_OVERRIDES: Statement[NoRow] = Statement("""
    UPDATE launch_gate AS g
    SET overridden_at = %(now)s::timestamptz, overridden_by = %(actor_id)s::bigint, override_reason = given.reason
    FROM unnest(%(gates)s::bigint[], %(reasons)s::text[]) AS given (id, reason) WHERE g.id = given.id""")

NOTE_EXPIRED: Statement[NoRow] = Statement("""
    UPDATE launch_gate AS g SET expired_because = given.why, due_at = given.due_at
    FROM unnest(%(gates)s::bigint[], %(whys)s::text[], %(dues)s::timestamptz[]) AS given (id, why, due_at)
    WHERE g.id = given.id""")


@dataclass(frozen=True, slots=True)
class ExampleRow:
    id: int
    campaign_id: int
    name: str
    lines: str
    level: str
    segments: list[str]
    is_new: bool
    rule_ids: list[int]
    freight_minor: int
    expected_minor: int
    is_dropped: bool


_EXAMPLE = """
    SELECT id, campaign_id, name, lines::text, level, segments::text[], is_new, rule_ids, freight_minor,
           expected_minor, dropped_at IS NOT NULL AS is_dropped
    FROM launch_gateexample"""

EXAMPLES = Statement(
    f"""{_EXAMPLE} WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND dropped_at IS NULL ORDER BY campaign_id, id""",
    row=ExampleRow,
)

LOCK_EXAMPLES = Statement(
    f"{_EXAMPLE} WHERE campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY id FOR NO KEY UPDATE", row=ExampleRow
)

SAVE_EXAMPLES = Statement(
    """
    INSERT INTO launch_gateexample AS e (campaign_id, name, lines, level, segments, is_new, rule_ids, freight_minor,
                                         expected_minor, written_at, written_by)
    SELECT campaign_id, name, lines, level, ARRAY(SELECT jsonb_array_elements_text(segments)), is_new,
           ARRAY(SELECT jsonb_array_elements_text(rule_ids)::bigint), freight_minor, expected_minor,
           %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(examples)s::json)
         AS given (campaign_id bigint, name text, lines jsonb, level text, segments jsonb, is_new boolean,
                   rule_ids jsonb, freight_minor bigint, expected_minor bigint)
    ORDER BY campaign_id, name
    ON CONFLICT (campaign_id, name) DO UPDATE
        SET lines = excluded.lines, level = excluded.level, segments = excluded.segments, is_new = excluded.is_new,
            rule_ids = excluded.rule_ids, freight_minor = excluded.freight_minor,
            expected_minor = excluded.expected_minor, written_at = excluded.written_at,
            written_by = excluded.written_by, dropped_at = NULL
    RETURNING id, campaign_id, name, lines::text, level, segments::text[], is_new, rule_ids, freight_minor,
              expected_minor, false""",
    row=ExampleRow,
)

EXAMPLES_BY_ID = Statement(
    f"{_EXAMPLE} WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE", row=ExampleRow
)

DROP_EXAMPLES: Statement[NoRow] = Statement("""
    UPDATE launch_gateexample SET dropped_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND dropped_at IS NULL""")
