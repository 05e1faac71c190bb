"""The clocks of O4: the watch for the confirmation, the buyer to be asked, the order to be booked, the day signed."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

RECEIPT_WATCH = DeadlineKind(
    "receipt_watch",
    clause="O4.2",
    subject="order",
    role=None,
    on_due="open_follow_ups",
    title=T("等待买家确认收货", "Waiting for the buyer to confirm"),
)
FOLLOW_UP = DeadlineKind(
    "follow_up",
    clause="O4.2",
    subject="followup",
    role=Role.CUSTOMER_SERVICE,
    title=T("回访买家确认收货", "Ask the buyer to confirm receipt"),
    action=T("回访", "Follow up"),
    url="/settlement/followups/{id}/",
)
SETTLEMENT = DeadlineKind(
    "settlement",
    clause="O4.1",
    subject="settlement",
    role=Role.FINANCE,
    title=T("订单结算", "Settle the order"),
    action=T("核对", "Review"),
    url="/settlement/{id}/",
)
DAY_CLOSE = DeadlineKind(
    "day_close",
    clause="O4.1",
    subject="shop",
    role=Role.FINANCE,
    title=T("财务日结签字", "Sign the shop's day"),
    action=T("去日结", "Sign"),
    url="/settlement/days/?shop={id}",
)
