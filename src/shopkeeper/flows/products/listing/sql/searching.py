"""Search of products and SKUs by pieces of their texts; one index scan, then the text itself is compared."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class FoundRow:
    id: int


# `searched` is matched as it stands: no character of it is a pattern. `begins` is a pattern of a code's beginning.
PRODUCTS = Statement(
    """
    SELECT p.id FROM listing_product AS p
    WHERE (cardinality(%(grams)s::text[]) = 0 OR p.id IN (
               SELECT id FROM listing_product
               WHERE search_grams @> %(grams)s::text[] AND position(%(searched)s::text IN search_text) > 0
               UNION ALL
               SELECT product_id FROM listing_sku WHERE code LIKE %(begins)s::text OR barcode LIKE %(begins)s::text))
      AND (%(state)s::text = '' OR p.state = %(state)s::text)
      AND (%(tag)s::text = '' OR EXISTS (SELECT FROM listing_producttag AS t
                                         WHERE t.product_id = p.id AND t.tag = %(tag)s::text))
      AND (cardinality(%(leaves)s::bigint[]) = 0 OR p.leaf_id = ANY(%(leaves)s::bigint[]))
      AND (%(platform)s::text = '' OR %(platform)s::text = ANY(p.platforms))
      AND (cardinality(%(codes)s::text[]) = 0 OR p.code = ANY(%(codes)s::text[])
           OR p.id IN (SELECT k.product_id FROM listing_sku AS k
                       WHERE k.code = ANY(%(codes)s::text[]) OR k.barcode = ANY(%(codes)s::text[])))
      AND (%(after)s::bigint = 0 OR p.id < %(after)s::bigint)
    ORDER BY p.id DESC LIMIT %(limit)s::int""",
    row=FoundRow,
)

SKUS = Statement(
    """
    SELECT id FROM listing_sku
    WHERE search_grams @> %(grams)s::text[] AND position(%(searched)s::text IN search_text) > 0
      AND id > %(after)s::bigint
    ORDER BY id LIMIT %(limit)s::int""",
    row=FoundRow,
)


@dataclass(frozen=True, slots=True)
class StateCountRow:
    state: str
    products: int


COUNTS = Statement(
    "SELECT state, count(*) AS products FROM listing_product GROUP BY state ORDER BY state", row=StateCountRow
)
