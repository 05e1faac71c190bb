"""What happens to parcels."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ParcelOpened(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    warehouse_id: int
    courier: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParcelNumbered(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    courier: str


@dataclass(frozen=True, slots=True)
class WaybillFailed(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    code: str


@dataclass(frozen=True, slots=True)
class LabelPrinted(Event):
    parcel_id: int
    shop_id: int
    print_no: int
    reason: str


@dataclass(frozen=True, slots=True)
class ParcelPacked(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class ParcelHandedOver(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    warehouse_id: int
    courier: str


@dataclass(frozen=True, slots=True)
class ParcelCancelled(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    was: str


@dataclass(frozen=True, slots=True)
class ShipBackAcknowledged(Event):
    """The platform has taken the number; its notice to the buyer follows from it."""

    parcel_id: int
    order_id: int
    shop_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class ShipBackFailed(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    code: str


@dataclass(frozen=True, slots=True)
class ParcelMoved(Event):
    """Tracking changed a parcel's state."""

    parcel_id: int
    order_id: int
    shop_id: int
    was: str
    state: str


@dataclass(frozen=True, slots=True)
class ParcelSigned(Event):
    parcel_id: int
    order_id: int
    shop_id: int
    signed_at: str  # ISO 8601


@dataclass(frozen=True, slots=True)
class ParcelReturned(Event):
    """The goods came back; what becomes of them is decided after the sale."""

    parcel_id: int
    order_id: int
    shop_id: int
    warehouse_id: int


@dataclass(frozen=True, slots=True)
class ParcelLost(Event):
    parcel_id: int
    order_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    case_id: int
    parcel_id: int
    shop_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class CourierContacted(Event):
    case_id: int
    parcel_id: int
    shop_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    case_id: int
    parcel_id: int
    shop_id: int
    kind: str
    outcome: str
