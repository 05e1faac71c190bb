"""What settling would book: orders' money and the shops' rates as the rules take them, and the same sum tried."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.settlement.rules import LineFacts, OrderFacts, Rates, books_of, refund_entries
from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.flows.fulfilment.settlement.states import Account
from shopkeeper.sop.policy import Policies, read_policies


@dataclass(frozen=True, slots=True)
class Trial:
    """The result if the order were settled now, refunds known of taken off; `cost_minor` None where nobody knows it.

    `unit_costs` are what one piece of a line costs, with its currency, by line.
    """

    income_minor: int
    commission_minor: int
    commission_percent: str
    cost_minor: int | None
    refund_minor: int
    receivable_minor: int
    margin_minor: int | None
    unit_costs: dict[int, tuple[int, str]]

    @property
    def margin_percent(self) -> str:
        """Margin over income, one decimal; empty without income or margin."""
        if self.margin_minor is None or self.income_minor <= 0:
            return ""
        return f"{self.margin_minor * 100 / self.income_minor:.1f}%"


def trial_of(order_id: int) -> Trial | None:
    """One completed order that is not settled yet, by the booking's own arithmetic; None for any other."""
    row = sql.ORDERS.first(orders=[order_id])
    if row is None or row.settlement_id is None or row.settlement_state == "settled":
        return None
    lines = lines_of([order_id]).get(order_id, ())
    facts, rates = facts_of(row, lines), rates_of(read_policies(), row.shop_id)
    books = books_of(facts, rates)
    waiting = sql.UNBOOKED_REFUNDS.rows(orders=[order_id])
    refunded = sum(refund.refund_minor for refund in waiting)
    back = 0
    if refunded:  # any number of part refunds gives back what one whole refund would
        entries = refund_entries(
            refunded,
            refunded_before_minor=0,
            goods_paid_minor=max(row.paid_minor - row.freight_minor, 0),
            basis_points=rates.commission_basis_points,
        )
        back = -sum(entry.amount_minor for entry in entries if entry.account == Account.PLATFORM_COMMISSION)
    commission = books.commission_minor - back
    cost = books.cost_minor if _is_cost_known(facts) else None
    return Trial(
        income_minor=books.income_minor,
        commission_minor=commission,
        commission_percent=f"{rates.commission_basis_points / 100:.2f}%",
        cost_minor=cost,
        refund_minor=refunded,
        receivable_minor=books.receivable_minor - refunded + back,
        margin_minor=None if cost is None else books.income_minor - commission - cost - refunded,
        unit_costs={
            line.order_line_id: (line.unit_cost_minor, line.cost_currency)
            for line in lines
            if line.unit_cost_minor is not None
        },
    )


def _is_cost_known(facts: OrderFacts) -> bool:
    if facts.are_goods_back:
        return True
    return all(
        line.unit_cost_minor is not None and (line.cost_currency == facts.currency or not line.unit_cost_minor)
        for line in facts.lines
        if line.quantity
    )


def lines_of(orders: Sequence[int]) -> dict[int, tuple[LineFacts, ...]]:
    """The lines of these orders as they are judged, by order."""
    lines: dict[int, tuple[LineFacts, ...]] = {}
    for row in sql.LINES.rows(orders=list(orders)):
        line = LineFacts(
            row.id,
            row.quantity,
            row.price_minor,
            row.discount_minor,
            row.paid_minor,
            row.unit_cost_minor,
            row.cost_currency,
        )
        lines[row.order_id] = (*lines.get(row.order_id, ()), line)
    return lines


def facts_of(row: sql.OrderRow, lines: tuple[LineFacts, ...]) -> OrderFacts:
    """An order's money as it is judged."""
    return OrderFacts(
        row.id,
        row.currency,
        row.goods_minor,
        row.freight_minor,
        row.discount_minor,
        row.paid_minor,
        lines,
        row.are_goods_back,
    )


def rates_of(policy: Policies, shop_id: int) -> Rates:
    """What the shop's policy says."""
    return Rates(policy("commission_basis_points", shop_id), policy("order_discount_borne_by", shop_id))
