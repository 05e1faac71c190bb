"""O4.1: money that went back to the buyer is booked by reversing entries of its own, once per refund."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.settlement.commands.booking import Settled, book_waiting_refunds
from shopkeeper.flows.fulfilment.settlement.events import RefundNoted
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.flows.fulfilment.settlement.states import SettlementState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class BookRefund:
    """One refund; `reference` names it, so that hearing of it twice books it once."""

    order_id: int
    refund_minor: int
    reference: Annotated[str, Field(min_length=1, max_length=80)]


@command(
    clause="O4.1",
    permission=Permission.SETTLEMENT_SETTLE,
    scope=ShopOf("intake_order", "order_id"),
    internal=True,
)
def book_refunds(step: Step, items: Sequence[BookRefund]) -> list[Outcome]:
    """Note refunds; those of settled orders are booked now, the others together with their settlement.

    Internal, because only the platform's own refund may be booked. A reference already known is unchanged;
    "refund_not_positive" where there is nothing to book.
    """
    wanted = [item for item in items if item.refund_minor > 0]
    orders = sorted({item.order_id for item in wanted})
    sql.LOCK_ORDERS.run(orders=orders)
    rows = {row.id: row for row in sql.ORDERS.rows(orders=orders)}
    noted = sql.NOTE_REFUNDS.rows(
        now=step.now,
        orders=[item.order_id for item in wanted],
        shops=[rows[item.order_id].shop_id for item in wanted],
        references=[item.reference for item in wanted],
        amounts=[item.refund_minor for item in wanted],
    )
    given = {(item.order_id, item.reference): item.refund_minor for item in reversed(wanted)}
    step.emit(
        *(RefundNoted(row.order_id, rows[row.order_id].shop_id, given[row.order_id, row.reference]) for row in noted)
    )
    settled = [row for row in rows.values() if row.settlement_state == SettlementState.SETTLED]
    book_waiting_refunds(
        step,
        [
            Settled(
                row,
                row.settlement_id or 0,
                row.goods_paid_minor or 0,
                row.commission_basis_points or 0,
                row.refund_minor or 0,
            )
            for row in settled
        ],
    )
    fresh = {(row.order_id, row.reference) for row in noted}
    outcomes = []
    for item in items:
        key = (item.order_id, item.reference)
        if item.refund_minor <= 0:
            outcomes.append(refused("refund_not_positive", item.order_id))
        else:
            outcomes.append(done(item.order_id) if key in fresh else unchanged(item.order_id))
            fresh.discard(key)
    return outcomes
