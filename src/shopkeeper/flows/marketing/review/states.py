"""The states of a review and of its action items."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ReviewState(StrEnum):
    DRAFT = "draft"  # 待补充: drafted by the system, or sent back
    SUBMITTED = "submitted"  # 待审批
    APPROVED = "approved"  # 已通过: the campaign is reviewed


REVIEW_FLOW = Transitions(
    table="review_review",
    states=ReviewState,
    allowed={
        ReviewState.DRAFT: {ReviewState.SUBMITTED},
        ReviewState.SUBMITTED: {ReviewState.APPROVED, ReviewState.DRAFT},
        ReviewState.APPROVED: set(),
    },
)


class ActionState(StrEnum):
    PLANNED = "planned"  # 待生效: written in a review that is not approved yet
    OPEN = "open"  # 待完成
    DONE = "done"  # 已完成
    DROPPED = "dropped"  # 已取消


ACTION_FLOW = Transitions(
    table="review_actionitem",
    states=ActionState,
    allowed={
        ActionState.PLANNED: {ActionState.OPEN},
        ActionState.OPEN: {ActionState.DONE, ActionState.DROPPED},
        ActionState.DONE: set(),
        ActionState.DROPPED: set(),
    },
)
