"""Which of several sources of an hour's traffic counts, and rates as whole parts of 10,000."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from shopkeeper.flows.marketing.watch.states import TrafficSource

ORDERS: dict[str, tuple[TrafficSource, ...]] = {
    "collector_first": (TrafficSource.COLLECTOR, TrafficSource.FILE, TrafficSource.PASTED, TrafficSource.TYPED),
    "file_first": (TrafficSource.FILE, TrafficSource.PASTED, TrafficSource.TYPED, TrafficSource.COLLECTOR),
    "typed_first": (TrafficSource.TYPED, TrafficSource.PASTED, TrafficSource.FILE, TrafficSource.COLLECTOR),
}


class Delivered(Protocol):
    """An hour's figures from one source; of the whole shop where `campaign_id` is None."""

    @property
    def source(self) -> str: ...
    @property
    def campaign_id(self) -> int | None: ...


D = TypeVar("D", bound=Delivered)


def preferred(rows: Iterable[D], order: str) -> D | None:
    """The row that counts: the campaign's own before the whole shop's, then by the policy's order of sources."""
    places = {str(source): place for place, source in enumerate(ORDERS[order])}
    return min(rows, key=lambda row: (row.campaign_id is None, places[row.source]), default=None)


class Sold(Protocol):
    """Who paid in an hour: for the campaign's goods, and for anything in the shop."""

    @property
    def buyers(self) -> int: ...
    @property
    def shop_buyers(self) -> int: ...


def buyers_among(hour: Sold, told: Delivered | None) -> int:
    """The buyers that an hour's visitors are held against: those of whatever the visitors came to."""
    return hour.shop_buyers if told is not None and told.campaign_id is None else hour.buyers


def rate_bp(part: int | None, whole: int | None) -> int | None:
    """A share in 1/10,000, rounded half up; None where there is nothing to take it of."""
    if part is None or not whole:
        return None
    return (part * 20_000 + whole) // (2 * whole)
