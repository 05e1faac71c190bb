"""The clocks of S2.3: a solution within 48 hours, the buyer's answer, the parcel back, the money out."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

OFFER = DeadlineKind(
    "aftersale_offer",
    clause="S2.3",
    subject="case",
    role=Role.CUSTOMER_SERVICE,
    title=T("给出售后方案", "Offer a solution"),
    action=T("给方案", "Offer"),
    url="/aftersale/{id}/",
    waits_for=T("等买家交来照片", "waits for the buyer's pictures"),
)
OFFER_ANSWER = DeadlineKind(
    "aftersale_offer_answer",
    clause="S2.3",
    subject="case",
    on_due="lapse_offers",
    title=T("等待买家答复方案", "Waiting for the buyer's answer"),
)
RETURN = DeadlineKind(
    "aftersale_return",
    clause="S2.3",
    subject="case",
    on_due="lapse_returns",
    title=T("等待买家寄回", "Waiting for the goods to come back"),
)
GRADE = DeadlineKind(
    "aftersale_grade",
    clause="S2.3",
    subject="return",
    role=Role.WAREHOUSE,
    title=T("退货质检", "Grade the returned goods"),
    action=T("质检", "Grade"),
    url="/aftersale/returns/{id}/",
)
APPROVE = DeadlineKind(
    "aftersale_approve",
    clause="S2.3",
    subject="refund",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("审批退款", "Approve the refund"),
    action=T("审批", "Approve"),
    url="/aftersale/refunds/{id}/",
)
PAY = DeadlineKind(
    "aftersale_pay",
    clause="S2.3",
    subject="refund",
    role=Role.CUSTOMER_SERVICE,
    title=T("退款到账", "See the refund through"),
    action=T("查看", "Open"),
    url="/aftersale/refunds/{id}/",
    waits_for=T("等平台退款，到账后自动完成", "waits for the platform; it ends by itself once paid"),
)
