"""The clocks of M4: the report, its approval, the meeting, and what was decided to be done."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind, HeldBy
from shopkeeper.sop.roles import Role

REVIEW_REPORT = DeadlineKind(
    "review_report",
    clause="M4.1",
    subject="review",
    role=Role.OPERATIONS_MANAGER,
    title=T("提交活动复盘报告", "Submit the campaign's review report"),
    action=T("补充", "Complete"),
    url="/review/reports/{id}/",
)
REVIEW_APPROVAL = DeadlineKind(
    "review_approval",
    clause="M4.1",
    subject="review",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("审批活动复盘报告", "Approve the campaign's review report"),
    action=T("审批", "Approve"),
    url="/review/reports/{id}/",
)
REVIEW_REDRAW = DeadlineKind(
    "review_redraw",
    clause="M4.1",
    subject="review",
    on_due="redraw_reviews",
    title=T("重算复盘数据", "Draw the review's figures again"),
)
REVIEW_MEETING = DeadlineKind(
    "review_meeting",
    clause="M4.2",
    subject="review",
    role=Role.OPERATIONS_MANAGER,
    title=T("召开复盘会议", "Hold the review meeting"),
    action=T("记录会议", "Record it"),
    url="/review/reports/{id}/meeting/",
)


def _action(role: Role) -> DeadlineKind:
    return DeadlineKind(
        f"review_action_{role}",
        clause="M4.2",
        subject="action",
        role=role,
        title=T("完成复盘行动项", "Finish an action item of a review"),
        action=T("办理", "Finish"),
        url="/review/actions/{id}/",
        held_by=HeldBy("review_actionitem", "owner_id"),
    )


REVIEW_ACTION: dict[str, DeadlineKind] = {role: _action(role) for role in Role}
