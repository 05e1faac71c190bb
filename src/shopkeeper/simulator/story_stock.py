"""The story of stock: received, counted, warned of, shown on every platform, and never promised twice (P3.1, P5)."""

from typing import Any

from shopkeeper.simulator.cast import Cast, StoryBroke
from shopkeeper.simulator.catalogue import CHOSEN, SHOPFRONTS
from shopkeeper.simulator.sandboxes.running import ControlRefused

RECEIVE, ADJUST, THRESHOLDS = "stock/receive-stock", "stock/adjust-stock", "stock/set-thresholds"
BINS = {1: "A-02-01", 2: "A-02-01"}


def _sku(cast: Cast, code: str) -> int:
    return next(int(row["id"]) for row in cast.house.all_rows("supervisor", "audit/skus") if row["code"] == code)


def delivery(sku_id: int, depot: int, quantity: int, lot: str, reason: str) -> dict[str, Any]:
    """One delivery of a SKU to a warehouse."""
    place = {"sku_id": sku_id, "warehouse_id": depot, "bin_code": BINS[depot], "lot_code": lot}
    return {**place, "quantity": quantity, "reason": reason}


def _reminder(cast: Cast, code: str, state: str = "open") -> dict[str, Any] | None:
    rows = cast.house.get("products", "stock/reminders", state=state, code=code)["items"]
    return rows[0] if rows else None


def on_shelf(cast: Cast, shop: int) -> int:
    """How many pieces of the chosen goods a shop shows on its platform."""
    session = SHOPFRONTS[shop - 1].session
    skus = cast.outside.listing(session, CHOSEN.code)["skus"]
    return next(int(sku["quantity"]) for sku in skus if sku["outer_id"] == CHOSEN.code)


def warned(cast: Cast) -> None:
    """P3.1: a higher threshold for a knife that sells fast; its reminder will be answered late."""
    sku = _sku(cast, "KNF-1")
    rule = {"sku_id": sku, "threshold": 40, "reason": "手工锻打，供货周期长", "lead_days": 5}
    cast.expect("预警", "orders", THRESHOLDS, [rule], "not_allowed")
    cast.expect("预警", "products", THRESHOLDS, [{**rule, "reason": ""}], "reason_needed")
    cast.expect("预警", "products", THRESHOLDS, [{**rule, "threshold": -1}], "threshold_out_of_bounds")
    cast.expect("预警", "products", THRESHOLDS, [rule])
    cast.insist("预警", _reminder(cast, "KNF-1") is not None, "低于预警值，补货提醒已开")


def restocked_late(cast: Cast) -> None:
    """P3.1: the knives come when the reminder is overdue; it is closed by the receipt, and late."""
    item = delivery(_sku(cast, "KNF-1"), 1, 60, "HZ-C-KNF-1", "三德刀补货")
    cast.expect("补货", "depot", RECEIVE, [item])
    cast.insist("补货", _reminder(cast, "KNF-1") is None, "到货后补货提醒自动结束，已逾期")


def first_stock(cast: Cast) -> None:
    """P3.1: the chosen goods come; a count finds fewer; a reminder opens and a receipt closes it."""
    sku, code = cast.made["celadon_sku"], CHOSEN.code
    first = [delivery(sku, 1, 40, "HZ-1", "首批到货"), delivery(sku, 2, 4, "GZ-1", "首批到货")]
    cast.expect("到货", "supervisor", RECEIVE, first)
    rule = {"sku_id": sku, "threshold": 20, "reason": "新品主推，备货从宽"}
    cast.expect("预警", "products", THRESHOLDS, [rule])
    cast.insist("预警", _reminder(cast, code) is None, "44 件可用，高于预警值 20")
    lot = _lot(cast, 1)
    count = {"lot_id": lot, "counted": 12, "reason": "开箱盘点，28 件运输破损已退供应商", "seen": 40}
    cast.expect("盘点", "depot", ADJUST, [{**count, "reason": ""}], "reason_needed")
    cast.expect("盘点", "depot2", ADJUST, [count], "not_found")
    cast.expect("盘点", "depot", ADJUST, [{**count, "seen": 39}], "lot_changed")
    cast.expect("盘点", "depot", ADJUST, [count])
    reminder = _reminder(cast, code)
    if reminder is None:
        raise StoryBroke("预警: 16 件可用，低于 20，却没有提醒")
    cast.tell("预警", "系统", f"16 件可用，低于 20：建议补 {reminder['suggested']} 件")
    cast.expect(
        "补货", "products", "stock/close-restock", [{"reminder_id": reminder["id"], "reason": ""}], "reason_needed"
    )
    cast.expect("补货", "depot", RECEIVE, [delivery(sku, 1, 60, "HZ-2", "盖碗补货")])
    cast.insist("补货", _reminder(cast, code, "restocked") is not None, "到货后补货提醒自动结束")


def _lot(cast: Cast, depot: int) -> int:
    """The lot of the chosen goods in a warehouse."""
    rows = cast.house.get("supervisor", "stock/levels", q=CHOSEN.code)["rows"]
    level = next(row["id"] for row in rows if row["warehouse_id"] == depot)
    lots = cast.house.get("supervisor", f"stock/levels/{level}")["lots"]
    return int(lots[0]["id"])


def told(cast: Cast) -> None:
    """P5: every change is on the shelves at once; a platform that forgets one is found by the hourly sweep."""
    cast.insist(
        "实时库存", (on_shelf(cast, 1), on_shelf(cast, 2), on_shelf(cast, 3)) == (72, 4, 4), "三店货架与可售一致"
    )
    cast.outside.misbehave("goods", "quantity_ignored", next=1, method="pinduoduo", key=CHOSEN.code)
    push = {"sku_id": cast.made["celadon_sku"], "warehouse_id": 2}
    cast.expect("实时库存", "supervisor", "publishing/push-stock", [push], "unchanged")
    count = {"lot_id": _lot(cast, 2), "counted": 1, "reason": "三件磕碰，转残次"}
    cast.expect("盘点", "depot2", ADJUST, [count])
    cast.insist("实时库存", (on_shelf(cast, 2), on_shelf(cast, 3)) == (1, 4), "拼多多答应了却没有改")


def found_by_sweep(cast: Cast) -> None:
    """P5: read back within the hour, told again."""
    cast.insist("实时库存", (on_shelf(cast, 2), on_shelf(cast, 3)) == (1, 1), "对账读回，已重新告知拼多多")


def last_piece(cast: Cast) -> None:
    """P5: two shoppers on two platforms take the last piece in the same moment; one is promised it, the other waits."""
    cast.place("race_taobao", CHOSEN.code, shop=2, at_once=True)
    cast.place("race_pinduoduo", CHOSEN.code, shop=3, at_once=True)
    cast.steps.settle()
    known = {row["platform_no"]: row for row in cast.house.all_rows("supervisor", "audit/orders")}
    names = ("race_taobao", "race_pinduoduo")
    for name in names:
        cast.orders[name] = known[str(cast.tids[name])]["id"]
    holds = sorted(cast.row(name)["open_holds"] for name in names)
    cast.insist("抢最后一件", holds == [[], ["short_stock"]], "一单配给，另一单缺货待处理，没有超卖")
    broken = cast.house.get("supervisor", "audit/rules")["stock"]
    cast.insist("抢最后一件", not any(broken.values()), "库存账平，无一件多配")
    cast.insist("抢最后一件", (on_shelf(cast, 2), on_shelf(cast, 3)) == (0, 0), "两个平台都已显示售罄")
    for shop in (2, 3):
        try:
            cast.place("too_late", CHOSEN.code, shop=shop)
        except ControlRefused:
            cast.tell("抢最后一件", "买家", f"{SHOPFRONTS[shop - 1].name}：已售罄，平台不让下单")
        else:
            raise StoryBroke("抢最后一件: 售罄的商品还能下单")


def second_delivery(cast: Cast) -> None:
    """P3.1, P5: ten more come; the order that waited is served, the rest is on both shelves."""
    item = delivery(cast.made["celadon_sku"], 2, 10, "GZ-2", "盖碗调拨")
    cast.expect("到货", "depot2", RECEIVE, [item])
    served = [cast.row(name)["open_holds"] for name in ("race_taobao", "race_pinduoduo")]
    cast.insist("到货", served == [[], []], "缺货订单自动配给")
    cast.insist("实时库存", (on_shelf(cast, 2), on_shelf(cast, 3)) == (9, 9), "余下 9 件同时上两店货架")


def second_team_ships(cast: Cast) -> None:
    """O2, O3: the two orders leave from Guangzhou, each told to its own platform."""
    team, staff = cast.second, cast.staff
    waves = staff.release(team)
    staff.finish(team, waves)
    staff.waves.pop(team.depot_id, None)
    cast.steps.settle()
    staff.pack(team, staff.open_packing(team, staff.to_pack(team)))
    left = staff.hand_over(team)
    cast.steps.settle()
    for parcel in left:
        cast.outside.post("/courier/script", {"number": parcel["number"], "script": "quick"})
    states = [cast.row(name)["state"] for name in ("race_taobao", "race_pinduoduo")]
    cast.insist("交运", states == ["shipped", "shipped"], "淘宝与拼多多各一单，同仓发出")


def second_team_confirmed(cast: Cast) -> None:
    """O4.1: both buyers confirm."""
    for name in ("race_taobao", "race_pinduoduo"):
        cast.shopper(name, "confirm")
        cast.insist("完成", cast.row(name)["state"] == "completed", f"{name} 买家确认，订单完成")
