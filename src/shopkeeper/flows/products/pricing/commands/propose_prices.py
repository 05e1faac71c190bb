"""P3.2: the product specialist proposes prices; what meets its target takes effect, the rest waits for a manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.pricing.commands.judging import Judged, judge, known_of
from shopkeeper.flows.products.pricing.commands.taking_effect import let_begin
from shopkeeper.flows.products.pricing.deadlines import PRICE_APPROVAL, RETURNED_PRICE
from shopkeeper.flows.products.pricing.events import PriceProposed
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.sql import plans as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class ProposePrice:
    """Prices of one SKU in minor units of its currency, in one shop or (None) in all without a plan of their own.

    `list_minor` is the strike-through price. Without `valid_from` at once; without `valid_to` until the next.
    """

    sku_id: int
    sale_minor: int
    reason: Annotated[str, Field(max_length=300)]
    shop_id: int | None = None
    cost_minor: int | None = None
    list_minor: int | None = None
    discount_minor: int | None = None
    member_minor: int | None = None
    competitor_minor: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@command(clause="P3.2", permission=Permission.PRICE_PROPOSE, scope=InShop())
def propose_prices(step: Step, items: Sequence[ProposePrice]) -> list[Outcome]:
    """Propose price plans. Done with `facts`: the state they are in, the margin at the worst case, the target.

    Refused: "sku_unknown", "sku_delisted_price", "reason_needed", "not_all_shops"; "price_zero",
    "price_negative", "price_too_high", "price_below_cost", "price_out_of_order", "cost_unknown_for_price";
    "strike_not_above_sale", "strike_above_lowest", "strike_without_history"; "price_time_backwards",
    "price_too_far_ahead", "price_overlaps", "proposal_waits". The same plan again is unchanged.
    """
    sku_ids = sorted({item.sku_id for item in items})
    sql.LOCK_SKUS.run(skus=sku_ids)
    known = known_of(step, [(item.sku_id, item) for item in items], sql.SKUS.rows(skus=sku_ids))
    answers = [judge(step, place, item.sku_id, item, known) for place, item in enumerate(items)]
    return write_plans(step, answers)


def write_plans(step: Step, answers: Sequence[Judged | Outcome]) -> list[Outcome]:
    """Write what was judged fit; the outcome of each, in order."""
    fit = [answer for answer in answers if isinstance(answer, Judged)]
    ids = _insert(step, fit)
    waiting = [(id_, plan) for id_, plan in zip(ids, fit, strict=True) if plan.needs_approval]
    free = [id_ for id_, plan in zip(ids, fit, strict=True) if not plan.needs_approval]
    labels = {plan.sku.id: plan.sku.code for plan in fit}
    _end_mending(step, fit)
    arm(
        step,
        [
            Arm(PRICE_APPROVAL, id_, _due_at(step, plan), shop_id=plan.shop_id, label=plan.sku.code)
            for id_, plan in waiting
        ],
    )
    step.emit(
        *(
            PriceProposed(
                id_,
                plan.sku.id,
                plan.shop_id,
                plan.margin_basis_points,
                plan.target_basis_points,
                plan.needs_approval,
            )
            for id_, plan in zip(ids, fit, strict=True)
        )
    )
    let_begin(step, sql.PLANS.rows(ids=free) if free else [], labels)
    made = iter(zip(ids, fit, strict=True))
    return [answer if isinstance(answer, Outcome) else outcome_of(step, *next(made)) for answer in answers]


def outcome_of(step: Step, plan_id: int | None, plan: Judged) -> Outcome:
    """What a proposer is told: where the plan stands and what is left at the worst."""
    state = "proposed" if plan.needs_approval else "scheduled" if plan.span.since > step.now else "in_force"
    return done(
        plan_id,
        state=state,
        margin_basis_points=plan.margin_basis_points,
        target_basis_points=plan.target_basis_points,
        worst_minor=plan.worst_minor,
    )


def _end_mending(step: Step, fit: Sequence[Judged]) -> None:
    """What was returned in the same place is mended by the new proposal."""
    if fit:
        places = {"skus": [plan.sku.id for plan in fit], "shops": [plan.shop_id for plan in fit]}
        close(step, RETURNED_PRICE, [row.id for row in sql.MENDED.rows(**places)])


def _due_at(step: Step, plan: Judged) -> datetime:
    return step.now + timedelta(hours=policies(step)("price_approval_hours", plan.shop_id))


def _insert(step: Step, fit: Sequence[Judged]) -> list[int]:
    if not fit:
        return []
    rows = [
        {
            "sku_id": plan.sku.id,
            "shop_id": plan.shop_id,
            "currency": plan.sku.currency,
            "cost_minor": plan.prices.cost_minor,
            "competitor_minor": plan.prices.competitor_minor,
            "list_minor": plan.prices.list_minor,
            "sale_minor": plan.prices.sale_minor,
            "discount_minor": plan.prices.discount_minor,
            "member_minor": plan.prices.member_minor,
            "lowest_minor": plan.prices.lowest_minor,
            "worst_minor": plan.worst_minor,
            "margin_basis_points": plan.margin_basis_points,
            "target_basis_points": plan.target_basis_points,
            "valid_from": plan.span.since,
            "valid_to": plan.span.until,
            "reason": plan.reason,
            "due_at": _due_at(step, plan) if plan.needs_approval else None,
        }
        for plan in fit
    ]
    return [row.id for row in sql.PROPOSE.rows(now=step.now, actor_id=step.actor.id, plans=as_json(rows))]
