"""The program's door to prices: reads; every command has its own address besides."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.queries.in_force import prices_in_force
from shopkeeper.flows.products.pricing.queries.plans import PlanFilter, plan_record, plans_page, targets
from shopkeeper.flows.products.pricing.schemas import PlanDetail, Plans, PriceInForceAnswer, TargetAnswer
from shopkeeper.shared.errors import BusinessError
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
SKUS_AT_ONCE = 1_000


@router.get("/plans", response=Plans, operation_id="list_price_plans")
def plans(
    request: HttpRequest,
    state: str = "",
    shop_id: int | None = None,
    code: str = "",
    below: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Price plans, newest first; `below`: only those below their target. `next` is the `after` of the next page."""
    viewer = program(request, Permission.PRICE_VIEW)
    wanted = PlanFilter(state=state, shop_id=shop_id, text=code, below=below)
    rows, next_key = plans_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/plans/{plan_id}", response=PlanDetail, operation_id="get_price_plan")
def plan(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """One plan with the margin at every price and the lowest prices of the days before."""
    found = plan_record(program(request, Permission.PRICE_VIEW), plan_id)
    if found is None:
        raise Http404
    table = [{**asdict(margin), "meets_target": margin.meets_target} for margin in found.row.margins]
    return {
        **asdict(found.row),
        "margins": table,
        "proposed_by": found.proposed_by,
        "decided_by": found.decided_by,
        "days_before": [{"day": day, "lowest_minor": minor} for day, minor in found.days],
    }


@router.get("/in-force", response=list[PriceInForceAnswer], operation_id="list_prices_in_force")
def in_force(request: HttpRequest, sku_ids: str, shop_id: int | None = None) -> list[dict[str, Any]]:
    """The prices that hold now; `sku_ids` are separated by commas. A SKU without a plan is left out."""
    viewer = program(request, Permission.PRICE_VIEW)
    if not viewer.sees_shop(shop_id):
        raise Http404
    ids = [part for part in sku_ids.split(",") if part]
    if not all(part.isdecimal() and len(part) < 19 for part in ids):
        raise BusinessError("bad_request")
    return [asdict(price) for price in prices_in_force(list(map(int, ids[:SKUS_AT_ONCE])), shop_id).values()]


@router.get("/targets", response=list[TargetAnswer], operation_id="list_target_margins")
def target_margins(request: HttpRequest) -> list[dict[str, Any]]:
    """The target margins of categories; what has none follows the policy `target_margin_basis_points`."""
    program(request, Permission.PRICE_VIEW)
    return [asdict(row) for row in targets()]
