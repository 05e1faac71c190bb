"""Orders of Pinduoduo shops: pulled by the moment of their last change, fetched by number, states asked in
batches, notes written."""

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
from shopkeeper.integrations.platforms.pinduoduo import messages
from shopkeeper.integrations.platforms.pinduoduo.gateway import PddGateway
from shopkeeper.integrations.platforms.pinduoduo.reading import (
    FLAG_NUMBERS,
    MakesNoSense,
    order_number,
    received_order,
)
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outside import OutsideError

SLICE = timedelta(minutes=30)
PAGE_SIZE = 50
ORDERS_PER_CALL = 100
ALL = "5"
_BUSINESS = "50001"


class PinduoduoOrders:
    """`PlatformOrders` for Pinduoduo. `parallel` orders are fetched side by side."""

    def __init__(
        self,
        gateway: PddGateway | None = None,
        page_size: int = PAGE_SIZE,
        parallel: int = 4,
        now: Callable[[], datetime] = machine_now,
    ) -> None:
        self._gateway = gateway or PddGateway()
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
        last_second = int(end.timestamp()) + bool(end.microsecond)
        window = {"start_updated_at": str(int(start.timestamp())), "end_updated_at": str(last_second)}
        pages = backwards(lambda number, counted: self._page(shop, window, number, counted), self._page_size)
        for listed, total, is_last in pages:
            orders, unreadable = self._details(shop, list(reversed(listed)))
            yield PulledPage(tuple(orders), end, total, is_last, tuple(unreadable))

    def _page(self, shop: ShopAccess, window: dict[str, str], number: int, counted: bool) -> Page:
        asked = {
            **window,
            "order_status": ALL,
            "refund_status": ALL,
            "is_lucky_flag": "0",
            "page": str(number),
            "page_size": str(self._page_size),
            "use_has_next": "false" if counted else "true",
        }
        inside, _ = retrying(lambda: self._gateway.call(shop, "pdd.order.number.list.increment.get", **asked))
        found = inside.get("order_sn_list") or []
        if not isinstance(found, list):  # an empty page would lose orders; one of a wrong form must stop the pull
            raise OutsideError("transient", "bad_answer", "a page without its orders")
        return Page(found, total_of(inside.get("total_count")), bool(inside.get("has_next")))

    def _details(self, shop: ShopAccess, listed: list[Any]) -> tuple[list[ReceivedOrder], list[Unreadable]]:
        numbers = list(dict.fromkeys(filter(None, map(_number_of, listed))))
        orders: list[ReceivedOrder] = []
        unreadable = [
            Unreadable("", "order_sn", str(one)[:2000].encode("utf-8", "replace"))
            for one in listed
            if not _number_of(one)
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
            inside, raw = retrying(lambda: self._gateway.call(shop, "pdd.order.information.get", order_sn=number))
        except OutsideError as error:
            if is_unknown(error):
                return Unreadable(number, "no_detail", b"")
            raise
        try:
            order = received_order(shop, inside.get("order_info"), raw)
        except MakesNoSense as reason:
            return Unreadable(number, str(reason), raw)
        return order if order.platform_no == number else Unreadable(number, "order_sn", raw)

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
        """See the port. A hundred orders are asked about in one call."""
        blocked: set[str] = set()
        for at in range(0, len(platform_nos), ORDERS_PER_CALL):
            some = platform_nos[at : at + ORDERS_PER_CALL]
            states = self._states(shop, some)
            blocked |= {number for number in some if states.get(number) != 1}
        return blocked

    def _states(self, shop: ShopAccess, numbers: Sequence[str]) -> dict[str, int]:
        """The refund figure of each order the platform knows."""
        asked = ",".join(numbers)
        inside, _ = retrying(lambda: self._gateway.call(shop, "pdd.order.status.get", order_sns=asked))
        try:
            rows = inside["order_status_list"]
            return {str(row.get("orderSn") or row["order_sn"]): int(row["refund_status"]) for row in rows}
        except (KeyError, TypeError, ValueError, AttributeError):
            raise OutsideError("permanent", "unreadable_order", f"{len(numbers)} orders: refunds") from None

    def parse_message(self, shop: ShopAccess, headers: Mapping[str, str], body: bytes) -> Hint:
        """See the port."""
        return messages.believed(shop, headers, body, self._now())

    def set_memo(self, shop: ShopAccess, platform_no: str, memo: str, flag: str = "") -> None:
        """See the port. The platform has no gray flag."""
        asked = {"order_sn": platform_no, "note": memo}
        if flag:
            if flag not in FLAG_NUMBERS:
                raise OutsideError("permanent", "unknown_flag", flag)
            number, name = FLAG_NUMBERS[flag]
            asked |= {"tag": str(number), "tag_name": name}
        retrying(lambda: self._gateway.call(shop, "pdd.order.note.update", **asked))


def is_unknown(error: OutsideError) -> bool:
    """Whether the platform says there is no such order of this shop."""
    return error.kind == "permanent" and error.code == _BUSINESS and "不存在" in error.message


def _number_of(listed: Any) -> str:
    return order_number(listed.get("order_sn")) if isinstance(listed, dict) else ""
