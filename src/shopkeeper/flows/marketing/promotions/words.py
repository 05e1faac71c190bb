"""Words of the desk promotions: states, what a promotion says, why it took part or not, refusals."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from shopkeeper.flows.marketing.promotions.rules.codec import Terms
from shopkeeper.flows.marketing.promotions.rules.ledger import Reason
from shopkeeper.flows.marketing.promotions.rules.offers import (
    FlashPrice,
    FreeFreight,
    Gift,
    ItemDiscount,
    NthItem,
    Percentage,
    PiecesDiscount,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.states import CouponState, PromotionState, UsageState
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    PromotionState: {
        PromotionState.DRAFT: Label(T("草稿", "Draft"), "grey"),
        PromotionState.IN_REVIEW: Label(T("待审核", "In review"), "amber"),
        PromotionState.PUBLISHED: Label(T("已发布", "Published"), "green"),
        PromotionState.PAUSED: Label(T("已暂停", "Paused"), "red"),
        PromotionState.ENDED: Label(T("已结束", "Ended"), "grey"),
    },
    CouponState: {
        CouponState.CLAIMED: Label(T("待使用", "Claimed"), "blue"),
        CouponState.RESERVED: Label(T("占用中", "Held"), "amber"),
        CouponState.USED: Label(T("已使用", "Used"), "green"),
        CouponState.EXPIRED: Label(T("已过期", "Expired"), "grey"),
    },
    UsageState: {
        UsageState.RESERVED: Label(T("占用中", "Held"), "amber"),
        UsageState.CONFIRMED: Label(T("已核销", "Used"), "green"),
        UsageState.RELEASED: Label(T("已释放", "Given back"), "grey"),
    },
}
KINDS: dict[str, T] = {
    "reduction": T("满减", "Amount off from a threshold"),
    "percentage": T("满折", "Rate off from a threshold"),
    "gift": T("满赠", "Gift from a threshold"),
    "discount": T("单品折扣", "Rate off single items"),
    "flash": T("限时价", "Fixed price for a time"),
    "nth": T("第 N 件折扣", "Every nth piece at a rate"),
    "pieces": T("M 件 N 折", "Rate from so many pieces"),
    "freight": T("包邮 / 减运费", "Freight free or reduced"),
}
LAYERS: dict[str, T] = {
    "price": T("价格", "Price"),
    "item": T("单品级", "Item"),
    "shop": T("店铺级", "Shop"),
    "platform": T("平台级", "Platform"),
    "freight": T("运费", "Freight"),
}
BEARERS: dict[str, T] = {
    "shop": T("店铺", "Shop"),
    "platform": T("平台", "Platform"),
    "supplier": T("供应商", "Supplier"),
    "talent": T("达人", "Talent"),
}
OWN_REASONS: dict[str, T] = {
    "time_over": T("到期结束", "Its time is over"),
    "superseded": T("由新版本接替", "A later version took its place"),
    "returned": T("审核退回", "Returned by the reviewer"),
    "unpaid": T("超时未付款", "Not paid in time"),
    "released": T("订单释放", "Given back by the order"),
}


TENTHS = T("折", "tenths")  # people write a rate with it, or without


def rate(permille: int) -> T:
    """850 is 8.5 折, or 15% off."""
    return T(f"{permille / 100:g} 折", f"{(1000 - permille) / 10:g}% off")


def _filled(words: T, n: int) -> T:
    """Words with their number in, to be put together with others."""
    said = words.format(n=n)
    return T(said.text("zh"), said.text("en"))


def _amount(value: int, counts_pieces: bool) -> T:
    if counts_pieces:
        return _filled(T(" {n} 件", "{n:# piece|# pieces}"), value)
    return T(f" {_money(value).zh}", _money(value).en)


def _money(value: int) -> T:
    """300 元, ¥300: whole amounts without their cents."""
    text = str(Money(value)).removesuffix(".00")
    return T(f"{text} 元", f"¥{text}")


def _reduction(offer: Reduction) -> T:
    if offer.every:
        threshold, value = offer.tiers[0]
        reached = _amount(threshold, offer.counts_pieces)
        capped = _filled(T("，最多 {n} 次", ", {n:# time|# times} at most"), offer.times) if offer.times else T("", "")
        return T(
            f"每满{reached.zh}减 {_money(value).zh}{capped.zh}",
            f"{_money(value).en} off every {reached.en}{capped.en}",
        )
    parts = [(_amount(threshold, offer.counts_pieces), _money(value)) for threshold, value in offer.tiers]
    return T(
        "，".join(f"满{reached.zh}减 {value.zh}" for reached, value in parts),
        ", ".join(f"{value.en} off from {reached.en}" for reached, value in parts),
    )


def _percentage(offer: Percentage) -> T:
    paid = rate(offer.permille)
    most = T(f"，最高减 {_money(offer.most_minor).zh}", f", {_money(offer.most_minor).en} at most")
    capped = most if offer.most_minor else T("", "")
    if not offer.threshold:
        return T(f"全单 {paid.zh}{capped.zh}", f"{paid.en} the whole order{capped.en}")
    reached = _amount(offer.threshold, offer.counts_pieces)
    return T(f"满{reached.zh}打 {paid.zh}{capped.zh}", f"{paid.en} from {reached.en}{capped.en}")


def _gift(offer: Gift) -> T:
    reached = _amount(offer.threshold, offer.counts_pieces)
    given = _filled(T("送赠品 {n} 件", "{n:# gift|# gifts}"), offer.quantity)
    return T(f"满{reached.zh}{given.zh}", f"{given.en} from {reached.en}")


def _freight(offer: FreeFreight) -> T:
    off = T(f"减运费 {_money(offer.off_minor).zh}", f"freight reduced by {_money(offer.off_minor).en}")
    given = off if offer.off_minor else T("包邮", "freight free")
    if not offer.threshold:
        return given
    return T(f"满 {_money(offer.threshold).zh}{given.zh}", f"{given.en} from {_money(offer.threshold).en}")


_SENTENCES: dict[type[Any], Callable[[Any], T]] = {
    Reduction: _reduction,
    Percentage: _percentage,
    Gift: _gift,
    FreeFreight: _freight,
    ItemDiscount: lambda offer: T(f"单品 {rate(offer.permille).zh}", f"{rate(offer.permille).en} each piece"),
    FlashPrice: lambda offer: _filled(
        T("{n} 个商品限时价", "{n:A fixed price for # SKU|Fixed prices for # SKUs}"), len(offer.prices)
    ),
    NthItem: lambda offer: T(
        f"{'' if offer.mixed else '同款'}第 {offer.n} 件 {rate(offer.permille).zh}",
        f"Every {_ordinal(offer.n)} piece{'' if offer.mixed else ' of a SKU'} {rate(offer.permille).en}",
    ),
    PiecesDiscount: lambda offer: T(
        f"满 {offer.pieces} 件 {rate(offer.permille).zh}",
        f"{rate(offer.permille).en} from {_amount(offer.pieces, True).en}",
    ),
}


def _ordinal(n: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10 if n % 100 not in (11, 12, 13) else 0, "th")
    return f"{n}{ending}"


def sentence(terms: Terms) -> T:
    """What a promotion gives, as one says it: 满 300 元减 50 元，满 500 元减 100 元."""
    return _SENTENCES[type(terms.offer)](terms.offer)


def conditions(terms: Terms) -> list[T]:
    """For which goods, for whom, how often, with what: everything besides what it gives."""
    said: list[T] = []
    named = [
        (len(terms.skus), T("{n} 个商品", "{n:# SKU|# SKUs}")),
        (len(terms.categories), T("{n} 个类目", "{n:# category|# categories}")),
        (len(terms.goods_tags), T("{n} 个商品标签", "{n:# tag|# tags}")),
    ]
    goods = [words.format(n=count) for count, words in named if count]
    said.append(_joined(goods, "、", " or ") if goods else T("全部商品", "All goods"))
    if terms.excluded_skus:
        said.append(T("不含 {n} 个商品", "but for {n:# SKU|# SKUs}").format(n=len(terms.excluded_skus)))
    if terms.needs_coupon:
        said.append(T("凭券", "With a coupon"))
    if terms.audience.only_new:
        said.append(T("仅新客", "New customers only"))
    if terms.audience.levels:
        said.append(T("会员等级 {x}", "Levels {x}").format(x=", ".join(sorted(terms.audience.levels))))
    if terms.audience.segments:
        said.append(T("人群 {x}", "Segments {x}").format(x=", ".join(sorted(terms.audience.segments))))
    if terms.uses is not None:
        said.append(T("共 {n} 次", "{n:# time|# times} in all").format(n=terms.uses))
    if terms.uses_per_buyer is not None:
        said.append(T("每人 {n} 次", "{n:# time|# times} each buyer").format(n=terms.uses_per_buyer))
    if terms.budget_minor is not None:
        said.append(T("预算 {x}", "Budget {x}").format(x=_money(terms.budget_minor)))
    if terms.mutex_group:
        said.append(T("互斥组 {x}", "One of the group {x}").format(x=terms.mutex_group))
    if "*" in terms.stack_with:
        said.append(T("可与同级优惠叠加", "Goes with others of its layer"))
    elif terms.stack_with:
        said.append(T("可叠加 {x}", "Goes with {x}").format(x=", ".join(sorted(terms.stack_with))))
    return said


def _joined(parts: Sequence[T], zh: str, en: str) -> T:
    return T(zh.join(part.text("zh") for part in parts), en.join(part.text("en") for part in parts))


REASONS: dict[str, T] = {
    "applied": T("已优惠", "Used"),
    "audience": T("不在适用人群", "Not for this buyer"),
    "no_coupon": T("没有可用的优惠券", "No coupon in hand"),
    "used_up": T("名额已用完", "All uses are gone"),
    "used_up_by_buyer": T("该买家的次数已用完", "This buyer has used it up"),
    "budget": T("预算已用完", "Its budget is spent"),
    "lost": T("不能与“{rival}”同用，后者更省", "Does not go with “{rival}”, which saves more"),
    "lost_alone": T("同一件商品有更低的价格", "Another price of the piece is lower"),
    "not_better": T("用上也不会更省，或会低于底价", "Would save nothing more, or go below a floor price"),
    "floor": T("会低于底价", "Would go below the floor price"),
    "gift_out_of_stock": T("赠品已无货", "The gift is out of stock"),
    "not_chosen": T("买家没有选择", "Not chosen by the buyer"),
    "threshold": T("未满足条件", "Its threshold is not met"),
    "missing_money": T("再买 {missing} 即可享受", "{missing} more to get it"),
    "missing_pieces": T("再买 {missing} 件即可享受", "{missing:# more piece|# more pieces} to get it"),
}


def said_reason(reason: Reason, terms: Terms, currency: str, rival: str) -> T:
    """Why a promotion took part or not, with its numbers."""
    missing = reason.facts.get("missing", 0)
    if reason.code == "threshold" and missing:
        if getattr(terms.offer, "counts_pieces", False):
            return REASONS["missing_pieces"].format(missing=missing)
        return REASONS["missing_money"].format(missing=f"{Money(missing, currency)} {currency}")
    if reason.code == "lost":
        return REASONS["lost"].format(rival=rival) if rival else REASONS["lost_alone"]
    return REASONS.get(reason.code, T(reason.code, reason.code))


FIELDS: dict[str, T] = {
    "offer": T("优惠内容", "What is given"),
    "bearers": T("费用承担", "Who bears the cost"),
    "layer": T("层级", "Layer"),
}
REFUSALS: dict[str, T] = {
    "reason_needed": T("请写明原因。", "Give a reason."),
    "rule_unnamed": T("请填写促销编号和名称。", "Give the promotion a code and a name."),
    "rule_time_backwards": T(
        "结束时间要晚于开始时间和现在。请改时间。", "The end must be after the beginning and after now. Change it."
    ),
    "rule_too_long": T("促销最长三年，请缩短。", "A promotion lasts three years at most. Shorten it."),
    "rule_in_review": T(
        "这个促销有一版正在审核。等审核完，或先作废它。", "A version of it is in review. Wait, or give that one up first."
    ),
    "rule_twice": T("同一促销在这一批里出现了两次。请只保留一个。", "The promotion stands in this batch twice. Keep one."),
    "rule_changed": T("草稿刚被改动，请再提交一次。", "The draft was changed this moment. Submit it again."),
    "rule_over": T("结束时间已过，请先改时间。", "Its end has passed. Change the time first."),
    "no_draft": T("没有待提交的草稿。请先保存一版。", "There is no draft to submit. Save one first."),
    "not_in_review": T("没有待审核的版本。请刷新查看。", "No version is in review. Reload the page."),
    "not_published": T("没有已发布的版本。请刷新查看。", "No version is published. Reload the page."),
    "own_rule": T(
        "自己写或提交的促销不能自己审核。请找另一位主管。",
        "Nobody reviews what they wrote or submitted. Ask another supervisor.",
    ),
    "findings_need_reason": T(
        "有 {findings} 个商品可能低于成本或底价。要发布请写明原因，否则退回修改。",
        "{findings:# SKU|# SKUs} could go below cost or floor. Give a reason to publish it all the same, or return it.",
    ),
    "limit_below_used": T(
        "已用或占用 {uses} 次，新的名额或预算不能更少。请调高后重新提交。",
        "{uses:# use is|# uses are} held or used; its limits cannot be lower. Raise them and submit again.",
    ),
    "offer_unknown": T("没有这种优惠。请从列表里选。", "There is no such kind of offer. Choose from the list."),
    "offer_incomplete": T("优惠内容不完整，请填完。", "The offer is incomplete. Fill it in."),
    "offer_unlike_layer": T("这种优惠不能放在这一层。请改层级。", "This kind of offer does not work in that layer."),
    "tiers_missing": T("请填写门槛和减免金额。", "Give the threshold and what is taken off."),
    "tiers_not_rising": T("各档门槛和减免都要逐档升高。", "Thresholds and amounts must both rise from tier to tier."),
    "more_off_than_threshold": T("减免不能大于门槛。", "No tier may take off more than its threshold."),
    "every_needs_one_tier": T("“每满”只能有一档。", "“Every” takes one tier only."),
    "rate_out_of_bounds": T("折扣要在 0.01 到 10 折之间。", "A rate lies above 0 and leaves at most the whole price."),
    "nth_below_two": T("“第几件”至少是 2。", "The nth piece is the second at least."),
    "pieces_below_one": T("件数至少是 1。", "One piece at least."),
    "gift_missing": T("请选赠品和件数。", "Choose a gift and how many."),
    "price_not_positive": T("限时价要大于 0。", "A fixed price is above 0."),
    "bearer_unknown": T("费用承担方不对。", "Nobody of that name bears costs."),
    "bearers_not_whole": T("各方承担比例要正好合计 100%。", "The shares of the bearers must come to 100 %."),
    "terms_unknown": T("不认识的内容：{field}。", "Not known here: {field}."),
    "terms_unreadable": T("“{field}”填得不对，请核对。", "“{field}” cannot be read. Check it."),
    "terms_out_of_bounds": T("“{field}”超出范围，请核对。", "“{field}” is out of bounds. Check it."),
    "terms_too_many": T("“{field}”太多，最多 2,000 个。", "“{field}” has too many; 2,000 at most."),
    "rule_takes_no_coupon": T(
        "这个促销不用优惠券。请先在规则里选“凭券使用”。", "This promotion needs no coupon. Make it “with a coupon” first."
    ),
    "batch_unnamed": T("请填写券批次的编号和名称。", "Give the batch a code and a name."),
    "batch_numbers": T("数量不对：总量 1 至一千万，每人 1 至 100 张，有效 1 至 366 天。",
                       "Numbers out of bounds: 1 to ten million in all, 1 to 100 each, good for 1 to 366 days."),
    "batch_times": T(
        "时间不对：领取开始 < 领取结束 ≤ 有效期止，且领取结束要在以后。",
        "Times cannot be: claiming begins, ends later than now, and coupons are good until after that.",
    ),
    "batch_differs": T("同编号的券批次已存在且内容不同。请换编号。", "Another batch has this code. Choose another code."),
    "batch_unknown": T("这家店没有这个券批次。", "This shop has no such batch of coupons."),
    "batch_not_open": T("现在不能领：未到时间、已停发，或促销没有发布。", "Not open: outside its time, stopped, or not published."),
    "batch_limit": T("已达每人可领的张数。", "The buyer has as many as anybody may have."),
    "batch_empty": T("已领完。", "All are claimed."),
    "coupon_gone": T("优惠券已用过、已过期，或不是这位买家的。请重新试算。",
                     "The coupon is used, expired or another buyer's. Price the cart again."),
    "promotion_gone": T("“{rule}”的最后一份刚被用掉。请重新试算。", "The last of “{rule}” just went. Price the cart again."),
    "price_changed": T("价格变了，请让买家重新确认。", "The price has changed. Let the buyer confirm it again."),
    "order_released": T("这张订单的优惠已经释放。请用新单号重新下单。",
                        "This order gave its promotions back. Place it again under a new number."),
    "order_differs": T("同一单号已按另一个价格下单。", "An order of this number was placed at another price."),
    "order_not_priced": T("这张订单不是在这里计价的。", "This order was not priced here."),
    "cart_empty": T("购物车是空的。请先选商品。", "The cart is empty. Choose goods first."),
    "cart_too_long": T("一次最多 200 行。", "200 lines at most."),
    "cart_quantity": T("每行 1 至 1,000 件。", "1 to 1,000 pieces on a line."),
    "cart_freight": T("运费金额不对。", "The freight is no amount."),
    "cart_sku_unknown": T("有商品不存在。请核对商家编码。", "One of the goods is unknown. Check the SKU codes."),
    "cart_currencies": T("不同币种的商品不能一起结算。", "Goods of unlike currencies cannot be paid together."),
}  # fmt: skip
