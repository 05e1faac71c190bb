"""The story of the figures: their sources, how they differ, what is not to be counted (D1.1, D1.2)."""

from datetime import timedelta
from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.figures import export_of
from shopkeeper.simulator.stepping import CHINA
from shopkeeper.simulator.story_campaign import LIVE_DAY

TAKE_IN, EXCUSE = "collection/take-in-figures", "collection/excuse-deliveries"
ANSWER = "collection/answer-disagreements"
ASIDE, CONFIRM, BACK = "lake/set-aside-orders", "lake/confirm-set-asides", "lake/put-back"
ORIGIN = "https://zhanggui.example"
BRUSHER = "AAH-brusher"
SPREE = tuple(f"spree{number}" for number in range(1, 5))


def sources_opened(cast: Cast) -> None:
    """D1.1: the shop's pages may send, and the platform's export is awaited every morning."""
    page = {"shop_id": 1, "origins": ["zhanggui"]}
    cast.expect("数据源", "service", "collection/open-collectors", [page], "not_allowed")
    cast.expect("数据源", "engineering", "collection/open-collectors", [page], "page_origin_unreadable")
    cast.expect("数据源", "engineering", "collection/open-collectors", [{**page, "origins": [ORIGIN]}])
    collector = next(row for row in cast.house.get("data", "collection/collectors") if row["shop_id"] == 1)
    cast.shopping.learn(1, collector["key"], ORIGIN)
    cast.expect("数据源", "data", "collection/add-figure-sources", [{"shop_id": 1, "source": "sycm"}])


def _line(cast: Cast, day: int, **more: int) -> dict[str, Any]:
    """A day as the platform's export has it; `more` is by how much the export differs."""
    figures = export_of(cast.outside, 1, cast.day(day, 12).astimezone(CHINA).date())
    for name, by in more.items():
        figures[name] += by
    date = cast.day(day, 12).astimezone(CHINA).date().isoformat()
    return {"starts_on": date, "ends_on": date, "figures": figures, "line": 2}


def _sheet(cast: Cast, day: int, **more: int) -> dict[str, Any]:
    return {"shop_id": 1, "source": "sycm", "breakdown": "shop", "lines": [_line(cast, day, **more)]}


def taken_in(cast: Cast) -> None:
    """D1.1: what a colleague does every morning: yesterday's export of the first shop, taken in by nine."""
    yesterday = (cast.steps.now - timedelta(days=1) - cast.day(0, 0)).days
    cast.house.do("data", TAKE_IN, [_sheet(cast, yesterday)])


def taken_in_late(cast: Cast) -> None:
    """D1.1: one morning after half past nine; a day that is not over is refused."""
    cast.expect("数据采集", "finance", TAKE_IN, [_sheet(cast, LIVE_DAY - 1)], "not_allowed")
    cast.expect("数据采集", "data", TAKE_IN, [_sheet(cast, LIVE_DAY)], "period_not_over")
    cast.expect("数据采集", "data", TAKE_IN, [_sheet(cast, LIVE_DAY - 1)])
    cast.expect("数据采集", "data", TAKE_IN, [_sheet(cast, LIVE_DAY - 1)], "unchanged")


def sources_differ(cast: Cast) -> None:
    """D1.1: the export of the campaign's day counts five orders more than there were: somebody says why."""
    cast.expect("数据采集", "data", TAKE_IN, [_sheet(cast, LIVE_DAY, orders=5)])
    case = cast.house.get("data", "collection/disagreements", state="open")["items"][0]
    told = f"{case['figure']}：自有 {case['value']}，生意参谋 {case['other_value']}"
    cast.insist("数据核对", case["other_value"] - case["value"] == 5, told)
    mine = {"case_id": case["id"], "value": case["value"], "other_value": case["other_value"]}
    cast.expect("数据核对", "data", ANSWER, [{**mine, "reason": "other"}], "reason_words_needed")
    cast.expect("数据核对", "data", ANSWER, [{**mine, "reason": "came_late", "value": 1}], "figures_changed")
    cast.expect("数据核对", "data", ANSWER, [{**mine, "reason": "rule_differs", "note": "平台按下单计，含未付款"}])


def excused(cast: Cast) -> None:
    """D1.1: a morning on which the platform gave nothing: with the reason, that is an answer, too."""
    row = cast.house.get("data", "collection/deliveries", state="awaited")["items"][0]
    mine = {"delivery_id": row["id"], "excuse": " "}
    cast.expect("数据采集", "data", EXCUSE, [mine], "excuse_needed")
    cast.expect("数据采集", "data", EXCUSE, [{**mine, "excuse": "平台后台维护，当日无导出"}])


# what is not to be counted ----------------------------------------------------------------------------------------


def spree(cast: Cast) -> None:
    """D1.2: one buyer orders four times within minutes; somebody else writes of a test."""
    for name in SPREE:
        cast.place(name, "SOX-1", buyer_open_uid=BRUSHER, buyer_nick="tb-brusher")
    cast.place("tester", "TEE-1", buyer_message="测试一下包装，谢谢")
    cast.note_orders(*SPREE, "tester")


def _set_asides(cast: Cast, state: str = "suspected") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cast.house.get("data", "lake/set-asides", state=state, shop_id=1)["items"]
    return found


def suspected(cast: Cast) -> None:
    """D1.2: at the next write they are set aside by themselves, each with the arithmetic."""
    rules = sorted({row["rule"] for row in _set_asides(cast)})
    cast.insist("数据清洗", rules == ["repeat_buyer", "test_order"], f"写入数据湖时已隔离：{', '.join(rules)}")
    by_hand = {"order_id": cast.orders["refunded"], "reason": ""}
    cast.expect("数据清洗", "data", ASIDE, [by_hand], "reason_needed")
    made = cast.expect("数据清洗", "data", ASIDE, [{**by_hand, "reason": "内部试购"}])[0]["facts"]["set_aside_id"]
    mine = {"set_aside_id": made}
    cast.expect("数据清洗", "data", CONFIRM, [mine], "own_verdict")
    cast.expect("数据清洗", "supervisor", CONFIRM, [mine])


def cleaned_late(cast: Cast) -> None:
    """D1.2: looked at after more than a day: the spree is confirmed, the test was a customer after all."""
    rows = {row["order_id"]: row["id"] for row in _set_asides(cast)}
    mine = {"set_aside_id": rows[cast.orders["tester"]]}
    cast.expect("数据清洗", "service", CONFIRM, [mine], "not_allowed")
    cast.expect("数据清洗", "data", BACK, [{**mine, "reason": ""}], "reason_needed")
    cast.expect("数据清洗", "data", BACK, [{**mine, "reason": "买家真要试包装，已核实"}])
    spree = [{"set_aside_id": rows[cast.orders[name]]} for name in SPREE if cast.orders[name] in rows]
    cast.expect("数据清洗", "data", CONFIRM, spree)
    cast.expect("数据清洗", "data", CONFIRM, [mine], "was_put_back")
    counted = cast.house.get("data", "lake/excluded", first="2026-06-10", last="2026-06-10", shop_id=1)
    out = sum(row["row_count"] for row in counted if row["rule"] == "repeat_buyer")
    cast.insist("数据清洗", out >= len(spree), f"{len(spree)} 单刷单不计入报告，理由可查")
