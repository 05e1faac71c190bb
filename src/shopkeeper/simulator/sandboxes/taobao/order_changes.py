"""The platform's methods by which a seller changes an order that has not left: another receiver, or its end."""

from collections.abc import Callable
from decimal import Decimal

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.errors import invalid, missing, refused
from shopkeeper.simulator.sandboxes.taobao.methods import Params, Reading
from shopkeeper.simulator.sandboxes.taobao.trades import NotPossible
from shopkeeper.simulator.sandboxes.world import World

Tell = Callable[[Doc, Doc, str], None]
PARTS = ("name", "mobile", "phone", "state", "city", "district", "town", "address", "zip")
CLOSE_REASONS = frozenset(
    {"未及时付款", "买家不想买了", "买家信息填写错误，重新拍", "恶意买家/同行捣乱", "缺货", "买家拍错了", "其他原因"}
)


class OrderChanges:
    """The methods, each answering with the inside of its response."""

    def __init__(self, world: World, reading: Reading, tell: Tell) -> None:
        self.world = world
        self.reading = reading
        self.tell = tell
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "taobao.trade.shippingaddress.update": self.change_address,
            "taobao.trade.close": self.close,
            "taobao.refund.get": self.refund,
            "taobao.rp.refunds.agree": self.agree,
        }

    def change_address(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Another receiver; parts that are not given stay."""
        trade = self.reading.own_trade(shop, params)
        receiver = {part: params[f"receiver_{part}"] for part in PARTS if params.get(f"receiver_{part}")}
        if not receiver:
            raise missing("receiver_address")
        self.world.note("address_change", str(trade["tid"]), tid=trade["tid"])
        if any(trade["receiver"].get(part) != value for part, value in receiver.items()):
            try:
                self.reading.trades.change_receiver(trade, receiver, self.world.now())
            except NotPossible:
                raise refused("trade-status-invalid", f"订单状态 {trade['status']} 不允许修改收货地址") from None
            self.tell(shop, trade, "taobao_trade_TradeLogisticsAddressChanged")
        return {"trade": {"tid": trade["tid"], "modified": trade["modified"]}}

    def close(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """The seller closes an order that is not paid."""
        trade = self.reading.own_trade(shop, params)
        if params.get("close_reason") not in CLOSE_REASONS:
            raise invalid("close_reason", "关闭原因不正确")
        self.world.note("trade_close", str(trade["tid"]), tid=trade["tid"])
        try:
            self.reading.trades.cancel(trade, self.world.now())
        except NotPossible:
            raise refused("trade-status-invalid", "只有未付款的订单才能关闭") from None
        self.tell(shop, trade, "taobao_trade_TradeClose")
        return {"trade": {"tid": trade["tid"], "modified": trade["modified"]}}

    def refund(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """One refund with what agreeing to it takes."""
        found = self._refund(shop, params.get("refund_id", ""))
        return {"refund": {k: v for k, v in found.items() if k != "session"} | {"refund_version": _version(found)}}

    def agree(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Agree to refunds `id|amount in fen|version|phase`; all must fit, then all are paid."""
        infos = [info.split("|") for info in params.get("refund_infos", "").split(",") if info]
        if not infos or any(len(info) != 4 for info in infos):
            raise invalid("refund_infos", "退款信息格式不正确")
        refunds = [self._refund(shop, info[0]) for info in infos]
        for info, refund in zip(infos, refunds, strict=True):
            if info[1] != str(int(Decimal(refund["refund_fee"]) * 100)) or info[2] != str(_version(refund)):
                raise refused("refund-version-changed", "退款信息已变更，请重新查询")
        for refund in refunds:
            trade = self.reading.trades.get(refund["tid"])
            assert trade is not None
            self.world.note("refund_agree", refund["refund_id"], tid=trade["tid"])
            if self.reading.refunds.move(trade, self.world.now(), [refund["oid"]], "SUCCESS"):
                closed = trade["status"] == "TRADE_CLOSED"
                self.tell(shop, trade, "taobao_trade_TradeClose" if closed else "taobao_refund_RefundSuccess")
        return {"succ": True, "msg": ""}

    def _refund(self, shop: Doc, refund_id: str) -> Doc:
        found = self.world.store.get("refund", refund_id)
        if found is None or found["session"] != shop["session"]:
            raise refused("refund-not-exist", "退款不存在")
        return found


def _version(refund: Doc) -> int:
    """The refund's version: its last change as digits."""
    return int("".join(c for c in refund["modified"] if c.isdigit()))
