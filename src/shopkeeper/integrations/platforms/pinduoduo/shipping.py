"""Telling Pinduoduo that a parcel has left.

An order is sent once, with one number; further parcels of it are told as extra ones.
"""

import json
import time
from threading import Lock
from typing import Any

from shopkeeper.flows.fulfilment.parcels.ports import Ack, ShipNotice, ShopAccess
from shopkeeper.integrations.outside_http import retrying
from shopkeeper.integrations.platforms.pinduoduo.gateway import PddGateway
from shopkeeper.shared.outside import OutsideError

# Our courier codes -> how the company's name begins in the platform's own list, which also says who may be used.
COMPANIES = {
    "shunfeng": "顺丰",
    "jd": "京东",
    "yuantong": "圆通",
    "zhongtong": "中通",
    "shentong": "申通",
    "yunda": "韵达",
    "jtexpress": "极兔",
    "ems": "邮政EMS",
    "youzhengguonei": "邮政快递包裹",
    "debangkuaidi": "德邦",
}
LIST_KEPT_S = 6 * 3600.0
# A word in the platform's refusal -> the port's word for it; the first that is found counts.
_REFUSALS = (
    ("已发货", "already_shipped"),
    ("公司", "unknown_courier"),
    ("使用", "number_used"),
    ("规则", "bad_number"),
    ("单号", "bad_number"),
    ("不可", "not_shippable"),
    ("不存在", "not_shippable"),
)


class PinduoduoShipBack:
    """`ShipBack` for Pinduoduo."""

    def __init__(self, gateway: PddGateway | None = None) -> None:
        self._gateway = gateway or PddGateway()
        self._companies: dict[str, int] = {}
        self._read_at = 0.0
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the connections."""
        self._gateway.close()

    def send(self, shop: ShopAccess, notice: ShipNotice) -> Ack:
        """See the port."""
        company = self._company(shop, notice.courier_code)
        if notice.is_repeat and notice.number in self._numbers(shop, notice):
            return Ack(notice.platform_no, notice.number, repeated=True)
        asked = {"order_sn": notice.platform_no, "logistics_id": str(company), "tracking_number": notice.number}
        try:
            inside, _ = self._gateway.call(shop, "pdd.logistics.online.send", **asked)
        except OutsideError as error:
            refusal = _named(error)
            if refusal.code != "already_shipped":
                raise refusal from None
            return self._sent_before(shop, notice, company, refusal)
        if inside.get("is_success") is not True:
            raise OutsideError("transient", "bad_answer", "no success in the answer")
        return Ack(notice.platform_no, notice.number, repeated=False)

    def _sent_before(self, shop: ShopAccess, notice: ShipNotice, company: int, refusal: OutsideError) -> Ack:
        """The order has a number: this very one, or that of another parcel of the same order."""
        if notice.number in self._numbers(shop, notice):
            return Ack(notice.platform_no, notice.number, repeated=True)
        if not notice.line_nos:
            raise refusal
        tracks = json.dumps([{"shipping_id": company, "tracking_number": notice.number}])
        asked = {"order_sn": notice.platform_no, "extra_track_type": "1", "extra_track_list": tracks}
        try:
            self._gateway.call(shop, "pdd.order.upload.extra.logistics", **asked)
        except OutsideError as error:
            raise _named(error) from None
        return Ack(notice.platform_no, notice.number, repeated=False)

    def _numbers(self, shop: ShopAccess, notice: ShipNotice) -> set[str]:
        """The numbers the platform holds for the order; what it refuses to tell, the sending will show."""
        asked = {"order_sn": notice.platform_no}
        try:
            inside, _ = retrying(lambda: self._gateway.call(shop, "pdd.order.information.get", **asked))
            info = inside["order_info"]
            extra = [str(one["tracking_number"]) for one in info.get("extra_delivery_list") or []]
            return {str(info.get("tracking_number") or ""), *extra} - {""}
        except OutsideError as error:
            if error.kind != "permanent":
                raise
            return set()
        except (KeyError, TypeError, AttributeError):
            raise OutsideError("transient", "bad_answer", "the order cannot be read") from None

    def _company(self, shop: ShopAccess, courier_code: str) -> int:
        name = COMPANIES.get(courier_code)
        with self._lock:
            if not self._companies or time.monotonic() - self._read_at > LIST_KEPT_S:
                self._companies = self._read_companies(shop)
                self._read_at = time.monotonic()
            found = [number for known, number in self._companies.items() if name and known.startswith(name)]
        if not found:
            raise OutsideError("permanent", "unknown_courier", courier_code)
        return found[0]

    def _read_companies(self, shop: ShopAccess) -> dict[str, int]:
        inside, _ = retrying(lambda: self._gateway.call(shop, "pdd.logistics.companies.get"))
        try:
            rows: list[dict[str, Any]] = inside["logistics_companies"]
            return {str(row["logistics_company"]): int(row["id"]) for row in rows if row.get("available") == 1}
        except (KeyError, TypeError, ValueError):
            raise OutsideError("transient", "bad_answer", "the companies cannot be read") from None


def _named(error: OutsideError) -> OutsideError:
    """The platform's refusal in the port's words: it has one code for all, so its words tell."""
    if error.kind != "permanent":
        return error
    for word, code in _REFUSALS:
        if word in error.message:
            return OutsideError("permanent", code, error.message)
    return error
