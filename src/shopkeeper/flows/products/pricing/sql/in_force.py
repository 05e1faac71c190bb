"""Statements of the prices in force, now and at a moment ahead."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class InForceRow:
    sku_id: int
    plan_id: int
    currency: str
    sale_minor: int
    list_minor: int | None
    discount_minor: int | None
    member_minor: int | None
    worst_minor: int


IN_FORCE = Statement(
    """
    SELECT DISTINCT ON (p.sku_id) p.sku_id, p.id AS plan_id, p.currency, p.sale_minor, p.list_minor,
           p.discount_minor, p.member_minor, p.worst_minor
    FROM pricing_plan AS p
    WHERE p.sku_id = ANY(%(skus)s::bigint[]) AND p.state = 'in_force'
      AND (p.shop_id IS NULL OR p.shop_id = %(shop)s::bigint)
    ORDER BY p.sku_id, p.shop_id IS NULL, p.valid_to IS NULL""",
    row=InForceRow,
)

# At a moment ahead: what holds then if nothing is changed.
AT = Statement(
    """
    SELECT DISTINCT ON (p.sku_id) p.sku_id, p.id AS plan_id, p.currency, p.sale_minor, p.list_minor,
           p.discount_minor, p.member_minor, p.worst_minor
    FROM pricing_plan AS p
    WHERE p.sku_id = ANY(%(skus)s::bigint[]) AND p.state IN ('in_force', 'scheduled')
      AND p.valid_from <= %(at)s::timestamptz AND coalesce(p.valid_to, 'infinity') > %(at)s::timestamptz
      AND (p.shop_id IS NULL OR p.shop_id = %(shop)s::bigint)
    ORDER BY p.sku_id, p.shop_id IS NULL, p.valid_to IS NULL, p.valid_from DESC""",
    row=InForceRow,
)

# At a moment that is past: what held then, whether it still does or not.
HELD = Statement(
    """
    SELECT DISTINCT ON (p.sku_id) p.sku_id, p.id AS plan_id, p.currency, p.sale_minor, p.list_minor,
           p.discount_minor, p.member_minor, p.worst_minor
    FROM pricing_plan AS p
    WHERE p.sku_id = ANY(%(skus)s::bigint[]) AND p.state IN ('in_force', 'ended')
      AND p.began_at <= %(at)s::timestamptz AND coalesce(p.ended_at, p.valid_to, 'infinity') > %(at)s::timestamptz
      AND (p.shop_id IS NULL OR p.shop_id = %(shop)s::bigint)
    ORDER BY p.sku_id, p.shop_id IS NULL, p.valid_to IS NULL, p.began_at DESC""",
    row=InForceRow,
)
