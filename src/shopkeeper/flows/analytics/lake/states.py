"""What becomes of a row that cleaning set aside, the rules that do it, and what they look at."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class SetAsideState(StrEnum):
    SUSPECTED = "suspected"  # 待确认: left out of the figures until a person has looked
    CONFIRMED = "confirmed"  # 已剔除: left out for good, unless put back
    PUT_BACK = "put_back"  # 已放回: counts again, and no rule sets it aside a second time


SET_ASIDE_FLOW = Transitions(
    table="lake_setaside",
    states=SetAsideState,
    allowed={
        SetAsideState.SUSPECTED: {SetAsideState.CONFIRMED, SetAsideState.PUT_BACK},
        SetAsideState.CONFIRMED: {SetAsideState.PUT_BACK},
        SetAsideState.PUT_BACK: {SetAsideState.SUSPECTED},
    },
)
OUT = (SetAsideState.SUSPECTED, SetAsideState.CONFIRMED)


class CleaningRule(StrEnum):
    """Why a row is set aside; the value is written into the lake as the row's mark and never changes."""

    TEST_ORDER = "test_order"
    TEST_BUYER = "test_buyer"
    ZERO_VALUE = "zero_value"
    REPEAT_BUYER = "repeat_buyer"
    IMPOSSIBLE = "impossible"
    FOREIGN_CURRENCY = "foreign_currency"
    BOT = "bot"
    STAFF_VISITOR = "staff_visitor"
    TOO_FAST = "too_fast"
    DUPLICATE = "duplicate"
    BY_HAND = "by_hand"


# Facts, not suspicions: what these say needs nobody's confirmation.
CERTAIN = frozenset(
    {
        CleaningRule.TEST_BUYER,
        CleaningRule.ZERO_VALUE,
        CleaningRule.FOREIGN_CURRENCY,
        CleaningRule.BOT,
        CleaningRule.STAFF_VISITOR,
        CleaningRule.DUPLICATE,
    }
)


class Subject(StrEnum):
    """What is set aside: an order with its lines and refunds, or what one visitor did in a shop on one day."""

    ORDERS = "orders"
    TRAFFIC = "traffic"


class SourceKind(StrEnum):
    """Sources known not to be customers."""

    TEST_BUYER = "test_buyer"
    STAFF_VISITOR = "staff_visitor"
