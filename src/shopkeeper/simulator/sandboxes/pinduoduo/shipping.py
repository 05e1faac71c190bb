"""The platform's methods that write on orders: a parcel has left, further parcels, and the seller's note."""

import json
import re
from collections.abc import Callable

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.pinduoduo.errors import PddError, invalid, missing, refused
from shopkeeper.simulator.sandboxes.pinduoduo.orders import REFUND_ASKED, SHIPPED, status_word, to_ship
from shopkeeper.simulator.sandboxes.pinduoduo.reading import Params, Reading
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.shipping import COMPANIES
from shopkeeper.simulator.sandboxes.world import World, china_text

# The platform's number of a company, its name, and the other sandbox's code, whose number forms hold here, too.
LOGISTICS: dict[int, tuple[str, str]] = {
    1: ("申通快递", "STO"),
    44: ("顺丰快递", "SF"),
    85: ("圆通快递", "YTO"),
    115: ("中通快递", "ZTO"),
    118: ("邮政EMS", "EMS"),
    120: ("京东快递", "JD"),
    121: ("韵达快递", "YUNDA"),
    131: ("德邦快递", "DBKD"),
    132: ("邮政快递包裹", "POSTB"),
    384: ("极兔速递", "JTSD"),
}
NOTE_SIGNS = 300
TAG_NAME_SIGNS = 3


class Shipping:
    """The methods, each answering with the inside of its response. `tell` announces what changed."""

    def __init__(self, world: World, reading: Reading, tell: Callable[[Doc, Doc, str], None]) -> None:
        self.world = world
        self.reading = reading
        self.tell = tell
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "pdd.logistics.companies.get": self.companies,
            "pdd.logistics.online.send": self.send,
            "pdd.order.upload.extra.logistics": self.extra,
            "pdd.order.note.update": self.note,
        }

    def companies(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Every company; only those available may be used."""
        found = [
            {"id": number, "logistics_company": name, "code": code, "available": 1}
            for number, (name, code) in LOGISTICS.items()
        ]
        gone = {"id": 3, "logistics_company": "百世快递", "code": "HTKY", "available": 0}
        return {"logistics_companies": [*found, gone]}

    def send(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """The parcel of an order left. The same number again is fine; another one is refused."""
        for name in ("order_sn", "logistics_id", "tracking_number"):
            if not params.get(name):
                raise missing(name)
        order, number = self._own(mall, params), params["tracking_number"].strip()
        row = self._received(order, number, params["logistics_id"], faults)
        company = self._company(params["logistics_id"], number)
        if order["tracking_number"] == number:
            return {"is_success": True}
        if order["tracking_number"]:
            raise refused("订单已发货，请勿重复发货")
        if not to_ship(order) or order["risk_control_status"]:
            raise refused(f"订单当前状态不可发货：{status_word(order)}")
        self._claim(order, company, number)
        now = self.world.now()
        order["logistics_id"], order["tracking_number"] = company, number
        order["order_status"], order["shipping_time"] = SHIPPED, china_text(now)
        self.reading.orders.save(order, now)
        row["accepted"] = True
        self.tell(mall, order, "pdd_trade_TradeSellerShip")
        return {"is_success": True}

    def extra(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Further parcels of an order that has been sent."""
        order = self._own(mall, params)
        if order["order_status"] != SHIPPED:
            raise refused("订单未发货，不可上传额外运单")
        try:
            tracks = json.loads(params.get("extra_track_list", ""))
            asked = [(str(track["shipping_id"]), str(track["tracking_number"]).strip()) for track in tracks]
        except (ValueError, KeyError, TypeError):
            raise invalid("extra_track_list", "应为 [{shipping_id, tracking_number}]") from None
        known = {track["tracking_number"] for track in order["extra"]}
        for company_id, number in asked:
            row = self._received(order, number, company_id, faults)
            company = self._company(company_id, number)
            if number not in known:
                self._claim(order, company, number)
                order["extra"].append({"logistics_id": company, "tracking_number": number})
            row["accepted"] = True
        self.reading.orders.save(order, self.world.now())
        return {"success": True}

    def _own(self, mall: Doc, params: Params) -> Doc:
        try:
            return self.reading.own(mall, params)
        except PddError:
            raise refused("订单不存在，不可发货") from None

    def _received(self, order: Doc, number: str, company: str, faults: Faults) -> Doc:
        return self.world.note(
            "ship_back",
            f"{order['order_sn']}|{number}",
            tid=order["order_sn"],
            company=company,
            number=number,
            status_then=status_word(order),
            refund_open=order["refund_status"] == REFUND_ASKED,
            answer_lost=faults.has("lost_answer") or faults.has("half_json"),
        )

    @staticmethod
    def _company(text: str, number: str) -> int:
        company = int(text) if text.isdecimal() else 0
        if company not in LOGISTICS:
            raise refused("快递公司不存在")
        if not re.fullmatch(COMPANIES[LOGISTICS[company][1]][1], number):
            raise refused("快递单号不符合规则")
        return company

    def _claim(self, order: Doc, company: int, number: str) -> None:
        """One number, one parcel: another order may share it only when it goes to the same receiver."""
        key, owner = f"pdd{company}|{number}", {"session": order["session"], "address": order["open_address_id"]}
        if (self.world.store.get("number", key) or owner) != owner:
            raise refused("快递单号已被使用")
        self.world.store.put("number", key, owner)

    def note(self, mall: Doc, params: Params, faults: Faults) -> Doc:
        """Write the seller's note; colour and its name go together."""
        order = self.reading.own(mall, params)
        note, tag, name = params.get("note", ""), params.get("tag"), params.get("tag_name")
        if len(note) > NOTE_SIGNS:
            raise invalid("note", f"备注不能超过 {NOTE_SIGNS} 字")
        if (tag is None) != (name is None):
            raise invalid("tag_name", "tag 与 tag_name 都传或都不传")
        if tag is not None and (tag not in "12345" or not 0 < len(name or "") <= TAG_NAME_SIGNS):
            raise invalid("tag", "tag 应为 1 到 5，tag_name 最长 3 字")
        self.world.note("memo", f"{order['order_sn']}|{tag}|{note}", tid=order["order_sn"])
        self.reading.orders.write_note(order, note, int(tag) if tag else None, self.world.now())
        self.tell(mall, order, "pdd_trade_TradeMemoModified")
        return {"success": True}
