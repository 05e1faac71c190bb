"""What happens to stock."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class StockReceived(Event):
    sku_id: int
    warehouse_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class StockSetAside(Event):
    sku_id: int
    warehouse_id: int
    quantity: int
    kind: str
    order_line_id: int


@dataclass(frozen=True, slots=True)
class SellableChanged(Event):
    """Pieces became free or were taken; who sells them elsewhere wants to know."""

    sku_id: int
    warehouse_id: int
