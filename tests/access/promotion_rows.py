"""A shop's promotions and coupons, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.marketing.promotions.queries.carts import AskedLine
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import machine_now

TODAY = machine_now()
TIMES = {"starts_at": TODAY, "ends_at": TODAY + timedelta(days=300)}
CLAIMS = {"claim_from": TODAY, "claim_to": TODAY + timedelta(days=100), "valid_to": TODAY + timedelta(days=200)}
TERMS = {"offer": {"kind": "reduction", "tiers": [[900_000, 100]]}, "needs_coupon": True}


@dataclass
class Promotions:
    in_review: int
    draft: int
    coupons: int


def promotions_of(shop: Shop) -> Promotions:
    """A promotion in review with coupons, and a draft of another."""
    in_review, draft = (
        _run("save_rule", shop_id=shop.pk, code=code, name="满减", terms=TERMS, **TIMES) for code in ("618", "1111")
    )
    _run("submit_rules", rule_id=in_review)
    coupons = _run("make_coupon_batch", rule_id=in_review, code="C1", name="券", total=9, **CLAIMS)
    return Promotions(in_review, draft, coupons)


def _run(_command: str, /, **fields: Any) -> int:
    outcome = COMMANDS[_command].one(SYSTEM, COMMANDS[_command].item(**fields))
    assert outcome.ok, (_command, outcome)
    return outcome.id or 0


def _item(_command: str, /, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[_command].item(
        **{name: value(place) if callable(value) else value for name, value in fields.items()}
    )


def _shop(place: Any) -> int:
    return place.shop.pk


def _in_review(place: Any) -> int:
    return place.promotions.in_review


PROMOTION_ITEMS: dict[str, Callable[[Any], Any]] = {
    "claim_coupons": _item("claim_coupons", batch_id=lambda p: p.promotions.coupons, shop_id=_shop, buyer="b1"),
    "confirm_usage": _item("confirm_usage", shop_id=_shop, order_no="P1"),
    "end_rules": _item("end_rules", rule_id=lambda p: p.promotions.draft, reason="不做了"),
    "make_coupon_batch": _item("make_coupon_batch", rule_id=_in_review, code="C2", name="券", total=9, **CLAIMS),
    "pause_rules": _item("pause_rules", rule_id=_in_review, reason="设错了"),
    "publish_rules": _item("publish_rules", rule_id=_in_review),
    "release_usage": _item("release_usage", shop_id=_shop, order_no="P1", reason="取消"),
    "reserve_usage": _item(
        "reserve_usage", shop_id=_shop, order_no="P1", buyer="b1", lines=lambda p: (AskedLine(p.sku.pk),)
    ),
    "resume_rules": _item("resume_rules", rule_id=_in_review),
    "return_rules": _item("return_rules", rule_id=_in_review, reason="力度太大"),
    "save_rule": _item("save_rule", shop_id=_shop, code="new", name="满减", terms=TERMS, **TIMES),
    "stop_coupon_batches": _item("stop_coupon_batches", batch_id=lambda p: p.promotions.coupons, reason="停发"),
    "submit_rules": _item("submit_rules", rule_id=lambda p: p.promotions.draft),
}
