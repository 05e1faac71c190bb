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


@dataclass(frozen=True, slots=True)
class Count:
    """A lot before it was counted: pieces on hand, of them allotted to orders; `free` pieces of its balance."""

    on_hand: int
    allotted: int
    free: int
    is_quarantine: bool


def count_refusal(count: Count, counted: int) -> str:
    """Why a lot cannot hold just what was counted, or ''. Allotted and promised pieces must stay covered."""
    if counted < count.allotted:
        return "counted_below_allotted"
    if not count.is_quarantine and count.free + counted - count.on_hand < 0:
        return "counted_below_promised"
    return ""


@dataclass(frozen=True, slots=True)
class RestockFacts:
    """What a suggestion follows from. `demand` pieces left in the last `demand_days`."""

    free: int
    threshold: int
    demand: int
    demand_days: int
    lead_days: int
    cover_days: int
    pack_size: int = 1


def suggested_quantity(facts: RestockFacts) -> int:
    """Pieces to order: what sells until the delivery and while it is to last, on top of the threshold, in packs.

    10 free, threshold 10, 60 sold in 30 days, 7 days of lead and 14 of cover: 10 + 60/30 × 21 − 10 = 42.
    """
    sold_meanwhile = -(-facts.demand * (facts.lead_days + facts.cover_days) // facts.demand_days)
    missing = max(1, facts.threshold + sold_meanwhile - facts.free)
    return -(-missing // facts.pack_size) * facts.pack_size


def with_waiting(suggested: int, waiting: int, pack_size: int = 1) -> int:
    """The suggestion and what waiting orders were not promised, in packs: theirs are gone as soon as they come."""
    return -(-(suggested + waiting) // pack_size) * pack_size


def days_left(free: int, demand: int, demand_days: int, most: int) -> int:
    """Whole days until nothing is left at this demand: at least one, at most `most`."""
    if demand <= 0:
        return most
    return min(most, max(1, free * demand_days // demand))
