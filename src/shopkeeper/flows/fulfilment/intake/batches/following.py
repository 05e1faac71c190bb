"""What follows from an order being there to check: its deadlines, and the push where policy is continuous."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.rules import must_ship_before
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.clock import next_of
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import Policies, clock_times

Judged = Sequence[tuple[Mapping[str, Any], Sequence[str]]]  # (order row, codes of its open holds)


def arm_order_deadlines(step: Step, policy: Policies, orders: Judged, duties: Sequence[Arm] = ()) -> None:
    """O1.2: the promise to ship is watched; who must ship before the next session is raised now.

    `duties` are armed with these, in the one statement.
    """
    arms = list(duties)
    sessions = {shop: _next_session(step, policy, shop) for shop in {row["shop_id"] for row, _ in orders}}
    for row, codes in orders:
        order_id, shop_id, ship_by = row["id"], row["shop_id"], row["ship_by_at"]
        label = order_number(order_id)
        if ship_by is None:
            continue
        arms.append(Arm(deadlines.SHIP_BY, order_id, ship_by, shop_id, row["warehouse_id"], label))
        if not codes and _is_urgent(policy, shop_id, ship_by, sessions[shop_id]):
            arms.append(Arm(deadlines.URGENT_ORDER, order_id, step.now + timedelta(minutes=30), shop_id, None, label))
    arm(step, arms)


def _next_session(step: Step, policy: Policies, shop_id: int) -> Any:
    return next_of(step.now, clock_times(policy("check_times", shop_id)))


def _is_urgent(policy: Policies, shop_id: int, ship_by: Any, next_session: Any) -> bool:
    return bool(policy("check_mode", shop_id) == "sessions" and must_ship_before(ship_by, next_session))


def release_if_continuous(step: Step, policy: Policies, orders: Judged) -> None:
    """O1.2: under the policy `continuous` clean orders go to the warehouse on arrival."""
    clean = [
        row["id"]
        for row, codes in orders
        if not codes and row["warehouse_id"] and policy("check_mode", row["shop_id"]) == "continuous"
    ]
    release_orders.within(step, [ReleaseOrder(order_id) for order_id in clean])
