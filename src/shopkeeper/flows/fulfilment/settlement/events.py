"""What happens at the end of an order: completed, booked, followed up."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class OrderCompleted(Event):
    """The buyer has confirmed receipt on the platform; the order is at its end."""

    order_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class OrderSettled(Event):
    """The order's books are written and balance. Amounts in minor units of `currency`."""

    order_id: int
    shop_id: int
    settlement_id: int
    currency: str
    receivable_minor: int
    margin_minor: int


@dataclass(frozen=True, slots=True)
class SettlementDoubted(Event):
    """The order could not be booked by itself; finance must look. `code` says why."""

    order_id: int
    shop_id: int
    settlement_id: int
    code: str


@dataclass(frozen=True, slots=True)
class RefundBooked(Event):
    """A refund was booked by entries of its own."""

    order_id: int
    shop_id: int
    settlement_id: int
    refund_minor: int


@dataclass(frozen=True, slots=True)
class RefundNoted(Event):
    """Money of an order went back; it is booked now, or together with the order's settlement."""

    order_id: int
    shop_id: int
    refund_minor: int


@dataclass(frozen=True, slots=True)
class DayClosed(Event):
    """Finance signed a shop's day."""

    day_close_id: int
    shop_id: int
    day: str


@dataclass(frozen=True, slots=True)
class FollowUpOpened(Event):
    """Customer service is to ask the buyer whether the parcel is well."""

    followup_id: int
    order_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class FollowUpRecorded(Event):
    """What came of asking the buyer; `outcome` is coded, the words stay sealed."""

    followup_id: int
    order_id: int
    shop_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class BuyerReportedProblem(Event):
    """Asked about the receipt, the buyer told of a problem: after-sale's business."""

    followup_id: int
    order_id: int
    shop_id: int
