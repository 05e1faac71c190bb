"""The states of a survey, a recovery, a daily summary and an improvement; and the words they are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class SurveyState(StrEnum):
    PLANNED = "planned"  # 待邀请: the ticket was resolved, the policy's minutes run
    BY_HAND = "by_hand"  # 待转发: the customer has no chat with us, an agent passes the link on
    INVITED = "invited"  # 已邀请
    ANSWERED = "answered"  # 已评价
    EXPIRED = "expired"  # 已过期
    SKIPPED = "skipped"  # 不邀请


OPEN_SURVEYS = (SurveyState.BY_HAND, SurveyState.INVITED)

SURVEY_FLOW = Transitions(
    table="feedback_survey",
    states=SurveyState,
    allowed={
        SurveyState.PLANNED: {SurveyState.BY_HAND, SurveyState.INVITED, SurveyState.SKIPPED},
        # Reopened before it was asked about, and resolved again.
        SurveyState.SKIPPED: {SurveyState.PLANNED},
        SurveyState.BY_HAND: {SurveyState.INVITED, SurveyState.ANSWERED, SurveyState.EXPIRED},
        SurveyState.INVITED: {SurveyState.ANSWERED, SurveyState.EXPIRED},
        SurveyState.ANSWERED: set(),
        SurveyState.EXPIRED: set(),
    },
)


class SurveyWay(StrEnum):
    """How the link reaches the customer."""

    PLATFORM = "platform"  # in the platform's chat
    WIDGET = "widget"  # in our own chat
    FORM = "form"  # on the page of the customer's own form
    HAND = "hand"  # an agent passes it on


class SkipReason(StrEnum):
    """Why a customer is not asked."""

    ASKED_RECENTLY = "asked_recently"
    REOPENED = "reopened"  # the matter goes on
    ERASED = "erased"


class RecoveryState(StrEnum):
    OPEN = "open"  # 待挽回
    DONE = "done"  # 已联系
    CLOSED = "closed"  # 未联系上


RECOVERY_FLOW = Transitions(
    table="feedback_recovery",
    states=RecoveryState,
    allowed={
        RecoveryState.OPEN: {RecoveryState.DONE, RecoveryState.CLOSED},
        RecoveryState.DONE: set(),
        RecoveryState.CLOSED: set(),
    },
)


class RecoveryOutcome(StrEnum):
    """What came of contacting a customer who was not satisfied."""

    WON_BACK = "won_back"
    EXPLAINED = "explained"
    STILL_UNHAPPY = "still_unhappy"
    NOT_REACHED = "not_reached"


class SummaryState(StrEnum):
    DRAFT = "draft"  # 待补充: written by the system
    COMPLETED = "completed"  # 待签发: with the remarks of customer service
    SIGNED = "signed"  # 已签发


SUMMARY_FLOW = Transitions(
    table="feedback_dailysummary",
    states=SummaryState,
    allowed={
        SummaryState.DRAFT: {SummaryState.COMPLETED},
        SummaryState.COMPLETED: {SummaryState.SIGNED},
        SummaryState.SIGNED: set(),
    },
)


class ImprovementState(StrEnum):
    OPEN = "open"  # 待回复
    REPLIED = "replied"  # 待看效果: what was done is written down, the effect is waited for
    MEASURED = "measured"  # 待关闭: the same figure was counted again
    CLOSED = "closed"  # 已关闭


IMPROVEMENT_FLOW = Transitions(
    table="feedback_improvement",
    states=ImprovementState,
    allowed={
        ImprovementState.OPEN: {ImprovementState.REPLIED},
        ImprovementState.REPLIED: {ImprovementState.MEASURED},
        ImprovementState.MEASURED: {ImprovementState.CLOSED},
        ImprovementState.CLOSED: set(),
    },
)


class ImprovementOwner(StrEnum):
    """Who is to improve; the values are the roles of the procedure."""

    PRODUCT = "product_specialist"
    WAREHOUSE = "warehouse"
    ORDERS = "order_specialist"


class Effect(StrEnum):
    """What the same figure says after the change."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"  # nothing was sold: no figure to compare
