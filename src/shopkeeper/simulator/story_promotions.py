"""The story of the campaign's promotion: written, reviewed, coupons given out and used, to the piece (M2.3)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import CHOSEN
from shopkeeper.simulator.story_campaign import LIVE_DAY, at

SAVE, SUBMIT, PUBLISH = "promotions/save-rule", "promotions/submit-rules", "promotions/publish-rules"
BATCH, CLAIM = "promotions/make-coupon-batch", "promotions/claim-coupons"
RESERVE, CONFIRM = "promotions/reserve-usage", "promotions/confirm-usage"
OFF_MINOR = 2_000
FANS = tuple(f"AAH-fan{number}" for number in range(1, 6))  # by what the platform names them to us


def _rule(cast: Cast) -> dict[str, Any]:
    """Amount off with a coupon, for the chosen goods; good on the day alone."""
    offer = {"kind": "reduction", "tiers": [[15_000, OFF_MINOR]]}
    terms = {"layer": "shop", "offer": offer, "skus": [cast.made["celadon_sku"]], "needs_coupon": True}
    span = {"starts_at": at(cast, LIVE_DAY, 9), "ends_at": at(cast, LIVE_DAY, 20)}
    return {"shop_id": 1, "code": "Q150-20", "name": "梅子青满 150 减 20", "terms": terms, **span}


def written(cast: Cast) -> None:
    """M2.3: the rule is written; nonsense is refused, and whoever writes does not decide."""
    rule = _rule(cast)
    cast.expect("促销规则", "service", SAVE, [rule], "not_allowed")
    more = {**rule["terms"], "offer": {"kind": "reduction", "tiers": [[15_000, 16_000]]}}
    cast.expect("促销规则", "campaigns", SAVE, [{**rule, "terms": more}], "more_off_than_threshold")
    backwards = {**rule, "ends_at": at(cast, LIVE_DAY, 8)}
    cast.expect("促销规则", "campaigns", SAVE, [backwards], "rule_time_backwards")
    cast.made["rule"] = cast.expect("促销规则", "supervisor", SAVE, [rule])[0]["id"]
    mine = [{"rule_id": cast.made["rule"]}]
    found = cast.expect("促销规则", "campaigns", SUBMIT, mine)[0]["facts"]
    cast.insist(
        "促销规则", found["scanned"] > 0, f"冲突扫描 {found['scanned']} 个 SKU，低于成本 {found['findings']} 个"
    )
    cast.expect("促销规则", "campaigns", PUBLISH, mine, "not_allowed")
    cast.expect("促销规则", "supervisor", PUBLISH, mine, "own_rule")


def published_late(cast: Cast) -> None:
    """M2.3: reviewed after its four hours; then the coupons, as many as there are and no more."""
    mine = {"rule_id": cast.made["rule"]}
    cast.expect("促销规则", "manager", "promotions/return-rules", [{**mine, "reason": ""}], "reason_needed")
    cast.expect("促销规则", "manager", PUBLISH, [mine])
    span = {"claim_from": at(cast, 4, 12), "claim_to": at(cast, LIVE_DAY, 18), "valid_to": at(cast, LIVE_DAY, 20)}
    batch = {**mine, "code": "Q80", "name": "梅子青券", "total": 80, "per_buyer": 1, **span}
    cast.expect("优惠券", "campaigns", BATCH, [{**batch, "total": 0}], "batch_numbers")
    cast.made["batch"] = cast.expect("优惠券", "campaigns", BATCH, [batch])[0]["id"]
    few = {**batch, "code": "Q3", "name": "老客先领券", "total": 3}
    cast.made["few"] = cast.expect("优惠券", "campaigns", BATCH, [few])[0]["id"]
    _claimed(cast)


def _claimed(cast: Cast) -> None:
    """Five ask for three coupons; nobody gets a second one; the same claim again is the same coupon."""
    claims = [{"batch_id": cast.made["few"], "shop_id": 1, "buyer": fan} for fan in FANS]
    outcomes = cast.house.do("service", CLAIM, claims)
    said = [outcome["code"] or outcome["result"] for outcome in outcomes]
    cast.insist("领券", said == ["done"] * 3 + ["batch_empty"] * 2, "五人抢三张：三人领到，两人告知已领完")
    cast.expect("领券", "service", CLAIM, claims[:1], "unchanged")
    cast.expect("领券", "service", CLAIM, [{**claims[0], "nth": 2}], "batch_limit")
    cast.expect("领券", "service2", CLAIM, claims[:1], "not_found")
    wide = [{**claim, "batch_id": cast.made["batch"]} for claim in claims[3:]]
    rest = cast.expect("领券", "service", CLAIM, wide)
    for fan, outcome in zip(FANS, [*outcomes[:3], *rest], strict=True):
        cast.made[f"coupon_{fan}"] = outcome["id"]
    few = next(
        row
        for row in cast.house.get("campaigns", "promotions/coupon-batches", rule_id=cast.made["rule"])["items"]
        if row["id"] == cast.made["few"]
    )
    cast.insist("领券", (few["claimed"], few["left"]) == (3, 0), "领出 3 张，余 0 张，一张不多")


def paid_with_coupons(cast: Cast) -> None:
    """M2.3: in the campaign: priced to the fen, held while unpaid, used once paid; one buyer lets the time pass."""
    sku = cast.made["celadon_sku"]
    cart = {"shop_id": 1, "lines": [{"sku_id": sku, "quantity": 1}], "buyer": FANS[0]}
    for name, fan in zip(("fan1", "fan2", "fan3", "fan4"), FANS, strict=False):
        cast.place(name, CHOSEN.code, paid=False, discount_fee="20", buyer_open_uid=fan, buyer_nick=fan)
        hold = {**cart, "buyer": fan, "order_no": str(cast.tids[name]), "coupon_ids": [cast.made[f"coupon_{fan}"]]}
        if name == "fan1":
            cast.expect("用券", "campaigns", RESERVE, [{**hold, "expected_minor": 15_800}], "price_changed")
        held = cast.expect("用券", "campaigns", RESERVE, [{**hold, "expected_minor": 13_800}])[0]
        cast.insist("用券", held["facts"]["payable_minor"] == 13_800, f"{name} 满 150 减 20，应付 138.00 元")
        if name != "fan4":
            cast.shopper(name, "pay")
    cast.note_orders("fan1", "fan2", "fan3", "fan4")
    clean = all(not cast.row(name)["open_holds"] for name in ("fan1", "fan2", "fan3"))
    cast.insist("用券", clean, "平台实付与规则一致，订单不挂起")
    done = {"shop_id": 1, "order_no": str(cast.tids["fan1"])}
    cast.expect("核销", "campaigns", CONFIRM, [done], "unchanged")
    cast.expect("核销", "campaigns", CONFIRM, [{**done, "order_no": "没有这单"}], "order_not_priced")
    cast.insist("核销", _used(cast) == 3, "三张券随付款核销")


def _used(cast: Cast) -> int:
    rows = cast.house.get("campaigns", "promotions/coupon-batches", rule_id=cast.made["rule"])["items"]
    return sum(int(row["used"]) for row in rows)


def unpaid_released(cast: Cast) -> None:
    """M2.3: half an hour unpaid, and the coupon is free again; the buyer takes the order back."""
    order = {"shop_id": 1, "order_no": str(cast.tids["fan4"])}
    cast.expect("核销", "campaigns", CONFIRM, [order], "order_released")
    cast.shopper("fan4", "cancel")
    mine = cast.house.ask("service", "promotions/coupons-in-hand", {"shop_id": 1, "buyer": FANS[3]})
    cast.insist("核销", len(mine) == 1, "未付款超时，券自动退回买家")
