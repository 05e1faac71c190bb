"""Statements of orders priced by us: what they hold, use, and give back."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class PricingRow:
    id: int
    shop_id: int
    order_no: str
    subject_id: int
    state: str
    state_at: datetime
    payable_minor: int
    discount_minor: int
    lines: str
    coupon_ids: list[int]


_PRICING = """
    SELECT p.id, p.shop_id, p.order_no, p.subject_id, p.state, p.state_at, p.payable_minor, p.discount_minor,
           p.lines::text, p.coupon_ids
    FROM promotions_orderpricing AS p"""

_NAMED = """
    JOIN unnest(%(shops)s::bigint[], %(numbers)s::text[]) AS g (shop_id, order_no)
      ON g.shop_id = p.shop_id AND g.order_no = p.order_no"""

BY_NUMBER = Statement(f"{_PRICING} {_NAMED} ORDER BY p.id", row=PricingRow)

LOCK_BY_NUMBER = Statement(f"{_PRICING} {_NAMED} ORDER BY p.id FOR UPDATE OF p", row=PricingRow)

LOCK_BY_ID = Statement(f"{_PRICING} WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id FOR UPDATE OF p", row=PricingRow)


@dataclass(frozen=True, slots=True)
class UsesRow:
    rule_id: int
    subject_id: int
    uses: int


USES_OF_BUYERS = Statement(
    """
    SELECT u.rule_id, u.subject_id, count(*)::int AS uses FROM promotions_usage AS u
    WHERE u.rule_id = ANY(%(rules)s::bigint[]) AND u.subject_id = ANY(%(subjects)s::bigint[]) AND u.is_live
    GROUP BY u.rule_id, u.subject_id""",
    row=UsesRow,
)


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    shop_id: int
    order_no: str


MAKE = Statement(
    """
    INSERT INTO promotions_orderpricing (
        shop_id, order_no, subject_id, state, state_at, priced_at, currency, list_minor, discount_minor, freight_minor,
        freight_off_minor, payable_minor, lines, ledger, trace, coupon_ids, released_because)
    SELECT shop_id, order_no, subject_id, 'reserved', %(now)s::timestamptz, %(now)s::timestamptz, currency, list_minor,
           discount_minor, freight_minor, freight_off_minor, payable_minor, lines, ledger, trace,
           ARRAY(SELECT jsonb_array_elements_text(coupon_ids)::bigint), ''
    FROM json_to_recordset(%(pricings)s::json) AS given (
        shop_id bigint, order_no text, subject_id bigint, currency text, list_minor bigint, discount_minor bigint,
        freight_minor bigint, freight_off_minor bigint, payable_minor bigint, lines jsonb, ledger jsonb, trace jsonb,
        coupon_ids jsonb)
    ORDER BY shop_id, order_no
    ON CONFLICT (shop_id, order_no) DO NOTHING
    RETURNING id, shop_id, order_no""",
    row=MadeRow,
)

ADD_USAGES: Statement[NoRow] = Statement("""
    INSERT INTO promotions_usage (pricing_id, rule_id, version_id, subject_id, amount_minor, is_live)
    SELECT pricing_id, rule_id, version_id, subject_id, amount_minor, true
    FROM unnest(%(pricings)s::bigint[], %(rules)s::bigint[], %(versions)s::bigint[], %(subjects)s::bigint[],
                %(amounts)s::bigint[]) AS given (pricing_id, rule_id, version_id, subject_id, amount_minor)
    ORDER BY pricing_id, rule_id""")

RESERVE: Statement[NoRow] = Statement("""
    UPDATE promotions_counter AS c
    SET uses_reserved = c.uses_reserved + g.uses, reserved_minor = c.reserved_minor + g.minor
    FROM unnest(%(rules)s::bigint[], %(uses)s::int[], %(minors)s::bigint[]) AS g (rule_id, uses, minor)
    WHERE c.rule_id = g.rule_id""")


@dataclass(frozen=True, slots=True)
class LiveRow:
    pricing_id: int
    rule_id: int
    amount_minor: int


LIVE_USAGES = Statement(
    """
    SELECT pricing_id, rule_id, amount_minor FROM promotions_usage
    WHERE pricing_id = ANY(%(pricings)s::bigint[]) AND is_live ORDER BY rule_id, pricing_id""",
    row=LiveRow,
)

CONFIRM: Statement[NoRow] = Statement("""
    UPDATE promotions_counter AS c
    SET uses_reserved = c.uses_reserved - g.uses, uses_used = c.uses_used + g.uses,
        reserved_minor = c.reserved_minor - g.minor, used_minor = c.used_minor + g.minor
    FROM unnest(%(rules)s::bigint[], %(uses)s::int[], %(minors)s::bigint[]) AS g (rule_id, uses, minor)
    WHERE c.rule_id = g.rule_id""")

# What orders held (reserved) and what they had used (confirmed) goes back to where it came from.
GIVE_BACK: Statement[NoRow] = Statement("""
    UPDATE promotions_counter AS c
    SET uses_reserved = c.uses_reserved - g.held, reserved_minor = c.reserved_minor - g.held_minor,
        uses_used = c.uses_used - g.used, used_minor = c.used_minor - g.used_minor
    FROM unnest(%(rules)s::bigint[], %(held)s::int[], %(held_minors)s::bigint[], %(used)s::int[],
                %(used_minors)s::bigint[]) AS g (rule_id, held, held_minor, used, used_minor)
    WHERE c.rule_id = g.rule_id""")

RELEASE_USAGES: Statement[NoRow] = Statement("""
    UPDATE promotions_usage SET is_live = false WHERE pricing_id = ANY(%(pricings)s::bigint[]) AND is_live""")

NOTE_WHY: Statement[NoRow] = Statement("""
    UPDATE promotions_orderpricing AS p SET released_because = g.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS g (id, reason) WHERE p.id = g.id""")


@dataclass(frozen=True, slots=True)
class UnlikeRow:
    rule_id: int


# What `counters_true` asks: counters that are not the sum of the uses behind them. Empty in every healthy house.
COUNTERS_UNLIKE = Statement(
    """
    SELECT c.rule_id FROM promotions_counter AS c
    LEFT JOIN (
        SELECT u.rule_id,
               count(*) FILTER (WHERE p.state = 'reserved') AS held,
               count(*) FILTER (WHERE p.state = 'confirmed') AS used,
               coalesce(sum(u.amount_minor) FILTER (WHERE p.state = 'reserved'), 0) AS held_minor,
               coalesce(sum(u.amount_minor) FILTER (WHERE p.state = 'confirmed'), 0) AS used_minor
        FROM promotions_usage AS u JOIN promotions_orderpricing AS p ON p.id = u.pricing_id
        WHERE u.is_live GROUP BY u.rule_id
    ) AS s ON s.rule_id = c.rule_id
    LEFT JOIN (
        SELECT rule_id, count(*) AS uses, sum(amount_minor) AS minor FROM promotions_platformuse
        WHERE is_live GROUP BY rule_id
    ) AS f ON f.rule_id = c.rule_id
    WHERE (c.uses_reserved, c.uses_used, c.reserved_minor, c.used_minor, c.platform_uses, c.platform_minor)
       <> (coalesce(s.held, 0), coalesce(s.used, 0), coalesce(s.held_minor, 0), coalesce(s.used_minor, 0),
           coalesce(f.uses, 0), coalesce(f.minor, 0))
    LIMIT 100""",
    row=UnlikeRow,
)


@dataclass(frozen=True, slots=True)
class PricedOrderRow:
    order_id: int
    shop_id: int
    order_no: str
    state: str
    payable_minor: int


PRICED_ORDERS = Statement(
    """
    SELECT o.id, p.shop_id, p.order_no, p.state, p.payable_minor FROM intake_order AS o
    JOIN promotions_orderpricing AS p ON p.shop_id = o.shop_id AND p.order_no = o.platform_no
    WHERE o.id = ANY(%(orders)s::bigint[]) ORDER BY o.id""",
    row=PricedOrderRow,
)


@dataclass(frozen=True, slots=True)
class PlatformUseRow:
    order_id: int
    rule_id: int
    amount_minor: int


ADD_PLATFORM_USES = Statement(
    """
    INSERT INTO promotions_platformuse (order_id, rule_id, version_id, amount_minor, is_live)
    SELECT order_id, rule_id, version_id, amount_minor, true
    FROM unnest(%(orders)s::bigint[], %(rules)s::bigint[], %(versions)s::bigint[], %(amounts)s::bigint[])
         AS given (order_id, rule_id, version_id, amount_minor)
    ORDER BY order_id, rule_id
    ON CONFLICT (order_id, rule_id) DO NOTHING
    RETURNING order_id, rule_id, amount_minor""",
    row=PlatformUseRow,
)

END_PLATFORM_USES = Statement(
    """
    UPDATE promotions_platformuse SET is_live = false
    WHERE order_id = ANY(%(orders)s::bigint[]) AND is_live RETURNING order_id, rule_id, amount_minor""",
    row=PlatformUseRow,
)

COUNT_PLATFORM: Statement[NoRow] = Statement("""
    UPDATE promotions_counter AS c
    SET platform_uses = c.platform_uses + %(sign)s::int * g.uses,
        platform_minor = c.platform_minor + %(sign)s::int * g.minor
    FROM unnest(%(rules)s::bigint[], %(uses)s::int[], %(minors)s::bigint[]) AS g (rule_id, uses, minor)
    WHERE c.rule_id = g.rule_id""")
