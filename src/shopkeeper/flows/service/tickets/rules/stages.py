"""S1.2, S2.2: where in the sale a customer stands, and how an order may be helped, by its real state."""

from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.service.tickets.states import Stage, Way

NOT_BOUGHT = (OrderState.UNPAID,)
WITH_US = (OrderState.TO_CHECK,)
IN_WAREHOUSE = (OrderState.RELEASED, OrderState.PICKING, OrderState.TO_PACK, OrderState.PACKED)
ON_THE_WAY = (OrderState.SHIPPED,)


def stage_of(order_state: str | None, refund_state: str = "") -> Stage:
    """Pre-sale without a paid order; in-sale until the parcel has arrived; else after-sale."""
    if order_state is None or order_state in NOT_BOUGHT:
        return Stage.PRE_SALE
    if refund_state:
        return Stage.AFTER_SALE
    return Stage.IN_SALE if order_state in (*WITH_US, *IN_WAREHOUSE, *ON_THE_WAY) else Stage.AFTER_SALE


def way_of(order_state: str) -> Way:
    """How a change of address or a cancellation can still be done."""
    if order_state in (*NOT_BOUGHT, *WITH_US):
        return Way.BEFORE_RELEASE
    if order_state in IN_WAREHOUSE:
        return Way.FROM_WAREHOUSE
    return Way.INTERCEPTION if order_state in ON_THE_WAY else Way.TOO_LATE
