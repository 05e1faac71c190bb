"""The states of promotion versions, coupons, and of orders that use them."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class PromotionState(StrEnum):
    DRAFT = "draft"  # 草稿
    IN_REVIEW = "in_review"  # 待审核
    PUBLISHED = "published"  # 已发布
    PAUSED = "paused"  # 已暂停
    ENDED = "ended"  # 已结束: its time is over, it was ended, or a later version took its place


PROMOTION_FLOW = Transitions(
    table="promotions_version",
    states=PromotionState,
    allowed={
        PromotionState.DRAFT: {PromotionState.IN_REVIEW, PromotionState.ENDED},
        PromotionState.IN_REVIEW: {PromotionState.PUBLISHED, PromotionState.DRAFT, PromotionState.ENDED},
        PromotionState.PUBLISHED: {PromotionState.PAUSED, PromotionState.ENDED},
        PromotionState.PAUSED: {PromotionState.PUBLISHED, PromotionState.ENDED},
        PromotionState.ENDED: set(),
    },
)
OPEN = (PromotionState.DRAFT, PromotionState.IN_REVIEW)
LIVE = (PromotionState.PUBLISHED, PromotionState.PAUSED)
REHEARSAL = "rehearsal-"  # so begin the codes of coupon batches that are only rehearsed with


class CouponState(StrEnum):
    CLAIMED = "claimed"  # 待使用
    RESERVED = "reserved"  # 占用中: an order that is not paid yet
    USED = "used"  # 已使用
    EXPIRED = "expired"  # 已过期


COUPON_FLOW = Transitions(
    table="promotions_coupon",
    states=CouponState,
    allowed={
        CouponState.CLAIMED: {CouponState.RESERVED, CouponState.EXPIRED},
        CouponState.RESERVED: {CouponState.USED, CouponState.CLAIMED, CouponState.EXPIRED},
        CouponState.USED: {CouponState.CLAIMED, CouponState.EXPIRED},
        CouponState.EXPIRED: set(),
    },
)


class UsageState(StrEnum):
    RESERVED = "reserved"  # 占用中
    CONFIRMED = "confirmed"  # 已核销
    RELEASED = "released"  # 已释放


USAGE_FLOW = Transitions(
    table="promotions_orderpricing",
    states=UsageState,
    allowed={
        UsageState.RESERVED: {UsageState.CONFIRMED, UsageState.RELEASED},
        UsageState.CONFIRMED: {UsageState.RELEASED},
        UsageState.RELEASED: set(),
    },
)
