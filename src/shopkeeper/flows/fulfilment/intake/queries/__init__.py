"""Reads of intake. What other desks use is exported here."""

from .cards import LineCard, OrderCard, orders_by_id, receivers_of

__all__ = ["LineCard", "OrderCard", "orders_by_id", "receivers_of"]
