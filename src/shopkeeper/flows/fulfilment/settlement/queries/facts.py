"""Refunds and booked costs as plain facts for analytics; minor units, in one statement each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement, numbers


@dataclass(frozen=True, slots=True)
class RefundFact:
    """One refund that went back, by the reference it is booked under."""

    order_id: int
    reference: str
    refund_minor: int
    noted_at: datetime


REFUNDS = Statement(
    """
    SELECT order_id, reference, refund_minor, noted_at FROM settlement_refund
    WHERE order_id = ANY(%(ids)s::bigint[]) ORDER BY order_id, reference""",
    row=RefundFact,
)


@dataclass(frozen=True, slots=True)
class CostRow:
    order_line_id: int
    cost_minor: int


COSTS = Statement(
    """
    SELECT e.order_line_id, sum(e.amount_minor)::bigint
    FROM settlement_settlement AS s JOIN settlement_entry AS e ON e.settlement_id = s.id
    WHERE s.order_id = ANY(%(ids)s::bigint[]) AND e.kind = 'settlement' AND e.account = 'cost_of_goods'
      AND e.order_line_id IS NOT NULL
    GROUP BY e.order_line_id ORDER BY e.order_line_id""",
    row=CostRow,
)


def refund_facts(order_ids: Iterable[int]) -> list[RefundFact]:
    """Every refund of these orders that is known to have gone back."""
    return REFUNDS.rows(ids=numbers(order_ids))


def booked_costs(order_ids: Iterable[int]) -> dict[int, int]:
    """What the lines of settled orders cost when they were booked; lines of others are left out."""
    return {row.order_line_id: row.cost_minor for row in COSTS.rows(ids=numbers(order_ids))}
