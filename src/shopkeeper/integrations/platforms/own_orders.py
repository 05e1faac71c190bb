"""Orders of our own (exchange, reissue) among those of a platform: it knows nothing of them and is not asked.

Wraps a platform's adapters, so that no desk has to tell the two kinds apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.ports import (
    OWN_PREFIX,
    Hint,
    PlatformOrders,
    PulledPage,
    ReceivedOrder,
    ShopAccess,
)
from shopkeeper.flows.fulfilment.parcels.ports import Ack, ShipBack, ShipNotice


def _is_own(platform_no: str) -> bool:
    return platform_no.startswith(OWN_PREFIX)


class OrdersBesideOwn:
    """`PlatformOrders` where some orders are ours alone: they may always ship, and have nothing to fetch."""

    def __init__(self, inner: PlatformOrders) -> None:
        self._inner = inner

    def pull(self, shop: ShopAccess, since: datetime, until: datetime) -> Iterator[PulledPage]:
        """See the port."""
        return self._inner.pull(shop, since, until)

    def fetch(self, shop: ShopAccess, platform_nos: Sequence[str]) -> list[ReceivedOrder]:
        """See the port."""
        theirs = [number for number in platform_nos if not _is_own(number)]
        return self._inner.fetch(shop, theirs) if theirs else []

    def refund_open(self, shop: ShopAccess, platform_nos: Sequence[str]) -> set[str]:
        """See the port."""
        theirs = [number for number in platform_nos if not _is_own(number)]
        return self._inner.refund_open(shop, theirs) if theirs else set()

    def parse_message(self, shop: ShopAccess, headers: Mapping[str, str], body: bytes) -> Hint:
        """See the port."""
        return self._inner.parse_message(shop, headers, body)

    def set_memo(self, shop: ShopAccess, platform_no: str, memo: str, flag: str = "") -> None:
        """See the port."""
        if not _is_own(platform_no):
            self._inner.set_memo(shop, platform_no, memo, flag)


class ShipBackBesideOwn:
    """`ShipBack` where some orders are ours alone: that they left is said to nobody, and counts as said."""

    def __init__(self, inner: ShipBack) -> None:
        self._inner = inner

    def send(self, shop: ShopAccess, notice: ShipNotice) -> Ack:
        """See the port."""
        if _is_own(notice.platform_no):
            return Ack(notice.platform_no, notice.number, repeated=False)
        return self._inner.send(shop, notice)
