"""Statements of segments: kept as definitions; who is in one is worked out from paid orders each time.

Buyers are their data subject's number: no personal data is read. Erased people belong to no segment.
"""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement

_TERMS = """(shop_id bigint, since timestamptz, now timestamptz, new_since timestamptz, r_low int, r_high int,
             f_low int, f_high int, m_low int, m_high int, customers text, category_id bigint,
             category_since timestamptz, min_minor bigint, max_minor bigint, min_orders int, max_orders int,
             paid_since timestamptz, paid_before timestamptz, provinces text[])"""


def _who(name: str) -> str:
    """The members of the definition in parameter `name`, as CTEs ending in one called `name`."""
    return f"""
    {name}_terms AS MATERIALIZED (SELECT * FROM json_to_record(%({name})s::json) AS g {_TERMS}),
    {name}_paid AS (
        SELECT o.subject_id, max(o.paid_at) AS last_at, count(*) AS orders, sum(o.paid_minor) AS paid,
               bool_or(o.province = ANY(t.provinces)) AS is_there
        FROM {name}_terms AS t JOIN intake_order AS o ON o.shop_id = t.shop_id
        WHERE o.paid_at > t.since AND o.paid_at <= t.now AND o.state NOT IN ('unpaid', 'cancelled', 'returned')
          AND o.refund_state <> 'refunded'
        GROUP BY o.subject_id
    ), {name}_scored AS (
        SELECT p.*, ntile(5) OVER (ORDER BY last_at, subject_id) AS r,
               ntile(5) OVER (ORDER BY orders, subject_id) AS f, ntile(5) OVER (ORDER BY paid, subject_id) AS m
        FROM {name}_paid AS p
    ), {name}_bought AS (
        SELECT DISTINCT o.subject_id
        FROM {name}_terms AS t JOIN intake_order AS o ON o.shop_id = t.shop_id
        JOIN intake_orderline AS l ON l.order_id = o.id JOIN listing_sku AS k ON k.id = l.sku_id
        JOIN listing_product AS p ON p.id = k.product_id JOIN listing_category AS leaf ON leaf.id = p.leaf_id
        LEFT JOIN listing_category AS middle ON middle.id = leaf.parent_id
        WHERE t.category_id IS NOT NULL AND o.paid_at > t.category_since AND o.paid_at <= t.now
          AND o.state NOT IN ('unpaid', 'cancelled', 'returned') AND o.refund_state <> 'refunded'
          AND t.category_id IN (leaf.id, leaf.parent_id, middle.parent_id)
    ), {name} AS (
        SELECT s.subject_id FROM {name}_scored AS s CROSS JOIN {name}_terms AS t
        JOIN foundation_subjectkey AS key ON key.id = s.subject_id AND key.wrapped IS NOT NULL
        WHERE s.r BETWEEN t.r_low AND t.r_high AND s.f BETWEEN t.f_low AND t.f_high
          AND s.m BETWEEN t.m_low AND t.m_high
          AND (t.customers = '' OR (t.customers = 'new') = NOT EXISTS (
              SELECT FROM intake_order AS e WHERE e.shop_id = t.shop_id AND e.subject_id = s.subject_id
                AND e.paid_at < t.new_since AND e.state NOT IN ('cancelled', 'returned')
                AND e.refund_state <> 'refunded'))
          AND (t.category_id IS NULL OR s.subject_id IN (SELECT b.subject_id FROM {name}_bought AS b))
          AND (t.min_minor IS NULL OR s.paid >= t.min_minor) AND (t.max_minor IS NULL OR s.paid <= t.max_minor)
          AND (t.min_orders IS NULL OR s.orders >= t.min_orders)
          AND (t.max_orders IS NULL OR s.orders <= t.max_orders)
          AND (t.paid_since IS NULL OR s.last_at >= t.paid_since)
          AND (t.paid_before IS NULL OR s.last_at <= t.paid_before)
          AND (cardinality(t.provinces) = 0 OR s.is_there)
    )"""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """How many belong to one, to another, and to both."""

    own: int
    other: int
    both: int


SIZE = Statement(f"WITH{_who('own')}\nSELECT count(*), 0::bigint, 0::bigint FROM own", row=SizeRow)

# Set against set, whatever the planner expects: a join of CTEs it knows nothing about compared all with all.
OVERLAP = Statement(
    f"""
    WITH{_who("own")},{_who("other")}
    SELECT (SELECT count(*) FROM own), (SELECT count(*) FROM other),
           (SELECT count(*) FROM (SELECT subject_id FROM own INTERSECT SELECT subject_id FROM other) AS common)""",
    row=SizeRow,
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    subject_id: int


MEMBERS = Statement(
    f"""
    WITH{_who("own")}
    SELECT subject_id FROM own WHERE subject_id > %(after)s::bigint ORDER BY subject_id LIMIT %(limit)s::int""",
    row=MemberRow,
)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment as it is kept; `definition` is JSON."""

    id: int
    shop_id: int
    code: str
    name: str
    definition: str
    is_retired: bool


_SEGMENT = "SELECT s.id, s.shop_id, s.code, s.name, s.definition::text, s.is_retired FROM campaigns_segment AS s"

SEGMENTS = Statement(f"{_SEGMENT} WHERE s.id = ANY(%(segments)s::bigint[]) ORDER BY s.id", row=SegmentRow)

LOCK = Statement(f"{_SEGMENT} WHERE s.id = ANY(%(segments)s::bigint[]) ORDER BY s.id FOR NO KEY UPDATE", row=SegmentRow)

MAKE = Statement(
    """
    INSERT INTO campaigns_segment (shop_id, code, name, definition, size, counted_at, made_at, made_by, saved_at,
                                   saved_by, is_retired)
    SELECT shop_id, code, name, definition, 0, %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint,
           %(now)s::timestamptz, %(actor_id)s::bigint, false
    FROM json_to_recordset(%(segments)s::json) AS g (shop_id bigint, code text, name text, definition jsonb)
    ORDER BY shop_id, code
    ON CONFLICT (shop_id, code) DO NOTHING
    RETURNING id, shop_id, code, name, definition::text, is_retired""",
    row=SegmentRow,
)

BY_CODE = Statement(
    f"""{_SEGMENT} JOIN unnest(%(shops)s::bigint[], %(codes)s::text[]) AS g (shop_id, code)
      ON g.shop_id = s.shop_id AND g.code = s.code
    ORDER BY s.id FOR NO KEY UPDATE OF s""",
    row=SegmentRow,
)

REWRITE = Statement(
    """
    UPDATE campaigns_segment AS s
    SET name = g.name, definition = g.definition, is_retired = false, saved_at = %(now)s::timestamptz,
        saved_by = %(actor_id)s::bigint
    FROM json_to_recordset(%(segments)s::json) AS g (shop_id bigint, code text, name text, definition jsonb)
    WHERE s.shop_id = g.shop_id AND s.code = g.code
      AND (s.name, s.definition, s.is_retired) IS DISTINCT FROM (g.name, g.definition, false)
    RETURNING s.id, s.shop_id, s.code, s.name, s.definition::text, s.is_retired""",
    row=SegmentRow,
)

NOTE_SIZES: Statement[NoRow] = Statement("""
    UPDATE campaigns_segment AS s SET size = g.size, counted_at = %(now)s::timestamptz
    FROM unnest(%(segments)s::bigint[], %(sizes)s::int[]) AS g (id, size) WHERE s.id = g.id""")

RETIRE = Statement(
    """
    UPDATE campaigns_segment SET is_retired = true, saved_at = %(now)s::timestamptz, saved_by = %(actor_id)s::bigint
    WHERE id = ANY(%(segments)s::bigint[]) AND NOT is_retired
    RETURNING id, shop_id, code, name, definition::text, is_retired""",
    row=SegmentRow,
)
