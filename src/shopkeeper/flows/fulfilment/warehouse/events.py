"""What happens in the warehouse."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class WaveReleased(Event):
    wave_id: int
    warehouse_id: int
    orders: int
    pieces: int


@dataclass(frozen=True, slots=True)
class OrderAllotted(Event):
    """The order's pieces are set apart, lot by lot; it is in a wave's slot."""

    order_id: int
    shop_id: int
    warehouse_id: int
    wave_id: int
    slot: int


@dataclass(frozen=True, slots=True)
class WaveClaimed(Event):
    wave_id: int
    warehouse_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class PickedShort(Event):
    pick_line_id: int
    wave_id: int
    order_id: int
    shop_id: int
    sku_id: int
    missing: int
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class WavePicked(Event):
    wave_id: int
    warehouse_id: int
    orders: int


@dataclass(frozen=True, slots=True)
class OrderToPack(Event):
    order_id: int
    shop_id: int
    warehouse_id: int
    wave_id: int


@dataclass(frozen=True, slots=True)
class PackingOpened(Event):
    order_id: int
    shop_id: int
    warehouse_id: int
    wave_order_id: int


@dataclass(frozen=True, slots=True)
class PieceFailed(Event):
    """A piece did not pass the eye: it is in quarantine; `is_replaced` says whether another is fetched."""

    order_id: int
    shop_id: int
    sku_id: int
    quantity: int
    verdict: str
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class OrderPacked(Event):
    order_id: int
    shop_id: int
    warehouse_id: int
    wave_id: int
    parcel_id: int
    weight_g: int
    is_forced: bool


@dataclass(frozen=True, slots=True)
class OrderLeftWave(Event):
    order_id: int
    shop_id: int
    wave_id: int
    reason: str
    pieces_to_return: int


@dataclass(frozen=True, slots=True)
class PiecesReturned(Event):
    order_id: int
    shop_id: int
    wave_id: int
    pieces: int


@dataclass(frozen=True, slots=True)
class RefundChecked(Event):
    """The platform was asked once more before the parcel is closed."""

    order_id: int
    shop_id: int
    refund_open: bool
