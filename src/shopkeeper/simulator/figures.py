"""What a platform's own export would say of a day, counted from the orders as the platform keeps them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.sandboxes.running import ControlDoor


def paid_on(outside: ControlDoor, shop: int, day: date) -> list[dict[str, Any]]:
    """The orders of a shop that were paid on a day, as its platform keeps them."""
    trades = outside.get("/platform/orders", session=SHOPFRONTS[shop - 1].session)["orders"]
    return [trade for trade in trades if trade.get("pay_time") and _day(trade["pay_time"]) == day]


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()


def fen(amount: str) -> int:
    """An amount of a platform, in fen."""
    return int(Decimal(amount) * 100)


def export_of(outside: ControlDoor, shop: int, day: date) -> dict[str, int]:
    """Paid orders, what was paid and who paid, as the platform's console exports them the next morning."""
    trades = paid_on(outside, shop, day)
    return {
        "orders": len(trades),
        "paid_minor": sum(fen(trade["payment"]) for trade in trades),
        "buyers": len({trade["buyer_open_uid"] for trade in trades}),
    }
