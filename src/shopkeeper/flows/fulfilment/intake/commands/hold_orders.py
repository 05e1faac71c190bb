"""O1.3: orders are held, by hand or because something stood in the way further on; the warehouse lets go."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.events import OrderHeld
from shopkeeper.flows.fulfilment.intake.holds import ALL_HOLDS
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import holds as hold_sql
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import ORDER_FLOW, OrderState
from shopkeeper.flows.products.stock.commands.release_promises import ReleasePromise, release_promises
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

HOLDABLE = (
    OrderState.TO_CHECK,
    OrderState.RELEASED,
    OrderState.PICKING,
    OrderState.TO_PACK,
    OrderState.PACKED,
)


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """`facts` are shown to whoever decides; no personal data in them."""

    order_id: int
    code: str = "by_hand"
    facts: dict[str, Any] = field(default_factory=dict)


@command(clause="O1.3", permission=Permission.ORDER_HOLD, scope=ShopOf("intake_order", "order_id"))
def hold_orders(step: Step, items: Sequence[HoldOrder]) -> list[Outcome]:
    """Hold orders; those in the warehouse come back to the check and give up what they were promised.

    Refused: "wrong_state" for orders not paid, already sent or ended; "hold_unknown". A hold that is open
    already stays as it is, with its time to decide: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    answers = [_judge(item, rows.get(item.order_id)) for item in items]
    holdable = [item for item, answer in zip(items, answers, strict=True) if answer.changed]
    if holdable:
        _hold(step, holdable, rows)
    return answers


def _judge(item: HoldOrder, row: sql.OrderRow | None) -> Outcome:
    if row is None or row.state not in HOLDABLE:
        return refused("wrong_state", item.order_id)
    if item.code not in ALL_HOLDS:
        return refused("hold_unknown", item.order_id)
    is_open = row.state == OrderState.TO_CHECK and item.code in row.open_holds
    return unchanged(item.order_id) if is_open else done(item.order_id)


def _hold(step: Step, holdable: Sequence[HoldOrder], rows: dict[int, sql.OrderRow]) -> None:
    ids = sorted({item.order_id for item in holdable})
    called_back = step.move(ORDER_FLOW, ids, OrderState.TO_CHECK, reason=", ".join(sorted({i.code for i in holdable})))
    release_promises.within(step, [ReleasePromise(moved.id) for moved in called_back])
    hold_sql.OPEN_HOLDS.run(
        orders=[item.order_id for item in holdable],
        codes=[item.code for item in holdable],
        facts=[json.dumps(item.facts, ensure_ascii=False) for item in holdable],
        never_passed=[item.code for item in holdable],
        now=step.now,
    )
    holds_left(step, ids)
    step.emit(
        *(OrderHeld(i, rows[i].shop_id, tuple(item.code for item in holdable if item.order_id == i)) for i in ids)
    )
