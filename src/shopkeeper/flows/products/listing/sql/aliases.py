"""Statements over the other codes of SKUs."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class NamedRow:
    """What a code means: a SKU's own, or another's put here."""

    code: str
    sku_id: int
    is_own: bool


# One at a time: two people who put one code to different SKUs are told apart.
LOCK_CODES: Statement[NamedRow] = Statement(
    """
    WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('listing_skualias')))
    SELECT named.code, named.sku_id, named.is_own FROM locked CROSS JOIN LATERAL (
        SELECT code, id AS sku_id, true AS is_own FROM listing_sku WHERE code = ANY(%(codes)s::text[])
        UNION ALL
        SELECT code, sku_id, false FROM listing_skualias WHERE code = ANY(%(codes)s::text[])
    ) AS named""",
    row=NamedRow,
)


@dataclass(frozen=True, slots=True)
class SkuRow:
    id: int
    product_id: int


SKUS = Statement(
    "SELECT id, product_id FROM listing_sku WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR KEY SHARE", row=SkuRow
)


@dataclass(frozen=True, slots=True)
class AliasRow:
    id: int
    sku_id: int
    product_id: int
    code: str


PUT = Statement(
    """
    WITH put AS (
        INSERT INTO listing_skualias (sku_id, code, reason, put_at, put_by)
        SELECT sku_id, code, reason, %(now)s::timestamptz, %(actor_id)s::bigint
        FROM unnest(%(skus)s::bigint[], %(codes)s::text[], %(reasons)s::text[]) AS g (sku_id, code, reason)
        ORDER BY code ON CONFLICT (code) DO NOTHING RETURNING id, sku_id, code
    )
    SELECT put.id, put.sku_id, k.product_id, put.code FROM put JOIN listing_sku AS k ON k.id = put.sku_id
    ORDER BY put.id""",
    row=AliasRow,
)

DROP = Statement(
    """
    WITH gone AS (DELETE FROM listing_skualias WHERE id = ANY(%(ids)s::bigint[]) RETURNING id, sku_id, code)
    SELECT gone.id, gone.sku_id, k.product_id, gone.code FROM gone JOIN listing_sku AS k ON k.id = gone.sku_id
    ORDER BY gone.id""",
    row=AliasRow,
)


@dataclass(frozen=True, slots=True)
class AliasLine:
    """One alias as the list shows it."""

    id: int
    code: str
    sku_id: int
    sku_code: str
    product_id: int
    goods: str
    reason: str
    put_at: datetime
    put_by: str


LINES = Statement(
    """
    SELECT a.id, a.code, a.sku_id, k.code, k.product_id, k.name || ' ' || k.spec, a.reason, a.put_at,
           coalesce(p.name, '')
    FROM listing_skualias AS a JOIN listing_sku AS k ON k.id = a.sku_id
    LEFT JOIN foundation_person AS p ON p.id = a.put_by
    WHERE (%(before)s::bigint IS NULL OR a.id < %(before)s::bigint)
      AND (%(searched)s::text = '' OR a.code = %(searched)s::text OR k.code = %(searched)s::text)
    ORDER BY a.id DESC LIMIT %(limit)s::int""",
    row=AliasLine,
)
