"""Stock arithmetic that is not a statement: who of a batch gets the last pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

Place = tuple[int, int]  # (sku_id, warehouse_id)


@dataclass(frozen=True, slots=True)
class Demand:
    """One order line's wish for pieces, in the order in which lines are served."""

    order_id: int
    place: Place
    quantity: int


def serve(demands: Sequence[Demand], available: dict[Place, int]) -> list[bool]:
    """First come, first served, all or nothing per order: True where the line's order is served.

    Demands must come grouped in serving order; lines of one order may be apart. An order that cannot have
    everything leaves what it could have had to the next.
    """
    left = dict(available)
    by_order: dict[int, dict[Place, int]] = {}
    for demand in demands:
        wish = by_order.setdefault(demand.order_id, {})
        wish[demand.place] = wish.get(demand.place, 0) + demand.quantity
    served = set()
    for order_id, wish in by_order.items():
        if all(left.get(place, 0) >= quantity for place, quantity in wish.items()):
            served.add(order_id)
            for place, quantity in wish.items():
                left[place] -= quantity
    return [demand.order_id in served for demand in demands]
