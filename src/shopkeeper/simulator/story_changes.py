"""The story of orders under way: another address, a cancellation, a parcel called back, each to its end (S2.2)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.story_service import replies, writes

CHANGE, INTERCEPT = "tickets/request-changes", "tickets/request-interceptions"
NEW_HOME = {
    "name": "江一帆",
    "phone": "13812340000",
    "province": "江苏省",
    "city": "南京市",
    "district": "鼓楼区",
    "address": "中山北路200号9幢801室",
}
# Everybody of this day: what they buy. What becomes of them is told below and in story_aftersale.
BOUGHT = {
    "mover": ("SOX-1", 1),
    "quitter": ("SOX-2", 1),
    "dawdler": ("CHP-1", 1),
    "turner": ("BRU-1", 1),
    "broken": ("POT-1", 2),
    "taker": ("SLK-1", 1),
    "swapper": ("TEE-1", 1),
    "cold": ("GRN-1", 1),
    "greedy": ("INK-1", 1),
}


def uid(name: str) -> str:
    """By what the platform knows a shopper of this story."""
    return f"AAH-{name}"


def orders_of_the_day(cast: Cast) -> None:
    """Nine people order in the first shop."""
    for name, (sku, quantity) in BOUGHT.items():
        cast.place(name, sku, quantity, buyer_open_uid=uid(name), buyer_nick=name, ship_within_h=72)
    known = {row["platform_no"]: row["id"] for row in cast.house.all_rows("supervisor", "audit/orders")}
    for name in BOUGHT:
        cast.orders[name] = known[str(cast.tids[name])]


def _wish(cast: Cast, name: str, kind: str, reason: str, **more: Any) -> dict[str, Any]:
    return {"order_id": cast.orders[name], "kind": kind, "reason": reason, **more}


def _change(cast: Cast, change_id: int) -> dict[str, Any]:
    found: dict[str, Any] = cast.house.get("service", f"tickets/changes/{change_id}")
    return found


def address_changed(cast: Cast) -> None:
    """S2.2: asked in the chat before the order is released; on the platform, in our order, and on its label."""
    asked = writes(cast, uid("mover"), "地址填错了，能改地址吗？改到南京", "江一帆")
    replies(cast, asked, "可以，我来帮您改。", 5)
    wish = _wish(cast, "mover", "address", "wrong_address", ticket_id=asked["ticket_id"])
    whole = {**wish, "receiver": NEW_HOME}
    cast.expect("改地址", "service", CHANGE, [wish], "address_needed")
    cast.expect("改地址", "service2", CHANGE, [whole], "not_found")
    cast.expect("改地址", "depot", CHANGE, [whole], "not_allowed")
    strange = {**whole, "order_id": cast.orders["quitter"]}
    cast.expect("改地址", "service", CHANGE, [strange], "not_their_order")
    gone = {**whole, "order_id": cast.orders["silent"], "ticket_id": None}
    cast.expect("改地址", "service", CHANGE, [gone], "already_shipped")
    ended = {**gone, "order_id": cast.orders["unknown"]}
    cast.expect("改地址", "service", CHANGE, [ended], "order_ended")
    made = cast.expect("改地址", "service", CHANGE, [whole])
    city = cast.outside.order(cast.tids["mover"])["receiver"]["city"]
    cast.insist("改地址", _change(cast, made[0]["id"])["state"] == "done", "平台已改，我方订单已随之更新")
    cast.insist("改地址", city == "南京市" and not cast.row("mover")["open_holds"], "收货城市：南京市，订单放行")
    cast.expect(
        "改地址", "service", "tickets/resolve-tickets", [{"ticket_id": asked["ticket_id"], "resolution": "changed"}]
    )


def cancelled_from_the_warehouse(cast: Cast) -> None:
    """S2.2: the wave is being picked when two want to cancel; one acts on the platform at once, one much later."""
    team = cast.first
    cast.staff.release(team)
    wishes = [_wish(cast, name, "cancel", "changed_mind") for name in ("quitter", "dawdler")]
    made = cast.expect("取消", "service", CHANGE, wishes)
    for name, outcome in zip(("quitter", "dawdler"), made, strict=True):
        cast.made[name] = outcome["id"]
        cast.insist("取消", outcome["facts"]["way"] == "from_warehouse", f"{name} 正在拣货，已从仓库叫回")
    cast.expect("取消", "service", CHANGE, wishes, "unchanged")
    confirm = {"change_id": cast.made["dawdler"], "evidence": ""}
    cast.expect("取消", "service", "tickets/confirm-changes", [confirm], "evidence_needed")
    cast.shopper("quitter", "refund", reason="不想要了")
    cast.insist("取消", cast.row("quitter")["state"] == "cancelled", "平台同意退款，订单已取消")
    cast.insist("取消", _change(cast, cast.made["quitter"])["state"] == "done", "取消已办结")
    withdraw = [{"change_id": cast.made["quitter"]}]
    cast.expect("取消", "service", "tickets/withdraw-changes", withdraw, "change_ended")
    for wave in [cast.staff.waves.pop(team.depot_id)]:
        cast.staff.finish(team, wave)
    cast.staff.put_back(team)
    cast.steps.settle()


def packed_and_sent(cast: Cast) -> None:
    """The rest is packed and goes; what is not with the courier yet cannot be intercepted."""
    team, staff = cast.first, cast.staff
    names = [name for name in BOUGHT if name not in ("quitter", "dawdler")]
    orders = cast.packing(*names)
    cast.insist("打包", len(orders) == len(names), f"{len(names)} 单到打包台")
    staff.pack(team, staff.open_packing(team, orders))
    cast.steps.settle()
    wish = {"parcel_id": cast.parcel("turner")["id"], "kind": "return", "reason": "changed_mind"}
    cast.expect("拦截", "service", INTERCEPT, [wish], "not_handed_over")
    staff.hand_over(team)
    cast.steps.settle()
    for name in names:
        script = "normal" if name == "turner" else "quick"
        cast.outside.post("/courier/script", {"number": cast.parcel(name)["number"], "script": script})


def cancelled_late(cast: Cast) -> None:
    """S2.2: the other one applies on the platform hours later; the change is done, and late."""
    cast.shopper("dawdler", "refund", reason="不想要了")
    cast.insist("取消", cast.row("dawdler")["state"] == "cancelled", "三小时后买家才在平台申请，订单取消，已逾时")
    cast.staff.put_back(cast.first)


def called_back(cast: Cast) -> None:
    """S2.2: a parcel that has left is to come back; the courier accepts."""
    wish = {"parcel_id": cast.parcel("turner")["id"], "kind": "return", "reason": "changed_mind"}
    cast.expect("拦截", "service2", INTERCEPT, [wish], "not_found")
    cast.expect("拦截", "service", INTERCEPT, [{**wish, "kind": "redirect"}], "address_needed")
    made = cast.expect("拦截", "service", INTERCEPT, [wish])
    cast.made["interception"] = made[0]["id"]
    found = cast.house.get("service", f"tickets/interceptions/{made[0]['id']}")
    cast.insist("拦截", found["state"] == "accepted", "快递已受理拦截")
    said = {"interception_id": made[0]["id"], "accepted": False, "evidence": "电话"}
    cast.expect("拦截", "service", "tickets/answer-interceptions", [said], "interception_ended")


def came_back(cast: Cast) -> None:
    """S2.2: followed to its end by the courier's own scans."""
    found = cast.house.get("service", f"tickets/interceptions/{cast.made['interception']}")
    cast.insist("拦截", found["state"] == "received", "拦截件已退回仓库")
    ended = {"parcel_id": cast.parcel("turner")["id"], "kind": "return", "reason": "changed_mind"}
    cast.expect("拦截", "service", INTERCEPT, [ended], "parcel_ended")
