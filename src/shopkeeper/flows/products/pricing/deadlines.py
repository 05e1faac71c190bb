"""The clocks of P3.2: a plan to decide on, one to mend, one that begins or ends, the day whose prices are kept."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

PRICE_APPROVAL = DeadlineKind(
    "price_approval",
    clause="P3.2",
    subject="plan",
    role=Role.OPERATIONS_MANAGER,
    title=T("审批低于目标毛利的定价", "Decide on a price below the target margin"),
    action=T("去审批", "Decide"),
    url="/pricing/{id}/",
)
RETURNED_PRICE = DeadlineKind(
    "returned_price",
    clause="P3.2",
    subject="plan",
    role=Role.PRODUCT_SPECIALIST,
    title=T("修改定价并重新提交", "Mend the price and propose it again"),
    action=T("去修改", "Mend"),
    url="/pricing/{id}/",
)
PRICE_START = DeadlineKind(
    "price_start",
    clause="P3.2",
    subject="plan",
    on_due="start_prices",
    title=T("定价到时生效", "A price plan begins"),
)
PRICE_END = DeadlineKind(
    "price_end",
    clause="P3.2",
    subject="plan",
    on_due="end_prices",
    title=T("定价到时结束", "A price plan ends"),
)
PRICE_DAYS = DeadlineKind(
    "price_days",
    clause="P3.2",
    subject="house",
    on_due="keep_price_days",
    title=T("留存每日最低价", "Keep the day's lowest prices"),
)
