"""Statements of reviews: opened, decided, withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class OpenRow:
    id: int
    product_id: int
    version: int
    submitted_at: datetime


LOCK_OPEN = Statement(
    """
    SELECT id, product_id, version, submitted_at FROM publishing_review
    WHERE product_id = ANY(%(products)s::bigint[]) AND state = 'open' ORDER BY id FOR UPDATE""",
    row=OpenRow,
)

KNOWN = Statement(
    """
    SELECT id, product_id, version, submitted_at FROM publishing_review
    WHERE (product_id, submitted_at) IN (
        SELECT * FROM unnest(%(products)s::bigint[], %(moments)s::timestamptz[]))
    ORDER BY id""",
    row=OpenRow,
)

OPEN = Statement(
    """
    INSERT INTO publishing_review (product_id, version, state, state_at, submitted_at, submitted_by, due_at,
                                   word_version_id, said, seen_with, findings, advice, blocks, warnings, reason,
                                   marks)
    SELECT product_id, version, 'open', %(now)s::timestamptz, submitted_at, submitted_by, due_at, word_version,
           said, seen_with, findings, advice, blocks, warnings, '', '[]'::jsonb
    FROM json_to_recordset(%(reviews)s::json)
         AS given (product_id bigint, version int, submitted_at timestamptz, submitted_by bigint,
                   due_at timestamptz, word_version bigint, said jsonb, seen_with jsonb, findings jsonb,
                   advice jsonb, blocks int, warnings int)
    ORDER BY product_id
    ON CONFLICT (product_id, submitted_at) DO NOTHING
    RETURNING id, product_id, version, submitted_at""",
    row=OpenRow,
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    id: int
    product_id: int
    version: int
    state: str
    submitted_by: int


READ = Statement(
    """
    SELECT id, product_id, version, state, submitted_by FROM publishing_review
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=ReviewRow,
)

LOCK = Statement(
    """
    SELECT id, product_id, version, state, submitted_by FROM publishing_review
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=ReviewRow,
)

DECIDE: Statement[NoRow] = Statement("""
    UPDATE publishing_review AS r
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor_id)s::bigint, reason = given.reason,
        marks = given.marks, findings = given.findings, blocks = given.blocks, warnings = given.warnings,
        word_version_id = given.word_version
    FROM json_to_recordset(%(decisions)s::json)
         AS given (id bigint, reason text, marks jsonb, findings jsonb, blocks int, warnings int, word_version bigint)
    WHERE r.id = given.id AND r.state = 'open'""")
