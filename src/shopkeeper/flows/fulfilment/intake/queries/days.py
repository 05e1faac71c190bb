"""What shops sold on their days, by the day of payment: for whoever holds it against other sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.sql import days as sql


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A shop's day as two moments."""

    shop_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DaySales:
    """Paid orders, what was paid (later refunds not deducted) and different buyers."""

    orders: int
    paid_minor: int
    buyers: int


def day_sales(spans: Sequence[DaySpan]) -> list[DaySales]:
    """Each span's sales, in one statement however many there are. Orders cancelled after payment count: they were
    paid, and what went back is a refund."""
    rows = {
        row.n: row
        for row in sql.DAY_SALES.rows(
            shops=[span.shop_id for span in spans],
            sinces=[span.since for span in spans],
            untils=[span.until for span in spans],
        )
    }
    nothing = DaySales(0, 0, 0)
    return [
        DaySales(rows[n].orders, rows[n].paid_minor, rows[n].buyers) if n in rows else nothing
        for n in range(1, len(spans) + 1)
    ]
