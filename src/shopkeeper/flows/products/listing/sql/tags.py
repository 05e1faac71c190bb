"""Statements over tags."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


LOCK_PRODUCTS = Statement(
    "SELECT id FROM listing_product WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE", row=IdRow
)


@dataclass(frozen=True, slots=True)
class TagRow:
    product_id: int
    tag: str
    source: str


TAGS = Statement(
    """
    SELECT product_id, tag, source FROM listing_producttag
    WHERE product_id = ANY(%(ids)s::bigint[]) ORDER BY product_id, tag""",
    row=TagRow,
)

TAKE_OFF: Statement[NoRow] = Statement("""
    DELETE FROM listing_producttag
    WHERE product_id = ANY(%(ids)s::bigint[]) AND (%(all)s::boolean OR source = 'rule')""")

PUT_ON: Statement[NoRow] = Statement("""
    INSERT INTO listing_producttag (product_id, tag, source, tagged_at)
    SELECT product_id, tag, %(source)s::text, %(now)s::timestamptz
    FROM unnest(%(products)s::bigint[], %(tags)s::text[]) AS g (product_id, tag)
    ORDER BY product_id, tag
    ON CONFLICT (product_id, tag) DO NOTHING""")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What the rule looks at: a discount is where one SKU on sale is priced so far below its list price."""

    id: int
    is_new: bool
    is_discount: bool


RULE_FACTS = Statement(
    """
    SELECT p.id,
           coalesce(p.first_approved_at > %(now)s::timestamptz - make_interval(days => %(days)s::int), false) AS is_new,
           EXISTS (SELECT FROM listing_sku AS k
                   WHERE k.product_id = p.id AND NOT k.is_delisted
                     AND k.price_minor * 100 <= k.list_minor * (100 - %(percent)s::int) AND k.list_minor > 0)
               AS is_discount
    FROM listing_product AS p WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id""",
    row=RuleRow,
)
