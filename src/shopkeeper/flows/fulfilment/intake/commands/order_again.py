"""S2.3: an order of our own, without money, takes goods to the buyer of an earlier one: exchange and reissue.

It carries a number of ours that no platform knows. It is checked, promised, picked and sent like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.ports import OWN_PREFIX, ReceivedLine, ReceivedOrder, Receiver
from shopkeeper.flows.fulfilment.intake.queries import receivers_of
from shopkeeper.flows.fulfilment.intake.sql import own_orders as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import Erased
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class PieceAgain:
    """So many pieces of a SKU, as bought in a line."""

    sku_code: str
    title: str
    spec: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderAgain:
    """Goods to the buyer of `order_id`; `reference` names the new order, so that asking twice makes one."""

    order_id: int
    reference: Annotated[str, Field(min_length=1, max_length=40)]
    pieces: tuple[PieceAgain, ...]


@command(clause="S2.3", permission=Permission.ORDER_TAKE_IN, scope=ShopOf("intake_order", "order_id"), internal=True)
def order_again(step: Step, items: Sequence[OrderAgain]) -> list[Outcome]:
    """Make orders without money. Done and unchanged with the new order's id.

    Refused: "goods_needed", "buyer_erased" where nobody can say any more where it would go.
    """
    rows = {row.id: row for row in sql.SOURCES.rows(ids=sorted({item.order_id for item in items}))}
    receivers = _receivers(list(rows))
    known = {
        (row.shop_id, row.platform_no): row.id
        for row in sql.KNOWN.rows(
            shops=[rows[item.order_id].shop_id for item in items], numbers=[_number(item) for item in items]
        )
    }
    outcomes: list[Outcome | int] = []
    wanted: dict[str, tuple[ReceivedOrder, int]] = {}  # number → the order, and the one it comes from
    for item in items:
        source, receiver, number = rows[item.order_id], receivers.get(item.order_id), _number(item)
        if (source.shop_id, number) in known:
            outcomes.append(unchanged(known[source.shop_id, number]))
        elif not item.pieces:
            outcomes.append(refused("goods_needed", item.order_id))
        elif receiver is None:
            outcomes.append(refused("buyer_erased", item.order_id))
        else:
            wanted.setdefault(number, (_order(step, item, source, receiver), source.id))
            outcomes.append(list(wanted).index(number))
    taken = take_in_orders.within(step, [order for order, _ in wanted.values()])
    sql.GIVE_TO_BUYER.run(
        numbers=list(wanted),
        shops=[order.shop_id for order, _ in wanted.values()],
        sources=[source_id for _, source_id in wanted.values()],
    )
    told: set[int] = set()
    return [_answer(given, taken, told) if isinstance(given, int) else given for given in outcomes]


def _number(item: OrderAgain) -> str:
    return f"{OWN_PREFIX}{item.reference}"


def _answer(position: int, taken: Sequence[Outcome], told: set[int]) -> Outcome:
    """The order as it was taken in; named twice in one batch, it was made once."""
    outcome = taken[position]
    if not outcome.ok or position in told:
        return outcome if not outcome.ok else unchanged(outcome.id)
    told.add(position)
    return done(outcome.id)


def _receivers(order_ids: Sequence[int]) -> Mapping[int, Receiver]:
    """Receivers in plain, one by one where some were erased."""
    try:
        return receivers_of(order_ids)
    except Erased:
        found: dict[int, Receiver] = {}
        for order_id in order_ids if len(order_ids) > 1 else ():
            found |= _receivers([order_id])
        return found


def _order(step: Step, item: OrderAgain, source: sql.SourceRow, receiver: Receiver) -> ReceivedOrder:
    lines = tuple(
        ReceivedLine(
            platform_line_no=str(number),
            platform_item_no="",
            platform_sku_no="",
            outer_code=piece.sku_code,
            title=piece.title,
            spec=piece.spec,
            quantity=piece.quantity,
            price_minor=0,
            discount_minor=0,
            paid_minor=0,
            is_gift=True,  # costs the buyer nothing, so no price is odd
        )
        for number, piece in enumerate(item.pieces, start=1)
    )
    return ReceivedOrder(
        shop_id=source.shop_id,
        platform_no=_number(item),
        platform_state="OWN",
        state="to_ship",
        placed_at=step.now,
        paid_at=step.now,
        modified_at=step.now,
        ship_by_at=None,
        ended_at=None,
        currency=source.currency,
        goods_minor=0,
        freight_minor=0,
        discount_minor=0,
        paid_minor=0,
        buyer_ref="",
        receiver_token=source.receiver_token,
        receiver=receiver,
        buyer_remark="",
        seller_memo="",
        seller_flag="",
        lines=lines,
        raw=b"{}",
    )
