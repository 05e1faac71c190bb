"""Permissions on completion, settlement and follow-up."""

from enum import StrEnum


class Permission(StrEnum):
    ORDER_COMPLETE = "fulfilment.settlement.complete"
    SETTLEMENT_VIEW = "fulfilment.settlement.view"
    SETTLEMENT_SETTLE = "fulfilment.settlement.settle"
    SETTLEMENT_APPROVE = "fulfilment.settlement.approve"
    DAY_CLOSE = "fulfilment.settlement.close_day"
    FOLLOW_UP_VIEW = "fulfilment.follow_up.view"
    FOLLOW_UP_OPEN = "fulfilment.follow_up.open"
    FOLLOW_UP_RECORD = "fulfilment.follow_up.record"
