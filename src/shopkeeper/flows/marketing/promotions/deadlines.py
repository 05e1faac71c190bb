"""The clocks of M2.3: a version to review, a promotion that ends, coupons that expire, orders left unpaid."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

RULE_REVIEW = DeadlineKind(
    "promotion_review",
    clause="M2.3",
    subject="rule",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("审核促销规则", "Review a promotion"),
    action=T("去审核", "Review"),
    url="/promotions/{id}/",
)
RULE_END = DeadlineKind(
    "promotion_end",
    clause="M2.3",
    subject="rule",
    on_due="end_due_rules",
    title=T("促销到时结束", "A promotion ends"),
)
COUPON_EXPIRY = DeadlineKind(
    "coupon_expiry",
    clause="M2.3",
    subject="coupon batch",
    on_due="expire_coupons",
    title=T("优惠券到期", "Coupons expire"),
)
USAGE_HOLD = DeadlineKind(
    "promotion_hold",
    clause="M2.3",
    subject="priced order",
    on_due="release_unpaid",
    title=T("未付款订单释放优惠", "An unpaid order gives its promotions back"),
)
