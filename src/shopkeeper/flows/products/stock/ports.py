"""What restocking asks of orders: how many pieces those wait for that could not be promised any."""

from collections.abc import Collection, Mapping
from typing import Protocol


class WaitingOrders(Protocol):
    """Orders as far as restocking must know them."""

    def pieces_wanted(self, sku_ids: Collection[int]) -> Mapping[int, int]:
        """Pieces that waiting orders want of each SKU and were not promised; those that nobody waits for may be
        left out. One statement however many.
        """
        ...


class NobodyWaits:
    """No orders are kept here."""

    def pieces_wanted(self, sku_ids: Collection[int]) -> Mapping[int, int]:
        return {}


_orders: list[WaitingOrders] = [NobodyWaits()]


def waiting_orders() -> WaitingOrders:
    """The orders that are plugged in; without any, nobody waits."""
    return _orders[0]


def provide_waiting_orders(orders: WaitingOrders) -> None:
    """A higher flow plugs in its orders when the house loads (config does it)."""
    _orders[0] = orders
