"""Statements of restocking: what is below its threshold, what was shipped of it, its reminder."""

from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.foundation.sql import NoRow, Statement

# The nearest rule counts: the SKU's own, then its category's, then that category's parents', then the policy's.
RULES = """
    LEFT JOIN listing_category AS leaf ON leaf.id = p.leaf_id
    LEFT JOIN listing_category AS middle ON middle.id = leaf.parent_id
    LEFT JOIN LATERAL (
        SELECT r.threshold, r.pack_size, r.lead_days FROM stock_restockrule AS r
        LEFT JOIN listing_category AS c ON c.id = r.category_id
        WHERE r.sku_id = k.id OR r.category_id IN (leaf.id, middle.id, middle.parent_id)
        ORDER BY r.sku_id IS NULL, c.level DESC LIMIT 1
    ) AS rule ON true"""


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A SKU as restocking sees it: pieces free in all warehouses, the rule that counts, its open reminder."""

    sku_id: int
    code: str
    is_delisted: bool
    free: int
    threshold: int
    pack_size: int
    lead_days: int
    reminder_id: int | None
    is_muted: bool


LOOK = Statement(
    f"""
    SELECT k.id AS sku_id, k.code, k.is_delisted, coalesce(b.free, 0)::int AS free,
           coalesce(rule.threshold, %(threshold)s::int) AS threshold, coalesce(rule.pack_size, 1) AS pack_size,
           coalesce(rule.lead_days, %(lead_days)s::int) AS lead_days, m.id AS reminder_id,
           EXISTS (SELECT FROM stock_reminder AS quiet
                   WHERE quiet.sku_id = k.id AND quiet.muted_until > %(now)s::timestamptz) AS is_muted
    FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
    LEFT JOIN LATERAL (
        SELECT sum(s.on_hand - s.promised) AS free FROM stock_stock AS s WHERE s.sku_id = k.id) AS b ON true
    LEFT JOIN stock_reminder AS m ON m.sku_id = k.id AND m.state = 'open'{RULES}
    WHERE k.id = ANY(%(skus)s::bigint[])
    ORDER BY k.id""",
    row=LevelRow,
)


@dataclass(frozen=True, slots=True)
class PackRow:
    sku_id: int
    pack_size: int


PACKS = Statement(
    f"""
    SELECT k.id AS sku_id, coalesce(rule.pack_size, 1) AS pack_size
    FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id{RULES}
    WHERE k.id = ANY(%(skus)s::bigint[]) ORDER BY k.id""",
    row=PackRow,
)


@dataclass(frozen=True, slots=True)
class DemandRow:
    sku_id: int
    pieces: int


DEMAND = Statement(
    """
    SELECT wanted.sku_id, coalesce((
        SELECT -sum(g.quantity) FROM stock_ledger AS g
        WHERE g.kind = 'shipment' AND g.sku_id = wanted.sku_id AND g.occurred_at > %(since)s::timestamptz), 0)::int
    FROM unnest(%(skus)s::bigint[]) AS wanted (sku_id)""",
    row=DemandRow,
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    sku_id: int


OPEN = Statement(
    """
    INSERT INTO stock_reminder (sku_id, state, state_at, opened_at, due_at, threshold, free, demand, suggested,
                                arrive_by, snoozes, snooze_reason, ended_reason)
    SELECT sku_id, 'open', %(now)s::timestamptz, %(now)s::timestamptz, due_at, threshold, free, demand, suggested,
           arrive_by, 0, '', ''
    FROM unnest(%(skus)s::bigint[], %(dues)s::timestamptz[], %(thresholds)s::int[], %(free)s::int[],
                %(demands)s::int[], %(suggestions)s::int[], %(days)s::date[])
         AS given (sku_id, due_at, threshold, free, demand, suggested, arrive_by)
    ORDER BY sku_id
    ON CONFLICT (sku_id) WHERE state = 'open' DO NOTHING
    RETURNING id, sku_id""",
    row=OpenedRow,
)

REFRESH: Statement[NoRow] = Statement("""
    UPDATE stock_reminder AS r
    SET threshold = g.threshold, free = g.free, demand = g.demand, suggested = g.suggested
    FROM unnest(%(reminders)s::bigint[], %(thresholds)s::int[], %(free)s::int[], %(demands)s::int[],
                %(suggestions)s::int[]) AS g (id, threshold, free, demand, suggested)
    WHERE r.id = g.id AND r.state = 'open'
      AND (r.threshold, r.free, r.demand, r.suggested) <> (g.threshold, g.free, g.demand, g.suggested)""")

END: Statement[NoRow] = Statement("""
    UPDATE stock_reminder AS r
    SET ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint, ended_reason = g.reason,
        muted_until = g.muted_until, free = coalesce(g.free, r.free)
    FROM unnest(%(reminders)s::bigint[], %(reasons)s::text[], %(muted)s::timestamptz[], %(free)s::int[])
         AS g (id, reason, muted_until, free)
    WHERE r.id = g.id AND r.state = 'open'""")

# Stock that rose and falls again is news, whatever was decided before.
UNMUTE: Statement[NoRow] = Statement("""
    UPDATE stock_reminder SET muted_until = NULL
    WHERE sku_id = ANY(%(skus)s::bigint[]) AND muted_until > %(now)s::timestamptz""")


@dataclass(frozen=True, slots=True)
class ReminderRow:
    id: int
    sku_id: int
    code: str
    state: str
    due_at: datetime
    snoozes: int
    snoozed_until: date | None
    ordered_quantity: int | None
    expected_on: date | None
    order_note: str


LOCK_REMINDERS = Statement(
    """
    SELECT r.id, r.sku_id, k.code, r.state, r.due_at, r.snoozes, r.snoozed_until, r.ordered_quantity, r.expected_on,
           r.order_note
    FROM stock_reminder AS r JOIN listing_sku AS k ON k.id = r.sku_id
    WHERE r.id = ANY(%(ids)s::bigint[]) ORDER BY r.id FOR UPDATE OF r""",
    row=ReminderRow,
)

SNOOZE: Statement[NoRow] = Statement("""
    UPDATE stock_reminder AS r
    SET snoozes = r.snoozes + 1, snoozed_until = g.until, due_at = g.due_at, snooze_reason = g.reason
    FROM unnest(%(reminders)s::bigint[], %(days)s::date[], %(dues)s::timestamptz[], %(reasons)s::text[])
         AS g (id, until, due_at, reason)
    WHERE r.id = g.id AND r.state = 'open'""")

ORDER: Statement[NoRow] = Statement("""
    UPDATE stock_reminder AS r
    SET ordered_at = %(now)s::timestamptz, ordered_by = %(actor_id)s::bigint, ordered_quantity = g.quantity,
        expected_on = g.day, order_note = g.note, due_at = g.due_at
    FROM unnest(%(reminders)s::bigint[], %(quantities)s::int[], %(days)s::date[], %(dues)s::timestamptz[],
                %(notes)s::text[]) AS g (id, quantity, day, due_at, note)
    WHERE r.id = g.id AND r.state = 'open'""")


@dataclass(frozen=True, slots=True)
class HandledRow:
    """A person put a reminder off, or noted an order."""

    occurred_at: datetime
    type: str
    who: str
    data: str


HANDLED = Statement(
    """
    SELECT e.occurred_at, e.type, coalesce(p.name, ''), e.data::text
    FROM foundation_event AS e LEFT JOIN foundation_person AS p ON p.id = e.actor_id
    WHERE e.type = ANY(ARRAY['stock.restock_snoozed', 'stock.restock_ordered'])
      AND e.subject_id = %(reminder)s::bigint
    ORDER BY e.occurred_at, e.id LIMIT 200""",
    row=HandledRow,
)


@dataclass(frozen=True, slots=True)
class SkuRow:
    sku_id: int


# What the events did not tell: fallen below without a reminder, or lifted with one still open.
OVERLOOKED = Statement(
    f"""
    SELECT k.id AS sku_id
    FROM (SELECT DISTINCT sku_id FROM stock_stock WHERE warehouse_id = ANY(%(warehouses)s::bigint[])) AS kept
    JOIN listing_sku AS k ON k.id = kept.sku_id JOIN listing_product AS p ON p.id = k.product_id
    LEFT JOIN stock_reminder AS m ON m.sku_id = k.id AND m.state = 'open'{RULES}
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(s.on_hand - s.promised), 0) AS free FROM stock_stock AS s WHERE s.sku_id = k.id) AS b
    WHERE (m.id IS NOT NULL)
          IS DISTINCT FROM (b.free < coalesce(rule.threshold, %(threshold)s::int) AND NOT k.is_delisted)
      AND NOT (m.id IS NULL AND EXISTS (
          SELECT FROM stock_reminder AS quiet
          WHERE quiet.sku_id = k.id AND quiet.muted_until > %(now)s::timestamptz))
    ORDER BY k.id LIMIT %(limit)s::int""",
    row=SkuRow,
)


@dataclass(frozen=True, slots=True)
class WatchedRow:
    warehouse_id: int


WATCHED = Statement(
    """
    SELECT subject_id FROM sop_deadline
    WHERE kind = 'restock_sweep' AND subject_id = ANY(%(warehouses)s::bigint[])""",
    row=WatchedRow,
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    id: int
    sku_id: int | None
    category_id: int | None
    threshold: int
    pack_size: int
    lead_days: int | None


LOCK_RULES = Statement(
    """
    SELECT id, sku_id, category_id, threshold, pack_size, lead_days FROM stock_restockrule
    WHERE sku_id = ANY(%(skus)s::bigint[]) OR category_id = ANY(%(categories)s::bigint[])
    ORDER BY id FOR UPDATE""",
    row=RuleRow,
)

DROP_RULES: Statement[NoRow] = Statement("DELETE FROM stock_restockrule WHERE id = ANY(%(ids)s::bigint[])")

PUT_SKU_RULES: Statement[NoRow] = Statement("""
    INSERT INTO stock_restockrule (sku_id, threshold, pack_size, lead_days, set_at, set_by, reason)
    SELECT sku_id, threshold, pack_size, lead_days, %(now)s::timestamptz, %(actor_id)s::bigint, reason
    FROM unnest(%(subjects)s::bigint[], %(thresholds)s::int[], %(packs)s::int[], %(leads)s::int[], %(reasons)s::text[])
         AS given (sku_id, threshold, pack_size, lead_days, reason)
    ORDER BY sku_id
    ON CONFLICT (sku_id) DO UPDATE
        SET threshold = excluded.threshold, pack_size = excluded.pack_size, lead_days = excluded.lead_days,
            set_at = excluded.set_at, set_by = excluded.set_by, reason = excluded.reason""")

PUT_CATEGORY_RULES: Statement[NoRow] = Statement("""
    INSERT INTO stock_restockrule (category_id, threshold, pack_size, lead_days, set_at, set_by, reason)
    SELECT category_id, threshold, pack_size, lead_days, %(now)s::timestamptz, %(actor_id)s::bigint, reason
    FROM unnest(%(subjects)s::bigint[], %(thresholds)s::int[], %(packs)s::int[], %(leads)s::int[], %(reasons)s::text[])
         AS given (category_id, threshold, pack_size, lead_days, reason)
    ORDER BY category_id
    ON CONFLICT (category_id) DO UPDATE
        SET threshold = excluded.threshold, pack_size = excluded.pack_size, lead_days = excluded.lead_days,
            set_at = excluded.set_at, set_by = excluded.set_by, reason = excluded.reason""")

SKUS_UNDER = Statement(
    """
    SELECT k.id AS sku_id FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
    LEFT JOIN listing_category AS leaf ON leaf.id = p.leaf_id
    LEFT JOIN listing_category AS middle ON middle.id = leaf.parent_id
    WHERE EXISTS (SELECT FROM stock_stock AS s WHERE s.sku_id = k.id)
      AND (leaf.id = ANY(%(categories)s::bigint[]) OR middle.id = ANY(%(categories)s::bigint[])
           OR middle.parent_id = ANY(%(categories)s::bigint[]))
    ORDER BY k.id""",
    row=SkuRow,
)
