"""The states of a review, of a listing and of a case, and the words findings are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ReviewState(StrEnum):
    OPEN = "open"  # 待审核
    APPROVED = "approved"  # 已通过
    RETURNED = "returned"  # 已退回
    WITHDRAWN = "withdrawn"  # 已撤回: a newer version was submitted before anybody decided


REVIEW_FLOW = Transitions(
    table="publishing_review",
    states=ReviewState,
    allowed={
        ReviewState.OPEN: {ReviewState.APPROVED, ReviewState.RETURNED, ReviewState.WITHDRAWN},
        ReviewState.APPROVED: set(),
        ReviewState.RETURNED: set(),
        ReviewState.WITHDRAWN: set(),
    },
)


class ListingState(StrEnum):
    """One product in one shop. `mismatch`: on sale, but not as we said."""

    TO_PUBLISH = "to_publish"  # 待发布
    PUBLISHING = "publishing"  # 发布中
    ON_SALE = "on_sale"  # 在售
    MISMATCH = "mismatch"  # 在售有差异
    FAILED = "failed"  # 发布失败
    TAKING_DOWN = "taking_down"  # 下架中
    TAKEN_DOWN = "taken_down"  # 已下架


LISTING_FLOW = Transitions(
    table="publishing_listing",
    states=ListingState,
    allowed={
        ListingState.TO_PUBLISH: {ListingState.PUBLISHING, ListingState.TAKING_DOWN, ListingState.FAILED},
        ListingState.PUBLISHING: {ListingState.ON_SALE, ListingState.FAILED, ListingState.TAKING_DOWN},
        ListingState.ON_SALE: {ListingState.MISMATCH, ListingState.TO_PUBLISH, ListingState.TAKING_DOWN},
        ListingState.MISMATCH: {ListingState.ON_SALE, ListingState.TO_PUBLISH, ListingState.TAKING_DOWN},
        ListingState.FAILED: {ListingState.TO_PUBLISH, ListingState.TAKING_DOWN},
        ListingState.TAKING_DOWN: {ListingState.TAKEN_DOWN, ListingState.FAILED},
        ListingState.TAKEN_DOWN: {ListingState.TO_PUBLISH},
    },
)
SELLING = (ListingState.ON_SALE, ListingState.MISMATCH)


class MismatchState(StrEnum):
    OPEN = "open"  # 待处理
    CLOSED = "closed"  # 已处理


MISMATCH_FLOW = Transitions(
    table="publishing_mismatch",
    states=MismatchState,
    allowed={MismatchState.OPEN: {MismatchState.CLOSED}, MismatchState.CLOSED: set()},
)


class MismatchEnding(StrEnum):
    """How a difference between us and the platform came to its end."""

    EQUAL = "equal"  # read back again: both say the same
    EXPLAINED = "explained"  # a person says why it may stay
    TAKEN_DOWN = "taken_down"


class Severity(StrEnum):
    """What a term of the list does: `block` stops approval, `warn` is shown, `allow` makes what it covers harmless."""

    BLOCK = "block"
    WARN = "warn"
    ALLOW = "allow"


class Ground(StrEnum):
    """Why a word is on the list: the rule it offends."""

    ABSOLUTE = "absolute"  # 广告法第九条第三项
    STATE_ORGANS = "state_organs"  # 广告法第九条第二项
    ORDER = "order"  # 广告法第九条第七至九项
    PROOF = "proof"  # 广告法第十一、十二、二十八条
    DISPARAGE = "disparage"  # 广告法第十三条
    MEDICAL = "medical"  # 广告法第十七条
    HEALTH_FOOD = "health_food"  # 广告法第十八条、食品安全法
    INFANT = "infant"  # 广告法第二十条
    ALCOHOL = "alcohol"  # 广告法第二十三条
    PROMISE = "promise"  # 广告法第二十四、二十五条
    COSMETICS = "cosmetics"  # 化妆品监督管理条例第三十七、四十三条
    PRICE = "price"  # 明码标价和禁止价格欺诈规定第十六至二十条
    LURE = "lure"  # 电子商务法第十七条、平台规则
    HOUSE = "house"  # 本店自定


class ExemptionKind(StrEnum):
    """Why a listed word may stand for one product (the guide to absolute terms of 2023)."""

    GOAL = "goal"  # states an attitude or a goal, not the goods
    OWN_RANGE = "own_range"  # compares our own products, truthfully
    USAGE = "usage"  # advice on use
    GRADE = "grade"  # a grade named by a standard
    MARK = "mark"  # product name or registered mark
    AWARD = "award"  # an official award
    FACT = "fact"  # a rank or order limited in time and place, with proof
    PERMIT = "permit"  # a licence or report covers the claim
