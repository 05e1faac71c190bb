"""Plain makers of rows for tests: one per noun, boring on purpose."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.flows.fulfilment.intake.models import CheckSession
from shopkeeper.flows.fulfilment.intake.ports import ReceivedLine, ReceivedOrder, Receiver
from shopkeeper.flows.products.listing.models import Product, Sku
from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.flows.products.stock.models import Bin
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.models import Person, PersonRole, Shop, Warehouse

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
_count = itertools.count(1)


def make_warehouse(**fields: Any) -> Warehouse:
    n = next(_count)
    defaults = {
        "code": f"WH{n}",
        "name": f"杭州{n}仓",
        "sender_name": "掌柜",
        "sender_phone": "0571-88886666",
    }
    return Warehouse.objects.create(**{**defaults, "sender_address": "浙江省杭州市余杭区文一西路969号", **fields})


def make_shop(warehouse: Warehouse | None = None, **fields: Any) -> Shop:
    n = next(_count)
    defaults = {"code": f"shop{n}", "name": f"掌柜旗舰店{n}", "platform": "taobao"}
    return Shop.objects.create(**{**defaults, "default_warehouse": warehouse or make_warehouse(), **fields})


def make_bin(warehouse: Warehouse, code: str = "A-01-01", path_order: int = 1) -> Bin:
    return Bin.objects.get_or_create(warehouse=warehouse, code=code, defaults={"path_order": path_order})[0]


def make_sku(**fields: Any) -> Sku:
    n = next(_count)
    product = fields.pop("product", None) or Product.objects.create(code=f"SPU{n}", title=f"纯棉T恤{n}")
    defaults = {
        "code": f"SKU{n}", "barcode": f"69{n:011d}", "name": f"纯棉T恤{n}", "spec": "白色;L",
        "weight_g": 200, "cost_minor": 2_000, "price_minor": 5_000, "floor_minor": 1_000,
    }  # fmt: skip
    return Sku.objects.create(product=product, **{**defaults, **fields})


def stock_up(sku: Sku, warehouse: Warehouse, quantity: int = 100, bin_code: str = "A-01-01", lot: str = "") -> None:
    """Receive pieces into a bin as one lot."""
    make_bin(warehouse, bin_code)
    lot = lot or f"L{next(_count)}"
    outcome = receive_stock.one(SYSTEM, ReceiveStock(sku.pk, warehouse.pk, bin_code, lot, quantity))
    assert outcome.ok, outcome


def make_person(*roles: str, shops: list[Shop] | None = None, warehouses: list[Warehouse] | None = None) -> Person:
    """A person with roles; without shops (warehouses) given, of all of them."""
    n = next(_count)
    person = Person.objects.create(
        username=f"person{n}", name=f"员工{n}", all_shops=shops is None, all_warehouses=warehouses is None
    )
    PersonRole.objects.bulk_create([PersonRole(person=person, role=role) for role in roles])
    for shop in shops or []:
        person.shops.create(shop=shop)
    for warehouse in warehouses or []:
        person.warehouses.create(warehouse=warehouse)
    return person


def actor_with(*permissions: str, shops: list[Shop] | None = None, warehouses: list[Warehouse] | None = None) -> Actor:
    """An actor with exactly these permissions; without shops (warehouses) given, of all of them."""
    return Actor(
        next(_count),
        "测试员",
        frozenset(str(permission) for permission in permissions),
        None if shops is None else frozenset(shop.pk for shop in shops),
        None if warehouses is None else frozenset(warehouse.pk for warehouse in warehouses),
    )


def received_line(sku: Sku | None = None, quantity: int = 1, **fields: Any) -> ReceivedLine:
    n = next(_count)
    price = fields.get("price_minor", sku.price_minor if sku else 5_000)
    defaults: dict[str, Any] = {
        "platform_line_no": f"L{n}", "platform_item_no": "1", "platform_sku_no": "1",
        "outer_code": sku.code if sku else "NO-SUCH-SKU", "title": sku.name if sku else "没有的商品",
        "spec": "白色;L", "quantity": quantity, "price_minor": price, "discount_minor": 0,
        "paid_minor": price * quantity,
    }  # fmt: skip
    return ReceivedLine(**{**defaults, **fields})


def received_receiver(**fields: Any) -> Receiver:
    defaults: dict[str, Any] = {
        "name": "张小明", "phone": "13812341234", "province": "浙江省", "city": "杭州市", "district": "西湖区",
        "town": "", "address": "文三路100号2幢301室",
    }  # fmt: skip
    return Receiver(**{**defaults, **fields})


def received_order(shop: Shop, *lines: ReceivedLine, **fields: Any) -> ReceivedOrder:
    """A paid, clean platform order whose amounts add up."""
    n = next(_count)
    goods = sum(line.price_minor * line.quantity for line in lines)
    at = fields.get("modified_at", NOON)
    defaults: dict[str, Any] = {
        "shop_id": shop.pk, "platform_no": f"T{n:012d}", "platform_state": "WAIT_SELLER_SEND_GOODS",
        "state": "to_ship", "placed_at": at - timedelta(minutes=5), "paid_at": at - timedelta(minutes=4),
        "modified_at": at, "ship_by_at": at + timedelta(hours=48), "ended_at": None, "currency": shop.currency,
        "goods_minor": goods, "freight_minor": 0, "discount_minor": 0, "paid_minor": goods,
        "buyer_ref": f"buyer{n}", "receiver_token": f"oaid{n}", "receiver": received_receiver(),
        "buyer_remark": "", "seller_memo": "", "seller_flag": "", "lines": tuple(lines), "raw": b'{"tid": 1}',
    }  # fmt: skip
    return ReceivedOrder(**{**defaults, **fields})


def take_in(*orders: ReceivedOrder) -> list[int]:
    """Take orders in as the system and return our ids."""
    outcomes = take_in_orders(SYSTEM, list(orders))
    assert all(outcome.ok for outcome in outcomes), outcomes
    return [outcome.id or 0 for outcome in outcomes]


def make_order(shop: Shop, *lines: ReceivedLine, **fields: Any) -> int:
    """A platform order taken in; waits for the check."""
    return take_in(received_order(shop, *lines, **fields))[0]


def open_session(shop: Shop) -> CheckSession:
    return CheckSession.objects.get_or_create(
        shop=shop, scheduled_at=NOON, defaults={"state_at": NOON, "opened_at": NOON}
    )[0]


def release(shop: Shop, order_id: int) -> None:
    """Push an order to the warehouse in an open session."""
    open_session(shop)
    outcome = release_orders.one(SYSTEM, ReleaseOrder(order_id))
    assert outcome.ok, outcome


def make_released_order(shop: Shop, *lines: ReceivedLine, **fields: Any) -> int:
    """An order pushed to the warehouse."""
    order_id = make_order(shop, *lines, **fields)
    release(shop, order_id)
    return order_id
