"""Permissions on orders."""

from enum import StrEnum


class Permission(StrEnum):
    ORDER_VIEW = "fulfilment.order.view"
    ORDER_TAKE_IN = "fulfilment.order.take_in"
    ORDER_IMPORT = "fulfilment.order.import"
    ORDER_CHECK = "fulfilment.order.check"
    ORDER_HOLD = "fulfilment.order.hold"
    ORDER_CANCEL = "fulfilment.order.cancel"
    ORDER_CLOSE = "fulfilment.order.close_returned"
    ORDER_ADVANCE = "fulfilment.order.advance"
    SESSION_OPEN = "fulfilment.session.open"
