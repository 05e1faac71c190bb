"""Permissions on reviews, their meetings, their action items and what is learned from them."""

from enum import StrEnum


class Permission(StrEnum):
    REVIEW_VIEW = "marketing.review.view"
    REVIEW_WRITE = "marketing.review.write"
    REVIEW_APPROVE = "marketing.review.approve"
    MEETING_HOLD = "marketing.review.hold_meeting"
    ACTION_END = "marketing.review.end_action"
    TEMPLATE_MAKE = "marketing.review.make_template"
    WATCH = "marketing.review.watch"
