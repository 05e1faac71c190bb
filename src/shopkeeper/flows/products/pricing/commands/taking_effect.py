"""P3.2: how a plan begins and ends, whoever lets it: others give way, SKUs get their prices, the day is kept."""

from collections.abc import Sequence
from datetime import time

from shopkeeper.flows.products.listing.commands.put_prices import PutPrices, put_prices
from shopkeeper.flows.products.pricing.deadlines import PRICE_DAYS, PRICE_END, PRICE_START
from shopkeeper.flows.products.pricing.events import PriceChanged
from shopkeeper.flows.products.pricing.sql import days, plans
from shopkeeper.flows.products.pricing.states import PLAN_FLOW, PlanState
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.clock import day_of, next_of
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.states import Ending

HOUSE = 1
JUST_AFTER_MIDNIGHT = [time(0, 10)]


def let_begin(step: Step, ready: Sequence[plans.PlanRow], labels: dict[int, str]) -> None:
    """Put plans into force that are due, set the clock for the others. `labels` are the codes of the SKUs."""
    due = [plan for plan in ready if plan.valid_from <= step.now]
    later = [plan for plan in ready if plan.valid_from > step.now]
    step.move(PLAN_FLOW, [plan.id for plan in later], PlanState.SCHEDULED)
    starts = [Arm(PRICE_START, p.id, p.valid_from, shop_id=p.shop_id, label=labels[p.sku_id]) for p in later]
    ends = [Arm(PRICE_END, p.id, p.valid_to, shop_id=p.shop_id, label=labels[p.sku_id]) for p in due if p.valid_to]
    arm(step, [*starts, *ends])
    if not due:
        return
    ids = [plan.id for plan in due]
    given_way = [row.id for row in plans.GIVE_WAY.rows(ids=ids)]
    step.move(PLAN_FLOW, given_way, PlanState.ENDED, "superseded")
    plans.END.run(ids=given_way, now=step.now)
    close(step, PRICE_END, given_way, Ending.CANCELLED)
    moved = {row.id for row in step.move(PLAN_FLOW, ids, PlanState.IN_FORCE)}
    plans.BEGIN.run(ids=ids, now=step.now)
    days.KEEP.run(ids=ids, day=day_of(step.now))
    _watch_days(step)
    _put(step, [plan.sku_id for plan in due])
    step.emit(*(PriceChanged(p.id, p.sku_id, p.shop_id, str(PlanState.IN_FORCE)) for p in due if p.id in moved))


def let_end(step: Step, ending: Sequence[plans.PlanRow], reasons: dict[int, str]) -> None:
    """End plans in force: what lies under them holds again."""
    if not ending:
        return
    ids = [plan.id for plan in ending]
    for reason in sorted({reasons[id_] for id_ in ids}):
        step.move(PLAN_FLOW, [id_ for id_ in ids if reasons[id_] == reason], PlanState.ENDED, reason)
    plans.END.run(ids=ids, now=step.now)
    _put(step, [plan.sku_id for plan in ending])
    step.emit(*(PriceChanged(p.id, p.sku_id, p.shop_id, str(PlanState.ENDED)) for p in ending))


def _put(step: Step, sku_ids: Sequence[int]) -> None:
    """The SKUs themselves say what is in force."""
    rows = plans.TO_PUT.rows(skus=sorted(set(sku_ids)))
    put_prices.within(step, [PutPrices(row.sku_id, row.price_minor, row.floor_minor, row.list_minor) for row in rows])


def _watch_days(step: Step) -> None:
    """From the first plan on, every day's lowest prices are kept."""
    if not days.WATCHED.rows():
        arm(step, [Arm(PRICE_DAYS, HOUSE, next_of(step.now, JUST_AFTER_MIDNIGHT))])
