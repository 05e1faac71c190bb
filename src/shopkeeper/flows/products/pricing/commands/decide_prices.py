"""P3.2: a manager approves a plan below its target margin or returns it, with the reason; never one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.pricing.commands.judging import lowest_before, prices_of, refused_price
from shopkeeper.flows.products.pricing.commands.taking_effect import let_begin
from shopkeeper.flows.products.pricing.deadlines import PRICE_APPROVAL, RETURNED_PRICE
from shopkeeper.flows.products.pricing.events import PriceApproved, PriceReturned
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.rules import Span, overlaps, strike_refusal, times_refusal
from shopkeeper.flows.products.pricing.sql import plans as sql
from shopkeeper.flows.products.pricing.states import PLAN_FLOW, PlanState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

APPROVED = (PlanState.SCHEDULED, PlanState.IN_FORCE, PlanState.ENDED)


@dataclass(frozen=True, slots=True)
class ApprovePrice:
    plan_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P3.2", permission=Permission.PRICE_APPROVE, scope=ShopOf("pricing_plan", "plan_id"))
def approve_prices(step: Step, items: Sequence[ApprovePrice]) -> list[Outcome]:
    """Approve plans that wait; they take effect at their time.

    Refused: "reason_needed", "own_proposal", "plan_decided" otherwise, "sku_delisted_price"; what the law or
    time forbids by now: "strike_above_lowest", "strike_without_history", "price_time_backwards",
    "price_overlaps". An approved plan is unchanged.
    """
    rows = _locked([item.plan_id for item in items])
    skus = {row.id: row for row in sql.SKUS.rows(skus=sorted({row.sku_id for row in rows.values()}))}
    places = list(rows.values())
    lowest = lowest_before(step, [(p.sku_id, p.shop_id, p.id, max(p.valid_from, step.now)) for p in places])
    lowest_of = {plan.id: lowest.get(place) for place, plan in enumerate(places)}
    live = sql.LIVE_PLANS.rows(skus=sorted(skus))
    approved: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.plan_id]
        others = [plan for plan in live if (plan.sku_id, plan.shop_id) == (row.sku_id, row.shop_id)]
        outcome = _judge(step, item, row, APPROVED, is_repeated=row.id in approved)
        if outcome.changed:
            outcome = _still_possible(step, row, skus[row.sku_id], others, lowest_of[row.id])
        if outcome.changed:
            approved[row.id] = item.reason.strip()
        outcomes.append(outcome)
    _decide(step, approved)
    let_begin(step, [rows[id_] for id_ in approved], {row.id: row.code for row in skus.values()})
    step.emit(*(PriceApproved(id_, rows[id_].sku_id, rows[id_].shop_id, why) for id_, why in approved.items()))
    return outcomes


@dataclass(frozen=True, slots=True)
class ReturnPrice:
    plan_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P3.2", permission=Permission.PRICE_APPROVE, scope=ShopOf("pricing_plan", "plan_id"))
def return_prices(step: Step, items: Sequence[ReturnPrice]) -> list[Outcome]:
    """Return plans that wait, with the reason. Refused: "reason_needed", "own_proposal", "plan_decided" otherwise.

    A returned plan is unchanged; whoever prices is to mend it. One's own plan is withdrawn, not returned.
    """
    rows = _locked([item.plan_id for item in items])
    returned: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.plan_id]
        outcome = _judge(step, item, row, (PlanState.RETURNED,), is_repeated=row.id in returned)
        if outcome.changed:
            returned[row.id] = item.reason.strip()
        outcomes.append(outcome)
    _decide(step, returned)
    step.move(PLAN_FLOW, list(returned), PlanState.RETURNED)
    _have_mended(step, [rows[id_] for id_ in returned])
    step.emit(*(PriceReturned(id_, rows[id_].sku_id, rows[id_].shop_id, why) for id_, why in returned.items()))
    return outcomes


def _have_mended(step: Step, returned: Sequence[sql.PlanRow]) -> None:
    """Returned plans are somebody's work until they are proposed again or withdrawn."""
    if not returned:
        return
    hours, codes = policies(step), {row.id: row.code for row in sql.SKUS.rows(skus=[p.sku_id for p in returned])}
    arms = [
        Arm(
            RETURNED_PRICE,
            plan.id,
            step.now + timedelta(hours=hours("returned_price_hours", plan.shop_id)),
            shop_id=plan.shop_id,
            label=codes[plan.sku_id],
        )
        for plan in returned
    ]
    arm(step, arms)


def _locked(plan_ids: Sequence[int]) -> dict[int, sql.PlanRow]:
    """The plans with their SKUs held, read after the lock."""
    ids = sorted(set(plan_ids))
    sql.LOCK_SKUS.run(skus=sorted({row.sku_id for row in sql.PLANS.rows(ids=ids)}))
    return {row.id: row for row in sql.PLANS.rows(ids=ids)}


def _judge(
    step: Step,
    item: ApprovePrice | ReturnPrice,
    row: sql.PlanRow,
    already: tuple[PlanState, ...],
    *,
    is_repeated: bool,
) -> Outcome:
    if not item.reason.strip():
        return refused("reason_needed", row.id)
    if is_repeated or (row.state in already and row.decided_at is not None):
        return unchanged(row.id)
    if row.state != PlanState.PROPOSED:
        return refused("plan_decided", row.id)
    if row.proposed_by == step.actor.id and step.actor.kind != "system":
        return refused("own_proposal", row.id)
    return done(row.id)


def _still_possible(
    step: Step, row: sql.PlanRow, sku: sql.SkuRow, others: Sequence[sql.PlanRow], lowest: int | None
) -> Outcome:
    """Time has passed since the proposal: whether the plan may still begin."""
    if sku.is_delisted:
        return refused("sku_delisted_price", row.id, sku=sku.code)
    span = Span(max(row.valid_from, step.now), row.valid_to)
    code = times_refusal(span, step.now)
    if code:
        return refused(code, row.id)
    wrong = strike_refusal(prices_of(row).list_minor, lowest)
    if wrong:
        return refused_price(wrong, sku, policies(step)("strike_days", row.shop_id))
    if overlaps(span, [Span(p.valid_from, p.valid_to) for p in others if p.id != row.id]):
        return refused("price_overlaps", row.id)
    return done(row.id)


def _decide(step: Step, decided: dict[int, str]) -> None:
    if decided:
        sql.DECIDE.run(ids=list(decided), reasons=list(decided.values()), now=step.now, actor_id=step.actor.id)
        close(step, PRICE_APPROVAL, list(decided))
