"""The platform's trades: how they come to be and what shoppers do to them. Words and states are the
platform's."""

from bisect import bisect_left, bisect_right, insort
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.masking import receiver_token
from shopkeeper.simulator.sandboxes.world import NotPossible, World, china_text, iso_moment, later

__all__ = ["NotPossible", "Trades", "shares", "yuan"]

CENT = Decimal("0.01")
FIRST_TID = 3_000_000_000_000_000_000
RECEIVER = ("name", "mobile", "phone", "state", "city", "district", "town", "address", "zip")


def yuan(value: Decimal) -> str:
    """An amount as the platform writes it."""
    return str(value.quantize(CENT, ROUND_HALF_UP))


def shares(total: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """A total split over lines by weight, to the cent; the last weighted line takes the rest."""
    base = sum(weights, Decimal(0))
    parts = [(total * w / base).quantize(CENT, ROUND_HALF_UP) if base else Decimal(0) for w in weights]
    if base:
        last = max(i for i, w in enumerate(weights) if w)
        parts[last] += total - sum(parts, Decimal(0))
    return parts


class Trades:
    """All trades of all shops, with an index by modified time for the incremental list."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._by_modified: dict[str, list[tuple[str, int]]] = {}
        for _, trade in world.store.all("trade"):
            self._index(trade).append((trade["modified"], trade["tid"]))
        for index in self._by_modified.values():
            index.sort()

    def _index(self, trade: Doc) -> list[tuple[str, int]]:
        return self._by_modified.setdefault(trade["session"], [])

    def get(self, tid: object) -> Doc | None:
        """The trade of a number, or None."""
        return self.world.store.get("trade", str(tid))

    def modified_between(self, session: str, start: str, end: str) -> list[Doc]:
        """A shop's trades modified in [start, end], newest first."""
        index = self._by_modified.get(session, [])
        found = index[bisect_left(index, (start, 0)) : bisect_right(index, (end, 1 << 63))]
        return [trade for _, tid in reversed(found) if (trade := self.get(tid)) is not None]

    def save(self, trade: Doc, at: datetime) -> None:
        """Keep a changed trade; its modified time moves to `at`."""
        index = self._index(trade)
        old = (trade.get("modified", ""), trade["tid"])
        place = bisect_left(index, old)
        if place < len(index) and index[place] == old:
            del index[place]
        trade["modified"] = max(china_text(at), trade.get("modified", ""))
        insort(index, (trade["modified"], trade["tid"]))
        self.world.store.put("trade", str(trade["tid"]), trade)

    def place(self, order: dict[str, Any], session: str) -> Doc:
        """A shopper places an order (see the control door for the form)."""
        at = iso_moment(order["at"]) if "at" in order else self.world.now()
        tid = int(order["tid"]) if "tid" in order else self._new_tid()
        if self.get(tid) is not None:
            raise NotPossible(f"order number {tid} is taken")
        receiver = {part: str(order.get("receiver", {}).get(part, "")) for part in RECEIVER}
        lines = order["lines"]
        post_fee = Decimal(str(order.get("post_fee", "0")))
        shared = Decimal(str(order.get("discount_fee", "0")))
        goods = [Decimal(str(ln["price"])) * int(ln["num"]) - Decimal(str(ln.get("discount", "0"))) for ln in lines]
        cuts = shares(shared, [max(value, Decimal(0)) for value in goods])
        trade: Doc = {
            "tid": tid,
            "session": session,
            "status": "WAIT_BUYER_PAY",
            "type": "fixed",
            "created": china_text(at),
            "pay_time": None,
            "end_time": None,
            "consign_time": None,
            "delivery_time": None,
            "post_fee": yuan(post_fee),
            "discount_fee": yuan(shared),
            "total_fee": yuan(sum((Decimal(str(ln["price"])) * int(ln["num"]) for ln in lines), Decimal(0))),
            "payment": yuan(sum(goods, Decimal(0)) - shared + post_fee),
            "buyer_nick": str(order.get("buyer_nick", "")),
            "buyer_open_uid": str(order.get("buyer_open_uid", "")),
            "buyer_message": str(order.get("buyer_message", "")),
            "seller_memo": "",
            "seller_flag": 0,
            "receiver": receiver,
            "oaid": receiver_token(session, receiver),
            "ship_within_h": float(order.get("ship_within_h", 48)),
            "orders": [self._line(tid, i, ln, goods[i], cuts[i]) for i, ln in enumerate(lines)],
            "raw": {},
        }
        self.save(trade, at)
        if order.get("paid"):
            self.pay(trade, iso_moment(order["pay_at"]) if "pay_at" in order else at, bool(order.get("held")))
        return trade

    def _new_tid(self) -> int:
        return FIRST_TID + self.world.seed % 1000 * 10**15 + self.world.number("tid") * 1000

    @staticmethod
    def _line(tid: int, i: int, line: dict[str, Any], goods: Decimal, cut: Decimal) -> Doc:
        return {
            "oid": tid + i,
            "num_iid": int(line.get("num_iid", 0)),
            "sku_id": str(line.get("sku_id", "")),
            "outer_iid": str(line.get("outer_iid", "")),
            "outer_sku_id": str(line.get("outer_sku_id", "")),
            "title": str(line.get("title", "")),
            "sku_properties_name": str(line.get("sku_properties_name", "")),
            "num": int(line["num"]),
            "price": yuan(Decimal(str(line["price"]))),
            "total_fee": yuan(goods),
            "payment": yuan(goods),
            "discount_fee": yuan(Decimal(str(line.get("discount", "0")))),
            "part_mjz_discount": yuan(cut),
            "divide_order_fee": yuan(goods - cut),
            "status": "WAIT_BUYER_PAY",
            "refund_id": "",
            "refund_status": "NO_REFUND",
            "is_gift": bool(line.get("gift", False)),
            "logistics_company": "",
            "invoice_no": "",
            "consign_time": None,
        }

    def pay(self, trade: Doc, at: datetime, held: bool = False) -> None:
        """The buyer pays; a held trade (group buying, risk) may not be shipped yet."""
        self._require(trade, "WAIT_BUYER_PAY")
        trade["pay_time"] = china_text(at)
        trade["delivery_time"] = china_text(later(at, trade["ship_within_h"]))
        self.set_status(trade, "PAID_FORBID_CONSIGN" if held else "WAIT_SELLER_SEND_GOODS")
        self.save(trade, at)

    def release(self, trade: Doc, at: datetime) -> None:
        """The platform lets a held trade go."""
        self._require(trade, "PAID_FORBID_CONSIGN")
        self.set_status(trade, "WAIT_SELLER_SEND_GOODS")
        self.save(trade, at)

    def hold(self, trade: Doc, at: datetime) -> None:
        """The platform stops a paid trade for a while."""
        self._require(trade, "WAIT_SELLER_SEND_GOODS")
        self.set_status(trade, "PAID_FORBID_CONSIGN")
        self.save(trade, at)

    def change_receiver(self, trade: Doc, receiver: dict[str, Any], at: datetime) -> None:
        """The buyer changes name, phone or address; possible until everything has left."""
        self._require(trade, "WAIT_BUYER_PAY", "PAID_FORBID_CONSIGN", "WAIT_SELLER_SEND_GOODS")
        unknown = set(receiver) - set(RECEIVER)
        if unknown:
            raise NotPossible(f"unknown receiver fields {sorted(unknown)}")
        trade["receiver"].update({part: str(value) for part, value in receiver.items()})
        trade["oaid"] = receiver_token(trade["session"], trade["receiver"])
        self.save(trade, at)

    def cancel(self, trade: Doc, at: datetime) -> None:
        """The buyer walks away before paying."""
        self._require(trade, "WAIT_BUYER_PAY")
        self.set_status(trade, "TRADE_CLOSED_BY_TAOBAO")
        trade["end_time"] = china_text(at)
        self.save(trade, at)

    def confirm(self, trade: Doc, at: datetime) -> None:
        """The buyer confirms receipt."""
        self._require(trade, "WAIT_BUYER_CONFIRM_GOODS")
        self.set_status(trade, "TRADE_FINISHED")
        trade["end_time"] = china_text(at)
        self.save(trade, at)

    def write_memo(self, trade: Doc, memo: str, flag: int | None, at: datetime) -> None:
        """The seller writes on the trade."""
        trade["seller_memo"] = memo
        if flag is not None:
            trade["seller_flag"] = flag
        self.save(trade, at)

    @staticmethod
    def set_status(trade: Doc, status: str) -> None:
        """Move the trade and those of its lines that are not closed."""
        trade["status"] = status
        for line in trade["orders"]:
            if line["status"] != "TRADE_CLOSED":
                line["status"] = status

    @staticmethod
    def _require(trade: Doc, *statuses: str) -> None:
        if trade["status"] not in statuses:
            raise NotPossible(f"order {trade['tid']} is {trade['status']}, not one of {', '.join(statuses)}")
