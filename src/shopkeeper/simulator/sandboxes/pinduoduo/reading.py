"""The platform's methods about orders that read: the incremental list, one order whole, states of many."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.pinduoduo.errors import invalid, missing, refused
from shopkeeper.simulator.sandboxes.pinduoduo.orders import Orders, cipher, to_ship
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.masking import mask_address, mask_name, mask_phone
from shopkeeper.simulator.sandboxes.world import china_text

Params = dict[str, str]
WINDOW_S = 30 * 60
ORDERS_PER_CALL = 100
_PLAIN = (
    *("order_sn", "order_status", "refund_status", "after_sales_status", "confirm_status", "group_status"),
    *("risk_control_status", "created_time", "pay_time", "confirm_time", "updated_at", "last_ship_time"),
    *("shipping_time", "receive_time", "buyer_memo", "remark", "remark_tag", "open_address_id", "logistics_id"),
    "tracking_number",
)
_LISTED = ("order_sn", "order_status", "refund_status", "updated_at", "risk_control_status", "tracking_number")


def yuan(fen: int) -> float:
    """An amount as the platform writes it: a number in yuan."""
    return fen / 100


def whole(params: Params, name: str, default: int | None, low: int, high: int) -> int:
    """A whole number between bounds; without a default it must be there."""
    if name not in params and default is None:
        raise missing(name)
    text = params.get(name, str(default))
    if not text.isdecimal() or not low <= int(text[:12]) <= high:
        raise invalid(name, f"应为 {low} 到 {high} 的整数")
    return int(text)


def order_view(order: Doc) -> Doc:
    """An order as its shop may see it: receiver starred, ciphers only while it is to be shipped and not held."""
    receiver, session = order["receiver"], order["session"]
    is_open = to_ship(order) and not order["risk_control_status"]
    named = {"name": receiver["name"], "phone": receiver["mobile"], "address": receiver["address"]}
    masks = {"name": mask_name, "phone": mask_phone, "address": mask_address}
    hidden: Doc = {}
    for part, text in named.items():
        hidden[f"receiver_{part}"] = cipher(session, text) if is_open else ""
        hidden[f"receiver_{part}_mask"] = masks[part](text)
    view: Doc = {
        **{name: order[name] for name in _PLAIN if order[name] is not None},
        **hidden,
        "province": receiver["state"],
        "city": receiver["city"],
        "town": receiver["district"],
        "goods_amount": yuan(order["goods"]),
        "discount_amount": yuan(order["discount"]),
        "seller_discount": yuan(order["seller_discount"]),
        "platform_discount": yuan(order["discount"] - order["seller_discount"]),
        "postage": yuan(order["postage"]),
        "pay_amount": yuan(order["pay"]),
        "item_list": [_item_view(order["item"])],
        "gift_list": [_item_view(gift) for gift in order["gifts"]],
        "extra_delivery_list": order["extra"],
    }
    view.update(order["raw"])
    return view


def _item_view(item: Doc) -> Doc:
    return {
        "goods_id": item["goods_id"],
        "sku_id": item["sku_id"],
        "outer_goods_id": item["outer_goods_id"],
        "outer_id": item["outer_id"],
        "goods_name": item["name"],
        "goods_spec": item["spec"],
        "goods_price": yuan(item["price"]),
        "goods_count": item["count"],
    }


class Reading:
    """The methods, each answering with the inside of its response."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "pdd.order.number.list.increment.get": self.increment,
            "pdd.order.information.get": self.information,
            "pdd.order.status.get": self.statuses,
        }

    def increment(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Orders changed within at most half an hour, newest first; counted, or said whether there are more."""
        start = whole(params, "start_updated_at", None, 1, 10**11)
        end = whole(params, "end_updated_at", None, 1, 10**11)
        if not 0 <= end - start <= WINDOW_S:
            raise invalid("end_updated_at", "开始结束时间间距不超过 30 分钟")
        order_status = whole(params, "order_status", None, 1, 5)
        refund_status = whole(params, "refund_status", None, 1, 5)
        whole(params, "is_lucky_flag", None, 0, 2)
        found = self.orders.updated_between(mall["access_token"], _text(start), _text(end))
        found = [order for order in found if order_status in (5, order["order_status"])]
        found = [order for order in found if refund_status in (5, order["refund_status"])]
        page = whole(params, "page", 1, 1, 10**6)
        size = whole(params, "page_size", 100, 1, ORDERS_PER_CALL)
        part = [{name: order[name] for name in _LISTED} for order in found[(page - 1) * size : page * size]]
        if faults.has("twice") and part:
            part.append(part[-1])
        answer: Doc = {"order_sn_list": part}
        if params.get("use_has_next") == "true":
            return answer | {"has_next": page * size < len(found)}
        total = len(found) + (faults.number("wrong_totals", "by", -1) if faults.has("wrong_totals") else 0)
        return answer | {"total_count": max(0, total)}

    def information(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """One order with everything its shop may see."""
        return {"order_info": order_view(self.own(mall, params))}

    def own(self, mall: Doc, params: Params) -> Doc:
        """The mall's order of parameter `order_sn`."""
        if not params.get("order_sn"):
            raise missing("order_sn")
        order = self.orders.get(params["order_sn"])
        if order is None or order["session"] != mall["access_token"] or not order["pay_time"]:
            raise refused("订单不存在")
        return order

    def statuses(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Shipping and refund states of up to a hundred orders; those unknown are left out."""
        numbers = [number for number in params.get("order_sns", "").split(",") if number]
        if not 1 <= len(numbers) <= ORDERS_PER_CALL:
            raise invalid("order_sns", f"应为 1 到 {ORDERS_PER_CALL} 个")
        found: list[dict[str, Any]] = []
        for number in numbers:
            order = self.orders.get(number)
            if order is not None and order["session"] == mall["access_token"] and order["pay_time"]:
                states = {"order_status": order["order_status"], "refund_status": order["refund_status"]}
                found.append({"orderSn": number, **states})
        return {"order_status_list": found}


def _text(seconds: int) -> str:
    return china_text(datetime.fromtimestamp(seconds, UTC))
