"""Words of the desk review: states, where plans differ, refusals."""

from enum import StrEnum

from shopkeeper.flows.marketing.review.states import ActionState, ReviewState
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    ReviewState: {
        ReviewState.DRAFT: Label(T("待补充", "To complete"), "amber"),
        ReviewState.SUBMITTED: Label(T("待审批", "To approve"), "blue"),
        ReviewState.APPROVED: Label(T("已通过", "Approved"), "green"),
    },
    ActionState: {
        ActionState.PLANNED: Label(T("待生效", "Planned"), "grey"),
        ActionState.OPEN: Label(T("待完成", "To do"), "amber"),
        ActionState.DONE: Label(T("已完成", "Done"), "green"),
        ActionState.DROPPED: Label(T("已取消", "Dropped"), "grey"),
    },
}
DIFFERENCES: dict[str, T] = {
    "sales": T("销售目标", "Sales goal"),
    "new_customers": T("新客目标", "New customers"),
    "visitors": T("预计访客", "Visitors"),
    "conversion": T("预计转化率", "Conversion"),
    "basket": T("推算客单价", "Basket implied"),
    "pieces": T("备货件数", "Pieces"),
}
REFUSALS: dict[str, T] = {
    "campaign_not_over": T(
        "活动还没有结束，结束后会自动生成复盘报告。", "The campaign is not over; its review is drafted at its end."
    ),
    "review_not_draft": T(
        "报告已经提交，不能再改。需要修改请让审批人退回。",
        "The report was submitted and cannot be changed. Have the approver send it back first.",
    ),
    "review_worked_needed": T("请先写明哪些做得好。", "Write down first what worked."),
    "review_not_worked_needed": T("请先写明哪些没做好。", "Write down first what did not work."),
    "review_advice_needed": T("请先写明改进建议。", "Write down the advice first."),
    "review_actions_needed": T(
        "请至少列一条行动项，写明负责人和日期。", "List at least one action item, with its owner and day."
    ),
    "review_not_submitted": T("报告还没有提交，不能审批。", "The report is not submitted yet; it cannot be decided."),
    "own_review": T(
        "报告是你补充或提交的，请另一位经理审批。",
        "You completed or submitted this report; another manager approves it.",
    ),
    "review_reason_needed": T("请写明退回的原因。", "Say why it is sent back."),
    "review_not_approved": T(
        "复盘报告还没有通过，请先完成审批。", "The review report is not approved yet; have it approved first."
    ),
    "review_meeting_ahead": T(
        "目前只记录了 {meetings} 次会议，请刷新后再记。",
        "Only {meetings:# meeting is|# meetings are} on record; reload, then record this one.",
    ),
    "review_meeting_in_future": T("会议时间还没到，请会后再记录。", "The meeting lies ahead; record it afterwards."),
    "review_minutes_needed": T("请写明会上的发言要点和决定。", "Write down what was said and what was decided."),
    "review_attendee_unknown": T(
        "参会人里有人不在职或没有岗位，请重新选择。",
        "Somebody among the attendees does not work here or has no role; choose again.",
    ),
    "review_attendees_too_many": T("参会人太多，请只记主要参会人。", "Too many attendees; name those who matter."),
    "review_meeting_without_market": T(
        "规程要求市场参加复盘会。请补上参会人，或另约时间。",
        "The procedure asks for market at the review meeting. Add who was there, or hold it again.",
    ),
    "review_meeting_without_engineering": T(
        "规程要求技术参加复盘会。请补上参会人，或另约时间。",
        "The procedure asks for engineering at the review meeting. Add who was there, or hold it again.",
    ),
    "review_meeting_without_service": T(
        "规程要求客服参加复盘会。请补上参会人，或另约时间。",
        "The procedure asks for customer service at the review meeting. Add who was there, or hold it again.",
    ),
    "review_meeting_needed": T("请先开复盘会，再定为模板。", "Hold the review meeting first, then make the template."),
    "review_actions_too_many": T("行动项太多，请合并后再存。", "Too many action items; join some of them."),
    "review_action_without_words": T("行动项要写明做什么。", "Say what is to be done."),
    "review_action_owner_unknown": T(
        "行动项的负责人不在职或没有岗位，请重新选择。",
        "An action's owner does not work here or has no role; choose again.",
    ),
    "review_action_past": T(
        "行动项的日期已经过去，请改成今天或以后。", "An action's day is past; choose today or later."
    ),
    "review_action_not_running": T("该行动项不在进行中。", "This action item is not running."),
    "review_action_not_yours": T(
        "只有负责人或复盘主持人能办结该行动项。",
        "Only its owner, or who holds the review, may finish this action item.",
    ),
    "review_note_needed": T("请写明做了什么，或为什么不做。", "Say what was done, or why it is not."),
}
