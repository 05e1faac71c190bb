"""Telling Taobao/Tmall that a parcel has left."""

from typing import Any

from shopkeeper.flows.fulfilment.parcels.ports import Ack, ShipNotice, ShopAccess
from shopkeeper.integrations.outside_http import retrying
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.shared.outside import OutsideError

# Our courier codes -> the platform's companies. The platform lists its own in taobao.logistics.companies.get.
COMPANIES = {
    "shunfeng": "SF",
    "jd": "JD",
    "yuantong": "YTO",
    "zhongtong": "ZTO",
    "shentong": "STO",
    "yunda": "YUNDA",
    "jtexpress": "JTSD",
    "ems": "EMS",
    "youzhengguonei": "POSTB",
    "debangkuaidi": "DBKD",
}
_SERVICE = "isv.logistics-offline-service-error:"


class TaobaoShipBack:
    """`ShipBack` for Taobao and Tmall."""

    def __init__(self, gateway: TopGateway | None = None, companies: dict[str, str] | None = None) -> None:
        self._gateway = gateway or TopGateway()
        self._companies = companies or COMPANIES

    def close(self) -> None:
        """Let go of the connections."""
        self._gateway.close()

    def send(self, shop: ShopAccess, notice: ShipNotice) -> Ack:
        """See the port."""
        company = self._companies.get(notice.courier_code)
        if company is None:
            raise OutsideError("permanent", "unknown_courier", notice.courier_code)
        if notice.is_repeat and self._told_before(shop, notice):
            return Ack(notice.platform_no, notice.number, repeated=True)
        asked = {"tid": notice.platform_no, "out_sid": notice.number, "company_code": company}
        if notice.line_nos:
            asked |= {"is_split": "1", "sub_tid": ",".join(notice.line_nos)}
        try:
            inside, _ = self._gateway.call(shop, "taobao.logistics.offline.send", **asked)
        except OutsideError as error:
            if error.code == f"{_SERVICE}B04" and self._has_number(shop, notice):
                return Ack(notice.platform_no, notice.number, repeated=True)
            raise _named(error) from None
        shipping = inside.get("shipping")
        if not isinstance(shipping, dict) or shipping.get("is_success") is not True:
            raise OutsideError("transient", "bad_answer", "no success in the answer")
        return Ack(notice.platform_no, notice.number, repeated=False)

    def _told_before(self, shop: ShopAccess, notice: ShipNotice) -> bool:
        """Whether an earlier try came through; what the platform refuses to tell, the sending will show."""
        try:
            return self._has_number(shop, notice)
        except OutsideError as error:
            if error.kind != "permanent":
                raise
            return False

    def _has_number(self, shop: ShopAccess, notice: ShipNotice) -> bool:
        """Whether the platform already holds this very number for the parcel's lines (our earlier answer
        was lost)."""
        asked = {"tid": notice.platform_no, "fields": "tid,orders.oid,orders.invoice_no,orders.status"}
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.trade.fullinfo.get", **asked))
        try:
            lines: list[dict[str, Any]] = inside["trade"]["orders"]["order"]
            ours = [
                line.get("invoice_no")
                for line in lines
                if (str(line["oid"]) in notice.line_nos or not notice.line_nos) and line.get("status") != "TRADE_CLOSED"
            ]
        except (KeyError, TypeError, AttributeError):
            raise OutsideError("transient", "bad_answer", "the order cannot be read") from None
        return bool(ours) and all(number == notice.number for number in ours)


def _named(error: OutsideError) -> OutsideError:
    """The platform's refusal in the port's words."""
    reason = error.code.removeprefix(_SERVICE)
    if reason == error.code:
        return error
    if reason == "CD06":
        used = "使用" in error.message and "规则" not in error.message
        reason = "number_used" if used else "bad_number"
    else:
        reason = {
            "B04": "already_shipped",
            "B01": "not_shippable",
            "B02": "not_shippable",
            "CD03": "unknown_courier",
        }.get(reason, error.code)
    return OutsideError("permanent", reason, error.message)
