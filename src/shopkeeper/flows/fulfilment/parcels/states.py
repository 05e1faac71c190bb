"""The states of a parcel, of its report to the platform, and of a case about it; data only."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ParcelState(StrEnum):
    AWAITING_NUMBER = "awaiting_number"  # 待取号
    NUMBERED = "numbered"  # 已取号
    PACKED = "packed"  # 已打包
    HANDED_OVER = "handed_over"  # 已交运
    IN_TRANSIT = "in_transit"  # 运输中
    DELIVERING = "delivering"  # 派送中
    SIGNED = "signed"  # 已签收
    REFUSED = "refused"  # 拒收
    RETURNING = "returning"  # 退回中
    RETURNED = "returned"  # 已退回
    LOST = "lost"  # 已丢失
    CANCELLED = "cancelled"  # 已作废


BEFORE_HAND_OVER = frozenset({ParcelState.AWAITING_NUMBER, ParcelState.NUMBERED, ParcelState.PACKED})
ON_THE_WAY = frozenset({ParcelState.HANDED_OVER, ParcelState.IN_TRANSIT, ParcelState.DELIVERING})
DECIDED = frozenset({ParcelState.SIGNED, ParcelState.REFUSED, ParcelState.RETURNING, ParcelState.RETURNED})
AT_REST = frozenset(
    {ParcelState.SIGNED, ParcelState.RETURNED, ParcelState.LOST, ParcelState.CANCELLED}
)  # nobody waits for news of it

_DECIDED_ANEW = DECIDED | {ParcelState.LOST}
_LATER = _DECIDED_ANEW | {ParcelState.IN_TRANSIT, ParcelState.DELIVERING}

PARCEL_FLOW = Transitions(
    table="parcels_parcel",
    states=ParcelState,
    allowed={
        ParcelState.AWAITING_NUMBER: {ParcelState.NUMBERED, ParcelState.CANCELLED},
        ParcelState.NUMBERED: {ParcelState.PACKED, ParcelState.CANCELLED},
        # Back to numbered: its order went through the check once more and is picked and packed again.
        ParcelState.PACKED: {ParcelState.HANDED_OVER, ParcelState.NUMBERED, ParcelState.CANCELLED},
        # Tracking comes late and out of order: what was decided may be corrected by what is heard later, but
        # a parcel whose fate was decided is never simply on its way again.
        ParcelState.HANDED_OVER: _LATER,
        ParcelState.IN_TRANSIT: _LATER - {ParcelState.IN_TRANSIT},
        ParcelState.DELIVERING: _LATER - {ParcelState.DELIVERING},
        ParcelState.SIGNED: _DECIDED_ANEW - {ParcelState.SIGNED},
        ParcelState.REFUSED: _DECIDED_ANEW - {ParcelState.REFUSED},
        ParcelState.RETURNING: _DECIDED_ANEW - {ParcelState.RETURNING},
        ParcelState.RETURNED: set(),
        ParcelState.LOST: _LATER - {ParcelState.LOST},  # found again
        ParcelState.CANCELLED: set(),
    },
)


class ShipBackState(StrEnum):
    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"


SHIP_BACK_FLOW = Transitions(
    table="parcels_shipback",
    states=ShipBackState,
    allowed={
        ShipBackState.PENDING: {ShipBackState.ACKNOWLEDGED, ShipBackState.FAILED},
        ShipBackState.FAILED: {ShipBackState.PENDING, ShipBackState.ACKNOWLEDGED},
        ShipBackState.ACKNOWLEDGED: set(),
    },
)


class CaseState(StrEnum):
    OPEN = "open"
    CONTACTED = "contacted"  # the courier was asked; an answer is due
    CLOSED = "closed"


CASE_FLOW = Transitions(
    table="parcels_parcelcase",
    states=CaseState,
    allowed={
        CaseState.OPEN: {CaseState.CONTACTED, CaseState.CLOSED},
        CaseState.CONTACTED: {CaseState.CLOSED},
        CaseState.CLOSED: set(),
    },
)


class CaseKind(StrEnum):
    STALLED = "stalled"
    PAST_PROMISE = "past_promise"
    UNDELIVERED = "undelivered"
    RETURNING = "returning"
    REFUSED = "refused"
    DAMAGED = "damaged"
    MIS_SORTED = "mis_sorted"
    LOST = "lost"
    NO_NUMBER = "no_number"  # the courier gave no number
    NOT_ACKNOWLEDGED = "not_acknowledged"  # the platform did not take the number


class CaseOutcome(StrEnum):
    DELIVERED = "delivered"
    MOVING_AGAIN = "moving_again"
    REDELIVERY = "redelivery"
    RETURNED = "returned"
    COMPENSATED = "compensated"
    RESENT = "resent"
    LOST = "lost"
    SETTLED = "settled"  # number entered, or the platform has taken it
    NO_FAULT = "no_fault"


class ContactChannel(StrEnum):
    PHONE = "phone"
    ONLINE = "online"
    BRANCH = "branch"


class NoticeVia(StrEnum):
    PLATFORM = "platform"
    SMS = "sms"
