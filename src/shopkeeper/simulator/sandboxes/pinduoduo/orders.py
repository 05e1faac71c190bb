"""The platform's orders: how they come to be and what shoppers do to them. States are the platform's numbers.

An order is for one kind of goods (and gifts), as on the platform. Shops see it once it is paid. Amounts in fen.
"""

import hashlib
import hmac
from base64 import b64encode
from bisect import bisect_left, bisect_right, insort
from datetime import datetime
from decimal import Decimal
from typing import Any

from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.masking import receiver_token
from shopkeeper.simulator.sandboxes.world import NotPossible, World, china_text, iso_moment, later

RECEIVER = ("name", "mobile", "state", "city", "district", "address")
TO_SHIP, SHIPPED, RECEIVED = 1, 2, 3
NO_REFUND, REFUND_ASKED, REFUNDED = 1, 2, 4
# after_sales_status: none, waits for the seller, rejected, succeeded, withdrawn.
SALE_NONE, SALE_ASKED, SALE_REJECTED, SALE_DONE, SALE_WITHDRAWN = 0, 2, 6, 10, 11


def fen(value: object) -> int:
    """Yuan as whole fen."""
    return int((Decimal(str(value)) * 100).to_integral_value())


def cipher(session: str, text: str) -> str:
    """What stands for a receiver's name, phone or address: equal for equal texts of one shop, telling nothing."""
    digest = hmac.new(session.encode(), text.encode(), hashlib.sha256).digest()
    return f"~AgAAA{b64encode(digest).decode().rstrip('=')}~0~"


class Orders:
    """All orders of all malls, with an index by the moment of the last change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._by_updated: dict[str, list[tuple[str, str]]] = {}
        for _, order in world.store.all("pdd_order"):
            self._index(order).append((order["updated_at"], order["order_sn"]))
        for index in self._by_updated.values():
            index.sort()

    def _index(self, order: Doc) -> list[tuple[str, str]]:
        return self._by_updated.setdefault(order["session"], [])

    def get(self, order_sn: object) -> Doc | None:
        """The order of a number, or None."""
        return self.world.store.get("pdd_order", str(order_sn))

    def updated_between(self, session: str, start: str, end: str) -> list[Doc]:
        """A mall's paid orders changed in [start, end], newest first."""
        index = self._by_updated.get(session, [])
        found = index[bisect_left(index, (start, "")) : bisect_right(index, (end, "~"))]
        orders = [order for _, number in reversed(found) if (order := self.get(number)) is not None]
        return [order for order in orders if order["pay_time"]]

    def save(self, order: Doc, at: datetime) -> None:
        """Keep a changed order; its last change moves to `at`."""
        index = self._index(order)
        old = (order.get("updated_at", ""), order["order_sn"])
        place = bisect_left(index, old)
        if place < len(index) and index[place] == old:
            del index[place]
        order["updated_at"] = max(china_text(at), order.get("updated_at", ""))
        insort(index, (order["updated_at"], order["order_sn"]))
        self.world.store.put("pdd_order", order["order_sn"], order)

    def place(self, form: dict[str, Any], session: str) -> Doc:
        """A shopper places an order (the form is the control door's)."""
        at = iso_moment(form["at"]) if "at" in form else self.world.now()
        lines = [line for line in form["lines"] if not line.get("gift")]
        if len(lines) != 1:
            raise NotPossible(f"an order is for one kind of goods, not {len(lines)}")
        order_sn = str(form["tid"]) if "tid" in form else self._new_number(at)
        if self.get(order_sn) is not None:
            raise NotPossible(f"order number {order_sn} is taken")
        item = _item(lines[0])
        goods = item["price"] * item["count"]
        seller_discount = fen(form.get("discount_fee", "0")) + fen(lines[0].get("discount", "0"))
        discount = seller_discount + fen(form.get("platform_discount", "0"))
        postage = fen(form.get("post_fee", "0"))
        receiver = {part: str(form.get("receiver", {}).get(part, "")) for part in RECEIVER}
        order: Doc = {
            "order_sn": order_sn,
            "session": session,
            "order_status": TO_SHIP,
            "refund_status": NO_REFUND,
            "after_sales_status": SALE_NONE,
            "confirm_status": 0,
            "group_status": 1,
            "risk_control_status": 0,
            "created_time": china_text(at),
            "pay_time": None,
            "confirm_time": None,
            "last_ship_time": None,
            "shipping_time": None,
            "receive_time": None,
            "goods": goods,
            "seller_discount": seller_discount,
            "discount": discount,
            "postage": postage,
            "pay": goods - discount + postage,
            "buyer_memo": str(form.get("buyer_message", "")),
            "remark": "",
            "remark_tag": 0,
            "receiver": receiver,
            "open_address_id": receiver_token(session, receiver),
            "ship_within_h": float(form.get("ship_within_h", 48)),
            "logistics_id": 0,
            "tracking_number": "",
            "extra": [],
            "item": item,
            "gifts": [_item(line) for line in form["lines"] if line.get("gift")],
            "raw": {},
        }
        self.save(order, at)
        if form.get("paid"):
            self.pay(order, iso_moment(form["pay_at"]) if "pay_at" in form else at, bool(form.get("held")))
        return order

    def _new_number(self, at: datetime) -> str:
        day = china_text(at)[2:10].replace("-", "")
        return f"{day}-{self.world.seed % 1000 * 10**12 + self.world.number('order_sn') * 1000:015d}"

    def pay(self, order: Doc, at: datetime, held: bool = False) -> None:
        """The buyer pays and the group is complete; a held order is under the platform's review."""
        self._require(order, not order["pay_time"] and order["confirm_status"] == 0)
        order["pay_time"] = order["confirm_time"] = china_text(at)
        order["confirm_status"] = 1
        order["last_ship_time"] = china_text(later(at, order["ship_within_h"]))
        order["risk_control_status"] = int(held)
        self.save(order, at)

    def hold(self, order: Doc, at: datetime) -> None:
        """The platform reviews a paid order for a while."""
        self._require(order, to_ship(order) and not order["risk_control_status"])
        order["risk_control_status"] = 1
        self.save(order, at)

    def release(self, order: Doc, at: datetime) -> None:
        """The review is over."""
        self._require(order, bool(order["risk_control_status"]))
        order["risk_control_status"] = 0
        self.save(order, at)

    def cancel(self, order: Doc, at: datetime) -> None:
        """The buyer walks away before paying."""
        self._require(order, not order["pay_time"] and order["confirm_status"] == 0)
        order["confirm_status"] = 2
        self.save(order, at)

    def confirm(self, order: Doc, at: datetime) -> None:
        """The buyer confirms receipt."""
        self._require(order, order["order_status"] == SHIPPED and order["refund_status"] != REFUNDED)
        order["order_status"], order["receive_time"] = RECEIVED, china_text(at)
        self.save(order, at)

    def change_receiver(self, order: Doc, receiver: dict[str, Any], at: datetime) -> None:
        """The buyer changes name, phone or address; possible until the parcel has left."""
        self._require(order, order["order_status"] == TO_SHIP and order["confirm_status"] != 2)
        unknown = set(receiver) - set(RECEIVER)
        if unknown:
            raise NotPossible(f"unknown receiver fields {sorted(unknown)}")
        order["receiver"].update({part: str(value) for part, value in receiver.items()})
        order["open_address_id"] = receiver_token(order["session"], order["receiver"])
        self.save(order, at)

    def ask_refund(self, order: Doc, at: datetime) -> None:
        """The buyer asks for the money."""
        self._require(order, bool(order["pay_time"]) and order["refund_status"] == NO_REFUND)
        order["refund_status"], order["after_sales_status"] = REFUND_ASKED, SALE_ASKED
        self.save(order, at)

    def end_refund(self, order: Doc, at: datetime, after_sales_status: int) -> None:
        """The request is withdrawn, rejected or granted."""
        self._require(order, order["refund_status"] == REFUND_ASKED)
        order["after_sales_status"] = after_sales_status
        order["refund_status"] = {SALE_DONE: REFUNDED, SALE_WITHDRAWN: NO_REFUND}.get(after_sales_status, REFUND_ASKED)
        self.save(order, at)

    def write_note(self, order: Doc, note: str, tag: int | None, at: datetime) -> None:
        """The seller writes on the order."""
        order["remark"] = note
        if tag is not None:
            order["remark_tag"] = tag
        self.save(order, at)

    @staticmethod
    def _require(order: Doc, is_so: bool) -> None:
        if not is_so:
            raise NotPossible(f"order {order['order_sn']} is {status_word(order)}: not possible now")


def to_ship(order: Doc) -> bool:
    """Paid, not shipped, not refunded."""
    return bool(order["pay_time"]) and order["order_status"] == TO_SHIP and order["refund_status"] != REFUNDED


def status_word(order: Doc) -> str:
    """The order's state in the one language the control door speaks of every platform."""
    if not order["pay_time"]:
        return "TRADE_CLOSED_BY_TAOBAO" if order["confirm_status"] == 2 else "WAIT_BUYER_PAY"
    if order["refund_status"] == REFUNDED:
        return "TRADE_CLOSED"
    if order["order_status"] != TO_SHIP:
        return "WAIT_BUYER_CONFIRM_GOODS" if order["order_status"] == SHIPPED else "TRADE_FINISHED"
    return "PAID_FORBID_CONSIGN" if order["risk_control_status"] else "WAIT_SELLER_SEND_GOODS"


def _item(line: dict[str, Any]) -> Doc:
    return {
        "goods_id": int(line.get("num_iid", 0)),
        "sku_id": int(line.get("sku_id") or 0),
        "outer_goods_id": str(line.get("outer_iid", "")),
        "outer_id": str(line.get("outer_sku_id", "")),
        "name": str(line.get("title", "")),
        "spec": str(line.get("sku_properties_name", "")),
        "price": fen(line["price"]),
        "count": int(line["num"]),
    }
