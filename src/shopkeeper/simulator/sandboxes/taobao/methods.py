"""The platform's methods that read: the incremental list, one trade whole, refunds, and receiver tokens."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.errors import invalid, missing, refused
from shopkeeper.simulator.sandboxes.taobao.masking import mask_address, mask_name, mask_phone, virtual_number
from shopkeeper.simulator.sandboxes.taobao.refunds import Refunds
from shopkeeper.simulator.sandboxes.taobao.trades import Trades
from shopkeeper.simulator.sandboxes.world import china_moment, china_text, later

Params = dict[str, str]

# What the incremental list gives; all else only in the trade's full view.
LIST_FIELDS = frozenset(
    {
        *("tid", "status", "type", "created", "pay_time", "modified", "end_time", "consign_time", "payment"),
        *("post_fee", "total_fee", "discount_fee", "buyer_nick", "buyer_open_uid", "seller_flag"),
        *("receiver_state", "receiver_city", "oaid", "orders"),
    }
)
_TIMES = ("start_modified", "end_modified")


def masked_view(trade: Doc) -> Doc:
    """A trade as shops may see it: receiver starred, token beside it."""
    receiver = trade["receiver"]
    lines = [{k: v for k, v in line.items() if v is not None and k != "is_gift"} for line in trade["orders"]]
    gifts = [line for line in trade["orders"] if line["is_gift"]]
    kept = {k: v for k, v in trade.items() if v is not None and k not in _OWN}
    view: Doc = {
        **kept,
        "tid_str": str(trade["tid"]),
        "receiver_name": mask_name(receiver["name"]),
        "receiver_mobile": mask_phone(receiver["mobile"]),
        "receiver_phone": mask_phone(receiver["phone"]),
        "receiver_state": receiver["state"],
        "receiver_city": receiver["city"],
        "receiver_district": receiver["district"],
        "receiver_town": receiver["town"],
        "receiver_address": mask_address(receiver["address"]),
        "receiver_zip": receiver["zip"],
        "orders": {"order": lines},
        "promotion_details": {
            "promotion_detail": [
                {
                    "id": line["oid"],
                    "promotion_name": "赠品",
                    "gift_item_id": str(line["num_iid"]),
                    "gift_item_num": str(line["num"]),
                }
                for line in gifts
            ]
        },
    }
    view.update(trade["raw"])
    return view


_OWN = frozenset({"session", "receiver", "ship_within_h", "raw", "orders"})


def _chosen(view: Doc, fields: str, allowed: frozenset[str] | None = None) -> Doc:
    """The asked fields only; `orders.x` asks for one field of the lines."""
    names = [name.strip() for name in fields.split(",") if name.strip()]
    if not names:
        raise missing("fields")
    top = {name.partition(".")[0] for name in names}
    inner = {name.partition(".")[2] for name in names if name.startswith("orders.")}
    found = {k: v for k, v in view.items() if k in top and (allowed is None or k in allowed)}
    if inner and "orders" not in names and isinstance(found.get("orders"), dict):
        lines = found["orders"]["order"]
        found["orders"] = {"order": [{k: v for k, v in line.items() if k in inner} for line in lines]}
    return found


def _window(params: Params) -> tuple[str, str]:
    moments = []
    for name in _TIMES:
        if name not in params:
            raise missing(name)
        try:
            moments.append(china_moment(params[name]))
        except ValueError:
            raise invalid(name, "时间格式应为 yyyy-MM-dd HH:mm:ss") from None
    if moments[0] > moments[1]:
        raise invalid("start_modified", "开始时间晚于结束时间")
    if moments[1] - moments[0] > timedelta(days=1):
        raise invalid("end_modified", "查询时间跨度不能超过一天")
    return china_text(moments[0]), china_text(moments[1])


def _whole(params: Params, name: str, default: int, low: int, high: int) -> int:
    text = params.get(name, str(default))
    if not text.isdecimal() or not low <= int(text[:12]) <= high:
        raise invalid(name, f"{name} 应为 {low} 到 {high} 的整数")
    return int(text)


def _paged(found: list[Doc], params: Params, faults: Faults) -> tuple[list[Doc], Doc]:
    """One page of what was found, with `total_results` or `has_next` (never both, as on the platform)."""
    page = _whole(params, "page_no", 1, 1, 1_000_000)
    size = _whole(params, "page_size", 40, 1, 100)
    part = found[(page - 1) * size : page * size]
    if params.get("use_has_next") == "true":
        return part, {"has_next": page * size < len(found)}
    total = len(found)
    if faults.has("wrong_totals"):
        total = max(0, total + faults.number("wrong_totals", "by", -1))
    return part, {"total_results": total}


class Reading:
    """The methods, each answering with the inside of its response."""

    def __init__(self, trades: Trades, refunds: Refunds) -> None:
        self.trades = trades
        self.refunds = refunds
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "taobao.trades.sold.increment.get": self.increment,
            "taobao.trade.fullinfo.get": self.fullinfo,
            "taobao.refunds.receive.get": self.receive,
            "top.oaid.decrypt": self.decrypt,
        }

    def increment(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Trades modified in a window, newest first."""
        start, end = _window(params)
        found = self.trades.modified_between(shop["session"], start, end)
        if params.get("status"):
            found = [trade for trade in found if trade["status"] == params["status"]]
        part, counted = _paged(found, params, faults)
        listed = [_chosen(masked_view(trade), params.get("fields", ""), LIST_FIELDS) for trade in part]
        if faults.has("twice") and listed:
            listed.append(listed[-1])
        return counted | ({"trades": {"trade": listed}} if listed else {})

    def fullinfo(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """One trade with everything shops may see."""
        trade = self.own_trade(shop, params)
        return {"trade": _chosen(masked_view(trade), params.get("fields", ""))}

    def own_trade(self, shop: Doc, params: Params) -> Doc:
        """The shop's trade of parameter `tid`."""
        if "tid" not in params:
            raise missing("tid")
        trade = self.trades.get(params["tid"])
        if trade is None or trade["session"] != shop["session"]:
            raise refused("trade-not-exist", "交易订单不存在")
        return trade

    def receive(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Refunds modified in a window, newest first."""
        start, end = _window(params)
        found = self.refunds.modified_between(shop["session"], start, end)
        part, counted = _paged(found, params, faults)
        view = [{k: v for k, v in refund.items() if k != "session"} for refund in part]
        return counted | ({"refunds": {"refund": [_chosen(r, params.get("fields", "")) for r in view]}} if view else {})

    def decrypt(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """The one way to a receiver: by token, for a stated scene, with a privacy number instead of the
        phone."""
        asked = _query_list(params)
        found = []
        for query in asked:
            trade = self.trades.get(query.get("tid"))
            if trade is None or trade["session"] != shop["session"] or trade["oaid"] != query.get("oaid"):
                raise refused("oaid-not-match", "oaid 与订单不匹配")
            receiver = trade["receiver"]
            found.append(
                {
                    "oaid": trade["oaid"],
                    "tid": str(trade["tid"]),
                    "name": receiver["name"],
                    "mobile": virtual_number(trade["oaid"]),
                    "state": receiver["state"],
                    "city": receiver["city"],
                    "district": receiver["district"],
                    "town": receiver["town"],
                    "address_detail": receiver["address"],
                    "privacy_protection": True,
                    "secret_no_expire_time": china_text(later(self.trades.world.now(), 24 * 15)),
                    "matched": True,
                }
            )
        return {"receiver_list": {"receiver": found}}


def _query_list(params: Params) -> list[dict[str, Any]]:
    try:
        asked = json.loads(params.get("query_list", ""))
    except ValueError:
        raise invalid("query_list", "query_list 应为 JSON 数组") from None
    if not isinstance(asked, list) or not 1 <= len(asked) <= 20 or not all(isinstance(q, dict) for q in asked):
        raise invalid("query_list", "query_list 应为 1 到 20 项的数组")
    if not all(str(q.get("scene", "")) in _SCENES for q in asked):
        raise invalid("query_list", "scene 不正确")
    return asked


_SCENES = frozenset(["1001", "1002", "1003", "1004", "1005", "1006", "1007", "2001", "2002"])
