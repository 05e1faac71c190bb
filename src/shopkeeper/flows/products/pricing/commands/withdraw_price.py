"""P3.2: a plan is taken back before it begins, or a temporary one is ended before its time, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.pricing.commands.taking_effect import let_end
from shopkeeper.flows.products.pricing.deadlines import PRICE_APPROVAL, PRICE_END, PRICE_START, RETURNED_PRICE
from shopkeeper.flows.products.pricing.events import PriceWithdrawn
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.sql import plans as sql
from shopkeeper.flows.products.pricing.states import PLAN_FLOW, PlanState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class WithdrawPrice:
    plan_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P3.2", permission=Permission.PRICE_PROPOSE, scope=ShopOf("pricing_plan", "plan_id"))
def withdraw_price(step: Step, items: Sequence[WithdrawPrice]) -> list[Outcome]:
    """Withdraw plans that wait, were returned or are scheduled; end one with an end that is in force.

    Refused: "reason_needed"; "price_lasts" for a lasting plan in force, which only another price follows.
    What is over is unchanged.
    """
    ids = sorted({item.plan_id for item in items})
    sql.LOCK_SKUS.run(skus=sorted({row.sku_id for row in sql.PLANS.rows(ids=ids)}))
    rows = {row.id: row for row in sql.PLANS.rows(ids=ids)}
    taken: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.plan_id]
        outcome = unchanged(row.id) if row.id in taken else _judge(item, row)
        if outcome.changed:
            taken[row.id] = item.reason.strip()
        outcomes.append(outcome)
    _take_back(step, [rows[id_] for id_ in taken], taken)
    return outcomes


def _judge(item: WithdrawPrice, row: sql.PlanRow) -> Outcome:
    if not item.reason.strip():
        return refused("reason_needed", row.id)
    if row.state in (PlanState.WITHDRAWN, PlanState.ENDED):
        return unchanged(row.id)
    if row.state == PlanState.IN_FORCE and row.valid_to is None:
        return refused("price_lasts", row.id)
    return done(row.id)


def _take_back(step: Step, rows: Sequence[sql.PlanRow], reasons: dict[int, str]) -> None:
    if not rows:
        return
    waiting = [row.id for row in rows if row.state != PlanState.IN_FORCE]
    begun = [row for row in rows if row.state == PlanState.IN_FORCE]
    for reason in sorted({reasons[id_] for id_ in waiting}):
        step.move(PLAN_FLOW, [id_ for id_ in waiting if reasons[id_] == reason], PlanState.WITHDRAWN, reason)
    let_end(step, begun, reasons)
    for kind in (PRICE_APPROVAL, RETURNED_PRICE, PRICE_START):
        close(step, kind, waiting, Ending.CANCELLED)
    close(step, PRICE_END, [row.id for row in begun], Ending.CANCELLED)
    step.emit(*(PriceWithdrawn(row.id, row.sku_id, row.shop_id, reasons[row.id]) for row in rows))
