"""Statements of shops' days."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class SalesRow:
    """A span's sales; `n` is its place in the arrays, from one."""

    n: int
    orders: int
    paid_minor: int
    buyers: int


DAY_SALES = Statement(
    """
    SELECT s.n, count(*)::int AS orders, coalesce(sum(o.paid_minor), 0)::bigint AS paid_minor,
           count(DISTINCT o.subject_id)::int AS buyers
    FROM unnest(%(shops)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
         WITH ORDINALITY AS s (shop_id, since, until, n)
    JOIN intake_order AS o ON o.shop_id = s.shop_id
         AND o.paid_at >= s.since AND o.paid_at < s.until
    GROUP BY s.n""",
    row=SalesRow,
)
