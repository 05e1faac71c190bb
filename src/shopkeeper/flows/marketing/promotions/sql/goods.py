"""Statements of the goods that promotions are about: a SKU with its way down the categories and its tags."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A SKU as promotions see it; `categories` from root to leaf. Amounts in minor units of `currency`."""

    id: int
    code: str
    name: str
    spec: str
    price_minor: int
    floor_minor: int
    cost_minor: int
    currency: str
    categories: list[int]
    tags: list[str]


_GOODS = """
    SELECT k.id, k.code, k.name, k.spec, k.price_minor, k.floor_minor, k.cost_minor, k.currency,
           array_remove(ARRAY[middle.parent_id, middle.id, leaf.id], NULL) AS categories,
           ARRAY(SELECT t.tag::text FROM listing_producttag AS t WHERE t.product_id = p.id ORDER BY t.tag) AS tags
    FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
    LEFT JOIN listing_category AS leaf ON leaf.id = p.leaf_id
    LEFT JOIN listing_category AS middle ON middle.id = leaf.parent_id"""

GOODS = Statement(f"{_GOODS} WHERE k.id = ANY(%(skus)s::bigint[]) ORDER BY k.id", row=GoodsRow)

GOODS_BY_CODE = Statement(f"{_GOODS} WHERE k.code = ANY(%(codes)s::text[]) ORDER BY k.id", row=GoodsRow)

# What a scope covers, those with the least room above floor and cost first: they are the first to go below.
COVERED = Statement(
    f"""{_GOODS}
    WHERE NOT k.is_delisted AND k.price_minor > 0 AND NOT (k.id = ANY(%(excluded)s::bigint[])) AND (
        %(is_all)s::boolean OR k.id = ANY(%(skus)s::bigint[])
        OR ARRAY[middle.parent_id, middle.id, leaf.id] && %(categories)s::bigint[]
        OR EXISTS (SELECT FROM listing_producttag AS t
                   WHERE t.product_id = p.id AND t.tag = ANY(%(tags)s::text[])))
    ORDER BY greatest(k.floor_minor, k.cost_minor)::numeric / k.price_minor DESC, k.id LIMIT %(limit)s::int""",
    row=GoodsRow,
)
