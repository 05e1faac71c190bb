"""Orders as plain facts for analytics: amounts, moments, what was bought. Nothing personal, few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement, numbers


@dataclass(frozen=True, slots=True)
class LineFact:
    """One line; the cost is that of one piece as the SKU has it now, None where the SKU is not ours."""

    id: int
    order_id: int
    sku_id: int | None
    sku_code: str
    category: str
    quantity: int
    paid_minor: int
    unit_cost_minor: int | None


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One order; `is_suspected_test` while nobody has said that it is none. Amounts in minor units of `currency`."""

    id: int
    shop_id: int
    zone: str
    shop_currency: str
    platform: str
    platform_no: str
    subject_id: int
    state: str
    placed_at: datetime
    paid_at: datetime | None
    completed_at: datetime | None
    currency: str
    paid_minor: int
    goods_minor: int
    discount_minor: int
    freight_minor: int
    is_suspected_test: bool


ORDERS = Statement(
    """
    SELECT o.id, o.shop_id, s.zone, s.currency AS shop_currency, s.platform, o.platform_no, o.subject_id, o.state,
           o.placed_at, o.paid_at, o.completed_at, o.currency, o.paid_minor, o.goods_minor, o.discount_minor,
           o.freight_minor,
           EXISTS (SELECT FROM intake_hold AS h
                   WHERE h.order_id = o.id AND h.code = 'suspected_test' AND h.decision <> 'pass')
    FROM intake_order AS o JOIN foundation_shop AS s ON s.id = o.shop_id
    WHERE o.id = ANY(%(ids)s::bigint[]) ORDER BY o.id""",
    row=OrderFact,
)

LINES = Statement(
    """
    SELECT l.id, l.order_id, l.sku_id, coalesce(k.code, l.outer_code), coalesce(c.name, p.category, ''), l.quantity,
           l.paid_minor, k.cost_minor
    FROM intake_orderline AS l LEFT JOIN listing_sku AS k ON k.id = l.sku_id
    LEFT JOIN listing_product AS p ON p.id = k.product_id LEFT JOIN listing_category AS c ON c.id = p.leaf_id
    WHERE l.order_id = ANY(%(ids)s::bigint[]) ORDER BY l.order_id, l.id""",
    row=LineFact,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


IDS = Statement("SELECT id FROM intake_order WHERE id > %(after)s::bigint ORDER BY id LIMIT %(limit)s::int", row=IdRow)
TAKEN_IN = Statement(
    """
    SELECT o.id FROM unnest(%(shops)s::bigint[], %(moments)s::timestamptz[]) AS given (shop_id, at)
    JOIN intake_order AS o ON o.shop_id = given.shop_id AND o.taken_in_at = given.at AND o.is_history
    ORDER BY o.id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class BurstRow:
    """An order that its buyer placed together with others: how many fall within the minutes around it."""

    order_id: int
    together: int


# The span of the whole batch bounds the read, twice the window so that neighbours are counted whole, too.
BURSTS = Statement(
    """
    WITH given AS MATERIALIZED (
        SELECT id, shop_id, subject_id, placed_at FROM intake_order WHERE id = ANY(%(ids)s::bigint[])
    ), span AS MATERIALIZED (
        SELECT min(placed_at) - 2 * make_interval(mins => %(minutes)s::int) AS since,
               max(placed_at) + 2 * make_interval(mins => %(minutes)s::int) AS until FROM given
    ), near AS (
        SELECT o.id, count(*) OVER (
                   PARTITION BY o.shop_id, o.subject_id ORDER BY o.placed_at
                   RANGE BETWEEN make_interval(mins => %(minutes)s::int) PRECEDING
                             AND make_interval(mins => %(minutes)s::int) FOLLOWING) AS together
        FROM intake_order AS o
        WHERE o.placed_at BETWEEN (SELECT since FROM span) AND (SELECT until FROM span)
          AND (o.shop_id, o.subject_id) IN (SELECT shop_id, subject_id FROM given)
          AND o.paid_at IS NOT NULL AND o.state <> 'cancelled'
    )
    SELECT id, together::int FROM near WHERE together >= %(least)s::int ORDER BY id""",
    row=BurstRow,
)


def order_facts(ids: Iterable[int]) -> list[OrderFact]:
    """These orders in the order of their ids; one that is not there is left out."""
    return ORDERS.rows(ids=numbers(ids))


def line_facts(order_ids: Iterable[int]) -> dict[int, list[LineFact]]:
    """The lines of these orders, by order."""
    lines: dict[int, list[LineFact]] = defaultdict(list)
    for line in LINES.rows(ids=numbers(order_ids)):
        lines[line.order_id].append(line)
    return lines


def order_ids(after: int, limit: int) -> list[int]:
    """Ids of orders, ascending, a piece at a time."""
    return [row.id for row in IDS.rows(after=after, limit=limit)]


def history_taken_in(shops_and_moments: Sequence[tuple[int, datetime]]) -> list[int]:
    """Past orders that were imported into a shop at a moment."""
    if not shops_and_moments:
        return []
    shops, moments = zip(*shops_and_moments, strict=True)
    return [row.id for row in TAKEN_IN.rows(shops=list(shops), moments=list(moments))]


def bursts(ids: Iterable[int], minutes: int, least: int) -> dict[int, int]:
    """Paid orders of these orders' buyers in the same shop, that at least so many of theirs were placed around.

    How many fall within the minutes before and after, the order itself included; by order.
    """
    return {row.order_id: row.together for row in BURSTS.rows(ids=numbers(ids), minutes=minutes, least=least)}


@dataclass(frozen=True, slots=True)
class NumberRow:
    id: int
    shop_id: int


BY_NUMBER = Statement(
    "SELECT id, shop_id FROM intake_order WHERE platform_no = %(number)s::text OR id = %(id)s::bigint ORDER BY id",
    row=NumberRow,
)


def order_of_number(viewer: Actor, text: str) -> int | None:
    """The order with a number, ours or a platform's; None where there is none, or several, in the viewer's shops."""
    word = text.strip().upper()
    digits = word[2:].lstrip("0") if word.startswith("JY") else ""
    own = int(digits) if digits.isdecimal() and len(digits) < 19 else None
    found = [row.id for row in BY_NUMBER.rows(number=text.strip(), id=own) if viewer.sees_shop(row.shop_id)]
    return found[0] if len(found) == 1 else None
