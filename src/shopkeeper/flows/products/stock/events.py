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


@dataclass(frozen=True, slots=True)
class SellableFell(Event):
    """Pieces were promised to orders: fewer are free. Apart from SellableChanged, because orders that wait for
    stock have nothing to gain from it."""

    sku_id: int
    warehouse_id: int


@dataclass(frozen=True, slots=True)
class StockNeverKept(Event):
    """Orders want pieces of a SKU that the warehouse has never kept: no balance fell that would tell of it."""

    sku_id: int
    warehouse_id: int


@dataclass(frozen=True, slots=True)
class StockAdjusted(Event):
    """A lot was counted and is not what the books said; `quantity` is the difference."""

    lot_id: int
    sku_id: int
    warehouse_id: int
    quantity: int
    reason: str


@dataclass(frozen=True, slots=True)
class LotMoved(Event):
    """A lot lies in another bin of its warehouse."""

    lot_id: int
    sku_id: int
    warehouse_id: int
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class BinPut(Event):
    """A bin was made, or its place in the walking order changed."""

    bin_id: int
    warehouse_id: int
    code: str


@dataclass(frozen=True, slots=True)
class ThresholdSet(Event):
    """The warning threshold of a SKU or of a category was set; None: it follows the general one again."""

    sku_id: int | None
    category_id: int | None
    threshold: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class RestockReminded(Event):
    """Fewer pieces of a SKU are free than its threshold."""

    reminder_id: int
    sku_id: int
    free: int
    suggested: int


@dataclass(frozen=True, slots=True)
class RestockSnoozed(Event):
    """A reminder was put off to a day, with the reason."""

    reminder_id: int
    sku_id: int
    until: str
    reason: str


@dataclass(frozen=True, slots=True)
class RestockOrdered(Event):
    """Pieces were ordered from the supplier and are expected on a day; a later one takes its place."""

    reminder_id: int
    sku_id: int
    quantity: int
    expected_on: str
    note: str


@dataclass(frozen=True, slots=True)
class RestockEnded(Event):
    """A reminder is at its end: restocked, or closed with a reason."""

    reminder_id: int
    sku_id: int
    ending: str
    reason: str


@dataclass(frozen=True, slots=True)
class PiecesTakenBack(Event):
    """Pieces that a buyer sent back were graded and booked."""

    sku_id: int
    warehouse_id: int
    quantity: int
    grade: str
