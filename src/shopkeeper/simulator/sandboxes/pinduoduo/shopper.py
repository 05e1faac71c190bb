"""What shoppers and the platform's own people do to orders here, by the same names as on the other platform."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shopkeeper.simulator.sandboxes.pinduoduo.orders import (
    SALE_DONE,
    SALE_REJECTED,
    SALE_WITHDRAWN,
    status_word,
)
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import NotPossible, iso_moment

if TYPE_CHECKING:
    from shopkeeper.simulator.sandboxes.pinduoduo.gateway import PinduoduoSandbox

Deed = Callable[[Doc, dict[str, Any], datetime], None]


class Shopper:
    """Deeds by name: pay, hold, release, cancel, confirm, address, refund, refund_withdraw, refund_refuse,
    refund_agree, memo, raw. Every one takes an optional `at` (business time) and `quiet` (no message)."""

    def __init__(self, platform: "PinduoduoSandbox") -> None:
        self.platform = platform
        orders = platform.orders
        self._deeds: dict[str, tuple[str, Deed]] = {
            "pay": ("pdd_trade_TradeConfirmed", lambda o, a, at: orders.pay(o, at, bool(a.get("held")))),
            "hold": ("pdd_trade_TradeRiskControl", lambda o, a, at: orders.hold(o, at)),
            "release": ("pdd_trade_TradeRiskControl", lambda o, a, at: orders.release(o, at)),
            "cancel": ("", self._cancel),
            "confirm": ("pdd_trade_TradeSuccess", lambda o, a, at: orders.confirm(o, at)),
            "address": (
                "pdd_trade_TradeLogisticsAddressChanged",
                lambda o, a, at: orders.change_receiver(o, a["receiver"], at),
            ),
            "refund": ("pdd_refund_RefundCreated", lambda o, a, at: orders.ask_refund(o, at)),
            "refund_withdraw": ("pdd_refund_RefundClosed", self._ends(SALE_WITHDRAWN)),
            "refund_refuse": ("pdd_refund_RefundSellerRefuseAgreement", self._ends(SALE_REJECTED)),
            "refund_agree": ("pdd_refund_RefundAgreeAgreement", self._ends(SALE_DONE)),
            "memo": (
                "pdd_trade_TradeMemoModified",
                lambda o, a, at: orders.write_note(o, str(a.get("memo", "")), int(a.get("flag", 0)), at),
            ),
            "raw": ("pdd_trade_TradeMemoModified", self._raw),
        }

    def place(self, form: dict[str, Any]) -> Doc:
        """Place an order and, once it is paid, tell the shop; the order comes back in the control door's form."""
        mall = self._mall(str(form["session"]))
        lines = self.platform.shelf.filled(mall["access_token"], form["lines"])
        order = self.platform.orders.place({**form, "lines": lines}, mall["access_token"])
        self.platform.shelf.take(mall["access_token"], order["order_sn"], lines)
        if form.get("paid") and not form.get("quiet"):
            self.platform.messages.tell(mall, order, "pdd_trade_TradeConfirmed")
        return common_view(order)

    def act(self, action: dict[str, Any]) -> Doc:
        """One deed on one order: {"tid", "do", …} -> {"tid", "status"} or with {"error"}."""
        order = self.platform.orders.get(action["tid"])
        if order is None:
            return {"tid": action["tid"], "error": "no such order"}
        if action.get("do") not in self._deeds:
            return {"tid": order["order_sn"], "error": f"unknown deed; known: {sorted(self._deeds)}"}
        kind, deed = self._deeds[action["do"]]
        at = iso_moment(action["at"]) if "at" in action else self.platform.world.now()
        try:
            deed(order, action, at)
        except NotPossible as refusal:
            return {"tid": order["order_sn"], "status": status_word(order), "error": str(refusal)}
        if not action.get("quiet"):
            self.platform.messages.tell(self._mall(order["session"]), order, kind)
        return {"tid": order["order_sn"], "status": status_word(order), "modified": order["updated_at"]}

    def _mall(self, token: str) -> Doc:
        mall = self.platform.mall(token)
        if mall is None:
            raise NotPossible(f"no mall with token {token!r}")
        return mall

    def _cancel(self, order: Doc, action: dict[str, Any], at: datetime) -> None:
        self.platform.orders.cancel(order, at)
        self.platform.shelf.give_back(order["order_sn"])

    def _ends(self, after_sales_status: int) -> Deed:
        return lambda order, action, at: self.platform.orders.end_refund(order, at, after_sales_status)

    def _raw(self, order: Doc, action: dict[str, Any], at: datetime) -> None:
        """From now on the order's full view carries these fields as they are, sense or nonsense."""
        order["raw"].update(action["raw"])
        self.platform.orders.save(order, at)


def common_view(order: Doc) -> Doc:
    """An order in the form in which the control door shows orders of every platform. `listed`: shops know of it."""
    item = order["item"]
    line = {
        "oid": f"{order['order_sn']}",
        "num_iid": item["goods_id"],
        "sku_id": str(item["sku_id"]),
        "outer_sku_id": item["outer_id"],
        "num": item["count"],
        "price": f"{item['price'] / 100:.2f}",
        "invoice_no": order["tracking_number"],
    }
    return {
        "platform": "pinduoduo",
        "tid": order["order_sn"],
        "session": order["session"],
        "status": status_word(order),
        "payment": f"{order['pay'] / 100:.2f}",
        "created": order["created_time"],
        "pay_time": order["pay_time"],
        "modified": order["updated_at"],
        "seller_memo": order["remark"],
        "seller_flag": order["remark_tag"],
        "receiver": order["receiver"],
        "orders": [line],
        "listed": bool(order["pay_time"]),
        "refund_status": order["refund_status"],
        "extra": order["extra"],
    }
