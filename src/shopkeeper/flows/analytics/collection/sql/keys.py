"""Statements of the collector's keys."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class OpenKeyRow:
    key: str
    shop_id: int
    origins: str


OPEN_KEYS = Statement(
    """
    SELECT k.key, k.shop_id, k.origins FROM collection_collectorkey AS k JOIN foundation_shop AS s ON s.id = k.shop_id
    WHERE k.is_open AND s.is_active""",
    row=OpenKeyRow,
)


@dataclass(frozen=True, slots=True)
class KeyRow:
    shop_id: int
    version: int
    origins: str
    is_open: bool


LOCK_KEYS = Statement(
    """
    SELECT shop_id, version, origins, is_open FROM collection_collectorkey
    WHERE shop_id = ANY(%(shops)s::bigint[]) ORDER BY shop_id FOR UPDATE""",
    row=KeyRow,
)

# A key that another opened meanwhile takes the origins given last.
OPEN_COLLECTORS: Statement[NoRow] = Statement("""
    INSERT INTO collection_collectorkey (shop_id, key, version, origins, is_open, opened_at)
    SELECT shop_id, key, 1, origins, true, %(now)s::timestamptz
    FROM unnest(%(shops)s::bigint[], %(keys)s::text[], %(origins)s::text[]) AS given (shop_id, key, origins)
    ORDER BY shop_id
    ON CONFLICT (shop_id) DO UPDATE SET origins = excluded.origins, is_open = true""")

CLOSE_COLLECTORS: Statement[NoRow] = Statement("""
    UPDATE collection_collectorkey SET is_open = false
    WHERE shop_id = ANY(%(shops)s::bigint[]) AND is_open""")

RENEW_KEYS = Statement(
    """
    UPDATE collection_collectorkey AS k SET key = g.key, version = k.version + 1
    FROM unnest(%(shops)s::bigint[], %(versions)s::int[], %(keys)s::text[]) AS g (shop_id, version, key)
    WHERE k.shop_id = g.shop_id AND k.version = g.version AND k.is_open
    RETURNING k.shop_id, k.version, k.origins, k.is_open""",
    row=KeyRow,
)
