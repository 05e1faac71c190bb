"""P3.2: plans begin and end at their time, and every day's lowest prices are kept, without anybody's hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.pricing.commands.judging import lowest_before
from shopkeeper.flows.products.pricing.commands.taking_effect import (
    HOUSE,
    JUST_AFTER_MIDNIGHT,
    let_begin,
    let_end,
)
from shopkeeper.flows.products.pricing.deadlines import PRICE_DAYS, PRICE_END, PRICE_START
from shopkeeper.flows.products.pricing.events import PriceWithdrawn
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.rules import strike_refusal
from shopkeeper.flows.products.pricing.sql import days, plans
from shopkeeper.flows.products.pricing.states import PLAN_FLOW, PlanState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE, ShopOf
from shopkeeper.shared.clock import day_of, next_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close

OF_PLAN = ShopOf("pricing_plan", "plan_id")


@dataclass(frozen=True, slots=True)
class StartPrice:
    plan_id: int


@command(clause="P3.2", permission=Permission.PRICE_APPLY, scope=OF_PLAN, internal=True)
def start_prices(step: Step, items: Sequence[StartPrice]) -> list[Outcome]:
    """Let scheduled plans begin that are due.

    What became impossible since is withdrawn and announced instead, refused "sku_delisted_price" or with the
    code of the law on strike-through prices. A plan that is not scheduled, or not due, is unchanged.
    """
    ids = sorted({item.plan_id for item in items})
    rows = _locked(ids)
    ready = {row.id: row for row in rows if row.state == PlanState.SCHEDULED and row.valid_from <= step.now}
    skus = {row.id: row for row in plans.SKUS.rows(skus=sorted({row.sku_id for row in ready.values()}))}
    lowest = lowest_before(step, [(p.sku_id, p.shop_id, p.id, p.valid_from) for p in ready.values()])
    codes = {}
    for place, plan in enumerate(ready.values()):
        wrong = strike_refusal(plan.list_minor, lowest.get(place))
        gone = "sku_delisted_price" if skus[plan.sku_id].is_delisted else ""
        codes[plan.id] = gone or (wrong.code if wrong else "")
    impossible = [plan for plan in ready.values() if codes[plan.id]]
    for code in sorted({codes[plan.id] for plan in impossible}):
        step.move(PLAN_FLOW, [p.id for p in impossible if codes[p.id] == code], PlanState.WITHDRAWN, code)
    step.emit(*(PriceWithdrawn(p.id, p.sku_id, p.shop_id, codes[p.id]) for p in impossible))
    let_begin(step, [p for p in ready.values() if not codes[p.id]], {row.id: row.code for row in skus.values()})
    close(step, PRICE_START, list(ready))
    return [
        unchanged(item.plan_id)
        if item.plan_id not in ready
        else refused(codes[item.plan_id], item.plan_id)
        if codes[item.plan_id]
        else done(item.plan_id)
        for item in items
    ]


@dataclass(frozen=True, slots=True)
class EndPrice:
    plan_id: int


@command(clause="P3.2", permission=Permission.PRICE_APPLY, scope=OF_PLAN, internal=True)
def end_prices(step: Step, items: Sequence[EndPrice]) -> list[Outcome]:
    """End plans whose time is over; what lies under them holds again. Others are unchanged."""
    rows = _locked(sorted({item.plan_id for item in items}))
    over = {
        row.id: row for row in rows if row.state == PlanState.IN_FORCE and row.valid_to and row.valid_to <= step.now
    }
    let_end(step, list(over.values()), dict.fromkeys(over, "time_over"))
    close(step, PRICE_END, list(over))
    return [done(item.plan_id) if item.plan_id in over else unchanged(item.plan_id) for item in items]


@dataclass(frozen=True, slots=True)
class KeepPriceDays:
    """The house whose prices are kept; there is one."""

    house_id: int


@command(clause="P3.2", permission=Permission.PRICE_APPLY, scope=EVERYWHERE, internal=True)
def keep_price_days(step: Step, items: Sequence[KeepPriceDays]) -> list[Outcome]:
    """Keep today's lowest price of every SKU with a plan in force, and set the clock for tomorrow."""
    kept = days.KEEP_ALL.run(day=day_of(step.now))
    arm(step, [Arm(PRICE_DAYS, HOUSE, next_of(step.now, JUST_AFTER_MIDNIGHT))])
    return [done(kept=kept) for _ in items]


def _locked(ids: Sequence[int]) -> list[plans.PlanRow]:
    """The plans with their SKUs held, read after the lock."""
    plans.LOCK_SKUS.run(skus=sorted({row.sku_id for row in plans.PLANS.rows(ids=ids)}))
    return plans.PLANS.rows(ids=ids)
