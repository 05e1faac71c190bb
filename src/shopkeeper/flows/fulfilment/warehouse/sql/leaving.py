"""Statements of parcels about to leave: which warehouses have some that wait for the courier."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class WaitingRow:
    warehouse_id: int
    since: datetime
    ship_by_at: datetime | None


# What the last door lets through: parcels of called-back, held and refunded orders wait for no courier. A packed
# parcel's state is as old as its packing.
WAITING = Statement(
    """
    SELECT p.warehouse_id, min(p.state_at), min(o.ship_by_at)
    FROM parcels_parcel AS p JOIN intake_order AS o ON o.id = p.order_id
    WHERE p.state = 'packed' AND p.warehouse_id = ANY(%(warehouses)s::bigint[])
      AND o.state = 'packed' AND o.refund_state = '' AND o.open_holds = '{}'
    GROUP BY 1 ORDER BY 1""",
    row=WaitingRow,
)
