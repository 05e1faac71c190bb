"""Statements of budgets: items planned, money booked once, raises asked for and decided."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A budget item, locked, with the state of its campaign. Minor units."""

    id: int
    campaign_id: int
    shop_id: int
    kind: str
    name: str
    planned_minor: int
    raised_minor: int
    spent_minor: int
    campaign_state: str
    code: str
    is_kept: bool  # money was spent on it or asked for: its row stays

    @property
    def left_minor(self) -> int:
        return self.planned_minor + self.raised_minor - self.spent_minor


_ITEM = """
    SELECT b.id, b.campaign_id, b.shop_id, b.kind, b.name, b.planned_minor, b.raised_minor, b.spent_minor, c.state,
           c.code, EXISTS (SELECT FROM campaigns_budgetspend AS s WHERE s.item_id = b.id)
                   OR EXISTS (SELECT FROM campaigns_budgetraise AS r WHERE r.item_id = b.id)
    FROM campaigns_budgetitem AS b JOIN campaigns_campaign AS c ON c.id = b.campaign_id"""

LOCK_ITEMS = Statement(
    f"{_ITEM} WHERE b.id = ANY(%(items)s::bigint[]) ORDER BY b.id FOR NO KEY UPDATE OF b", row=ItemRow
)

ITEMS_OF = Statement(
    f"{_ITEM} WHERE b.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY b.id FOR NO KEY UPDATE OF b", row=ItemRow
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


PUT_ITEMS = Statement(
    """
    INSERT INTO campaigns_budgetitem AS b (campaign_id, shop_id, kind, name, planned_minor, raised_minor, spent_minor)
    SELECT campaign_id, shop_id, kind, name, planned_minor, 0, 0
    FROM json_to_recordset(%(items)s::json)
         AS g (campaign_id bigint, shop_id bigint, kind text, name text, planned_minor bigint)
    ORDER BY campaign_id, kind, name
    ON CONFLICT (campaign_id, kind, name) DO UPDATE SET planned_minor = excluded.planned_minor
        WHERE b.planned_minor <> excluded.planned_minor
    RETURNING campaign_id AS id""",
    row=IdRow,
)

DROP_ITEMS = Statement(
    """
    DELETE FROM campaigns_budgetitem WHERE id = ANY(%(items)s::bigint[]) RETURNING campaign_id AS id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class SpendRow:
    id: int
    item_id: int
    reference: str
    amount_minor: int


BOOKED = Statement(
    """
    SELECT s.id, s.item_id, s.reference, s.amount_minor FROM campaigns_budgetspend AS s
    JOIN unnest(%(items)s::bigint[], %(references)s::text[]) AS g (item_id, reference)
      ON g.item_id = s.item_id AND g.reference = s.reference
    ORDER BY s.id""",
    row=SpendRow,
)

BOOK = Statement(
    """
    WITH booked AS (
        INSERT INTO campaigns_budgetspend (item_id, reference, amount_minor, note, booked_at, booked_by)
        SELECT item_id, reference, amount_minor, note, %(now)s::timestamptz, %(actor_id)s::bigint
        FROM json_to_recordset(%(spends)s::json) AS g (item_id bigint, reference text, amount_minor bigint, note text)
        ORDER BY item_id, reference
        RETURNING id, item_id, reference, amount_minor
    ), summed AS (
        UPDATE campaigns_budgetitem AS b SET spent_minor = b.spent_minor + s.amount
        FROM (SELECT item_id, sum(amount_minor)::bigint AS amount FROM booked GROUP BY item_id) AS s
        WHERE b.id = s.item_id
    )
    SELECT id, item_id, reference, amount_minor FROM booked ORDER BY id""",
    row=SpendRow,
)


@dataclass(frozen=True, slots=True)
class RaiseRow:
    """A wish for more, locked."""

    id: int
    item_id: int
    campaign_id: int
    shop_id: int
    state: str
    amount_minor: int
    asked_by: int


LOCK_RAISES = Statement(
    """
    SELECT r.id, r.item_id, b.campaign_id, r.shop_id, r.state, r.amount_minor, r.asked_by
    FROM campaigns_budgetraise AS r JOIN campaigns_budgetitem AS b ON b.id = r.item_id
    WHERE r.id = ANY(%(raises)s::bigint[]) ORDER BY r.item_id, r.id FOR NO KEY UPDATE OF b, r""",
    row=RaiseRow,
)

WAITING = Statement(
    """
    SELECT r.id, r.item_id, b.campaign_id, r.shop_id, r.state, r.amount_minor, r.asked_by
    FROM campaigns_budgetraise AS r JOIN campaigns_budgetitem AS b ON b.id = r.item_id
    WHERE r.item_id = ANY(%(items)s::bigint[]) AND r.state = 'waiting' ORDER BY r.id""",
    row=RaiseRow,
)

ASK = Statement(
    """
    INSERT INTO campaigns_budgetraise (item_id, shop_id, amount_minor, reason, state, state_at, due_at, asked_at,
                                       asked_by, decision_reason)
    SELECT item_id, shop_id, amount_minor, reason, 'waiting', %(now)s::timestamptz, due_at, %(now)s::timestamptz,
           %(actor_id)s::bigint, ''
    FROM json_to_recordset(%(wishes)s::json)
         AS g (item_id bigint, shop_id bigint, amount_minor bigint, reason text, due_at timestamptz)
    ORDER BY item_id
    RETURNING id, item_id, 0::bigint, shop_id, state, amount_minor, asked_by""",
    row=RaiseRow,
)

NOTE_DECIDED: Statement[NoRow] = Statement("""
    UPDATE campaigns_budgetraise AS r SET decided_by = %(actor_id)s::bigint, decision_reason = g.reason
    FROM unnest(%(raises)s::bigint[], %(reasons)s::text[]) AS g (id, reason)
    WHERE r.id = g.id AND r.state = 'waiting'""")

RAISE: Statement[NoRow] = Statement("""
    UPDATE campaigns_budgetitem AS b SET raised_minor = b.raised_minor + g.amount
    FROM unnest(%(items)s::bigint[], %(amounts)s::bigint[]) AS g (id, amount) WHERE b.id = g.id""")
