"""Permissions on promotions and coupons."""

from enum import StrEnum


class Permission(StrEnum):
    RULE_VIEW = "marketing.promotion.view"
    RULE_EDIT = "marketing.promotion.edit"
    RULE_APPROVE = "marketing.promotion.approve"
    RULE_APPLY = "marketing.promotion.apply"
    COUPON_ISSUE = "marketing.coupon.issue"
    COUPON_CLAIM = "marketing.coupon.claim"
    USAGE_KEEP = "marketing.promotion.use"
