"""The clocks of outreach: a mailing to approve, and the time it goes out."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

MAILING_REVIEW = DeadlineKind(
    "mailing_review",
    clause="M1.2",
    subject="mailing",
    role=Role.OPERATIONS_MANAGER,
    title=T("审批群发", "Approve a mailing"),
    action=T("去审批", "Review"),
    url="/outreach/mailings/{id}/",
)
MAILING_SEND = DeadlineKind(
    "mailing_send",
    clause="M1.2",
    subject="mailing",
    on_due="start_mailings",
    title=T("群发到时发送", "A mailing goes out"),
)
