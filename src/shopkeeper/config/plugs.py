"""What a lower flow asks of a higher one, plugged in when the house loads: port → who answers."""

from shopkeeper.flows.marketing.promotions.queries.stacking import PublishedStack
from shopkeeper.flows.products.pricing.ports import provide_promotion_stack


def provide_ports() -> None:
    """Price plans ask promotions how low a price can fall."""
    provide_promotion_stack(PublishedStack())
