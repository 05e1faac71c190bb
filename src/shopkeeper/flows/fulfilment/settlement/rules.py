"""Judgement and arithmetic of settlement: an order's facts and the shop's rates in, balanced entries out.

Debits are positive, credits negative; every set of entries sums to zero. Profit and loss is booked per order
line, so that each SKU's margin can be read off the same books; what is owed and stored is booked per order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.settlement.states import Account, Doubt
from shopkeeper.shared.money import apportion

BASIS = 10_000


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line as bought. `unit_cost_minor` None: nobody has said what the piece cost."""

    order_line_id: int
    quantity: int
    price_minor: int
    discount_minor: int
    paid_minor: int
    unit_cost_minor: int | None
    cost_currency: str

    @property
    def goods_minor(self) -> int:
        return self.price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What an order says of its money, in minor units of one currency."""

    order_id: int
    currency: str
    goods_minor: int
    freight_minor: int
    discount_minor: int
    paid_minor: int
    lines: tuple[LineFacts, ...]
    are_goods_back: bool = False  # nothing was used up: the pieces can be sold again


@dataclass(frozen=True, slots=True)
class Rates:
    """What the shop's policy says: commission in 1/10,000, and who bears discounts on a whole order."""

    commission_basis_points: int
    order_discount_borne_by: str = "merchant"


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person decided of a doubted order; `cost_minor` is the goods' whole cost in its currency."""

    code: str
    cost_minor: int | None = None

    def lacks_cost(self) -> bool:
        """Where the cost is what is in doubt, a decision must say it."""
        return self.code in (Doubt.COST_UNKNOWN, Doubt.CURRENCY_UNLIKE) and self.cost_minor is None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: debit positive, credit negative; `order_line_id` None where it is about the whole order."""

    account: Account
    amount_minor: int
    order_line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """The entries of one settlement and the figures people ask for first."""

    entries: tuple[Entry, ...]
    income_minor: int
    commission_minor: int
    cost_minor: int
    receivable_minor: int

    @property
    def margin_minor(self) -> int:
        return self.income_minor - self.commission_minor - self.cost_minor


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with its shares worked out."""

    id: int
    goods: int
    own_discount: int
    shared_discount: int
    cost: int


def commission_of(base_minor: int, basis_points: int) -> int:
    """The platform's commission on an amount, rounded half up to the minor unit; nothing on nothing."""
    return (max(base_minor, 0) * basis_points + BASIS // 2) // BASIS


def paid_per_line(facts: OrderFacts) -> list[int] | None:
    """What the buyer paid for each line's goods; None where order and lines cannot be brought together.

    The lines' own figures hold where they add up to the order's; else the order's amount is apportioned by
    the lines' prices, as long as goods, freight and discount themselves make up what was paid.
    """
    goods_paid = facts.paid_minor - facts.freight_minor
    if any(line.quantity < 0 or line.price_minor < 0 for line in facts.lines):
        return None
    if facts.goods_minor != sum(line.goods_minor for line in facts.lines) or goods_paid < 0:
        return None
    given = [line.paid_minor for line in facts.lines]
    fits = all(0 <= paid <= line.goods_minor for paid, line in zip(given, facts.lines, strict=True))
    if fits and sum(given) == goods_paid:
        return given
    if facts.goods_minor - facts.discount_minor != goods_paid or goods_paid > facts.goods_minor:
        return None
    weights = [max(line.goods_minor - line.discount_minor, 0) for line in facts.lines]
    return apportion(goods_paid, weights, [line.goods_minor for line in facts.lines])


def doubt_of(facts: OrderFacts, rates: Rates) -> Doubt | None:
    """Must a person look before this order is booked? The first reason that applies, or None.

    Refunds do not count: a loss made by a refund was decided by whoever granted it.
    """
    pieces = [line for line in facts.lines if line.quantity]
    if not facts.are_goods_back and any(line.unit_cost_minor is None for line in pieces):
        return Doubt.COST_UNKNOWN
    if not facts.are_goods_back and any(
        line.cost_currency != facts.currency for line in pieces if line.unit_cost_minor
    ):
        return Doubt.CURRENCY_UNLIKE
    if paid_per_line(facts) is None:
        return Doubt.PAID_UNLIKE_LINES
    if books_of(facts, rates).margin_minor < 0:
        return Doubt.NEGATIVE_MARGIN
    return None


def books_of(facts: OrderFacts, rates: Rates, approval: Approval | None = None) -> Books:
    """The order's settlement as entries that sum to zero.

    What the lines cannot explain of the paid amount goes to the account `difference`; without an approval
    there is none, because such an order is doubted. Platform-borne discounts are owed by the platform.
    Goods that are back cost nothing.
    """
    lines, difference = _shares(facts, approval)
    by_platform = rates.order_discount_borne_by == "platform"
    base = max(facts.paid_minor - facts.freight_minor, 0)
    commission = commission_of(base, rates.commission_basis_points)
    weights = [max(line.goods - line.own_discount - line.shared_discount, 0) for line in lines]
    commissions: list[tuple[int | None, int]]
    if lines:
        parts = apportion(commission, weights)
        commissions = [(line.id, part) for line, part in zip(lines, parts, strict=True)]
    else:
        commissions = [(None, commission)]
    subsidy = sum(line.shared_discount for line in lines) if by_platform else 0
    discounts = [(line.id, line.own_discount + (0 if by_platform else line.shared_discount)) for line in lines]
    cost = sum(line.cost for line in lines)
    entries = [
        *(Entry(Account.GOODS_REVENUE, -line.goods, line.id) for line in lines),
        Entry(Account.FREIGHT_INCOME, -facts.freight_minor),
        *(Entry(Account.MERCHANT_DISCOUNT, amount, line_id) for line_id, amount in discounts),
        Entry(Account.PLATFORM_RECEIVABLE, facts.paid_minor),
        Entry(Account.SUBSIDY_RECEIVABLE, subsidy),
        Entry(Account.DIFFERENCE, difference),
        *(Entry(Account.PLATFORM_COMMISSION, part, line_id) for line_id, part in commissions),
        Entry(Account.PLATFORM_RECEIVABLE, -commission),
        *(Entry(Account.COST_OF_GOODS, line.cost, line.id) for line in lines),
        Entry(Account.INVENTORY, -cost),
    ]
    return Books(
        entries=tuple(entry for entry in entries if entry.amount_minor),
        income_minor=facts.paid_minor + subsidy,
        commission_minor=commission,
        cost_minor=cost,
        receivable_minor=facts.paid_minor + subsidy - commission,
    )


def _shares(facts: OrderFacts, approval: Approval | None) -> tuple[list[_Line], int]:
    """The lines with discount and cost worked out, and what is left that they cannot explain."""
    paid = paid_per_line(facts)
    goods = [line.goods_minor for line in facts.lines]
    own = [min(max(line.discount_minor, 0), g) for line, g in zip(facts.lines, goods, strict=True)]
    shared = [0] * len(goods)
    if paid is not None:
        own = [min(o, g - p) for o, g, p in zip(own, goods, paid, strict=True)]
        shared = [g - o - p for o, g, p in zip(own, goods, paid, strict=True)]
    costs = [line.quantity * (line.unit_cost_minor or 0) for line in facts.lines]
    if facts.are_goods_back:
        costs = [0] * len(goods)
    elif approval is not None and approval.cost_minor is not None and facts.lines:
        costs = apportion(approval.cost_minor, [max(g, 0) for g in goods])
    explained = sum(goods) - sum(own) - sum(shared) + facts.freight_minor
    lines = [
        _Line(line.order_line_id, *shares) for line, *shares in zip(facts.lines, goods, own, shared, costs, strict=True)
    ]
    return lines, explained - facts.paid_minor


def refund_entries(
    refund_minor: int, *, refunded_before_minor: int, goods_paid_minor: int, basis_points: int
) -> tuple[Entry, ...]:
    """One refund as reversing entries that sum to zero; the platform gives its commission back in step.

    The commission given back is the difference of the commission on what remains before and after, so that
    any number of part refunds gives back exactly what one whole refund would.
    """
    before = commission_of(goods_paid_minor - refunded_before_minor, basis_points)
    after = commission_of(goods_paid_minor - refunded_before_minor - refund_minor, basis_points)
    back = before - after
    entries = (
        Entry(Account.REFUNDS, refund_minor),
        Entry(Account.PLATFORM_RECEIVABLE, -refund_minor),
        Entry(Account.PLATFORM_RECEIVABLE, back),
        Entry(Account.PLATFORM_COMMISSION, -back),
    )
    return tuple(entry for entry in entries if entry.amount_minor)


def balance_of(entries: Sequence[Entry]) -> int:
    """Zero for books that balance."""
    return sum(entry.amount_minor for entry in entries)


def may_complete(state: str, *, is_confirmed: bool) -> str:
    """May the order be completed? Empty, or the code of the refusal."""
    if state == "cancelled":
        return "order_cancelled"
    if state == "returned":
        return "order_returned"
    if state not in ("shipped", "signed"):
        return "not_shipped"
    return "" if is_confirmed else "not_confirmed"


def follow_up_due_at(
    counted_from: str, days: int, *, shipped_at: datetime | None, signed_at: datetime | None
) -> datetime | None:
    """When the buyer is to be asked: full days after signing or shipping; None before that happened."""
    start = signed_at if counted_from == "signed" else shipped_at
    return start + timedelta(days=days) if start else None
