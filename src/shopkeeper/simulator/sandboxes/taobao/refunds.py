"""Refunds on the platform: asked for, withdrawn, refused, agreed. One refund per line, as on the platform."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.trades import NotPossible, Trades
from shopkeeper.simulator.sandboxes.world import World, china_text

FIRST_REFUND = 900_000_000_000
OPEN = frozenset({"WAIT_SELLER_AGREE", "WAIT_BUYER_RETURN_GOODS", "WAIT_SELLER_CONFIRM_GOODS", "SELLER_REFUSE_BUYER"})
_PAID = frozenset(
    {
        "PAID_FORBID_CONSIGN",
        "WAIT_SELLER_SEND_GOODS",
        "SELLER_CONSIGNED_PART",
        "WAIT_BUYER_CONFIRM_GOODS",
        "TRADE_FINISHED",
    }
)


def has_open_refund(trade: Doc) -> bool:
    """Whether a refund on the trade is open."""
    return any(line["refund_status"] in OPEN for line in trade["orders"])


class Refunds:
    """The refund cases of all trades."""

    def __init__(self, world: World, trades: Trades) -> None:
        self.world = world
        self.trades = trades

    def ask(self, trade: Doc, at: datetime, oids: list[int], reason: str, amount: str | None) -> list[Doc]:
        """The buyer asks for the money of some lines (none named = all of them)."""
        if trade["status"] not in _PAID:
            raise NotPossible(f"order {trade['tid']} is {trade['status']}: nothing to refund")
        made = []
        for line in self._lines(trade, oids):
            if line["refund_status"] in OPEN | {"SUCCESS"}:
                continue
            refund_id = str(FIRST_REFUND + self.world.number("refund"))
            refund: Doc = {
                "refund_id": refund_id,
                "session": trade["session"],
                "tid": trade["tid"],
                "oid": line["oid"],
                "status": "WAIT_SELLER_AGREE",
                "refund_fee": amount or line["divide_order_fee"],
                "total_fee": line["total_fee"],
                "payment": line["divide_order_fee"],
                "reason": reason,
                "outer_id": line["outer_sku_id"],
                "num": line["num"],
                "has_good_return": trade["status"] not in ("PAID_FORBID_CONSIGN", "WAIT_SELLER_SEND_GOODS"),
                "good_status": "BUYER_NOT_RECEIVED",
                "refund_phase": "aftersale" if trade["status"] == "TRADE_FINISHED" else "onsale",
                "created": china_text(at),
                "modified": china_text(at),
            }
            line["refund_id"], line["refund_status"] = refund_id, "WAIT_SELLER_AGREE"
            self.world.store.put("refund", refund_id, refund)
            made.append(refund)
        self.trades.save(trade, at)
        return made

    def move(self, trade: Doc, at: datetime, oids: list[int], status: str) -> list[Doc]:
        """Every open refund of the lines goes to `status`. A line whose whole payment went back is closed, one of
        which a part did goes on; all lines closed closes the trade."""
        moved = []
        for line in self._lines(trade, oids):
            refund = self.world.store.get("refund", line["refund_id"])
            if refund is None or refund["status"] not in OPEN:
                continue
            refund["status"] = line["refund_status"] = status
            refund["modified"] = china_text(at)
            self.world.store.put("refund", refund["refund_id"], refund)
            if status == "SUCCESS" and Decimal(refund["refund_fee"]) >= Decimal(refund["payment"]):
                line["status"] = "TRADE_CLOSED"
            moved.append(refund)
        if moved and all(line["status"] == "TRADE_CLOSED" for line in trade["orders"]):
            trade["status"] = "TRADE_CLOSED"
            trade["end_time"] = china_text(at)
        if moved:
            self.trades.save(trade, at)
        return moved

    def send_back(self, trade: Doc, at: datetime, oids: list[int], company: str, number: str) -> list[Doc]:
        """The buyer sent the goods back and says by what; the shop is to confirm that they came."""
        moved = []
        for line in self._lines(trade, oids):
            refund = self.world.store.get("refund", line["refund_id"])
            if refund is None or refund["status"] != "WAIT_BUYER_RETURN_GOODS":
                continue
            refund |= {"company_name": company, "sid": number, "good_status": "BUYER_RETURNED_GOODS"}
            refund["status"] = line["refund_status"] = "WAIT_SELLER_CONFIRM_GOODS"
            refund["modified"] = max(china_text(at), refund["modified"])
            self.world.store.put("refund", refund["refund_id"], refund)
            moved.append(refund)
        if moved:
            self.trades.save(trade, at)
        return moved

    def modified_between(self, session: str, start: str, end: str) -> list[Doc]:
        """A shop's refunds modified in [start, end], newest first."""
        found = [
            doc
            for _, doc in self.world.store.all("refund")
            if doc["session"] == session and start <= doc["modified"] <= end
        ]
        return sorted(found, key=lambda doc: (doc["modified"], doc["refund_id"]), reverse=True)

    @staticmethod
    def _lines(trade: Doc, oids: list[int]) -> list[dict[str, Any]]:
        lines = [line for line in trade["orders"] if not oids or line["oid"] in oids]
        if oids and len(lines) != len(set(oids)):
            raise NotPossible(f"order {trade['tid']} has no such lines: {oids}")
        return lines
