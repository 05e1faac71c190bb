"""The arithmetic of O4.1 holds for every amount: books balance, parts sum to the whole, nothing is invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.settlement.rules import (
    Approval,
    Entry,
    LineFacts,
    OrderFacts,
    Rates,
    balance_of,
    books_of,
    commission_of,
    doubt_of,
    follow_up_due_at,
    may_complete,
    paid_per_line,
    refund_entries,
)
from shopkeeper.flows.fulfilment.settlement.states import Account
from shopkeeper.shared.money import apportion

pytestmark = pytest.mark.clause("O4.1")

RATES = Rates(500)


def line(id_: int = 1, quantity: int = 1, price: int = 10_000, discount: int = 0, **fields: object) -> LineFacts:
    given_ = {
        "paid_minor": price * quantity - discount,
        "unit_cost_minor": 4_000,
        "cost_currency": "CNY",
    } | fields
    return LineFacts(id_, quantity, price, discount, **given_)  # type: ignore[arg-type]


def order(*lines: LineFacts, freight: int = 0, shared: int = 0, **fields: object) -> OrderFacts:
    goods = sum(each.goods_minor for each in lines)
    discount = sum(each.discount_minor for each in lines) + shared
    facts = OrderFacts(1, "CNY", goods, freight, discount, goods + freight - discount, lines)
    return replace(facts, **fields)  # type: ignore[arg-type]


def total(entries: tuple[Entry, ...], account: Account) -> int:
    return sum(entry.amount_minor for entry in entries if entry.account == account)


@st.composite
def orders(draw: st.DrawFn) -> OrderFacts:
    """Any order whose amounts add up: line discounts, one on the whole, freight, gifts, odd prices."""
    lines = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        price, quantity = draw(st.integers(0, 10**7)), draw(st.integers(0, 50))
        discount = draw(st.integers(0, price * quantity))
        lines.append(line(number, quantity, price, discount, unit_cost_minor=draw(st.integers(0, 10**6))))
    left = sum(each.goods_minor - each.discount_minor for each in lines)
    shared = draw(st.integers(0, left))
    facts = order(*lines, freight=draw(st.integers(0, 5_000)), shared=shared)
    if not draw(st.booleans()):
        return facts
    rooms = [each.goods_minor - each.discount_minor for each in lines]
    cuts = apportion(shared, rooms, rooms)
    told = tuple(replace(each, paid_minor=each.paid_minor - cut) for each, cut in zip(lines, cuts, strict=True))
    return replace(facts, lines=told)


rates = st.builds(Rates, st.integers(0, 5_000), st.sampled_from(["merchant", "platform"]))


@given(orders(), rates)
def test_every_settlement_balances(facts: OrderFacts, given_rates: Rates) -> None:
    books = books_of(facts, given_rates)
    assert balance_of(books.entries) == 0
    assert total(books.entries, Account.DIFFERENCE) == 0
    owed = total(books.entries, Account.PLATFORM_RECEIVABLE) + total(books.entries, Account.SUBSIDY_RECEIVABLE)
    assert owed == books.receivable_minor
    profit = -sum(
        total(books.entries, account)
        for account in Account
        if account not in (Account.PLATFORM_RECEIVABLE, Account.SUBSIDY_RECEIVABLE, Account.INVENTORY)
    )
    assert profit == books.margin_minor
    assert all(entry.amount_minor for entry in books.entries)


@given(orders(), rates)
def test_commission_over_lines_is_the_commission_of_the_order(facts: OrderFacts, given_rates: Rates) -> None:
    books = books_of(facts, given_rates)
    assert total(books.entries, Account.PLATFORM_COMMISSION) == books.commission_minor
    base = facts.paid_minor - facts.freight_minor
    assert books.commission_minor == commission_of(base, given_rates.commission_basis_points)
    assert 0 <= books.commission_minor <= max(base, 0)


@given(orders())
def test_what_lines_paid_is_what_the_order_paid(facts: OrderFacts) -> None:
    paid = paid_per_line(facts)
    assert paid is not None
    assert sum(paid) == facts.paid_minor - facts.freight_minor
    assert all(0 <= part <= each.goods_minor for part, each in zip(paid, facts.lines, strict=True))


@given(st.integers(0, 10**9), st.integers(0, 5_000), st.lists(st.integers(1, 10**8), max_size=8))
def test_refunds_in_parts_give_back_the_commission_of_one(base: int, points: int, parts: list[int]) -> None:
    before, back = 0, 0
    for part in parts:
        entries = refund_entries(part, refunded_before_minor=before, goods_paid_minor=base, basis_points=points)
        assert balance_of(entries) == 0
        before += part
        back -= total(entries, Account.PLATFORM_COMMISSION)
    whole = commission_of(base, points) - commission_of(base - before, points)
    assert back == whole
    assert 0 <= back <= commission_of(base, points)


@given(orders(), st.integers(-(10**9), 10**9), st.integers(0, 10**9))
def test_what_a_person_approves_balances_too(facts: OrderFacts, off: int, cost: int) -> None:
    odd = replace(facts, paid_minor=facts.paid_minor + off)
    books = books_of(odd, RATES, Approval("paid_unlike_lines", cost))
    assert balance_of(books.entries) == 0
    assert books.cost_minor == cost


@pytest.mark.parametrize(
    ("base", "points", "expected"),
    [(10_000, 500, 500), (10, 500, 1), (9, 500, 0), (1, 5_000, 1), (0, 500, 0), (-5, 500, 0), (199, 50, 1)],
)
def test_commission_is_rounded_half_up(base: int, points: int, expected: int) -> None:
    assert commission_of(base, points) == expected


def test_discounts_are_borne_by_whom_policy_says() -> None:
    facts = order(line(1, 2, 10_000, 1_000), line(2, 1, 5_000), freight=800, shared=2_400)
    merchant = books_of(facts, RATES)
    assert total(merchant.entries, Account.MERCHANT_DISCOUNT) == 3_400
    assert merchant.receivable_minor == facts.paid_minor - merchant.commission_minor
    platform = books_of(facts, Rates(500, "platform"))
    assert total(platform.entries, Account.MERCHANT_DISCOUNT) == 1_000
    assert total(platform.entries, Account.SUBSIDY_RECEIVABLE) == 2_400
    assert platform.margin_minor == merchant.margin_minor + 2_400


@pytest.mark.parametrize(
    ("facts", "doubt"),
    [
        (order(line()), None),
        (order(line(unit_cost_minor=None)), "cost_unknown"),
        (order(line(quantity=0, unit_cost_minor=None)), None),
        (order(line(cost_currency="USD")), "currency_unlike"),
        (order(line(cost_currency="", unit_cost_minor=0)), None),
        (order(line(), paid_minor=9_999), "paid_unlike_lines"),
        (order(line(), goods_minor=11_000, paid_minor=11_000), "paid_unlike_lines"),
        (order(line(quantity=-1)), "paid_unlike_lines"),
        (order(line(unit_cost_minor=9_501)), "negative_margin"),
        (order(line(unit_cost_minor=9_500)), None),
    ],
)
def test_what_a_person_must_look_at(facts: OrderFacts, doubt: str | None) -> None:
    assert doubt_of(facts, RATES) == doubt


@pytest.mark.parametrize(
    ("state", "confirmed", "code"),
    [
        ("shipped", True, ""),
        ("signed", True, ""),
        ("signed", False, "not_confirmed"),
        ("packed", True, "not_shipped"),
        ("cancelled", True, "order_cancelled"),
    ],
)
def test_when_an_order_may_complete(state: str, confirmed: bool, code: str) -> None:
    assert may_complete(state, is_confirmed=confirmed) == code


@pytest.mark.clause("O4.2")
def test_the_days_count_from_signing_or_from_shipping() -> None:
    shipped, signed = datetime(2026, 6, 1, 4, tzinfo=UTC), datetime(2026, 6, 3, 4, tzinfo=UTC)
    seven = timedelta(days=7)
    assert follow_up_due_at("signed", 7, shipped_at=shipped, signed_at=signed) == signed + seven
    assert follow_up_due_at("shipped", 7, shipped_at=shipped, signed_at=signed) == shipped + seven
    assert follow_up_due_at("signed", 7, shipped_at=shipped, signed_at=None) is None
