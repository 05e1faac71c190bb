"""The states of a settlement and of a follow-up, and the words its money and answers are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class SettlementState(StrEnum):
    DUE = "due"  # 待结算
    REVIEW = "review"  # 待核对: a person must look before it is booked
    SETTLED = "settled"  # 已结算


SETTLEMENT_FLOW = Transitions(
    table="settlement_settlement",
    states=SettlementState,
    allowed={
        SettlementState.DUE: {SettlementState.REVIEW, SettlementState.SETTLED},
        SettlementState.REVIEW: {SettlementState.SETTLED},
        SettlementState.SETTLED: set(),
    },
)


class FollowUpState(StrEnum):
    OPEN = "open"  # 待回访
    ANSWERED = "answered"  # 已回访
    CLOSED = "closed"  # 已关闭: nobody reached, or no longer needed


FOLLOW_UP_FLOW = Transitions(
    table="settlement_followup",
    states=FollowUpState,
    allowed={
        FollowUpState.OPEN: {FollowUpState.ANSWERED, FollowUpState.CLOSED},
        FollowUpState.ANSWERED: set(),
        FollowUpState.CLOSED: set(),
    },
)


class FollowUpOutcome(StrEnum):
    """What the buyer answered; `not_needed` is the system's own ending when the order went on meanwhile."""

    WILL_CONFIRM = "will_confirm"
    CONFIRMED = "confirmed"
    HAS_PROBLEM = "has_problem"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


class Account(StrEnum):
    """The accounts of an order's books. Debits are positive amounts, credits negative."""

    GOODS_REVENUE = "goods_revenue"
    FREIGHT_INCOME = "freight_income"
    MERCHANT_DISCOUNT = "merchant_discount"
    PLATFORM_COMMISSION = "platform_commission"
    COST_OF_GOODS = "cost_of_goods"
    REFUNDS = "refunds"
    DIFFERENCE = "difference"
    PLATFORM_RECEIVABLE = "platform_receivable"
    SUBSIDY_RECEIVABLE = "subsidy_receivable"
    INVENTORY = "inventory"


class PostingKind(StrEnum):
    """What a set of balanced entries books: the settlement itself, or one refund."""

    SETTLEMENT = "settlement"
    REFUND = "refund"


class Doubt(StrEnum):
    """Why a person must look before an order is booked."""

    NEGATIVE_MARGIN = "negative_margin"
    CURRENCY_UNLIKE = "currency_unlike"
    PAID_UNLIKE_LINES = "paid_unlike_lines"
    COST_UNKNOWN = "cost_unknown"
