"""Statements of holds: open, let vanish, decide, and keep the order's list of open ones in step."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement

# A hold that somebody passed is not opened again for the same finding, save where it never may be passed.
OPEN_HOLDS: Statement[NoRow] = Statement("""
    INSERT INTO intake_hold (order_id, code, facts, opened_at, decision, reason)
    SELECT g.order_id, g.code, g.facts::jsonb, %(now)s::timestamptz, '', ''
    FROM unnest(%(orders)s::bigint[], %(codes)s::text[], %(facts)s::text[]) AS g (order_id, code, facts)
    WHERE NOT EXISTS (
        SELECT FROM intake_hold AS h WHERE h.order_id = g.order_id AND h.code = g.code
          AND (h.cleared_at IS NULL OR (h.decision = 'pass' AND h.facts = g.facts::jsonb
               AND NOT h.code = ANY(%(never_passed)s::text[]))))
    ON CONFLICT (order_id, code) WHERE cleared_at IS NULL DO NOTHING""")

# Judged holds whose reason is gone: (order, code) pairs still found are given, everything else vanishes.
LET_VANISH: Statement[NoRow] = Statement("""
    UPDATE intake_hold AS h
    SET cleared_at = %(now)s::timestamptz, cleared_by = %(actor_id)s::bigint, decision = 'vanished'
    WHERE h.order_id = ANY(%(judged)s::bigint[]) AND h.cleared_at IS NULL
      AND h.code = ANY(%(judgeable)s::text[])
      AND NOT EXISTS (
          SELECT FROM unnest(%(orders)s::bigint[], %(codes)s::text[]) AS g (order_id, code)
          WHERE g.order_id = h.order_id AND g.code = h.code)""")


@dataclass(frozen=True, slots=True)
class DecidedRow:
    order_id: int
    code: str


DECIDE = Statement(
    """
    UPDATE intake_hold AS h
    SET cleared_at = %(now)s::timestamptz, cleared_by = %(actor_id)s::bigint, decision = g.decision,
        reason = g.reason
    FROM unnest(%(orders)s::bigint[], %(codes)s::text[], %(decisions)s::text[], %(reasons)s::text[])
         AS g (order_id, code, decision, reason)
    WHERE h.order_id = g.order_id AND (h.code = g.code OR g.code = '*') AND h.cleared_at IS NULL
    RETURNING h.order_id, h.code""",
    row=DecidedRow,
)


@dataclass(frozen=True, slots=True)
class OpenRow:
    order_id: int
    open_holds: list[str]
    shop_id: int
    ship_by_at: datetime | None


REFRESH = Statement(
    """
    UPDATE intake_order AS o SET open_holds = coalesce((
        SELECT array_agg(h.code ORDER BY h.id) FROM intake_hold AS h
        WHERE h.order_id = o.id AND h.cleared_at IS NULL), '{}')
    WHERE o.id = ANY(%(orders)s::bigint[])
    RETURNING o.id, o.open_holds, o.shop_id, o.ship_by_at""",
    row=OpenRow,
)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty that an order's holds set, as it is open now."""

    kind: str
    order_id: int
    armed_at: datetime
    opens_at: datetime | None
    due_at: datetime
    label: str


DUTIES = Statement(
    """
    SELECT kind, subject_id, armed_at, opens_at, due_at, label FROM sop_deadline
    WHERE kind = ANY(%(kinds)s::text[]) AND subject_id = ANY(%(orders)s::bigint[])""",
    row=DutyRow,
)


@dataclass(frozen=True, slots=True)
class PutOffRow:
    """What people wrote into an order's open holds: until when its buyer waits, and whether somebody keeps it back."""

    order_id: int
    agreed_until: datetime | None
    kept: str


PUT_OFF = Statement(
    """
    SELECT order_id, max((facts ->> 'agreed_until')::timestamptz) FILTER (WHERE code = ANY(%(shortages)s::text[])),
           coalesce(max(facts ->> 'note') FILTER (WHERE code = 'by_hand' AND NOT facts ? 'wish'), '')
    FROM intake_hold
    WHERE order_id = ANY(%(orders)s::bigint[]) AND cleared_at IS NULL
    GROUP BY order_id ORDER BY order_id""",
    row=PutOffRow,
)

AGREE: Statement[NoRow] = Statement("""
    UPDATE intake_hold AS h SET facts = h.facts || jsonb_build_object('agreed_until', g.until)
    FROM unnest(%(orders)s::bigint[], %(untils)s::text[]) AS g (order_id, until)
    WHERE h.order_id = g.order_id AND h.code = ANY(%(shortages)s::text[]) AND h.cleared_at IS NULL""")
