"""Words of findings, decisions and their effects: states and refusals."""

from enum import StrEnum

from shopkeeper.flows.analytics.decisions.states import (
    Conclusion,
    DecisionEffect,
    DecisionState,
    DecisionTaskState,
    FindingState,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    FindingState: {
        FindingState.OPEN: Label(T("待决策", "To decide"), "amber"),
        FindingState.DECIDED: Label(T("已决策", "Decided"), "blue"),
        FindingState.DISMISSED: Label(T("不处理", "Left as it is"), "grey"),
    },
    DecisionState: {
        DecisionState.UNDER_WAY: Label(T("执行中", "Under way"), "blue"),
        DecisionState.MEASURED: Label(T("待结论", "To conclude"), "amber"),
        DecisionState.CONCLUDED: Label(T("已结论", "Concluded"), "green"),
    },
    DecisionTaskState: {
        DecisionTaskState.OPEN: Label(T("待完成", "To do"), "amber"),
        DecisionTaskState.DONE: Label(T("已完成", "Done"), "green"),
        DecisionTaskState.DROPPED: Label(T("不做了", "Called off"), "grey"),
    },
    DecisionEffect: {
        DecisionEffect.REACHED: Label(T("达到预期", "As expected"), "green"),
        DecisionEffect.PARTLY: Label(T("部分达到", "Part of it"), "amber"),
        DecisionEffect.NONE: Label(T("没有明显变化", "No effect to speak of"), "grey"),
        DecisionEffect.OPPOSITE: Label(T("适得其反", "The other way"), "red"),
        DecisionEffect.UNKNOWN: Label(T("没有数据", "No figure"), "grey"),
    },
    Conclusion: {
        Conclusion.WORKED: Label(T("有效", "It worked"), "green"),
        Conclusion.DID_NOT: Label(T("无效", "It did not"), "red"),
        Conclusion.UNCLEAR: Label(T("说不清", "Unclear"), "grey"),
    },
}

REFUSALS: dict[str, T] = {
    "finding_all_shops": T(
        "这涉及全部店铺，只有能看到全部店铺的人可以操作。",
        "This is about all shops: only somebody who sees them all may.",
    ),
    "metric_unknown": T("没有这个指标，请从指标列表里选。", "There is no such metric. Choose one from the list."),
    "finding_words_needed": T("请写明发现了什么。", "Say what you found."),
    "finding_days": T(
        "日期不对：要已经过完，先后顺序正确，最多 {longest} 天。",
        "These days cannot be: over already, in order, and at most {longest}.",
    ),
    "figure_unknown": T(
        "这几天还没有这个指标的数据，请填写数值，或换日期。",
        "There is no figure for these days. Enter the value, or choose other days.",
    ),
    "finding_dismissed": T("这个发现已决定不处理。", "It was decided to leave this finding as it is."),
    "finding_decided": T("这个发现已经决策，请看决策记录。", "This finding is decided on already. See the decision."),
    "own_finding": T("是你提出的发现，由另一位经理决策。", "You found it yourself; another manager decides."),
    "decision_what_needed": T("请写明决定做什么。", "Say what is to be done."),
    "decision_reason_needed": T("请写明决策理由。", "Give the reason."),
    "decision_effect_needed": T(
        "请写明预期效果：指标预计到多少，为什么。", "Say what is expected: the value, and why that much."
    ),
    "measure_too_early": T(
        "测算日太早：要等同样长的天数过完，最早 {day}。",
        "Too early: as many days have to pass as the finding is about. The earliest day is {day}.",
    ),
    "dismiss_reason_needed": T("请写明为什么不处理。", "Say why nothing is done."),
    "task_what_needed": T("请写明要做什么。", "Say what is to be done."),
    "task_due_past": T("任务期限要在现在之后。", "The task would be due in the past. Choose a later time."),
    "task_note_needed": T("请写明做了什么，或为什么不做。", "Note what was done, or why it is called off."),
    "decision_task_not_yours": T(
        "这项任务由{owner}负责，只有该岗位可以完成。", "This task belongs to {owner}; only that role may finish it."
    ),
    "decision_not_under_way": T(
        "决策已测算或已结论，不能再加任务。", "The decision is measured already; no more tasks."
    ),
    "measure_not_due": T("还没到测算日（{at}），到时系统自动测算。", "It is measured at {at}, by itself."),
    "decision_not_measured": T(
        "效果还没有测算，不能下结论。请等到测算日之后。", "The effect is not known yet. Wait for the day of measuring."
    ),
    "conclusion_words_needed": T("请写明结论的依据，供下次参考。", "Write what the conclusion rests on."),
    "figure_stands": T("系统已取到数据，不能另填数值。", "A figure was taken; another cannot be entered in its place."),
}
