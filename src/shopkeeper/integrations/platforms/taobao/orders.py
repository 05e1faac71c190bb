"""Orders of Taobao/Tmall shops: pulled by modified time, fetched by number, their messages judged genuine
or not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.flows.fulfilment.intake.ports import (
    Hint,
    PulledPage,
    ReceivedOrder,
    ShopAccess,
    Unreadable,
)
from shopkeeper.integrations.outside_http import retrying
from shopkeeper.integrations.platforms.paging import Page, backwards, total_of
from shopkeeper.integrations.platforms.taobao import messages
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.platforms.taobao.reading import (
    FIELDS,
    FLAG_NUMBERS,
    REFUNDS,
    MakesNoSense,
    platform_no_of,
    received_order,
)
from shopkeeper.integrations.texts import china_text
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outside import OutsideError

SLICE = timedelta(minutes=30)
PAGE_SIZE = 50
_UNKNOWN = "isv.trade-not-exist"
_UNDER_WAY = frozenset({"requested", "refunding"})


class TaobaoOrders:
    """`PlatformOrders` for Taobao and Tmall. `parallel` orders are fetched side by side."""

    def __init__(
        self,
        gateway: TopGateway | None = None,
        page_size: int = PAGE_SIZE,
        parallel: int = 4,
        now: Callable[[], datetime] = machine_now,
    ) -> None:
        self._gateway = gateway or TopGateway()
        self._page_size = page_size
        self._parallel = parallel
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        self._gateway.close()

    def pull(self, shop: ShopAccess, since: datetime, until: datetime) -> Iterator[PulledPage]:
        """See the port. Whole seconds: the window is widened to them."""
        start = since.replace(microsecond=0)
        while start < until:
            end = min(start + SLICE, until)
            yield from self._slice(shop, start, end)
            start = end

    def _slice(self, shop: ShopAccess, start: datetime, end: datetime) -> Iterator[PulledPage]:
        window = {"start_modified": china_text(start), "end_modified": china_text(_up(end))}
        pages = backwards(lambda number, counted: self._page(shop, window, number, counted), self._page_size)
        for trades, total, is_last in pages:
            orders, unreadable = self._details(shop, list(reversed(trades)))
            yield PulledPage(tuple(orders), end, total, is_last, tuple(unreadable))

    def _page(self, shop: ShopAccess, window: dict[str, str], number: int, counted: bool) -> Page:
        paging = {
            "page_no": str(number),
            "page_size": str(self._page_size),
            "use_has_next": "false" if counted else "true",
        }
        asked = {"fields": "tid,status,modified", **window, **paging}
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.trades.sold.increment.get", **asked))
        return Page(_trades(inside), total_of(inside.get("total_results")), bool(inside.get("has_next")))

    def _details(self, shop: ShopAccess, listed: list[Any]) -> tuple[list[ReceivedOrder], list[Unreadable]]:
        numbers = list(dict.fromkeys(filter(None, map(platform_no_of, listed))))
        orders: list[ReceivedOrder] = []
        unreadable = [
            Unreadable("", "tid", str(trade)[:2000].encode("utf-8", "replace"))
            for trade in listed
            if not platform_no_of(trade)
        ]
        for found in self._each(shop, numbers):
            if isinstance(found, ReceivedOrder):
                orders.append(found)
            else:
                unreadable.append(found)
        return orders, unreadable

    def _each(self, shop: ShopAccess, numbers: Sequence[str]) -> Iterator[ReceivedOrder | Unreadable]:
        if len(numbers) < 2 or self._parallel < 2:
            yield from (self._one(shop, number) for number in numbers)
            return
        with ThreadPoolExecutor(min(self._parallel, len(numbers))) as threads:
            yield from threads.map(lambda number: self._one(shop, number), numbers)

    def _one(self, shop: ShopAccess, number: str) -> ReceivedOrder | Unreadable:
        try:
            inside, raw = retrying(
                lambda: self._gateway.call(shop, "taobao.trade.fullinfo.get", tid=number, fields=FIELDS)
            )
        except OutsideError as error:
            if error.code == _UNKNOWN:
                return Unreadable(number, "no_detail", b"")
            raise
        try:
            order = received_order(shop, inside.get("trade"), raw)
        except MakesNoSense as reason:
            return Unreadable(number, str(reason), raw)
        return order if order.platform_no == number else Unreadable(number, "tid", raw)

    def fetch(self, shop: ShopAccess, platform_nos: Sequence[str]) -> list[ReceivedOrder]:
        """See the port."""
        orders = []
        for found in self._each(shop, platform_nos):
            if isinstance(found, ReceivedOrder):
                orders.append(found)
            elif found.reason != "no_detail":
                raise OutsideError("permanent", "unreadable_order", f"{found.platform_no}: {found.reason}")
        return orders

    def refund_open(self, shop: ShopAccess, platform_nos: Sequence[str]) -> set[str]:
        """See the port. A refunded line keeps only itself from shipping: which lines, the order itself says."""
        if not platform_nos:
            return set()
        with ThreadPoolExecutor(min(self._parallel, len(platform_nos))) as threads:
            blocked = threads.map(lambda number: self._blocked(shop, number), platform_nos)
            return {number for number, stop in zip(platform_nos, blocked, strict=True) if stop}

    def _blocked(self, shop: ShopAccess, number: str) -> bool:
        asked = {"tid": number, "fields": "tid,status,orders.oid,orders.refund_status"}
        try:
            inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.trade.fullinfo.get", **asked))
        except OutsideError as error:
            if error.code == _UNKNOWN:
                return True
            raise
        try:
            trade = inside["trade"]
            refunds = [REFUNDS[line.get("refund_status") or ""] for line in trade["orders"]["order"]]
            closed = trade["status"] in ("TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO")
            return closed or any(r in _UNDER_WAY for r in refunds) or all(r == "refunded" for r in refunds)
        except (KeyError, TypeError, AttributeError):
            raise OutsideError("permanent", "unreadable_order", f"{number}: refunds") from None

    def parse_message(self, shop: ShopAccess, headers: Mapping[str, str], body: bytes) -> Hint:
        """See the port."""
        return messages.believed(shop, headers, body, self._now())

    def set_memo(self, shop: ShopAccess, platform_no: str, memo: str, flag: str = "") -> None:
        """See the port. An empty memo clears the one there is."""
        asked = {"tid": platform_no, "memo": memo} if memo else {"tid": platform_no, "reset": "true"}
        if flag:
            if flag not in FLAG_NUMBERS:
                raise OutsideError("permanent", "unknown_flag", flag)
            asked["flag"] = str(FLAG_NUMBERS[flag])
        retrying(lambda: self._gateway.call(shop, "taobao.trade.memo.update", **asked))


def _up(moment: datetime) -> datetime:
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


def _trades(page: dict[str, Any]) -> list[Any]:
    """The trades of a page. A page whose form is wrong must stop the pull: an empty one would lose orders."""
    if "trades" not in page:
        return []
    inside = page["trades"]
    found = inside.get("trade") if isinstance(inside, dict) else None
    if not isinstance(found, list):
        raise OutsideError("transient", "bad_answer", "a page without its trades")
    return found
