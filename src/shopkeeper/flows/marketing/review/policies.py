"""The numbers of M4: working days, times of day, who must attend, and what the increment is compared with."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

REVIEW_WORKING_DAYS = PolicyKey(
    "review_working_days",
    default=3,
    min=1,
    max=20,
    unit=T("个工作日", "working days"),
    clause="M4.1",
    label=T("活动结束后多少个工作日内提交复盘报告", "The review report is submitted within, after the campaign's end"),
)
REVIEW_DUE_TIME = PolicyKey(
    "review_due_time",
    default="18:00",
    clause="M4.1",
    label=T("复盘各项时限截至当日几点", "Time of day at which the duties of a review are due"),
)
REVIEW_APPROVAL_HOURS = PolicyKey(
    "review_approval_hours",
    default=24,
    min=1,
    max=240,
    unit=T("小时", "h"),
    clause="M4.1",
    label=T("复盘报告审批时限", "Time to approve a review report, or to mend one sent back"),
)
REVIEW_REDRAW_TIME = PolicyKey(
    "review_redraw_time",
    default="08:00",
    clause="M4.1",
    label=T("报告提交前每天几点重算数据", "Until it is submitted, a report's figures are drawn again each day at"),
)
REVIEW_BASE_WEEKS = PolicyKey(
    "review_base_weeks",
    default=4,
    min=1,
    max=12,
    unit=T("周", "weeks"),
    clause="M4.1",
    label=T("增量对比活动前几周的同星期", "The increment compares with the same weekdays of so many weeks before"),
)
REVIEW_PROBLEMS = PolicyKey(
    "review_problems",
    default=5,
    min=1,
    max=20,
    unit=T("项", "lines"),
    clause="M4.1",
    label=T("复盘报告列出的客服问题数", "Problems of customers listed in a review"),
)
MEETING_DAYS = PolicyKey(
    "review_meeting_working_days",
    default=3,
    min=1,
    max=20,
    unit=T("个工作日", "working days"),
    clause="M4.2",
    label=T("复盘报告通过后多少个工作日内开复盘会", "The review meeting is held within, after the report is approved"),
)
MEETING_NEEDS_MARKET = PolicyKey(
    "review_meeting_needs_market",
    default=True,
    clause="M4.2",
    label=T("复盘会须有市场参加", "Market must attend the review meeting"),
)
MEETING_NEEDS_ENGINEERING = PolicyKey(
    "review_meeting_needs_engineering",
    default=True,
    clause="M4.2",
    label=T("复盘会须有技术参加", "Engineering must attend the review meeting"),
)
MEETING_NEEDS_SERVICE = PolicyKey(
    "review_meeting_needs_service",
    default=True,
    clause="M4.2",
    label=T("复盘会须有客服参加", "Customer service must attend the review meeting"),
)
MEETING_WITHOUT = PolicyKey(
    "review_meeting_without",
    default="refuse",
    choices=("refuse", "flag"),
    clause="M4.2",
    label=T("缺少必到部门时（不予记录 / 记录并标注）", "A meeting without one of them (refused, or kept and marked)"),
)
TEMPLATE_LEAST_ORDERS = PolicyKey(
    "review_template_least_orders",
    default=20,
    min=1,
    max=10_000,
    unit=T("单", "orders"),
    clause="M4.2",
    label=T("参数可供学习的最少订单数", "Orders from which on a campaign's rates are worth learning"),
)
