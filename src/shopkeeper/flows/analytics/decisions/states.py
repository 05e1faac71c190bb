"""The states of a finding, of the decision on it and of its tasks; and the words effects are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class FindingState(StrEnum):
    OPEN = "open"  # 待决策
    DECIDED = "decided"  # 已决策
    DISMISSED = "dismissed"  # 不处理: with the reason


FINDING_FLOW = Transitions(
    table="decisions_finding",
    states=FindingState,
    allowed={
        FindingState.OPEN: {FindingState.DECIDED, FindingState.DISMISSED},
        FindingState.DECIDED: set(),
        FindingState.DISMISSED: set(),
    },
)


class DecisionState(StrEnum):
    UNDER_WAY = "under_way"  # 执行中: tasks are worked on, the day of measuring is waited for
    MEASURED = "measured"  # 待结论: the same figure was taken again
    CONCLUDED = "concluded"  # 已结论


DECISION_FLOW = Transitions(
    table="decisions_decision",
    states=DecisionState,
    allowed={
        DecisionState.UNDER_WAY: {DecisionState.MEASURED},
        DecisionState.MEASURED: {DecisionState.CONCLUDED},
        DecisionState.CONCLUDED: set(),
    },
)


class DecisionTaskState(StrEnum):
    OPEN = "open"  # 待完成
    DONE = "done"  # 已完成
    DROPPED = "dropped"  # 不做了: with the reason


DECISION_TASK_FLOW = Transitions(
    table="decisions_decisiontask",
    states=DecisionTaskState,
    allowed={
        DecisionTaskState.OPEN: {DecisionTaskState.DONE, DecisionTaskState.DROPPED},
        DecisionTaskState.DONE: set(),
        DecisionTaskState.DROPPED: set(),
    },
)


class FigureUnit(StrEnum):
    """In what a figure is counted: values are whole numbers of its smallest part."""

    MONEY = "money"  # minor units
    COUNT = "count"
    SHARE = "share"  # 1/10,000
    RATIO = "ratio"  # 1/100
    SECONDS = "seconds"  # 1/10 s
    HOURS = "hours"  # 1/10 h
    DAYS = "days"  # 1/10 day


class DecisionEffect(StrEnum):
    """What the figure says beside what was expected of it; the conclusion is a person's."""

    REACHED = "reached"  # as far as expected, or farther
    PARTLY = "partly"
    NONE = "none"  # less than the policy's least part of it
    OPPOSITE = "opposite"
    UNKNOWN = "unknown"  # no figure to compare


class Conclusion(StrEnum):
    WORKED = "worked"
    DID_NOT = "did_not"
    UNCLEAR = "unclear"
