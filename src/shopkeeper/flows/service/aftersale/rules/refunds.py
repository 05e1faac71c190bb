"""The arithmetic of money going back: to the minor unit, and never more than was paid for the pieces.

A line's paid amount is split over its pieces once (largest remainder), so that part refunds in any order add up
to exactly what was paid, and each piece's share is the same whoever asks first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.aftersale.states import RefundState, UnderWay
from shopkeeper.shared.money import apportion


@dataclass(frozen=True, slots=True)
class LineMoney:
    """A bought line: pieces and money in all, and what of both was given back or promised already."""

    order_line_id: int
    quantity: int
    paid_minor: int
    given_quantity: int = 0
    given_minor: int = 0

    @property
    def left_quantity(self) -> int:
        return max(self.quantity - self.given_quantity, 0)

    @property
    def left_minor(self) -> int:
        return max(self.paid_minor - self.given_minor, 0)


@dataclass(frozen=True, slots=True)
class LineRefund:
    """What goes back of one line."""

    order_line_id: int
    quantity: int
    amount_minor: int


def refund_of_pieces(line: LineMoney, quantity: int) -> int:
    """What so many pieces of the line are worth: their shares, never above what is left.

    The last pieces take all that is left. Raises ValueError for more pieces than are left.
    """
    if not 0 <= quantity <= line.left_quantity:
        raise ValueError("more pieces than are left")
    if quantity == line.left_quantity and quantity:
        return line.left_minor
    shares = apportion(line.paid_minor, [1] * line.quantity) if line.quantity else []
    wanted = sum(shares[line.given_quantity : line.given_quantity + quantity])
    return min(wanted, line.left_minor)


def refund_of_lines(wanted: Sequence[tuple[LineMoney, int]], amount_minor: int | None = None) -> list[LineRefund]:
    """The refund of pieces of several lines; with an amount agreed, that amount spread over them by their worth.

    Raises ValueError where the amount is above what is left of these lines.
    """
    worth = [refund_of_pieces(line, quantity) for line, quantity in wanted]
    if amount_minor is not None and amount_minor != sum(worth):
        worth = apportion(
            amount_minor, worth if any(worth) else [1] * len(worth), [line.left_minor for line, _ in wanted]
        )
    return [
        LineRefund(line.order_line_id, quantity, amount) for (line, quantity), amount in zip(wanted, worth, strict=True)
    ]


def needs_second_person(amount_minor: int, limit_minor: int, *, outside_policy: bool) -> bool:
    """Whether somebody else must agree before this money goes out."""
    return outside_policy or amount_minor > limit_minor


_RUNNING = {
    RefundState.PROPOSED: UnderWay.PROPOSED,
    RefundState.APPROVED: UnderWay.APPROVED,
    RefundState.FAILED: UnderWay.FAILED,
}


def under_way(refunds: Iterable[tuple[str, bool]], *, is_replaced: bool) -> UnderWay | None:
    """What of a case is under way, from its refunds as (state, is compensation); None where nothing is.

    A compensation that was paid stands beside whatever else is agreed; the goods' money that was paid does not.
    """
    if is_replaced:
        return UnderWay.GOODS
    known = [(RefundState(state), beside) for state, beside in refunds]
    running = next((_RUNNING[state] for state, _ in known if state in _RUNNING), None)
    paid = any(state is RefundState.PAID and not beside for state, beside in known)
    return running or (UnderWay.PAID if paid else None)


def corrected(given: dict[int, int], left: dict[int, int], actual_minor: int) -> dict[int, int]:
    """What each line really gave where another amount went out than was meant; at most what the lines hold."""
    lines = list(given)
    room = [given[line] + left.get(line, 0) for line in lines]
    weights = [given[line] for line in lines]
    amounts = apportion(min(actual_minor, sum(room)), weights if any(weights) else [1] * len(lines), room)
    return dict(zip(lines, amounts, strict=True))
