"""Words of surveys, recoveries, daily summaries and improvements: states, the invitation, refusals."""

from enum import StrEnum

from shopkeeper.flows.service.feedback.states import (
    Effect,
    ImprovementOwner,
    ImprovementState,
    RecoveryOutcome,
    RecoveryState,
    SkipReason,
    SummaryState,
    SurveyState,
    SurveyWay,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    SurveyState: {
        SurveyState.PLANNED: Label(T("待邀请", "To be invited"), "grey"),
        SurveyState.BY_HAND: Label(T("待转发", "To pass on"), "amber"),
        SurveyState.INVITED: Label(T("已邀请", "Invited"), "blue"),
        SurveyState.ANSWERED: Label(T("已评价", "Rated"), "green"),
        SurveyState.EXPIRED: Label(T("已过期", "Expired"), "grey"),
        SurveyState.SKIPPED: Label(T("不邀请", "Not asked"), "grey"),
    },
    SurveyWay: {
        SurveyWay.PLATFORM: Label(T("平台聊天", "Platform chat"), "blue"),
        SurveyWay.WIDGET: Label(T("网页聊天", "Web chat"), "blue"),
        SurveyWay.FORM: Label(T("留言页", "Form page"), "blue"),
        SurveyWay.HAND: Label(T("客服转发", "By an agent"), "grey"),
    },
    SkipReason: {
        SkipReason.ASKED_RECENTLY: Label(T("近期已邀请过", "Asked recently"), "grey"),
        SkipReason.REOPENED: Label(T("工单已重开", "Ticket reopened"), "grey"),
        SkipReason.ERASED: Label(T("客户信息已删除", "Customer erased"), "grey"),
    },
    RecoveryState: {
        RecoveryState.OPEN: Label(T("待挽回", "To contact"), "red"),
        RecoveryState.DONE: Label(T("已联系", "Contacted"), "green"),
        RecoveryState.CLOSED: Label(T("未联系上", "Not reached"), "grey"),
    },
    RecoveryOutcome: {
        RecoveryOutcome.WON_BACK: Label(T("客户表示满意", "Won back"), "green"),
        RecoveryOutcome.EXPLAINED: Label(T("已致歉说明", "Explained, apologised"), "blue"),
        RecoveryOutcome.STILL_UNHAPPY: Label(T("仍不满意", "Still unhappy"), "red"),
        RecoveryOutcome.NOT_REACHED: Label(T("未联系上", "Not reached"), "amber"),
    },
    SummaryState: {
        SummaryState.DRAFT: Label(T("待补充", "To complete"), "amber"),
        SummaryState.COMPLETED: Label(T("待签发", "To sign"), "blue"),
        SummaryState.SIGNED: Label(T("已签发", "Signed"), "green"),
    },
    ImprovementState: {
        ImprovementState.OPEN: Label(T("待回复", "To be replied to"), "amber"),
        ImprovementState.REPLIED: Label(T("待看效果", "Effect awaited"), "blue"),
        ImprovementState.MEASURED: Label(T("待关闭", "To close"), "amber"),
        ImprovementState.CLOSED: Label(T("已关闭", "Closed"), "green"),
    },
    ImprovementOwner: {
        ImprovementOwner.PRODUCT: Label(T("商品专员", "Product specialist"), "grey"),
        ImprovementOwner.WAREHOUSE: Label(T("仓储", "Warehouse"), "grey"),
        ImprovementOwner.ORDERS: Label(T("订单专员", "Order specialist"), "grey"),
    },
    Effect: {
        Effect.BETTER: Label(T("好转", "Better"), "green"),
        Effect.SAME: Label(T("无明显变化", "No change"), "grey"),
        Effect.WORSE: Label(T("变差", "Worse"), "red"),
        Effect.UNKNOWN: Label(T("无法比较", "Nothing to compare"), "grey"),
    },
}
STARS: dict[int, T] = {
    5: T("非常满意", "Very satisfied"),
    4: T("满意", "Satisfied"),
    3: T("一般", "So-so"),
    2: T("不满意", "Not satisfied"),
    1: T("非常不满意", "Not satisfied at all"),
}
# Said by the system in the customer's chat. Nothing is offered for a rating.
INVITATION = T(
    "您好，{shop}的服务已完成。您对这次服务满意吗？点开链接打 1–5 星即可（{days} 天内有效，只能评一次）：{url}",
    "Hello, {shop} has settled your matter. How was our service? Rate it with 1–5 stars here "
    "(valid for {days:# day|# days}, once): {url}",
)
# What the agent may press: answer, what it sets in motion, its icon.
ANSWERS: dict[RecoveryOutcome, tuple[T, T, str]] = {
    RecoveryOutcome.WON_BACK: (T("客户表示满意", "Won back"), T("任务完成", "Ends the task"), "circle-check"),
    RecoveryOutcome.EXPLAINED: (T("已致歉说明", "Explained, apologised"), T("任务完成", "Ends the task"), "message"),
    RecoveryOutcome.STILL_UNHAPPY: (T("仍不满意", "Still unhappy"), T("任务完成", "Ends the task"), "alert-triangle"),
    RecoveryOutcome.NOT_REACHED: (T("未联系上", "Not reached"), T("稍后再联系", "Tried again later"), "phone"),
}

REFUSALS: dict[str, T] = {
    "survey_used": T(
        "这个链接已经评价过了，谢谢！每个链接只能评一次；还有问题请直接联系客服。",
        "This link has been used, thank you! Each link takes one rating; for anything else please contact our service.",
    ),
    "survey_expired": T(
        "这个评价链接已过期。还想反馈的话，请直接联系客服。",
        "This link has expired. If there is something you want to tell us, please contact our service.",
    ),
    "survey_not_open": T(
        "这个评价链接现在不可用：问题还在处理中。处理好后会再邀请您。",
        "This link is not open: the matter is still being worked on. We will invite you once it is settled.",
    ),
    "survey_not_by_hand": T(
        "这份评价邀请不需要人工转发（{state}）。请刷新页面查看。",
        "This invitation need not be passed on ({state}). Reload the page.",
    ),
    "recovery_note_needed": T(
        "请写明与客户沟通的情况，再保存结果。",
        "Note what was said to the customer, then save the outcome.",
    ),
    "recovery_ended": T(
        "这项任务已结束（{outcome}），没有改动。",
        "This task has ended ({outcome}); nothing was changed.",
    ),
    "recovery_attempt_ahead": T(
        "目前只联系过 {attempts} 次，请按顺序记录。请刷新页面后再记。",
        "Only {attempts:# attempt is|# attempts are} on record. Reload the page and record the next one.",
    ),
    "summary_remarks_needed": T(
        "请先写补充说明：当天的主要情况和处理意见。",
        "Write the remarks first: what mattered that day and what is to be done.",
    ),
    "summary_signed": T(
        "日报已签发，不能再改。需要补充的请写进次日日报。",
        "The summary is signed and cannot be changed. Put what is missing into the next day's.",
    ),
    "summary_not_completed": T(
        "日报还没有补充说明，不能签发。请客服先补充。",
        "The summary has no remarks yet. Customer service completes it first, then it can be signed.",
    ),
    "own_summary": T(
        "补充说明是你写的，请另一位主管签发。",
        "You wrote the remarks yourself; another supervisor must sign.",
    ),
    "improvement_what_needed": T("请写明要改进什么。", "Say what is to be improved."),
    "improvement_due_past": T(
        "回复期限要在现在之后，请重新选择。",
        "The reply would be due in the past. Choose a later time.",
    ),
    "improvement_reply_needed": T("请写明采取了什么措施，再提交。", "Say what was done about it, then send the reply."),
    "improvement_someone_elses": T(
        "这项改进任务由{owner}负责，只有该岗位可以回复。",
        "This task belongs to the {owner}; only that role may reply.",
    ),
    "improvement_replied": T(
        "这项改进任务已经回复过，没有改动。", "This task was replied to already; nothing was changed."
    ),
    "effect_too_early": T(
        "还没到复算日期（{at}），现在的数字不能说明效果。到期后系统会自动复算。",
        "The effect is counted at {at}; figures before that say nothing. It is done by itself then.",
    ),
    "improvement_not_replied": T(
        "责任岗位还没有回复，没有效果可以复算。", "The owner has not replied yet; there is no effect to count."
    ),
    "improvement_not_measured": T(
        "效果还没有复算，不能关闭。请等到复算日期之后。",
        "The effect is not known yet, so the task cannot be closed. Wait for the day it is counted.",
    ),
}
PLAIN: dict[str, T] = {
    "score_needed": T("请先选择 1–5 星。", "Choose 1 to 5 stars first."),
    "slow_down": T("操作太频繁，请过一分钟再试。", "Too many requests. Please try again in a minute."),
}
