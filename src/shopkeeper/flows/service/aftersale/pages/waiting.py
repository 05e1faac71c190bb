"""Whom money that is under way waits for, who does the next thing, and until when."""

from collections.abc import Sequence

from django.urls import reverse

from shopkeeper.flows.service.aftersale.queries.refunds import RefundRow
from shopkeeper.flows.service.aftersale.states import PayWay, RefundState
from shopkeeper.flows.service.tickets.ports import service_beside
from shopkeeper.shared.words import T
from shopkeeper.web.pages import Request, may_open

BY_HAND = T(
    "由客服线下打款或发券，然后在退款页登记凭证。",
    "Service pays by hand or sends the coupon, then notes it on the refund's page.",
)
BUYER_APPLIES = T(
    "买家还没有在平台申请退款：由处理售后单的客服在会话里或打电话请买家到平台订单页申请退款；申请后系统自动同意，不用再操作。",
    "The buyer has not asked on the platform yet: whoever of customer service has the case tells them, in the "
    "conversation or by phone, to apply on the platform's order page. The system then agrees by itself.",
)
SYSTEM_AGREES = T(
    "系统正在平台上同意这笔退款，不用任何人操作。",
    "The system agrees to it on the platform; nobody has to do anything.",
)
SECOND_PERSON = T("等运营主管审批。", "Waits for an operations supervisor to approve it.")
FAILED = T(
    "平台没有退成：请客服打开退款看原因，再重新提交或线下退款。",
    "It did not go through: service opens the refund, sees why, then tells the platform again or pays by hand.",
)


def who_next(row: RefundRow) -> T | None:
    """Who does the next thing about an approved refund."""
    if row.state != RefundState.APPROVED:
        return None
    if row.way != PayWay.PLATFORM:
        return BY_HAND
    return SYSTEM_AGREES if row.refund_no else BUYER_APPLIES


def money_waiting(refunds: Sequence[RefundRow]) -> list[tuple[RefundRow, T]]:
    """What of a case's money is not with the buyer yet, with what it waits for."""
    words = {RefundState.PROPOSED: SECOND_PERSON, RefundState.FAILED: FAILED}
    told = [(row, who_next(row) or words.get(RefundState(row.state))) for row in refunds]
    return [(row, said) for row, said in told if said is not None]


def talk_url(request: Request, ticket_id: int | None) -> str:
    """Where the buyer of a case is spoken with, for whoever may go there; '' where nothing can be said any more."""
    if not ticket_id or not may_open(request.actor, "conversations-desk"):
        return ""
    talk = service_beside().conversation_of(request.actor, ticket_id)
    return f"{reverse('conversations-desk')}?open={talk}" if talk and not service_beside().is_over(talk) else ""
