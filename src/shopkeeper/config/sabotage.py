"""Faults planted on purpose, to prove that the simulator would notice. Reachable in simulated installations only.

Some are planted in the adapters (what a faulty program would do), the others by the database's owner, because
the database itself refuses them to the house.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import psycopg
from django.conf import settings

from shopkeeper.config import sabotage_marketing, sabotage_service
from shopkeeper.flows.fulfilment.intake.ports import Hint, PlatformOrders, PulledPage, ReceivedOrder, ShopAccess
from shopkeeper.flows.fulfilment.parcels.ports import Ack, ShipBack, ShipNotice
from shopkeeper.flows.products.publishing.ports import (
    GoodsDraft,
    ListingFacts,
    PlatformGoods,
    Published,
    QuantityAnswer,
    QuantityWish,
)

PLANTED = {**sabotage_service.PLANTED, **sabotage_marketing.PLANTED}
NAMES = ("oversell", "lost", "doubled", "unbalanced", "resent", "stale", *PLANTED)


def chosen() -> str:
    """The sabotage this installation was started with; never any where time is real."""
    name = str(getattr(settings, "SHOPKEEPER_SABOTAGE", ""))
    return name if settings.SHOPKEEPER_CLOCK == "simulated" else ""


class ForgetfulOrders:
    """`lost`: every order whose number ends its thousands in 5 is read and dropped.

    `doubled`: each shop's orders are taken in by the next shop, too.
    """

    def __init__(self, inner: PlatformOrders, fault: str) -> None:
        self._inner = inner
        self._fault = fault

    def _spoilt(self, orders: Sequence[ReceivedOrder]) -> tuple[ReceivedOrder, ...]:
        if self._fault == "lost":
            return tuple(order for order in orders if order.platform_no[-4] != "5")
        return (*orders, *(replace(order, shop_id=order.shop_id % 2 + 1) for order in orders))

    def pull(self, shop: ShopAccess, since: Any, until: Any) -> Iterator[PulledPage]:
        for page in self._inner.pull(shop, since, until):
            yield replace(page, orders=self._spoilt(page.orders))

    def fetch(self, shop: ShopAccess, platform_nos: Sequence[str]) -> list[ReceivedOrder]:
        return list(self._spoilt(self._inner.fetch(shop, platform_nos)))

    def refund_open(self, shop: ShopAccess, platform_nos: Sequence[str]) -> set[str]:
        return self._inner.refund_open(shop, platform_nos)

    def parse_message(self, shop: ShopAccess, headers: Mapping[str, str], body: bytes) -> Hint:
        return self._inner.parse_message(shop, headers, body)

    def set_memo(self, shop: ShopAccess, platform_no: str, memo: str, flag: str = "") -> None:
        self._inner.set_memo(shop, platform_no, memo, flag)


class StutteringShipBack:
    """`resent`: every number is told to the platform twice, though it was acknowledged."""

    def __init__(self, inner: ShipBack) -> None:
        self._inner = inner

    def send(self, shop: ShopAccess, notice: ShipNotice) -> Ack:
        self._inner.send(shop, notice)
        return self._inner.send(shop, notice)


def spoilt_platforms(platforms: Mapping[str, PlatformOrders]) -> Mapping[str, PlatformOrders]:
    """The platforms, forgetful where that is the chosen sabotage."""
    fault = chosen()
    if fault not in ("lost", "doubled"):
        return platforms
    return {name: ForgetfulOrders(platform, fault) for name, platform in platforms.items()}


def spoilt_ship_backs(ship_backs: Mapping[str, ShipBack]) -> Mapping[str, ShipBack]:
    """The ways to tell a number, stuttering where that is the chosen sabotage."""
    if chosen() != "resent":
        return ship_backs
    return {name: StutteringShipBack(one) for name, one in ship_backs.items()}


class StaleGoods:
    """`stale`: a shop hears of no quantity after the first, though every one is said to be told."""

    def __init__(self, inner: PlatformGoods) -> None:
        self._inner = inner

    def publish(self, shop: ShopAccess, draft: GoodsDraft) -> Published:
        return self._inner.publish(shop, draft)

    def take_down(self, shop: ShopAccess, item_no: str) -> None:
        self._inner.take_down(shop, item_no)

    def put_up(self, shop: ShopAccess, item_no: str) -> None:
        self._inner.put_up(shop, item_no)

    def read_back(self, shop: ShopAccess, item_nos: Sequence[str]) -> dict[str, ListingFacts]:
        return self._inner.read_back(shop, item_nos)

    def set_quantities(self, shop: ShopAccess, wishes: Sequence[QuantityWish]) -> list[QuantityAnswer]:
        return [QuantityAnswer(wish) for wish in wishes]


def spoilt_goods(goods: Mapping[str, PlatformGoods]) -> Mapping[str, PlatformGoods]:
    """The goods doors, deaf to quantities where that is the chosen sabotage."""
    if chosen() != "stale":
        return goods
    return {name: StaleGoods(one) for name, one in goods.items()}


# More pieces are promised than there are: the promise and its balance agree, but the pieces do not exist.
OVERSELL = """
    ALTER TABLE stock_stock DROP CONSTRAINT stock_never_oversold;
    WITH most AS (
        UPDATE stock_stock SET promised = on_hand + 3
        WHERE id = (SELECT id FROM stock_stock ORDER BY on_hand DESC, id LIMIT 1)
        RETURNING sku_id, warehouse_id, on_hand
    ), had AS (
        SELECT m.*, (SELECT coalesce(sum(p.quantity), 0) FROM stock_promise AS p
                     WHERE p.sku_id = m.sku_id AND p.warehouse_id = m.warehouse_id) AS promised
        FROM most AS m
    )
    INSERT INTO stock_promise (order_line_id, order_id, sku_id, warehouse_id, quantity, promised_at)
    SELECT 9000000000, 9000000000, sku_id, warehouse_id, on_hand + 3 - promised, '2026-06-01T00:00:00Z' FROM had"""

# An entry without its counterpart, which the trigger would refuse.
UNBALANCED = """
    SET session_replication_role = replica;
    INSERT INTO settlement_entry (settlement_id, shop_id, kind, account, currency, amount_minor, booked_on, booked_at,
                                  actor_id)
    SELECT coalesce((SELECT min(id) FROM settlement_settlement WHERE state = 'settled'), 1), 1, 'settlement',
           'difference', 'CNY', 100, '2026-06-01', '2026-06-01T00:00:00Z', 0"""


def planting(name: str, url: str) -> Callable[[], None] | None:
    """What is done at the end of the run, as the database's owner; None where the adapters do the harm."""
    statement = {"oversell": OVERSELL, "unbalanced": UNBALANCED, **PLANTED}.get(name)
    if statement is None:
        return None

    def plant() -> None:
        with psycopg.connect(url) as owner:
            owner.execute(statement)

    return plant
