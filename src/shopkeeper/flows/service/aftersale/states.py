"""The states of an after-sale case, its refunds and returned parcels; and the words its facts are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class CaseState(StrEnum):
    OPENED = "opened"  # 待处理: a solution is owed
    EVIDENCE = "evidence"  # 待举证: the buyer was asked for pictures, the clock runs on
    OFFERED = "offered"  # 已给方案
    ACCEPTED = "accepted"  # 已接受: carried out
    RETURN_AWAITED = "return_awaited"  # 待退货
    RECEIVED = "received"  # 退货已收
    GRADED = "graded"  # 退货已质检
    SETTLED = "settled"  # 已完结
    REFUSED = "refused"  # 已拒绝
    CLOSED = "closed"  # 已关闭: withdrawn, or nobody answered


ENDED = (CaseState.SETTLED, CaseState.REFUSED, CaseState.CLOSED)
TO_BE_OFFERED = (CaseState.OPENED, CaseState.EVIDENCE)
OFFERABLE = (CaseState.OPENED, CaseState.EVIDENCE, CaseState.OFFERED, CaseState.GRADED)

CASE_FLOW = Transitions(
    table="aftersale_aftersalecase",
    states=CaseState,
    allowed={
        CaseState.OPENED: {CaseState.EVIDENCE, CaseState.OFFERED, CaseState.REFUSED, CaseState.CLOSED},
        CaseState.EVIDENCE: {CaseState.OPENED, CaseState.OFFERED, CaseState.REFUSED, CaseState.CLOSED},
        # Declined: back to the beginning, a new solution is owed.
        CaseState.OFFERED: {CaseState.OPENED, CaseState.ACCEPTED, CaseState.REFUSED, CaseState.CLOSED},
        CaseState.ACCEPTED: {CaseState.RETURN_AWAITED, CaseState.OPENED, CaseState.SETTLED, CaseState.CLOSED},
        CaseState.RETURN_AWAITED: {CaseState.RECEIVED, CaseState.CLOSED},
        CaseState.RECEIVED: {CaseState.GRADED},
        # What came back was not what was agreed: another solution is offered, or none.
        CaseState.GRADED: {
            CaseState.OPENED,
            CaseState.OFFERED,
            CaseState.ACCEPTED,
            CaseState.SETTLED,
            CaseState.REFUSED,
        },
        CaseState.SETTLED: set(),
        CaseState.REFUSED: set(),
        CaseState.CLOSED: set(),
    },
)


class RefundState(StrEnum):
    PROPOSED = "proposed"  # 待审批: above what goes by itself
    APPROVED = "approved"  # 待打款: the platform is being told
    PAID = "paid"  # 已退款
    FAILED = "failed"  # 退款失败: a person must look
    REJECTED = "rejected"  # 审批不通过
    CANCELLED = "cancelled"  # 已取消


COUNTS_AS_GIVEN = (RefundState.PROPOSED, RefundState.APPROVED, RefundState.FAILED, RefundState.PAID)


class UnderWay(StrEnum):
    """What of an agreed solution is being carried out, or was given: nothing else is agreed beside it."""

    GOODS = "goods"  # 换货/补发订单已生成
    PROPOSED = "refund_proposed"  # 退款待审批
    APPROVED = "refund_approved"  # 退款中
    FAILED = "refund_failed"  # 退款失败, 待处理
    PAID = "refund_paid"  # 已退款


REFUND_FLOW = Transitions(
    table="aftersale_refund",
    states=RefundState,
    allowed={
        RefundState.PROPOSED: {RefundState.APPROVED, RefundState.REJECTED, RefundState.CANCELLED},
        RefundState.APPROVED: {RefundState.PAID, RefundState.FAILED, RefundState.CANCELLED},
        RefundState.FAILED: {RefundState.APPROVED, RefundState.PAID, RefundState.CANCELLED},
        RefundState.PAID: set(),
        RefundState.REJECTED: set(),
        RefundState.CANCELLED: set(),
    },
)


class PlatformRefundState(StrEnum):
    """What the platform says of a refund that the buyer asked for there; it may come late or twice."""

    ASKED = "asked"
    RETURN_AWAITED = "return_awaited"
    RETURN_SENT = "return_sent"
    REFUSED = "refused"
    CLOSED = "closed"
    PAID = "paid"


_OPEN_THERE = {
    PlatformRefundState.ASKED,
    PlatformRefundState.RETURN_AWAITED,
    PlatformRefundState.RETURN_SENT,
    PlatformRefundState.REFUSED,
}
_ANY_THERE: set[StrEnum] = {*_OPEN_THERE, PlatformRefundState.CLOSED, PlatformRefundState.PAID}
PLATFORM_REFUND_FLOW = Transitions(
    table="aftersale_platformrefund",
    states=PlatformRefundState,
    allowed={state: _ANY_THERE - {state} for state in _OPEN_THERE},
)


class ReturnState(StrEnum):
    AWAITED = "awaited"  # 待寄回
    ON_THE_WAY = "on_the_way"  # 退货在途
    RECEIVED = "received"  # 已收货, 待质检
    GRADED = "graded"  # 已质检
    UNKNOWN = "unknown"  # 无头件: here, and nobody knows whose
    CANCELLED = "cancelled"  # 已取消


RETURN_FLOW = Transitions(
    table="aftersale_returnparcel",
    states=ReturnState,
    allowed={
        ReturnState.AWAITED: {ReturnState.ON_THE_WAY, ReturnState.RECEIVED, ReturnState.CANCELLED},
        ReturnState.ON_THE_WAY: {ReturnState.RECEIVED, ReturnState.CANCELLED},
        ReturnState.RECEIVED: {ReturnState.GRADED},
        ReturnState.UNKNOWN: {ReturnState.RECEIVED},  # matched: somebody found out whose it is
        ReturnState.GRADED: set(),
        ReturnState.CANCELLED: set(),
    },
)


class Reason(StrEnum):
    """Why the buyer wants after-sale; the policy has one line for each."""

    NO_REASON = "no_reason"  # 七天无理由
    QUALITY = "quality"  # 质量问题
    WRONG_OR_MISSING = "wrong_or_missing"  # 错发漏发
    DAMAGED = "damaged"  # 运输破损
    LATE = "late"  # 延迟发货或送达
    PRICE_PROTECTION = "price_protection"  # 价保


class Solution(StrEnum):
    REFUND_ONLY = "refund_only"  # 仅退款
    RETURN_REFUND = "return_refund"  # 退货退款
    EXCHANGE = "exchange"  # 换货
    REISSUE = "reissue"  # 补发
    COMPENSATION = "compensation"  # 补偿


WITH_RETURN = (Solution.RETURN_REFUND, Solution.EXCHANGE)
WITH_REFUND = (Solution.REFUND_ONLY, Solution.RETURN_REFUND)
WITH_GOODS = (Solution.EXCHANGE, Solution.REISSUE)


class Freight(StrEnum):
    """Who pays for the way back."""

    BUYER = "buyer"
    SELLER = "seller"
    NONE = "none"  # nothing goes back


class Shot(StrEnum):
    """Pictures and films the policy may ask for."""

    WHOLE = "whole"  # 商品整体
    FAULT = "fault"  # 问题细节
    PACKAGE = "package"  # 外包装
    WAYBILL = "waybill"  # 面单
    TAGS = "tags"  # 吊牌与包装完好
    PRICE = "price"  # 价格截图
    FILM = "film"  # 开箱视频
    OTHER = "other"


class Verdict(StrEnum):
    PENDING = "pending"
    GOOD = "good"
    BAD = "bad"


class OfferAnswer(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"  # another offer took its place
    LAPSED = "lapsed"  # nobody answered


class Grade(StrEnum):
    GOOD = "good"  # 良品: back on the shelf
    DEFECTIVE = "defective"  # 残次: quarantine
    SCRAP = "scrap"  # 报废: written off
    MISSING = "missing"  # 少件: was not in the parcel


class Duty(StrEnum):
    """Whose doing it was, for the figures and for claims."""

    BUYER = "buyer"
    COURIER = "courier"
    WAREHOUSE = "warehouse"
    PRODUCT = "product"
    SERVICE = "service"
    UNKNOWN = "unknown"


class PayWay(StrEnum):
    """How money goes back: through the platform's refund, as a coupon, or by hand outside."""

    PLATFORM = "platform"
    COUPON = "coupon"
    BY_HAND = "by_hand"
