"""Statements of price plans: what is known of a SKU, the plans it has, a plan on its way."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class SkuRow:
    """A SKU as pricing sees it; `target` is its category's target margin in basis points, None: the policy's."""

    id: int
    code: str
    name: str
    cost_minor: int
    price_minor: int
    currency: str
    is_delisted: bool
    target: int | None


# The nearest category that has a target counts.
_SKU = """
    SELECT k.id, k.code, k.name, k.cost_minor, k.price_minor, k.currency, k.is_delisted, aim.basis_points AS target
    FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
    LEFT JOIN listing_category AS leaf ON leaf.id = p.leaf_id
    LEFT JOIN listing_category AS middle ON middle.id = leaf.parent_id
    LEFT JOIN LATERAL (
        SELECT t.basis_points FROM pricing_targetmargin AS t JOIN listing_category AS c ON c.id = t.category_id
        WHERE c.id IN (leaf.id, middle.id, middle.parent_id) ORDER BY c.level DESC LIMIT 1
    ) AS aim ON true"""

SKUS = Statement(f"{_SKU} WHERE k.id = ANY(%(skus)s::bigint[]) ORDER BY k.id", row=SkuRow)

SKUS_BY_CODE = Statement(f"{_SKU} WHERE k.code = ANY(%(codes)s::text[]) ORDER BY k.id", row=SkuRow)

# Every writer of plans takes the SKUs first, in key order: what is judged stays true until it is written.
LOCK_SKUS: Statement[NoRow] = Statement(
    "SELECT id FROM listing_sku WHERE id = ANY(%(skus)s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
)


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: int
    sku_id: int
    shop_id: int | None
    cost_minor: int
    competitor_minor: int | None
    list_minor: int | None
    sale_minor: int
    discount_minor: int | None
    member_minor: int | None
    valid_from: datetime
    valid_to: datetime | None
    state: str
    proposed_by: int
    decided_at: datetime | None


_PLAN = """
    SELECT p.id, p.sku_id, p.shop_id, p.cost_minor, p.competitor_minor, p.list_minor, p.sale_minor, p.discount_minor,
           p.member_minor, p.valid_from, p.valid_to, p.state, p.proposed_by, p.decided_at
    FROM pricing_plan AS p"""

LIVE_PLANS = Statement(
    f"""{_PLAN}
    WHERE p.sku_id = ANY(%(skus)s::bigint[]) AND p.state IN ('proposed', 'scheduled', 'in_force') ORDER BY p.id""",
    row=PlanRow,
)

PLANS = Statement(f"{_PLAN} WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id", row=PlanRow)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


# As JSON: a plan is wide. The ids come in the order of the plans given.
PROPOSE = Statement(
    """
    INSERT INTO pricing_plan (
        sku_id, shop_id, currency, cost_minor, competitor_minor, list_minor, sale_minor, discount_minor, member_minor,
        lowest_minor, worst_minor, margin_basis_points, target_basis_points, valid_from, valid_to, state, state_at,
        proposed_at, proposed_by, reason, due_at, decision_reason)
    SELECT sku_id, shop_id, currency, cost_minor, competitor_minor, list_minor, sale_minor, discount_minor,
           member_minor, lowest_minor, worst_minor, margin_basis_points, target_basis_points, valid_from, valid_to,
           'proposed', %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint, reason, due_at, ''
    FROM ROWS FROM (json_to_recordset(%(plans)s::json) AS (
        sku_id bigint, shop_id bigint, currency text, cost_minor bigint, competitor_minor bigint, list_minor bigint,
        sale_minor bigint, discount_minor bigint, member_minor bigint, lowest_minor bigint, worst_minor bigint,
        margin_basis_points int, target_basis_points int, valid_from timestamptz, valid_to timestamptz, reason text,
        due_at timestamptz)) WITH ORDINALITY
    ORDER BY ordinality
    RETURNING id""",
    row=IdRow,
)

DECIDE: Statement[NoRow] = Statement("""
    UPDATE pricing_plan AS p
    SET decided_at = %(now)s::timestamptz, decided_by = %(actor_id)s::bigint, decision_reason = g.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS g (id, reason)
    WHERE p.id = g.id""")

BEGIN: Statement[NoRow] = Statement("""
    UPDATE pricing_plan SET began_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'in_force' AND began_at IS NULL""")

END: Statement[NoRow] = Statement("""
    UPDATE pricing_plan SET ended_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND ended_at IS NULL""")

# A plan gives way to the next of its kind in its place: lasting to lasting, passing to passing.
GIVE_WAY = Statement(
    """
    SELECT old.id FROM pricing_plan AS old JOIN pricing_plan AS new
      ON new.sku_id = old.sku_id AND new.shop_id IS NOT DISTINCT FROM old.shop_id AND new.id <> old.id
     AND (new.valid_to IS NULL) = (old.valid_to IS NULL)
    WHERE new.id = ANY(%(ids)s::bigint[]) AND old.state = 'in_force' ORDER BY old.id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class PutRow:
    sku_id: int
    price_minor: int
    floor_minor: int
    list_minor: int


# What the SKU itself says: the general plan's prices, and as its floor the least that any plan in force may come to.
# Without a general plan the SKU keeps what it has; a floor that was never set stays unset.
TO_PUT = Statement(
    """
    SELECT k.id AS sku_id, coalesce(general.sale_minor, k.price_minor) AS price_minor,
           CASE WHEN general.id IS NULL AND k.floor_minor = 0 THEN 0
                WHEN general.id IS NULL THEN least(k.floor_minor, every.worst_minor)
                ELSE every.worst_minor END AS floor_minor,
           CASE WHEN general.id IS NULL THEN k.list_minor ELSE coalesce(general.list_minor, 0) END AS list_minor
    FROM listing_sku AS k
    LEFT JOIN LATERAL (
        SELECT p.id, p.sale_minor, p.list_minor FROM pricing_plan AS p
        WHERE p.sku_id = k.id AND p.shop_id IS NULL AND p.state = 'in_force'
        ORDER BY p.valid_to IS NULL LIMIT 1) AS general ON true
    JOIN LATERAL (
        SELECT min(p.worst_minor) AS worst_minor FROM pricing_plan AS p
        WHERE p.sku_id = k.id AND p.state = 'in_force') AS every ON every.worst_minor IS NOT NULL
    WHERE k.id = ANY(%(skus)s::bigint[]) AND coalesce(general.sale_minor, k.price_minor) > 0
    ORDER BY k.id""",
    row=PutRow,
)


# Returned plans that still wait to be mended, in the places where something was proposed now.
MENDED = Statement(
    """
    SELECT p.id FROM pricing_plan AS p
    JOIN sop_deadline AS d ON d.kind = 'returned_price' AND d.subject_id = p.id
    WHERE EXISTS (
        SELECT 1 FROM unnest(%(skus)s::bigint[], %(shops)s::bigint[]) AS given (sku_id, shop_id)
        WHERE given.sku_id = p.sku_id AND given.shop_id IS NOT DISTINCT FROM p.shop_id)
    ORDER BY p.id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class MoveRow:
    was: str
    reason: str
    occurred_at: datetime


# Why a plan came to its end: the system's own code, or the words of whoever withdrew it.
LAST_MOVE = Statement(
    """
    SELECT was, reason, occurred_at FROM foundation_statechange
    WHERE table_name = 'pricing_plan' AND row_id = %(plan)s::bigint AND became IN ('ended', 'withdrawn')
    ORDER BY id DESC LIMIT 1""",
    row=MoveRow,
)
