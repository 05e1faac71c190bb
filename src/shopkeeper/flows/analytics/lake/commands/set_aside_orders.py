"""D1.2: a data specialist takes an order out of the figures by hand, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.lake.commands.judging import enter, found_order, open_days
from shopkeeper.flows.analytics.lake.events import RowsSetAside
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.rules.cleaning import Verdict
from shopkeeper.flows.analytics.lake.sql import cleaning as sql
from shopkeeper.flows.analytics.lake.states import (
    SET_ASIDE_FLOW,
    CleaningRule,
    SetAsideState,
    Subject,
)
from shopkeeper.flows.fulfilment.intake.queries.facts import order_facts
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class SetAsideOrder:
    order_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="D1.2", permission=Permission.CLEAN, scope=ShopOf("intake_order", "order_id"))
def set_aside_orders(step: Step, items: Sequence[SetAsideOrder]) -> list[Outcome]:
    """Take orders, their lines and refunds out of the figures until a second person has confirmed it.

    An order that was put back goes out again with the new reason. Refused: "reason_needed". One that is out is
    unchanged.
    """
    wanted = {item.order_id: item.reason.strip() for item in reversed(items) if item.reason.strip()}
    keys = {str(order_id): order_id for order_id in wanted}
    known = {keys[row.key]: row for row in sql.LOCK_KEYS.rows(subject=str(Subject.ORDERS), keys=list(keys))}
    again = [row for row in known.values() if row.state == SetAsideState.PUT_BACK]
    _out_again(step, again, {row.id: wanted[int(row.key)] for row in again})
    fresh = [order for order in order_facts(wanted) if order.id not in known]
    found = [found_order(order, Verdict(order.id, CleaningRule.BY_HAND), wanted[order.id]) for order in fresh]
    entered = {int(row.key): row.id for row in enter(step, Subject.ORDERS, found)}
    entered |= {int(row.key): row.id for row in again}
    outcomes = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.order_id))
        elif item.order_id in entered:
            outcomes.append(done(item.order_id, set_aside_id=entered.pop(item.order_id)))
        else:
            outcomes.append(unchanged(item.order_id))
    return outcomes


def _out_again(step: Step, rows: Sequence[sql.VerdictRow], reasons: dict[int, str]) -> None:
    """What was put back is suspected again, by whoever says so now."""
    if not rows:
        return
    days = open_days(step, {row.shop_id for row in rows})
    step.move(SET_ASIDE_FLOW, [row.id for row in rows], SetAsideState.SUSPECTED)
    sql.AGAIN.run(
        now=step.now,
        actor=step.actor.id,
        ids=[row.id for row in rows],
        reasons=[reasons[row.id] for row in rows],
        days=[days[row.shop_id] for row in rows],
    )
    step.emit(*(RowsSetAside(r.id, r.shop_id, r.subject, r.key, str(CleaningRule.BY_HAND)) for r in rows))
