"""Orders that wait for a code which exists by now."""

from collections.abc import Iterable

from shopkeeper.flows.fulfilment.intake.sql import matching
from shopkeeper.foundation.sql import numbers


def orders_waiting_for(product_ids: Iterable[int]) -> list[int]:
    """Orders to check that have a line whose code is a SKU's of these products, and is not matched yet."""
    return [row.order_id for row in matching.WAITING_FOR.rows(products=numbers(product_ids))]
