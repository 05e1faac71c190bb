"""Statements of the word list and of exemptions from it."""

from dataclasses import dataclass
from datetime import date

from shopkeeper.foundation.sql import NoRow, Statement

# Changes of the list take turns on this lock, so that versions follow one another.
TAKE_TURNS: Statement[NoRow] = Statement("SELECT pg_advisory_xact_lock(hashtext('publishing_wordversion'))")


@dataclass(frozen=True, slots=True)
class VersionRow:
    id: int


NEW_VERSION = Statement(
    """
    INSERT INTO publishing_wordversion (made_at, made_by, reason, added, retired)
    VALUES (%(now)s::timestamptz, %(actor_id)s::bigint, %(reason)s::text, %(added)s::int, %(retired)s::int)
    RETURNING id""",
    row=VersionRow,
)

NEWEST = Statement("SELECT id FROM publishing_wordversion ORDER BY id DESC LIMIT 1", row=VersionRow)


@dataclass(frozen=True, slots=True)
class TermRow:
    id: int
    text: str
    folded: str
    severity: str
    ground: str
    suggestion: str
    category: str
    platform: str


IN_FORCE = Statement(
    """
    SELECT id, text, folded, severity, ground, suggestion, category, platform FROM publishing_term
    WHERE retired_in_id IS NULL ORDER BY id""",
    row=TermRow,
)

LOCK_SAME = Statement(
    """
    SELECT t.id, t.text, t.folded, t.severity, t.ground, t.suggestion, t.category, t.platform
    FROM publishing_term AS t
    WHERE t.retired_in_id IS NULL AND (t.folded, t.category, t.platform) IN (
        SELECT * FROM unnest(%(folded)s::text[], %(categories)s::text[], %(platforms)s::text[]))
    ORDER BY t.id FOR UPDATE""",
    row=TermRow,
)

LOCK = Statement(
    """
    SELECT id, text, folded, severity, ground, suggestion, category, platform FROM publishing_term
    WHERE id = ANY(%(ids)s::bigint[]) AND retired_in_id IS NULL ORDER BY id FOR UPDATE""",
    row=TermRow,
)

KNOWN = Statement(
    """
    SELECT id, text, folded, severity, ground, suggestion, category, platform FROM publishing_term
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=TermRow,
)


@dataclass(frozen=True, slots=True)
class AddedRow:
    id: int
    folded: str
    category: str
    platform: str


ADD = Statement(
    """
    INSERT INTO publishing_term (text, folded, severity, ground, suggestion, category, platform, added_in_id)
    SELECT text, folded, severity, ground, suggestion, category, platform, %(version)s::bigint
    FROM unnest(%(texts)s::text[], %(folded)s::text[], %(severities)s::text[], %(grounds)s::text[],
                %(suggestions)s::text[], %(categories)s::text[], %(platforms)s::text[])
         AS given (text, folded, severity, ground, suggestion, category, platform)
    RETURNING id, folded, category, platform""",
    row=AddedRow,
)

RETIRE: Statement[NoRow] = Statement("""
    UPDATE publishing_term SET retired_in_id = %(version)s::bigint
    WHERE id = ANY(%(ids)s::bigint[]) AND retired_in_id IS NULL""")


@dataclass(frozen=True, slots=True)
class GrantedRow:
    id: int
    product_id: int
    folded: str


EXEMPT_NOW = Statement(
    """
    SELECT id, product_id, folded FROM publishing_exemption
    WHERE product_id = ANY(%(products)s::bigint[]) AND revoked_at IS NULL
      AND (valid_until IS NULL OR valid_until >= %(today)s::date)
    ORDER BY id""",
    row=GrantedRow,
)


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    id: int
    product_id: int
    folded: str
    kind: str
    proof: str
    valid_until: date | None


LOCK_EXEMPTIONS = Statement(
    """
    SELECT id, product_id, folded, kind, proof, valid_until FROM publishing_exemption
    WHERE product_id = ANY(%(products)s::bigint[]) AND revoked_at IS NULL ORDER BY id FOR UPDATE""",
    row=ExemptionRow,
)

END_LAPSED: Statement[NoRow] = Statement("""
    UPDATE publishing_exemption SET revoked_at = %(now)s::timestamptz, revoked_by = 0, revoked_reason = 'replaced'
    WHERE id = ANY(%(ids)s::bigint[]) AND revoked_at IS NULL""")

GRANT = Statement(
    """
    INSERT INTO publishing_exemption (product_id, folded, text, kind, proof, reason, valid_until, granted_at,
                                      granted_by, revoked_reason)
    SELECT product_id, folded, text, kind, proof, reason, valid_until, %(now)s::timestamptz,
           %(actor_id)s::bigint, ''
    FROM unnest(%(products)s::bigint[], %(folded)s::text[], %(texts)s::text[], %(kinds)s::text[],
                %(proofs)s::text[], %(reasons)s::text[], %(until)s::date[])
         AS given (product_id, folded, text, kind, proof, reason, valid_until)
    RETURNING id, product_id, folded""",
    row=GrantedRow,
)

REVOKE = Statement(
    """
    WITH locked AS (
        SELECT id FROM publishing_exemption WHERE id = ANY(%(ids)s::bigint[]) AND revoked_at IS NULL
        ORDER BY id FOR UPDATE
    )
    UPDATE publishing_exemption AS e
    SET revoked_at = %(now)s::timestamptz, revoked_by = %(actor_id)s::bigint, revoked_reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason), locked
    WHERE e.id = given.id AND e.id = locked.id
    RETURNING e.id, e.product_id, e.folded""",
    row=GrantedRow,
)
