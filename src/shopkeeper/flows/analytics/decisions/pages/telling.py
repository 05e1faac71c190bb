"""How a finding's record tells where it stands: its steps, and what happened."""

from datetime import datetime

from django.urls import reverse

from shopkeeper.flows.analytics.decisions.queries.chain import Chain, TaskRecord, TaskView
from shopkeeper.flows.analytics.decisions.states import (
    Conclusion,
    DecisionEffect,
    DecisionState,
    DecisionTaskState,
    FindingState,
)
from shopkeeper.flows.analytics.decisions.words import LABELS
from shopkeeper.shared.words import T
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step

WAY = (FindingState.OPEN, DecisionState.UNDER_WAY, DecisionState.MEASURED, DecisionState.CONCLUDED)


def head_of(row: Chain) -> RecordHead:
    """The head of a finding's record."""
    decision = row.decision
    state = DecisionState(decision.state) if decision else FindingState(row.state)
    badges = [Badge(row.shop or T("全部店铺", "All shops"), "grey", "building-store")]
    if decision and decision.effect:
        label = LABELS[DecisionEffect][DecisionEffect(decision.effect)]
        badges.append(Badge(label.text, label.tone))
    if decision and decision.conclusion:
        label = LABELS[Conclusion][Conclusion(decision.conclusion)]
        badges.append(Badge(label.text, label.tone))
    return RecordHead(
        title=T("数据决策", "Decision"),
        number=row.number,
        back="decisions-findings",
        state=state,
        clause="D3",
        due_at=row.next_due,
        badges=tuple(badges),
        steps=_steps(row),
    )


def _steps(row: Chain) -> tuple[Step, ...]:
    found = Step(T("发现", "Found"), "done", row.found_at)
    if row.state == FindingState.DISMISSED:
        return found, Step(T("不处理", "Left as it is"), "stopped", row.ended_at)
    decision = row.decision
    now = WAY.index(DecisionState(decision.state)) if decision else 0
    names: tuple[tuple[T, datetime | None], ...] = (
        (T("决策", "Decided"), decision.decided_at if decision else None),
        (T("执行与测算", "Done and measured"), decision.measured_at if decision else None),
        (T("结论", "Concluded"), decision.concluded_at if decision else None),
    )
    steps = [found]
    for n, (name, at) in enumerate(names):
        steps.append(Step(name, "done" if n < now else "now" if n == now else "next", at))
    return tuple(steps)


def timeline_of(row: Chain) -> list[Happening]:
    """What happened to a finding, its decision and its tasks."""
    system = str(T("系统", "System"))
    told = [Happening(row.found_at, T("提出发现", "Found"), row.finder or system, row.words, "note")]
    if row.state == FindingState.DISMISSED and row.ended_at:
        told.append(Happening(row.ended_at, T("不处理", "Left as it is"), row.ender, row.dismissed_reason))
    decision = row.decision
    if decision is None:
        return told
    told.append(Happening(decision.decided_at, T("决策", "Decided"), decision.decider or system, decision.what, "note"))
    for task in row.tasks:
        if task.ended_at:
            label = LABELS[DecisionTaskState][DecisionTaskState(task.state)]
            words = T("任务：{what}", "Task: {what}").format(what=task.what)
            told.append(Happening(task.ended_at, words, task.ender or system, task.note, tone=label.tone))
    if decision.measured_at:
        label = LABELS[DecisionEffect][DecisionEffect(decision.effect)]
        told.append(
            Happening(decision.measured_at, T("测算效果", "Measured"), system, label.text.text(), tone=label.tone)
        )
    if decision.concluded_at:
        label = LABELS[Conclusion][Conclusion(decision.conclusion)]
        who, note = decision.concluder or system, decision.conclusion_words
        told.append(Happening(decision.concluded_at, label.text, who, note, tone=label.tone))
    return told


def head_of_task(found: TaskRecord) -> RecordHead:
    """The head of a task's record; the way on to the decision for who sees the whole of it."""
    task = found.task
    is_open, label = task.state == DecisionTaskState.OPEN, LABELS[DecisionTaskState][DecisionTaskState(task.state)]
    whole = Action(
        T("看整个决策", "The whole decision"),
        reverse("decisions-finding", args=[found.finding_id or 0]),
        method="get",
        icon="arrow-right",
    )
    return RecordHead(
        title=T("决策任务", "Task of a decision"),
        number=found.number,
        back="decisions-findings",
        state=DecisionTaskState(task.state),
        clause="D3",
        due_at=task.due_at if is_open else None,
        steps=(
            Step(T("派出", "Given out"), "done", task.opened_at),
            Step(T("完成", "Done") if is_open else label.text, "now" if is_open else "done", task.ended_at),
        ),
        secondary=(whole,) if found.finding_id else (),
    )


def timeline_of_task(task: TaskView) -> list[Happening]:
    """When a task was given out, and how it ended."""
    told = [Happening(task.opened_at, T("派出任务", "Given out"), task.opener or str(T("系统", "System")), task.what)]
    if task.ended_at:
        label = LABELS[DecisionTaskState][DecisionTaskState(task.state)]
        told.append(Happening(task.ended_at, label.text, task.ender, task.note, "note", label.tone))
    return told
