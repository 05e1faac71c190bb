"""Changing and closing Taobao/Tmall orders that have not left."""

from typing import Any

from shopkeeper.flows.service.tickets.ports import NewReceiver, ShopAccess
from shopkeeper.integrations.outside_http import retrying
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.texts import clean_text, minor_from_yuan
from shopkeeper.shared.outside import OutsideError

_UNPAID = frozenset({"TRADE_NO_CREATE_PAY", "WAIT_BUYER_PAY"})
_CLOSED = frozenset({"TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO"})
_PAID_HERE = frozenset({"WAIT_SELLER_SEND_GOODS", "PAID_FORBID_CONSIGN"})
_ASKED = frozenset({"WAIT_SELLER_AGREE"})
# Our reasons -> the platform's own closing reasons, which are words.
REASONS = {
    "changed_mind": "买家不想买了",
    "too_slow": "买家不想买了",
    "away": "买家不想买了",
    "wrong_item": "买家拍错了",
    "duplicate": "买家拍错了",
    "wrong_address": "买家信息填写错误，重新拍",
    "fraud": "恶意买家/同行捣乱",
}


class TaobaoOrderChanges:
    """`PlatformOrderChanges` for Taobao and Tmall."""

    def __init__(self, gateway: TopGateway | None = None) -> None:
        self._gateway = gateway or TopGateway()

    def close_connections(self) -> None:
        """Let go of the connections."""
        self._gateway.close()

    def change_address(self, shop: ShopAccess, platform_no: str, receiver: NewReceiver) -> None:
        """See the port."""
        asked = {
            "tid": platform_no,
            "receiver_name": receiver.name,
            "receiver_mobile": receiver.phone,
            "receiver_state": receiver.province,
            "receiver_city": receiver.city,
            "receiver_district": receiver.district,
            "receiver_address": receiver.address,
            "receiver_zip": receiver.zip,
        }
        try:
            retrying(lambda: self._gateway.call(shop, "taobao.trade.shippingaddress.update", **asked))
        except OutsideError as error:
            raise _named(error) from None

    def close(self, shop: ShopAccess, platform_no: str, reason: str) -> None:
        """See the port. A paid order ends by its refund: agreed to here where the buyer has asked for it."""
        trade = self._trade(shop, platform_no)
        status = str(trade.get("status", ""))
        if status in _CLOSED:
            return
        try:
            if status in _UNPAID:
                words = REASONS.get(reason, "其他原因")
                retrying(lambda: self._gateway.call(shop, "taobao.trade.close", tid=platform_no, close_reason=words))
                return
            if status not in _PAID_HERE:
                raise OutsideError("permanent", "not_changeable", status)
            self._agree(shop, trade)
        except OutsideError as error:
            raise _named(error) from None

    def _agree(self, shop: ShopAccess, trade: dict[str, Any]) -> None:
        """Agree to the refunds of every line that is not closed; all of them must have been asked for."""
        lines = [line for line in trade["orders"]["order"] if line.get("status") != "TRADE_CLOSED"]
        if not lines or not all(line.get("refund_status") in _ASKED for line in lines):
            raise OutsideError("permanent", "buyer_must_apply", "no refund asked for every line")
        infos = ",".join(self._terms(shop, str(line["refund_id"])) for line in lines)
        retrying(lambda: self._gateway.call(shop, "taobao.rp.refunds.agree", refund_infos=infos))

    def _terms(self, shop: ShopAccess, refund_id: str) -> str:
        """What is agreed to: the refund's number, amount in fen, version and phase, as they stand now."""
        fields = "refund_id,refund_fee,refund_version,refund_phase"
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.refund.get", refund_id=refund_id, fields=fields))
        try:
            refund = inside["refund"]
            amount = minor_from_yuan(refund["refund_fee"])
            return f"{refund_id}|{amount}|{int(refund['refund_version'])}|{clean_text(refund['refund_phase'], 20)}"
        except (KeyError, TypeError, ValueError):
            raise OutsideError("transient", "bad_answer", "the refund cannot be read") from None

    def _trade(self, shop: ShopAccess, platform_no: str) -> dict[str, Any]:
        asked = {
            "tid": platform_no,
            "fields": "tid,status,orders.oid,orders.status,orders.refund_status,orders.refund_id",
        }
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.trade.fullinfo.get", **asked))
        trade = inside.get("trade")
        if not isinstance(trade, dict) or not isinstance(trade.get("orders"), dict):
            raise OutsideError("transient", "bad_answer", "the order cannot be read")
        return trade


def _named(error: OutsideError) -> OutsideError:
    """The platform's refusal in the port's words."""
    if error.kind == "permanent" and error.code.startswith("isv.") and "trade-status" in error.code:
        return OutsideError("permanent", "not_changeable", error.message)
    return error
