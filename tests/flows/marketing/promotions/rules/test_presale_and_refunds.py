"""M2.3: deposits that grow, and what goes back of a gift or a deposit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.promotions.rules.offers import Gift
from shopkeeper.flows.marketing.promotions.rules.presale import Presale, presale_refund, presale_sum
from shopkeeper.flows.marketing.promotions.rules.refunds import deducted_gifts, next_units, refundable
from tests.flows.marketing.promotions.rules.carts import priced, promotion

pytestmark = pytest.mark.clause("M2.3")


def test_a_deposit_of_100_that_counts_150() -> None:
    total = presale_sum(99_900, 1, Presale(10_000, 15_000))
    assert (total.deposit_minor, total.balance_minor, total.inflation_minor) == (10_000, 84_900, 5_000)


def test_inflation_is_never_cash() -> None:
    total = presale_sum(99_900, 1, Presale(10_000, 15_000))
    assert presale_refund(total, balance_paid=True, seller_defaults=False) == 94_900
    assert presale_refund(total, balance_paid=False, seller_defaults=True) == 10_000
    assert presale_refund(total, balance_paid=False, seller_defaults=False) == 0


@given(st.integers(1, 200_000), st.integers(1, 5), st.integers(1, 50_000), st.integers(0, 50_000))
def test_deposit_balance_and_inflation_come_to_the_goods(goods: int, quantity: int, deposit: int, more: int) -> None:
    total = presale_sum(goods, quantity, Presale(deposit, deposit + more))
    assert total.balance_minor >= 0 and total.inflation_minor >= 0
    if goods >= deposit * quantity:
        assert total.deposit_minor + total.balance_minor + total.inflation_minor == goods


def test_a_deposit_worth_less_than_was_paid_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="deposit"):
        Presale(100, 99)


def test_a_gift_that_is_kept_is_deducted_at_its_agreed_value() -> None:
    result = priced(promotion(1, Gift((7,), quantity=2, cost_minor=300)))
    assert deducted_gifts(result, {1: 1}) == 300
    assert deducted_gifts(result, {1: 5}) == 600
    assert deducted_gifts(result, {}) == 0


def test_a_unit_that_is_not_there_cannot_go_back() -> None:
    result = priced()
    with pytest.raises(ValueError, match="no such unit"):
        refundable(result, "a", [], [1])
    with pytest.raises(ValueError, match="more pieces"):
        next_units(1, [0], 1)
