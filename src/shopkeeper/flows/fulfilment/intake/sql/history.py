"""Statements on past orders that a newer file knows more of."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement

STAMP_HISTORY: Statement[NoRow] = Statement("""
    UPDATE intake_order AS o
    SET shipped_at = coalesce(given.shipped_at, o.shipped_at), signed_at = coalesce(given.signed_at, o.signed_at),
        completed_at = coalesce(given.completed_at, o.completed_at)
    FROM unnest(%(ids)s::bigint[], %(shipped)s::timestamptz[], %(signed)s::timestamptz[],
                %(completed)s::timestamptz[]) AS given (id, shipped_at, signed_at, completed_at)
    WHERE o.id = given.id""")


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


STANDING_AT = Statement(
    "SELECT id FROM intake_order WHERE id = ANY(%(ids)s::bigint[]) AND state = %(state)s::text ORDER BY id",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class HeldRow:
    count: int


HELD_AMONG = Statement(
    """
    SELECT count(*) FROM intake_order
    WHERE shop_id = %(shop)s::bigint AND platform_no = ANY(%(numbers)s::text[]) AND open_holds <> '{}'""",
    row=HeldRow,
)
