"""The clocks of D3: a finding to decide on, tasks, the day of measuring, and the conclusion."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind, HeldBy
from shopkeeper.sop.roles import Role

FINDING_DECIDE = DeadlineKind(
    "finding_decide",
    clause="D3",
    subject="finding",
    role=Role.OPERATIONS_MANAGER,
    title=T("对数据发现作出决策", "Decide on a finding"),
    action=T("去决策", "Decide"),
    url="/decisions/{id}/",
    not_by=HeldBy("decisions_finding", "found_by"),
)


def _task(role: Role) -> DeadlineKind:
    return DeadlineKind(
        f"decision_task_{role}",
        clause="D3",
        subject="task of a decision",
        role=role,
        title=T("完成决策任务", "Do the task of a decision"),
        action=T("办理", "Do it"),
        url="/decisions/tasks/{id}/",
    )


DECISION_TASK: dict[str, DeadlineKind] = {role: _task(role) for role in Role}
DECISION_MEASURE = DeadlineKind(
    "decision_measure",
    clause="D3",
    subject="decision",
    on_due="measure_decisions",
    title=T("测算决策效果", "Take the figure after a decision"),
)
DECISION_CONCLUDE = DeadlineKind(
    "decision_conclude",
    clause="D3",
    subject="decision",
    role=Role.OPERATIONS_MANAGER,
    title=T("对决策效果下结论", "Conclude on the effect of a decision"),
    action=T("下结论", "Conclude"),
    url="/decisions/made/{id}/",
)
