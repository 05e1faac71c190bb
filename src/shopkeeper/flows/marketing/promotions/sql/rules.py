"""Statements of promotions: their versions on the way from draft to end, and what is published."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


@dataclass(frozen=True, slots=True)
class NewRuleRow:
    id: int
    shop_id: int | None
    code: str


MAKE_RULES = Statement(
    """
    INSERT INTO promotions_rule (shop_id, code, name, made_at, made_by)
    SELECT shop_id, code, name, %(now)s::timestamptz, %(actor_id)s::bigint
    FROM json_to_recordset(%(rules)s::json) AS given (shop_id bigint, code text, name text)
    ORDER BY shop_id, code
    ON CONFLICT (shop_id, code) DO NOTHING
    RETURNING id, shop_id, code""",
    row=NewRuleRow,
)

RULES_BY_CODE = Statement(
    """
    SELECT r.id, r.shop_id, r.code FROM promotions_rule AS r
    JOIN json_to_recordset(%(rules)s::json) AS given (shop_id bigint, code text)
      ON given.code = r.code AND given.shop_id IS NOT DISTINCT FROM r.shop_id
    ORDER BY r.id""",
    row=NewRuleRow,
)

# Every writer of versions takes the rules first, in key order.
LOCK_RULES: Statement[NoRow] = Statement(
    "SELECT id FROM promotions_rule WHERE id = ANY(%(rules)s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version that is open (draft, in review) or live (published, paused); `terms` is JSON."""

    id: int
    rule_id: int
    shop_id: int | None
    code: str
    name: str
    number: int
    state: str
    terms: str
    starts_at: datetime
    ends_at: datetime
    saved_by: int
    submitted_by: int | None


_VERSION = """
    SELECT v.id, v.rule_id, v.shop_id, r.code, v.name, v.number, v.state, v.terms::text, v.starts_at, v.ends_at,
           v.saved_by, v.submitted_by
    FROM promotions_version AS v JOIN promotions_rule AS r ON r.id = v.rule_id"""

STANDING = Statement(
    f"""{_VERSION}
    WHERE v.rule_id = ANY(%(rules)s::bigint[]) AND v.state <> 'ended' ORDER BY v.rule_id, v.number""",
    row=VersionRow,
)

VERSIONS = Statement(f"{_VERSION} WHERE v.id = ANY(%(ids)s::bigint[]) ORDER BY v.id", row=VersionRow)

PUBLISHED = Statement(
    """
    SELECT id FROM promotions_version WHERE state = 'published' AND ends_at > %(now)s::timestamptz ORDER BY id""",
    row=IdRow,
)

# At a moment that may be past: what held then, whatever became of it since. `until` is when it was ended or paused.
HELD_AT = Statement(
    """
    SELECT v.id FROM promotions_version AS v
    WHERE v.decided_at IS NOT NULL AND v.state IN ('published', 'paused', 'ended')
      AND v.starts_at <= %(until)s::timestamptz AND v.ends_at > %(since)s::timestamptz
      AND (v.state = 'published' OR v.state_at > %(since)s::timestamptz)
      AND (v.shop_id IS NULL OR v.shop_id = ANY(%(shops)s::bigint[]))
    ORDER BY v.id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class NumberRow:
    rule_id: int
    number: int


LAST_NUMBERS = Statement(
    """
    SELECT rule_id, max(number) FROM promotions_version WHERE rule_id = ANY(%(rules)s::bigint[]) GROUP BY rule_id""",
    row=NumberRow,
)

ADD_VERSIONS = Statement(
    """
    INSERT INTO promotions_version (rule_id, shop_id, number, state, state_at, name, kind, terms, starts_at, ends_at,
                                    saved_at, saved_by, findings, scanned, decision_reason)
    SELECT rule_id, shop_id, number, 'draft', %(now)s::timestamptz, name, kind, terms, starts_at, ends_at,
           %(now)s::timestamptz, %(actor_id)s::bigint, '[]'::jsonb, 0, ''
    FROM json_to_recordset(%(versions)s::json)
         AS given (rule_id bigint, shop_id bigint, number int, name text, kind text, terms jsonb,
                   starts_at timestamptz, ends_at timestamptz)
    ORDER BY rule_id
    RETURNING rule_id, id""",
    row=NumberRow,
)

REWRITE: Statement[NoRow] = Statement("""
    UPDATE promotions_version AS v
    SET name = g.name, kind = g.kind, terms = g.terms, starts_at = g.starts_at, ends_at = g.ends_at,
        saved_at = %(now)s::timestamptz, saved_by = %(actor_id)s::bigint
    FROM json_to_recordset(%(versions)s::json)
         AS g (id bigint, name text, kind text, terms jsonb, starts_at timestamptz, ends_at timestamptz)
    WHERE v.id = g.id AND v.state = 'draft'""")

RENAME: Statement[NoRow] = Statement("""
    UPDATE promotions_rule AS r SET name = g.name
    FROM unnest(%(rules)s::bigint[], %(names)s::text[]) AS g (id, name)
    WHERE r.id = g.id AND r.name <> g.name""")

NOTE_SUBMITTED: Statement[NoRow] = Statement("""
    UPDATE promotions_version AS v
    SET submitted_at = %(now)s::timestamptz, submitted_by = %(actor_id)s::bigint, findings = g.findings,
        scanned = g.scanned, due_at = g.due_at, decided_at = NULL, decided_by = NULL, decision_reason = ''
    FROM json_to_recordset(%(versions)s::json) AS g (id bigint, findings jsonb, scanned int, due_at timestamptz)
    WHERE v.id = g.id AND v.state = 'draft'""")

NOTE_DECIDED: Statement[NoRow] = Statement("""
    UPDATE promotions_version AS v
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor_id)s::bigint, decision_reason = g.reason,
        findings = coalesce(g.findings, v.findings)
    FROM json_to_recordset(%(versions)s::json) AS g (id bigint, reason text, findings jsonb)
    WHERE v.id = g.id AND v.state = 'in_review'""")


@dataclass(frozen=True, slots=True)
class CounterRow:
    rule_id: int
    uses_total: int | None
    uses_reserved: int
    uses_used: int
    budget_minor: int | None
    reserved_minor: int
    used_minor: int

    @property
    def uses(self) -> int:
        return self.uses_reserved + self.uses_used

    @property
    def money_minor(self) -> int:
        return self.reserved_minor + self.used_minor


_COUNTER = """
    SELECT rule_id, uses_total, uses_reserved, uses_used, budget_minor, reserved_minor, used_minor
    FROM promotions_counter WHERE rule_id = ANY(%(rules)s::bigint[]) ORDER BY rule_id"""

COUNTERS = Statement(_COUNTER, row=CounterRow)

LOCK_COUNTERS = Statement(f"{_COUNTER} FOR UPDATE", row=CounterRow)

# The limits of what is published now; never below what orders hold and used already: those were judged before.
SET_LIMITS: Statement[NoRow] = Statement("""
    INSERT INTO promotions_counter (rule_id, uses_total, uses_reserved, uses_used, budget_minor, reserved_minor,
                                    used_minor)
    SELECT rule_id, uses, 0, 0, budget, 0, 0
    FROM unnest(%(rules)s::bigint[], %(uses)s::int[], %(budgets)s::bigint[]) AS given (rule_id, uses, budget)
    ORDER BY rule_id
    ON CONFLICT (rule_id) DO UPDATE SET uses_total = excluded.uses_total, budget_minor = excluded.budget_minor""")
