"""What happens to orders up to the warehouse, and what their platform says of them afterwards."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class OrderTakenIn(Event):
    order_id: int
    shop_id: int
    state: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    """A newer version came from the platform; with another receiver's address, where that is told."""

    order_id: int
    shop_id: int
    platform_state: str
    address_changed: bool = False


@dataclass(frozen=True, slots=True)
class OrderPaid(Event):
    order_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class OrderHeld(Event):
    order_id: int
    shop_id: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldDecided(Event):
    order_id: int
    shop_id: int
    codes: tuple[str, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class BuyerWaits(Event):
    """The buyer agreed to wait for goods until the shop's day `until`; `note` is how that was said."""

    order_id: int
    shop_id: int
    until: str
    note: str


@dataclass(frozen=True, slots=True)
class OrderReleased(Event):
    """The order was pushed to the warehouse."""

    order_id: int
    shop_id: int
    warehouse_id: int


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    order_id: int
    shop_id: int
    was: str


@dataclass(frozen=True, slots=True)
class OrderReturned(Event):
    """The order had left and was refunded in full: it is at its end. The goods may be back for sale, or not."""

    order_id: int
    shop_id: int
    are_goods_back: bool


@dataclass(frozen=True, slots=True)
class RefundRequested(Event):
    order_id: int
    shop_id: int
    state: str


@dataclass(frozen=True, slots=True)
class OrderRefunded(Event):
    """Money went back after the order had left; amounts in minor units of the order's currency."""

    order_id: int
    shop_id: int
    refund_minor: int


@dataclass(frozen=True, slots=True)
class BuyerConfirmed(Event):
    """The buyer confirmed receipt on the platform (or the platform did for them)."""

    order_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class OrderAdvanced(Event):
    order_id: int
    shop_id: int
    state: str


@dataclass(frozen=True, slots=True)
class SessionOpened(Event):
    session_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class SessionSigned(Event):
    session_id: int
    shop_id: int
    released: int
    held: int


@dataclass(frozen=True, slots=True)
class HistoryTakenIn(Event):
    """Past orders of a shop were imported; nobody acts on them."""

    shop_id: int
    count: int
