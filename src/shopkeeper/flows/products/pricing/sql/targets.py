"""Statements of target margins."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class TargetRow:
    category_id: int
    basis_points: int


LOCK = Statement(
    """
    SELECT category_id, basis_points FROM pricing_targetmargin
    WHERE category_id = ANY(%(categories)s::bigint[]) ORDER BY category_id FOR UPDATE""",
    row=TargetRow,
)

DROP: Statement[NoRow] = Statement("DELETE FROM pricing_targetmargin WHERE category_id = ANY(%(categories)s::bigint[])")

PUT: Statement[NoRow] = Statement("""
    INSERT INTO pricing_targetmargin (category_id, basis_points, set_at, set_by, reason)
    SELECT category_id, basis_points, %(now)s::timestamptz, %(actor_id)s::bigint, reason
    FROM unnest(%(categories)s::bigint[], %(targets)s::int[], %(reasons)s::text[])
         AS given (category_id, basis_points, reason)
    ORDER BY category_id
    ON CONFLICT (category_id) DO UPDATE
        SET basis_points = excluded.basis_points, set_at = excluded.set_at, set_by = excluded.set_by,
            reason = excluded.reason""")
