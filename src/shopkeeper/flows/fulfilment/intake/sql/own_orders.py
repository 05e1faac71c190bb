"""Statements on orders of our own: made after another order, for the same buyer."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class SourceRow:
    id: int
    shop_id: int
    currency: str
    receiver_token: str


SOURCES = Statement(
    """
    SELECT id, shop_id, currency, receiver_token FROM intake_order
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id""",
    row=SourceRow,
)


@dataclass(frozen=True, slots=True)
class KnownRow:
    id: int
    shop_id: int
    platform_no: str


KNOWN = Statement(
    """
    SELECT o.id, o.shop_id, o.platform_no FROM intake_order AS o
    JOIN unnest(%(shops)s::bigint[], %(numbers)s::text[]) AS g (shop_id, platform_no)
      ON o.platform_no = g.platform_no AND o.shop_id = g.shop_id""",
    row=KnownRow,
)

# The receiver is the same person: sealed under the same key, so that erasing them reaches this order, too.
GIVE_TO_BUYER: Statement[NoRow] = Statement("""
    UPDATE intake_order AS o SET subject_id = s.subject_id, receiver_sealed = s.receiver_sealed
    FROM unnest(%(numbers)s::text[], %(shops)s::bigint[], %(sources)s::bigint[]) AS g (platform_no, shop_id, source_id)
    JOIN intake_order AS s ON s.id = g.source_id
    WHERE o.platform_no = g.platform_no AND o.shop_id = g.shop_id AND o.subject_id <> s.subject_id""")
