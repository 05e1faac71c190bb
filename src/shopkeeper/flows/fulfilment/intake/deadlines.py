"""Deadlines of intake (O1)."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

NEXT_SESSION = DeadlineKind("next_check_session", clause="O1.2", subject="shop", on_due="open_check_sessions")
SIGN_SESSION = DeadlineKind(
    "sign_check_session",
    clause="O1.2",
    subject="session",
    role=Role.ORDER_SPECIALIST,
    title=T("审单并签字", "Check the orders and sign"),
    action=T("去审单", "Check"),
    url="/orders/sessions/{id}/",
)
DECIDE_HOLDS = DeadlineKind(
    "decide_holds",
    clause="O1.3",
    subject="order",
    role=Role.ORDER_SPECIALIST,
    title=T("处理异常订单", "Decide the order's exceptions"),
    action=T("去处理", "Decide"),
    url="/orders/{id}/",
)
MAKE_CODE = DeadlineKind(
    "make_code",
    clause="O1.3",
    subject="order",
    role=Role.PRODUCT_SPECIALIST,
    title=T("建立或对应商家编码", "Make or match a merchant's code"),
    action=T("去处理", "Handle it"),
    url="/orders/{id}/",
)
URGENT_ORDER = DeadlineKind(
    "urgent_order",
    clause="O1.2",
    subject="order",
    role=Role.ORDER_SPECIALIST,
    title=T("发货时限早于下次审单，立即审核", "Must ship before the next session: check now"),
    action=T("立即审核", "Check now"),
    url="/orders/{id}/",
)
SHIP_BY = DeadlineKind("ship_by", clause="O3.1", subject="order")
UNREADABLE = DeadlineKind(
    "unreadable_order",
    clause="O1.1",
    subject="message",
    role=Role.ORDER_SPECIALIST,
    title=T("平台订单无法读取，请人工核对", "A platform order cannot be read: look at it"),
    action=T("查看", "Look"),
    url="/orders/intake/",
)
