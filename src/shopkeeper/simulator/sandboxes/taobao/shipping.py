"""The platform's methods that write: a parcel has left, and the seller's memo."""

import re
from collections.abc import Callable

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.errors import invalid, missing, refused
from shopkeeper.simulator.sandboxes.taobao.methods import Params, Reading
from shopkeeper.simulator.sandboxes.taobao.refunds import has_open_refund
from shopkeeper.simulator.sandboxes.world import World, china_text

# Company code -> name, and the numbers it issues.
COMPANIES: dict[str, tuple[str, str]] = {
    "SF": ("顺丰速运", r"SF\d{12,15}|\d{12}"),
    "JD": ("京东快递", r"JD[A-Z]{0,2}\d{11,15}(-\d+-\d+-?)?"),
    "YTO": ("圆通速递", r"YT\d{13}|[A-Z]\d{9,12}|8\d{17}"),
    "ZTO": ("中通快递", r"7[3-9]\d{12}|ZT\d{10,13}"),
    "STO": ("申通快递", r"77\d{13}|(33|44|55|66|77|88|99)\d{11}|STO\d{10}"),
    "YUNDA": ("韵达快递", r"(31|43|46|48)\d{13}|[345]\d{12}"),
    "JTSD": ("极兔速递", r"JT\d{13}"),
    "EMS": ("EMS", r"(1[0-3]|50|51|95|97)\d{11}|E[A-Z]\d{9}C[NS]"),
    "POSTB": ("邮政快递包裹", r"9[689]\d{11}"),
    "DBKD": ("德邦快递", r"DPK\d{12,13}|[5789]\d{9}"),
}
_OPEN = ("WAIT_SELLER_SEND_GOODS", "SELLER_CONSIGNED_PART")
_SENT = ("SELLER_CONSIGNED_PART", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_FINISHED")
MEMO_BYTES = 1000


def _service(code: str, why: str) -> Exception:
    return refused(f"logistics-offline-service-error:{code}", why)


class Shipping:
    """The methods, each answering with the inside of its response. `tell` announces what changed."""

    def __init__(self, world: World, reading: Reading, tell: Callable[[Doc, Doc, str], None]) -> None:
        self.world = world
        self.reading = reading
        self.tell = tell
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "taobao.logistics.offline.send": self.send,
            "taobao.trade.memo.update": self.memo,
        }

    def send(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """A parcel left. The same number again is fine; another one for lines already sent is B04."""
        for name in ("tid", "out_sid", "company_code"):
            if not params.get(name):
                raise missing(name)
        trade = self._trade(shop, params)
        company, number = params["company_code"], params["out_sid"].strip()
        lines = self._lines(trade, params)
        row = self._received(trade, params, lines, faults)
        if company not in COMPANIES:
            raise _service("CD03", "物流公司代码不正确")
        if not re.fullmatch(COMPANIES[company][1], number):
            raise _service("CD06", "运单号不符合规则")
        if all(line["invoice_no"] == number for line in lines):
            return {"shipping": {"is_success": True}}
        if any(line["invoice_no"] for line in lines):
            raise _service("B04", "订单已经发货，不能重复发货")
        if trade["status"] not in _OPEN or any(line["status"] == "TRADE_CLOSED" for line in lines):
            raise _service("B02", f"订单状态 {trade['status']} 不允许发货")
        self._claim(trade, company, number)
        self._ship(trade, lines, company, number)
        row["accepted"] = True
        self.tell(shop, trade, "taobao_trade_TradeSellerShip")
        return {"shipping": {"is_success": True}}

    def _trade(self, shop: Doc, params: Params) -> Doc:
        trade = self.reading.trades.get(params["tid"])
        if trade is None or trade["session"] != shop["session"]:
            raise _service("B01", "没有权限发货或订单不存在")
        return trade

    @staticmethod
    def _lines(trade: Doc, params: Params) -> list[Doc]:
        """The lines inside the parcel: those named for a split, else all that are not closed."""
        if params.get("is_split") == "1":
            asked = {part.strip() for part in params.get("sub_tid", "").split(",") if part.strip()}
            lines = [line for line in trade["orders"] if str(line["oid"]) in asked]
            if not asked or len(lines) != len(asked):
                raise _service("P38", "拆单校验未通过：子订单不正确")
            return lines
        return [line for line in trade["orders"] if line["status"] != "TRADE_CLOSED"] or trade["orders"]

    def _received(self, trade: Doc, params: Params, lines: list[Doc], faults: Faults) -> Doc:
        oids = ",".join(str(line["oid"]) for line in lines)
        return self.world.note(
            "ship_back",
            f"{trade['tid']}|{oids}|{params['out_sid'].strip()}",
            tid=trade["tid"],
            company=params["company_code"],
            number=params["out_sid"].strip(),
            status_then=trade["status"],
            refund_open=has_open_refund(trade),
            answer_lost=faults.has("lost_answer") or faults.has("half_json"),
        )

    def _claim(self, trade: Doc, company: str, number: str) -> None:
        """One number, one parcel: another order may share it only when it goes to the same receiver."""
        key = f"{company}|{number}"
        used = self.world.store.get("number", key)
        if used is not None and (used["session"], used["oaid"]) != (trade["session"], trade["oaid"]):
            raise _service("CD06", "运单号已经被使用")
        self.world.store.put("number", key, {"session": trade["session"], "oaid": trade["oaid"]})

    def _ship(self, trade: Doc, lines: list[Doc], company: str, number: str) -> None:
        now = self.world.now()
        for line in lines:
            line["logistics_company"], line["invoice_no"] = COMPANIES[company][0], number
            line["status"], line["consign_time"] = "WAIT_BUYER_CONFIRM_GOODS", china_text(now)
        left = [line for line in trade["orders"] if line["status"] not in ("WAIT_BUYER_CONFIRM_GOODS", "TRADE_CLOSED")]
        trade["status"] = "SELLER_CONSIGNED_PART" if left else "WAIT_BUYER_CONFIRM_GOODS"
        trade["consign_time"] = trade["consign_time"] or china_text(now)
        self.reading.trades.save(trade, now)

    def memo(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Write or clear the seller's memo and flag."""
        trade = self.reading.own_trade(shop, params)
        memo = params.get("memo", "")
        if len(memo.encode()) > MEMO_BYTES:
            raise invalid("memo", f"备注不能超过 {MEMO_BYTES} 字节")
        flag = params.get("flag")
        if flag is not None and flag not in "012345":
            raise invalid("flag", "flag 应为 0 到 5")
        if not memo and params.get("reset") != "true":
            memo = trade["seller_memo"]
        self.world.note("memo", f"{trade['tid']}|{flag}|{memo}", tid=trade["tid"])
        self.reading.trades.write_memo(trade, memo, int(flag) if flag else None, self.world.now())
        self.tell(shop, trade, "taobao_trade_TradeMemoModified")
        return {"trade": {"tid": trade["tid"], "modified": trade["modified"]}}
