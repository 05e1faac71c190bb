"""What shoppers and the platform's own people do to orders, by name, and the message each deed sends to the
shop."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.trades import NotPossible
from shopkeeper.simulator.sandboxes.world import iso_moment

if TYPE_CHECKING:
    from shopkeeper.simulator.sandboxes.taobao.gateway import TaobaoSandbox

Deed = Callable[[Doc, dict[str, Any], datetime], None]


class Shopper:
    """Deeds by name: pay, hold, release, cancel, confirm, address, refund, refund_withdraw, refund_refuse,
    refund_agree, refund_return, memo, raw. Every one takes an optional `at` (business time) and `quiet` (no
    message)."""

    def __init__(self, platform: "TaobaoSandbox") -> None:
        self.platform = platform
        trades = platform.trades
        self._deeds: dict[str, tuple[str, Deed]] = {
            "pay": ("taobao_trade_TradeBuyerPay", lambda t, a, at: trades.pay(t, at, bool(a.get("held")))),
            "hold": ("taobao_trade_TradeChanged", lambda t, a, at: trades.hold(t, at)),
            "release": ("taobao_trade_TradeChanged", lambda t, a, at: trades.release(t, at)),
            "cancel": ("taobao_trade_TradeClose", lambda t, a, at: trades.cancel(t, at)),
            "confirm": ("taobao_trade_TradeSuccess", lambda t, a, at: trades.confirm(t, at)),
            "address": (
                "taobao_trade_TradeLogisticsAddressChanged",
                lambda t, a, at: trades.change_receiver(t, a["receiver"], at),
            ),
            "refund": ("taobao_refund_RefundCreated", self._refund),
            "refund_withdraw": ("taobao_refund_RefundClosed", self._moves("CLOSED")),
            "refund_refuse": (
                "taobao_refund_RefundSellerRefuseAgreement",
                self._moves("SELLER_REFUSE_BUYER"),
            ),
            "refund_agree": ("taobao_refund_RefundSuccess", self._moves("SUCCESS")),
            "refund_return": ("taobao_refund_RefundBuyerReturnGoods", self._send_back),
            "memo": (
                "taobao_trade_TradeMemoModified",
                lambda t, a, at: trades.write_memo(t, str(a.get("memo", "")), int(a.get("flag", 0)), at),
            ),
            "raw": ("taobao_trade_TradeChanged", self._raw),
        }

    def place(self, order: dict[str, Any]) -> Doc:
        """Place an order and tell the shop; the order as the platform keeps it comes back."""
        session = str(order.get("session", accounts.SESSION))
        shop = self._shop(session)
        lines = self.platform.shelf.filled(session, order["lines"])
        trade = self.platform.trades.place({**order, "lines": lines}, session)
        self.platform.shelf.take(session, trade["tid"], lines)
        if not order.get("quiet"):
            self.platform.messages.tell(shop, trade, "taobao_trade_TradeCreate")
            if order.get("paid"):
                self.platform.messages.tell(shop, trade, "taobao_trade_TradeBuyerPay")
        return trade

    def act(self, action: dict[str, Any]) -> Doc:
        """One deed on one order: {"tid", "do", …} -> {"tid", "status"} or with {"error"}."""
        trade = self.platform.trades.get(action["tid"])
        if trade is None:
            return {"tid": action["tid"], "error": "no such order"}
        if action.get("do") not in self._deeds:
            return {"tid": trade["tid"], "error": f"unknown deed; known: {sorted(self._deeds)}"}
        topic, deed = self._deeds[action["do"]]
        at = iso_moment(action["at"]) if "at" in action else self.platform.world.now()
        try:
            deed(trade, action, at)
        except NotPossible as refusal:
            return {"tid": trade["tid"], "status": trade["status"], "error": str(refusal)}
        if action["do"] == "cancel":
            self.platform.shelf.give_back(trade["tid"])
        if action["do"] == "refund_agree" and trade["status"] == "TRADE_CLOSED":
            topic = "taobao_trade_TradeClose"
        if not action.get("quiet"):
            self.platform.messages.tell(self._shop(trade["session"]), trade, topic)
        return {"tid": trade["tid"], "status": trade["status"], "modified": trade["modified"]}

    def _shop(self, session: str) -> Doc:
        shop = self.platform.shop(session)
        if shop is None:
            raise NotPossible(f"no shop with session {session!r}")
        return shop

    def _refund(self, trade: Doc, action: dict[str, Any], at: datetime) -> None:
        oids = [int(oid) for oid in action.get("oids", [])]
        amount = str(action["amount"]) if "amount" in action else None
        if not self.platform.refunds.ask(trade, at, oids, str(action.get("reason", "不想要了")), amount):
            raise NotPossible(f"order {trade['tid']}: a refund is open or done on every such line")

    def _send_back(self, trade: Doc, action: dict[str, Any], at: datetime) -> None:
        oids = [int(oid) for oid in action.get("oids", [])]
        company, number = str(action.get("company", "")), str(action.get("number", ""))
        if not number or not self.platform.refunds.send_back(trade, at, oids, company, number):
            raise NotPossible(f"order {trade['tid']}: no return is awaited")

    def _moves(self, status: str) -> Deed:
        def move(trade: Doc, action: dict[str, Any], at: datetime) -> None:
            oids = [int(oid) for oid in action.get("oids", [])]
            if not self.platform.refunds.move(trade, at, oids, status):
                raise NotPossible(f"order {trade['tid']}: no open refund")

        return move

    def _raw(self, trade: Doc, action: dict[str, Any], at: datetime) -> None:
        """From now on the order's full view carries these fields as they are, sense or nonsense."""
        trade["raw"].update(action["raw"])
        self.platform.trades.save(trade, at)
