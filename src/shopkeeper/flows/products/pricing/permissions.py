"""Permissions on price plans."""

from enum import StrEnum


class Permission(StrEnum):
    PRICE_VIEW = "products.price.view"
    PRICE_PROPOSE = "products.price.propose"
    PRICE_APPROVE = "products.price.approve"
    PRICE_APPLY = "products.price.apply"
    TARGET_SET = "products.price.set_target"
