"""Presale with a deposit (定金膨胀): D is paid now and counts as E later; promotions apply to the balance only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Presale:
    """Per unit: deposit D and what it is worth on the balance day, E ≥ D."""

    deposit_minor: int
    worth_minor: int

    def __post_init__(self) -> None:
        if not 0 < self.deposit_minor <= self.worth_minor:
            raise ValueError("a deposit is positive and never worth less than was paid")


@dataclass(frozen=True, slots=True)
class PresaleSum:
    """What a presale order comes to. The inflation is a shop discount and never cash."""

    deposit_minor: int
    balance_minor: int
    inflation_minor: int

    @property
    def paid_minor(self) -> int:
        """What is really paid, and so the most that can ever be refunded."""
        return self.deposit_minor + self.balance_minor


def presale_sum(goods_minor: int, quantity: int, presale: Presale) -> PresaleSum:
    """Deposit now and balance later, for goods priced after layers 1 to 3. A balance is never below zero."""
    deposit = presale.deposit_minor * quantity
    worth = min(presale.worth_minor * quantity, max(goods_minor, deposit))
    balance = max(0, goods_minor - worth)
    return PresaleSum(deposit, balance, max(0, goods_minor - deposit - balance))


def presale_refund(sum_: PresaleSum, *, balance_paid: bool, seller_defaults: bool, delivered: bool = False) -> int:
    """What goes back: all that was paid once the balance is; before it, the deposit only if the seller defaults.

    With `delivered` goods returned after receipt the same cap holds: money really paid.
    """
    if balance_paid or delivered:
        return sum_.paid_minor
    return sum_.deposit_minor if seller_defaults else 0
