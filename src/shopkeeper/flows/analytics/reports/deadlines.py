"""The clocks of D2.1: the morning a period's report is made, and the time by which it is signed."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

REPORT_MAKE = DeadlineKind(
    "report_make",
    clause="D2.1",
    subject="shop",  # 0 = all shops together
    on_due="make_due_reports",
    title=T("生成运营数据分析报告", "Make the operations report"),
)
REPORT_SIGN = DeadlineKind(
    "report_sign",
    clause="D2.1",
    subject="report",
    role=Role.DATA_SPECIALIST,
    title=T("签发运营数据分析报告", "Sign the operations report"),
    action=T("签发", "Sign"),
    url="/reports/{id}/",
)
