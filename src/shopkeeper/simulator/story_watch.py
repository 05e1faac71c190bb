"""The story of the campaign's hours: recorded, too low, acted on, short of stock, signed (M3.1, M3.2)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import CHOSEN
from shopkeeper.simulator.story_campaign import LIVE_DAY, at
from shopkeeper.simulator.story_stock import delivery

RECORD, SIGN = "watch/record-traffic", "watch/sign-sheets"
COPY, SLOT, DISMISS = "watch/change-copy", "watch/ask-slots", "watch/dismiss-alerts"
CALL, ANSWER, PRESALE = "watch/call-restock", "watch/answer-restock", "watch/start-presales"
SHOPPERS = 30  # whom the collector saw in the first hour


def _hour(cast: Cast, hour: int, visitors: int, name: str = "campaign") -> dict[str, Any]:
    """What the platform's back office shows of an hour of a named campaign."""
    day = LIVE_DAY if name == "campaign" else LIVE_DAY + 1
    seen = {"exposures": visitors * 12, "clicks": visitors * 2, "visitors": visitors}
    return {"shop_id": 1, "campaign_id": cast.made[name], "hour": at(cast, day, hour), **seen}


def hours(cast: Cast, name: str = "campaign") -> dict[str, dict[str, Any]]:
    """The closed hours of a named campaign by when they began."""
    rows = cast.house.get("campaigns", f"watch/campaigns/{cast.made[name]}/hours")
    return {row["hour"].replace("Z", "+00:00"): row for row in rows}


def shoppers_come(cast: Cast) -> None:
    """M3.1, D1.1: the own collector hears of every page a shopper opens."""
    visits = [f"visitor-{number:04d}" for number in range(1, SHOPPERS + 1)]
    taken = cast.shopping.open_pages(1, cast.made["celadon_sku"], visits)
    cast.insist("采集", taken == SHOPPERS * 3, f"采集器收下 {taken} 条：曝光、点击、浏览")
    forged = cast.shopping.open_pages(1, cast.made["celadon_sku"], visits[:1], origin="https://elsewhere.example")
    cast.insist("采集", forged == 0, "别处页面发来的不收")


def first_hour(cast: Cast) -> None:
    """M3.1: the hour is closed by itself; the collector has told of it, so nobody has to type."""
    row = hours(cast)[at(cast, LIVE_DAY, 10).replace("+08:00", "+00:00")]
    told = f"{row['visitors']} 位访客，{row['buyers']} 位买家，来源 {row['source']}"
    cast.insist("监控", (row["source"], row["visitors"], row["buyers"]) == ("collector", SHOPPERS, 3), told)
    late = _hour(cast, 10, 40)
    cast.expect("监控", "depot", RECORD, [late], "not_allowed")
    cast.expect("监控", "campaigns", RECORD, [{**late, "source": "collector"}], "collector_is_systems")
    cast.expect("监控", "campaigns", RECORD, [{**late, "clicks": 9_999}], "clicks_over_exposures")
    cast.expect("监控", "campaigns", RECORD, [{**late, "hour": at(cast, LIVE_DAY, 14)}], "hour_not_begun")


def slow_hour(cast: Cast) -> None:
    """M3.1: a thousand visitors and nobody who bought: one such hour says nothing yet."""
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, 11, 1_000)])
    cast.insist("监控", not _alerts(cast, "conversion_low"), "一小时偏低还不算，等下一小时")


def _alerts(cast: Cast, kind: str, state: str = "open") -> list[dict[str, Any]]:
    query = {"campaign_id": cast.made["campaign"], "kind": kind, "state": state}
    found: list[dict[str, Any]] = cast.house.get("campaigns", "watch/alerts", **query)["items"]
    return found


def too_low(cast: Cast) -> None:
    """M3.2: a second one: the alert, with its arithmetic."""
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, 12, 1_000)])
    alert = _alerts(cast, "conversion_low")[0]
    cast.made["low"] = alert["id"]
    target = alert["facts"]["target_bp"]
    cast.insist("预警", target == 500, f"连续两小时转化低于目标 {target / 100:g}%，已预警，30 分钟内要处理")


def other_words(cast: Cast) -> None:
    """M3.2: other words are ordered, and one more slot; an action for something else is refused."""
    mine = {"alert_id": cast.made["low"]}
    cast.expect("调整", "campaigns", COPY, [{**mine, "what": ""}], "what_needed")
    cast.expect("调整", "campaigns", CALL, [mine], "action_unfit")
    cast.expect("调整", "campaigns", DISMISS, [{**mine, "reason": ""}], "reason_needed")
    taken = cast.expect("调整", "campaigns", COPY, [{**mine, "what": "首屏改为“领券立减 20 元”，突出手工"}])[0]["facts"]
    cast.made["new_copy"] = taken["reference"]
    slot = {**mine, "place": "频道页横幅", "apply_by": at(cast, LIVE_DAY, 15), "expected_cost_minor": 3_000}
    asked = cast.expect("调整", "campaigns", SLOT, [slot])[0]["facts"]["reference"]
    cast.expect("资源位", "campaigns", "campaigns/apply-slots", [{"slot_id": asked, "reference": "ZS-20260611-9"}])
    refused = {"slot_id": asked, "granted": False, "answer": "已排满"}
    cast.expect("资源位", "campaigns", "campaigns/answer-slots", [refused])
    words = {"material_id": cast.made["new_copy"], "text": "梅子青一日专场，领券立减 20 元，龙泉匠人手工"}
    cast.expect("素材", "design", "launch/add-version", [words])


def words_changed(cast: Cast) -> None:
    """M2.1, M3.2: the new words are approved within the hour; then five of each are bought at once."""
    mine = [{"material_id": cast.made["new_copy"], "reason": "与规则一致"}]
    cast.expect("素材", "campaigns", "launch/approve-materials", mine)
    for number in range(1, 5):
        cast.place(f"club{number}", CHOSEN.code, 5, buyer_open_uid=f"AAH-club{number}")
    cast.note_orders(*(f"club{number}" for number in range(1, 5)))


def running_short(cast: Cast) -> None:
    """M3.2: at this pace the pieces do not last: an alert for the SKU, and a presale is proposed."""
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, 13, 150)])
    alert = _alerts(cast, "stock_low")[0]
    cast.made["short"] = alert["id"]
    facts = alert["facts"]
    told = f"余 {facts['left']} 件，近三小时卖 {sum(facts['sold'])} 件，撑不到安全线，建议预售"
    cast.insist("预警", alert["sku_code"] == CHOSEN.code, told)


def short_answered_late(cast: Cast) -> None:
    """M3.2: answered after more than half an hour: late. More is called for, and sold ahead meanwhile."""
    mine = {"alert_id": cast.made["short"]}
    cast.expect("调整", "campaigns", COPY, [{**mine, "what": "换文案"}], "action_unfit")
    call = cast.expect("补货", "campaigns", CALL, [{**mine, "quantity": 40, "note": "专场热卖"}])[0]["facts"][
        "reference"
    ]
    promise = {"call_id": call, "arrives_at": at(cast, LIVE_DAY, 15, 30)}
    cast.expect("补货", "campaigns", ANSWER, [promise], "not_allowed")
    cast.expect("补货", "products", ANSWER, [promise], "arrival_half_said")
    early = {**promise, "quantity": 40, "arrives_at": at(cast, LIVE_DAY, 9)}
    cast.expect("补货", "products", ANSWER, [early], "arrival_not_ahead")
    cast.expect("补货", "products", ANSWER, [{**promise, "quantity": 40}])
    presale = {**mine, "ship_within_days": 40}
    cast.expect("预售", "campaigns", PRESALE, [presale], "presale_too_long")
    cast.expect("预售", "campaigns", PRESALE, [{**presale, "ship_within_days": 7}])


def hour_14(cast: Cast) -> None:
    """M3.1: recorded in time, and put right with a reason."""
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, 14, 210)])
    right = _hour(cast, 14, 120)
    cast.expect("监控", "campaigns", RECORD, [right], "correction_reason_needed")
    cast.expect("监控", "campaigns", RECORD, [{**right, "reason": "看错一列"}])


def pieces_come(cast: Cast) -> None:
    """M3.2, P3.1: forty pieces arrive; the call ends by itself, the presale with a reason."""
    item = delivery(cast.made["celadon_sku"], 1, 40, "HZ-3", "专场紧急补货")
    cast.expect("到货", "depot", "stock/receive-stock", [item])
    calls = cast.house.get("products", "watch/restocks", state="arrived")["items"]
    cast.insist("补货", len(calls) == 1, "到货后补货请求自动结束")
    rows = cast.house.get("campaigns", f"watch/campaigns/{cast.made['campaign']}/presales")
    presale = next(row for row in rows if row["state"] == "on")
    end = {"presale_id": presale["id"], "reason": ""}
    cast.expect("预售", "campaigns", "watch/end-presales", [end], "reason_needed")
    cast.expect("预售", "campaigns", "watch/end-presales", [{**end, "reason": "现货已到"}])


def hour_recorded(cast: Cast, hour: int, visitors: int) -> None:
    """M3.1: a quiet hour, recorded in time."""
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, hour, visitors)])


def effect_measured(cast: Cast) -> None:
    """M3.2: an hour later the same figures are taken again, by themselves."""
    action = cast.house.get("campaigns", f"watch/alerts/{cast.made['low']}")["actions"][0]
    before, after = action["before"], action["after_one"]
    cast.insist("调整", after is not None, f"改文案前 {before['buyers']} 位买家，后一小时 {after['buyers']} 位")


def sheet_signed(cast: Cast) -> None:
    """M3.1: next morning an hour is still missing: recorded late; then another person signs the day."""
    sheets = cast.house.get("supervisor", "watch/sheets", campaign_id=cast.made["campaign"])["items"]
    mine = {"sheet_id": sheets[0]["id"]}
    cast.expect("监控表", "campaigns", SIGN, [mine], "not_allowed")
    cast.expect("监控表", "supervisor", SIGN, [mine], "sheet_has_gaps")
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, 17, 90)])
    cast.expect("监控表", "supervisor", SIGN, [mine])
    cast.expect("监控", "campaigns", RECORD, [{**_hour(cast, 17, 95), "reason": "改"}], "day_signed")


def second_hours(cast: Cast) -> None:
    """M3.1: the small campaign's first hour."""
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, 10, 60, "second")])


def second_last_hour(cast: Cast) -> None:
    """M3.1: its last hour, closed with its early end."""
    cast.expect("监控", "campaigns", RECORD, [_hour(cast, 11, 20, "second")])


def second_sheet_signed(cast: Cast) -> None:
    """M3.1: the small campaign's day is signed."""
    sheets = cast.house.get("supervisor", "watch/sheets", campaign_id=cast.made["second"])["items"]
    cast.expect("监控表", "supervisor", SIGN, [{"sheet_id": sheets[0]["id"]}])
