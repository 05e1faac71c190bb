"""Statements of daily lowest prices: kept every day, asked for the days before a plan."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement

# What a SKU (k) costs by itself was never offered to anybody before its product was approved.
_OWN_PRICE = """CASE WHEN product.state = 'approved' OR product.approved_version IS NOT NULL
             THEN nullif(k.price_minor, 0) END"""

KEEP_ALL: Statement[NoRow] = Statement("""
    INSERT INTO pricing_priceday AS d (sku_id, shop_id, day, lowest_minor)
    SELECT sku_id, shop_id, %(day)s::date, min(lowest_minor) FROM pricing_plan
    WHERE state = 'in_force' GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (sku_id, shop_id, day) DO UPDATE SET lowest_minor = least(d.lowest_minor, excluded.lowest_minor)""")

# The day a plan begins belongs to the price before it too: a SKU's own price is on no other day's record.
KEEP: Statement[NoRow] = Statement(f"""
    INSERT INTO pricing_priceday AS d (sku_id, shop_id, day, lowest_minor)
    SELECT p.sku_id, p.shop_id, %(day)s::date,
           least(min(p.lowest_minor), min({_OWN_PRICE}))
    FROM pricing_plan AS p
    JOIN listing_sku AS k ON k.id = p.sku_id
    JOIN listing_product AS product ON product.id = k.product_id
    WHERE p.id = ANY(%(ids)s::bigint[]) GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (sku_id, shop_id, day) DO UPDATE SET lowest_minor = least(d.lowest_minor, excluded.lowest_minor)""")


@dataclass(frozen=True, slots=True)
class LowestRow:
    """The lowest price of the days before; where there was none, the last one before those; None: never sold."""

    place: int
    lowest_minor: int | None


# A plan in one shop is measured by what that shop and the general plan offered; a general one by every shop.
LOWEST = Statement(
    f"""
    SELECT w.place::int, coalesce(
        (SELECT min(found.lowest_minor) FROM (
            SELECT d.lowest_minor FROM pricing_priceday AS d
            WHERE d.sku_id = w.sku_id AND d.day >= w.since_day AND d.day < w.until_day
              AND (w.shop_id IS NULL OR d.shop_id IS NULL OR d.shop_id = w.shop_id)
            UNION ALL
            SELECT p.lowest_minor FROM pricing_plan AS p
            WHERE p.sku_id = w.sku_id AND p.id IS DISTINCT FROM w.plan_id
              AND p.state IN ('in_force', 'ended', 'scheduled')
              AND coalesce(p.began_at, p.valid_from) < w.until
              AND coalesce(p.ended_at, p.valid_to, 'infinity') > w.since
              AND (w.shop_id IS NULL OR p.shop_id IS NULL OR p.shop_id = w.shop_id)) AS found),
        (SELECT d.lowest_minor FROM pricing_priceday AS d
         WHERE d.sku_id = w.sku_id AND d.day < w.since_day
           AND (w.shop_id IS NULL OR d.shop_id IS NULL OR d.shop_id = w.shop_id)
         ORDER BY d.day DESC, d.lowest_minor LIMIT 1),
        {_OWN_PRICE}) AS lowest_minor
    FROM unnest(%(skus)s::bigint[], %(shops)s::bigint[], %(plans)s::bigint[], %(since_days)s::date[],
                %(until_days)s::date[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
         WITH ORDINALITY AS w (sku_id, shop_id, plan_id, since_day, until_day, since, until, place)
    JOIN listing_sku AS k ON k.id = w.sku_id
    JOIN listing_product AS product ON product.id = k.product_id
    ORDER BY w.place""",
    row=LowestRow,
)


@dataclass(frozen=True, slots=True)
class WatchedRow:
    id: int


WATCHED = Statement("SELECT id FROM sop_deadline WHERE kind = 'price_days'", row=WatchedRow)
