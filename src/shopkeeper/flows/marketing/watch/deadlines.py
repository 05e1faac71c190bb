"""The clocks of M3: hours to close and to record, days to sign, alerts and calls to answer, effects to measure."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

WATCH_HOUR = DeadlineKind(
    "watch_hour",
    clause="M3.1",
    subject="campaign",
    on_due="close_hours",
    title=T("活动整点结算", "An hour of a campaign closes"),
)
HOUR_RECORD = DeadlineKind(
    "watch_hour_record",
    clause="M3.1",
    subject="reading",
    role=Role.CAMPAIGN_SPECIALIST,
    title=T("登记活动监控表", "Record an hour of the campaign"),
    action=T("登记", "Record"),
    url="/watch/hours/{id}/",
)
SHEET_SIGN = DeadlineKind(
    "watch_sheet_sign",
    clause="M3.1",
    subject="sheet",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("签字确认活动监控表", "Sign a day of the monitoring record"),
    action=T("核对签字", "Sign"),
    url="/watch/sheets/{id}/",
)
ALERT_ANSWER = DeadlineKind(
    "watch_alert_answer",
    clause="M3.2",
    subject="alert",
    role=Role.CAMPAIGN_SPECIALIST,
    title=T("处理活动预警", "Answer an alert of the campaign"),
    action=T("处理", "Answer"),
    url="/watch/alerts/{id}/",
)
RESTOCK_CALL = DeadlineKind(
    "watch_restock_call",
    clause="M3.2",
    subject="restock call",
    role=Role.PRODUCT_SPECIALIST,
    title=T("答复紧急补货", "Answer a call for urgent restock"),
    action=T("答复", "Answer"),
    url="/watch/restocks/{id}/",
)
ACTION_EFFECT = DeadlineKind(
    "watch_action_effect",
    clause="M3.2",
    subject="action",
    on_due="measure_effects",
    title=T("测量措施效果", "Measure what an action brought"),
)
