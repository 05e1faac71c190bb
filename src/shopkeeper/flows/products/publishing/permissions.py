"""Permissions on review, words, listings in shops, and what shops are told of stock."""

from enum import StrEnum


class Permission(StrEnum):
    REVIEW_VIEW = "products.publishing.review_view"
    REVIEW_OPEN = "products.publishing.review_open"
    REVIEW_DECIDE = "products.publishing.review_decide"
    WORDS_VIEW = "products.publishing.words_view"
    WORDS_EDIT = "products.publishing.words_edit"
    EXEMPT = "products.publishing.exempt"
    LISTING_VIEW = "products.publishing.listing_view"
    PUBLISH = "products.publishing.publish"
    CHECK = "products.publishing.check"
    RECORD = "products.publishing.record"
    STOCK_PUSH = "products.publishing.stock_push"
