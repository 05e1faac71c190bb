"""The program's door to promotions: carts priced, reads; every command has its own address besides."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.carts import AskedCart, AskedLine, price_cart
from shopkeeper.flows.marketing.promotions.queries.coupons import BatchFilter, batches_page, coupons_in_hand
from shopkeeper.flows.marketing.promotions.queries.rules import RuleFilter, VersionRow, rule_record, rules_page
from shopkeeper.flows.marketing.promotions.queries.usage import pricing_of
from shopkeeper.flows.marketing.promotions.rules.codec import write_terms
from shopkeeper.flows.marketing.promotions.schemas import (
    Batches,
    BuyerQuestion,
    CartQuestion,
    CouponAnswer,
    PricedAnswer,
    PricingAnswer,
    RuleDetail,
    Rules,
)
from shopkeeper.foundation import business_time
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


@router.post("/price", response=PricedAnswer, operation_id="price_cart")
def price(request: HttpRequest, cart: CartQuestion) -> dict[str, Any]:
    """M2.3 What a cart costs now: the ledger per line, why each promotion took part or not. Nothing is written."""
    viewer = program(request, Permission.RULE_VIEW)
    if not viewer.sees_shop(cart.shop_id):
        raise Http404
    asked = AskedCart(
        cart.shop_id,
        tuple(AskedLine(line.sku_id, line.quantity) for line in cart.lines),
        cart.level,
        tuple(cart.segments),
        cart.is_new,
        tuple(cart.coupon_ids),
        cart.freight_minor,
        None if cart.chosen is None else tuple(cart.chosen),
    )
    found = price_cart(asked, buyer=cart.buyer)
    answer = {name: getattr(found, name) for name in PricedAnswer.model_fields}
    reasons = [
        {"rule_id": r.rule_id, "rule": r.rule, "name": r.name, "code": r.code, "words": r.words.both()}
        for r in found.reasons
    ]
    return {
        **answer,
        "lines": [asdict(line) for line in found.lines],
        "gifts": [asdict(gift) for gift in found.gifts],
        "reasons": reasons,
    }


@router.get("/rules", response=Rules, operation_id="list_promotions")
def rules(
    request: HttpRequest,
    state: str = "",
    shop_id: int | None = None,
    text: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Versions of promotions, newest first. `next` is the `after` of the next page."""
    viewer = program(request, Permission.RULE_VIEW)
    wanted = RuleFilter(state=state, text=text, shop_id=shop_id)
    rows, next_key = rules_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_version(row) for row in rows], "next": next_key}


@router.get("/rules/{rule_id}", response=RuleDetail, operation_id="get_promotion")
def rule(request: HttpRequest, rule_id: int) -> dict[str, Any]:
    """One promotion with all its versions, newest first: terms, what the conflict scan found, who decided."""
    found = rule_record(program(request, Permission.RULE_VIEW), rule_id)
    if found is None:
        raise Http404
    return {"id": rule_id, "versions": [_version(row) for row in found.versions]}


def _version(row: VersionRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in VersionRow.__dataclass_fields__},
        "says": row.says.both(),
        "terms": write_terms(row.terms),
        "below": row.below,
        "overlaps": row.overlaps,
        "findings": len(row.below),
    }


@router.get("/coupon-batches", response=Batches, operation_id="list_coupon_batches")
def coupon_batches(
    request: HttpRequest,
    tab: str = "",
    rule_id: int | None = None,
    shop_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Batches of coupons with their counters, newest first; `tab` is open, over or empty for all."""
    viewer = program(request, Permission.RULE_VIEW)
    wanted = BatchFilter(tab=tab, rule_id=rule_id, shop_id=shop_id)
    rows, next_key = batches_page(viewer, wanted, business_time.now(), after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [{**asdict(row), "left": row.left} for row in rows], "next": next_key}


@router.post("/coupons-in-hand", response=list[CouponAnswer], operation_id="list_coupons_in_hand")
def in_hand(request: HttpRequest, asked: BuyerQuestion) -> list[dict[str, Any]]:
    """The coupons a buyer may use now, what expires first in front."""
    viewer = program(request, Permission.COUPON_CLAIM)
    return [asdict(row) for row in coupons_in_hand(viewer, asked.shop_id, asked.buyer, business_time.now())]


@router.get("/orders/{shop_id}/{order_no}", response=PricingAnswer, operation_id="get_order_pricing")
def order_pricing(request: HttpRequest, shop_id: int, order_no: str) -> dict[str, Any]:
    """The price of an order placed through us: lines, ledger to the unit, versions, reasons."""
    found = pricing_of(program(request, Permission.RULE_VIEW), shop_id, order_no)
    if found is None:
        raise Http404
    return asdict(found)
