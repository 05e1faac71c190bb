"""P3.2: what prices are judged by before anything is written: the SKU, its plans, the law, the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shopkeeper.flows.products.pricing.ports import Offered, promotion_stack
from shopkeeper.flows.products.pricing.rules import (
    Margin,
    Prices,
    Refusal,
    Span,
    margins,
    overlaps,
    price_refusal,
    strike_refusal,
    times_refusal,
    worst_of,
)
from shopkeeper.flows.products.pricing.sql import days, plans
from shopkeeper.flows.products.pricing.states import PlanState
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.money import Money
from shopkeeper.shared.outcomes import Outcome, refused, unchanged
from shopkeeper.sop.policy import policies


class Wish(Protocol):
    """Prices as somebody wishes them; a moment not given is now, a cost not given is the SKU's."""

    @property
    def shop_id(self) -> int | None: ...
    @property
    def sale_minor(self) -> int: ...
    @property
    def cost_minor(self) -> int | None: ...
    @property
    def list_minor(self) -> int | None: ...
    @property
    def discount_minor(self) -> int | None: ...
    @property
    def member_minor(self) -> int | None: ...
    @property
    def competitor_minor(self) -> int | None: ...
    @property
    def valid_from(self) -> datetime | None: ...
    @property
    def valid_to(self) -> datetime | None: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """Prices that may be proposed: with every margin, and whether a manager must approve them."""

    sku: plans.SkuRow
    shop_id: int | None
    prices: Prices
    span: Span
    worst_minor: int
    table: tuple[Margin, ...]
    needs_approval: bool
    reason: str

    @property
    def margin_basis_points(self) -> int:
        """The margin at the worst case, which is the lowest of all."""
        return self.table[-1].basis_points

    @property
    def target_basis_points(self) -> int:
        return self.table[-1].target_basis_points


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows of the SKUs at hand; the lowest price of the days before by place in the batch."""

    skus: Mapping[int, plans.SkuRow]
    live: Mapping[int, Sequence[plans.PlanRow]]
    lowest: Mapping[int, int | None]
    stacked: Mapping[Offered, int]


def known_of(step: Step, wishes: Sequence[tuple[int, Wish]], skus: Sequence[plans.SkuRow]) -> Known:
    """Read all that judging takes; however many wishes, the same statements. Wishes are (SKU id, wish)."""
    live: dict[int, list[plans.PlanRow]] = {row.id: [] for row in skus}
    for plan in plans.LIVE_PLANS.rows(skus=[row.id for row in skus]):
        live[plan.sku_id].append(plan)
    asked = [(sku_id, wish.shop_id, None, wish.valid_from or step.now) for sku_id, wish in wishes]
    known = {row.id: row for row in skus}
    offered = [one for sku_id, wish in wishes if sku_id in known for one in _offered(known[sku_id], wish)]
    return Known(known, live, lowest_before(step, asked), promotion_stack().worst_prices(offered))


def lowest_before(step: Step, asked: Sequence[tuple[int, int | None, int | None, datetime]]) -> dict[int, int | None]:
    """The lowest price in the policy's days before a moment, by place; asked are (SKU, shop, own plan, moment)."""
    policy = policies(step)
    spans = [
        (moment - timedelta(days=policy("strike_days", shop_id)), max(moment, step.now))
        for _, shop_id, _, moment in asked
    ]
    rows = days.LOWEST.rows(
        skus=[sku_id for sku_id, _, _, _ in asked],
        shops=[shop_id for _, shop_id, _, _ in asked],
        plans=[plan_id for _, _, plan_id, _ in asked],
        since_days=[day_of(since) for since, _ in spans],
        until_days=[day_of(until) + timedelta(days=1) for _, until in spans],
        sinces=[since for since, _ in spans],
        untils=[until for _, until in spans],
    )
    return {row.place - 1: row.lowest_minor for row in rows}


def judge(step: Step, place: int, sku_id: int, wish: Wish, known: Known) -> Judged | Outcome:
    """What becomes of one wish: the plan it makes, or why none."""
    sku = known.skus.get(sku_id)
    if sku is None:
        return refused("sku_unknown", sku_id)
    if not wish.reason.strip():
        return refused("reason_needed", sku_id)
    if wish.shop_id is None and step.actor.shops is not None:
        return refused("not_all_shops", sku_id)
    if sku.is_delisted:
        return refused("sku_delisted_price", sku_id, sku=sku.code)
    prices = _prices(wish, sku)
    span = Span(max(wish.valid_from or step.now, step.now), wish.valid_to)
    live = [plan for plan in known.live[sku_id] if plan.shop_id == wish.shop_id]
    twin = next((plan for plan in live if _is_twin(plan, prices, wish, span)), None)
    if twin:
        return unchanged(twin.id)
    code = times_refusal(span, step.now)
    if code:
        return refused(code, sku_id)
    wrong = price_refusal(prices) or strike_refusal(prices.list_minor, known.lowest.get(place))
    if wrong:
        return refused_price(wrong, sku, policies(step)("strike_days", wish.shop_id))
    if any(plan.state == PlanState.PROPOSED for plan in live):
        return refused("proposal_waits", sku_id)
    if overlaps(span, [Span(plan.valid_from, plan.valid_to) for plan in live]):
        return refused("price_overlaps", sku_id)
    return _judged(step, sku, wish, prices, span, known)


def _prices(wish: Wish, sku: plans.SkuRow) -> Prices:
    return Prices(
        sku.cost_minor if wish.cost_minor is None else wish.cost_minor,
        wish.sale_minor,
        wish.list_minor,
        wish.discount_minor,
        wish.member_minor,
        wish.competitor_minor,
    )


def prices_of(plan: plans.PlanRow) -> Prices:
    return Prices(
        plan.cost_minor,
        plan.sale_minor,
        plan.list_minor,
        plan.discount_minor,
        plan.member_minor,
        plan.competitor_minor,
    )


def _is_twin(plan: plans.PlanRow, prices: Prices, wish: Wish, span: Span) -> bool:
    """The same prices for the same time are the same request. Without a start, a plan that has begun will do."""
    same_start = plan.valid_from <= span.since if wish.valid_from is None else plan.valid_from == span.since
    if wish.valid_from is not None and wish.valid_from < span.since:
        same_start = plan.valid_from <= span.since
    return prices_of(plan) == prices and plan.valid_to == wish.valid_to and same_start


def refused_price(wrong: Refusal, sku: plans.SkuRow, strike_days: int) -> Outcome:
    """A refusal in words people can act on: which price, and the bound in money."""
    limit = "" if wrong.limit_minor is None else str(Money(wrong.limit_minor, sku.currency))
    return refused(wrong.code, sku.id, price=wrong.price, limit=limit, days=strike_days, sku=sku.code)


def _offered(sku: plans.SkuRow, wish: Wish) -> list[Offered]:
    return [Offered(sku.id, wish.shop_id, price) for price in sorted(set(_prices(wish, sku).offered.values()))]


def _judged(step: Step, sku: plans.SkuRow, wish: Wish, prices: Prices, span: Span, known: Known) -> Judged:
    policy = policies(step)
    stacked = {one.price_minor: known.stacked[one] for one in _offered(sku, wish)}
    worst = worst_of(prices, stacked)
    target = policy("target_margin_basis_points", wish.shop_id) if sku.target is None else sku.target
    table = margins(prices, worst, target)
    needed = policy("price_approval", wish.shop_id) == "always" or not table[-1].meets_target
    return Judged(sku, wish.shop_id, prices, span, worst, table, needed, wish.reason.strip())
