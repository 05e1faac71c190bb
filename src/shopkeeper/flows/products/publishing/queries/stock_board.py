"""P5 at a glance: per shop what waits to be told, how long a change takes to arrive, what disagrees."""

from datetime import datetime, timedelta

from shopkeeper.flows.products.publishing.sql.stock import BOARD, BoardRow
from shopkeeper.foundation.actor import Actor

HOURS = 24

__all__ = ["HOURS", "BoardRow", "push_board"]


def push_board(viewer: Actor, now: datetime) -> list[BoardRow]:
    """The viewer's shops that sell anything; delays over the last 24 hours, from the change to the platform's word."""
    shops = None if viewer.shops is None else sorted(viewer.shops)
    return BOARD.rows(since=now - timedelta(hours=HOURS), shops=shops)
