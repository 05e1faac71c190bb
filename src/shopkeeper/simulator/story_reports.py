"""The story of reports and what follows from them: signed each morning, right to the fen, a decision (D2, D3)."""

from datetime import timedelta
from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import CHOSEN
from shopkeeper.simulator.figures import export_of, fen, paid_on
from shopkeeper.simulator.stepping import CHINA
from shopkeeper.simulator.story_campaign import LIVE_DAY, at

SIGN, CONFIRM, MAKE = "reports/sign-reports", "reports/confirm-reports", "reports/make-reports"
ANALYSES = {
    "reports/analyse-traffic": "自有采集一天 30 位访客，其余看平台导出",
    "reports/analyse-sales": "梅子青一日专场占全店多半，其余平稳",
    "reports/analyse-customers": "新客多由专场而来，老客靠短信",
}
FIND, DECIDE, TASK = "decisions/record-findings", "decisions/decide-findings", "decisions/finish-decision-tasks"
CONCLUDE = "decisions/conclude-decisions"


def made(cast: Cast, **query: Any) -> list[dict[str, Any]]:
    """Reports that wait to be signed."""
    rows: list[dict[str, Any]] = []
    for state in ("complete", "incomplete"):
        rows += cast.house.get("data", "reports/reports", state=state, limit=200, **query)["items"]
    return rows


def signed(cast: Cast) -> None:
    """D2.1: what the data specialist does every morning: read, analyse what is long, sign."""
    rows = made(cast)
    for address, words in ANALYSES.items():
        items = [{"report_id": row["id"], "words": words} for row in rows if row["period"] != "day"]
        cast.house.do("data", address, items)
    items = [{"report_id": row["id"], "comment": "已核对", "despite": "部分数据源尚未接入"} for row in rows]
    cast.house.do("data", SIGN, items)


def campaign_day_is_right(cast: Cast) -> None:
    """D2.1, D2.3: the report of the campaign's day says of the SKU what the orders say, to the fen."""
    day = cast.day(LIVE_DAY, 12).astimezone(CHINA).date()
    row = next(r for r in made(cast, period="day", shop="1") if r["first_day"] == day.isoformat())
    report = cast.house.get("data", f"reports/reports/{row['id']}")
    skus = report["figures"]["blocks"]["goods"]["tables"]["skus"]
    told = next(line for line in skus if line["member"] == CHOSEN.code)["line_minor"]
    lines = [line for trade in paid_on(cast.outside, 1, day) for line in trade["orders"]]
    minor = sum(fen(line["divide_order_fee"]) for line in lines if line["outer_sku_id"] == CHOSEN.code)
    cast.insist("日报", told == minor, f"{CHOSEN.code} 当日 {minor / 100:.2f} 元：报告与订单分毫不差")
    mine = {"report_id": row["id"], "comment": ""}
    cast.expect("日报", "service", SIGN, [mine], "not_allowed")
    cast.expect("日报", "data", SIGN, [mine], "report_comment_needed")
    today = cast.steps.now.astimezone(CHINA).date().isoformat()
    again = {"shop_id": 1, "period": "day", "first_day": today}
    cast.expect("日报", "data", MAKE, [again], "report_period_open")
    cast.expect("日报", "data", "reports/analyse-traffic", [{**mine, "words": " "}], "report_analysis_needed")
    cast.expect("日报", "data", "reports/analyse-customers", [{**mine, "words": " "}], "report_analysis_needed")
    for address, words in ANALYSES.items():
        cast.expect("日报", "data", address, [{"report_id": row["id"], "words": words}])
    cast.expect("日报", "data", SIGN, [{**mine, "comment": "专场当日，券后成交为主", "despite": "平台导出未到"}])
    cast.expect("日报", "manager", CONFIRM, [{"report_id": row["id"]}])
    cast.expect("日报", "data", MAKE, [{**again, "first_day": day.isoformat()}], "report_signed")


def signed_late(cast: Cast) -> None:
    """D2.1: one morning the reports are signed after half past nine."""
    rows = made(cast)
    cast.insist("日报", bool(rows), f"{len(rows)} 份报告逾时未签")
    item = {"report_id": rows[0]["id"]}
    cast.expect("日报", "manager", CONFIRM, [item], "report_not_signed")
    items = [{"report_id": row["id"], "comment": "已核对", "despite": "部分数据源尚未接入"} for row in rows]
    cast.expect("日报", "data", SIGN, items)


def week_signed(cast: Cast) -> None:
    """D2.1–D2.4: the week's report needs its three analyses; then it is signed, and the manager confirms it."""
    rows = made(cast, period="week", shop="1")
    mine = {"report_id": rows[0]["id"]}
    sign = {**mine, "comment": "专场之周", "despite": "部分数据源尚未接入"}
    cast.expect("周报", "data", SIGN, [sign], "report_analyses_missing")
    for address, words in ANALYSES.items():
        cast.expect("周报", "data", address, [{**mine, "words": words}])
    cast.expect("周报", "data", SIGN, [sign])
    cast.expect("周报", "data", "reports/analyse-sales", [{**mine, "words": "改一下"}], "report_signed")
    cast.expect("周报", "manager", CONFIRM, [mine])
    target = {"shop_id": 1, "metric_id": "paid_amount", "month": "2026-05-01", "value": 3_000_000}
    targets = "reports/set-targets"
    cast.expect("目标", "data", targets, [target], "not_allowed")
    cast.expect("目标", "manager", targets, [target], "target_month_over")
    cast.expect(
        "目标", "manager", targets, [{**target, "month": "2026-07-01", "metric_id": "moon"}], "target_metric_unknown"
    )
    cast.expect("目标", "manager", targets, [{**target, "month": "2026-07-01"}])
    signed(cast)


# a decision -------------------------------------------------------------------------------------------------------


def found(cast: Cast) -> None:
    """D3: what the report shows is put down as a finding; not of a day that is not over."""
    day = cast.day(LIVE_DAY, 12).astimezone(CHINA).date()
    words = "专场当日支付金额是平日的数倍，多为用券的新客"
    item = {"metric": "paid_amount", "shop_id": 1, "first_day": day.isoformat(), "last_day": day.isoformat()}
    item["words"] = words
    cast.expect("发现", "depot", FIND, [item], "not_allowed")
    cast.expect("发现", "data", FIND, [{**item, "metric": "moon"}], "metric_unknown")
    cast.expect("发现", "data", FIND, [{**item, "words": ""}], "finding_words_needed")
    today = (day + timedelta(days=1)).isoformat()
    cast.expect("发现", "data", FIND, [{**item, "last_day": today}], "finding_days")
    cast.made["finding"] = cast.expect("发现", "data", FIND, [item])[0]["id"]
    value, paid = chain(cast)["value"], export_of(cast.outside, 1, day)["paid_minor"]
    cast.insist("发现", value == paid, f"发现按报告取数：{paid / 100:.2f} 元")


def chain(cast: Cast) -> dict[str, Any]:
    """The finding with all that followed from it."""
    row: dict[str, Any] = cast.house.get("manager", f"decisions/findings/{cast.made['finding']}")
    return row


def decided_late(cast: Cast) -> None:
    """D3: decided after more than three days: what, why, what it is to bring, who does it, when it is measured."""
    task = {"owner": "campaign_specialist", "what": "周二起每日一张 10 元老客券", "due_at": at(cast, 11, 18)}
    decision = {
        "finding_id": cast.made["finding"],
        "what": "专场券改为每日小额老客券，试行",
        "reason": "一日专场之后立即回落",
        "expected": 100_000,
        "expected_words": "平日日均支付 1,000 元",
        "measure_on": "2026-06-17",
        "tasks": [task],
    }
    cast.expect("决策", "data", DECIDE, [decision], "not_allowed")
    cast.expect("决策", "manager", DECIDE, [{**decision, "what": ""}], "decision_what_needed")
    cast.expect("决策", "manager", DECIDE, [{**decision, "expected_words": ""}], "decision_effect_needed")
    cast.expect("决策", "manager", DECIDE, [{**decision, "measure_on": "2026-06-15"}], "measure_too_early")
    cast.made["decision"] = cast.expect("决策", "manager", DECIDE, [decision])[0]["facts"]["decision_id"]
    early = {"decision_id": cast.made["decision"], "conclusion": "worked", "words": "看着不错"}
    cast.expect("决策", "manager", CONCLUDE, [early], "decision_not_measured")


def task_done_late(cast: Cast) -> None:
    """D3: the task is done after it was due."""
    task = {"task_id": chain(cast)["tasks"][0]["id"], "note": ""}
    cast.expect("决策", "campaigns", TASK, [task], "task_note_needed")
    cast.expect("决策", "depot", TASK, [{**task, "note": "代办"}], "decision_task_not_yours")
    cast.expect("决策", "campaigns", TASK, [{**task, "note": "周三起发放"}])


def concluded(cast: Cast) -> None:
    """D3: on its day the same figure was taken again, by itself; the manager says what it taught."""
    decision = chain(cast)["decision"]
    told = f"决策前 {decision['before']} 分，之后 {decision['after']} 分：{decision['effect']}"
    cast.insist("决策", decision["state"] == "measured", told)
    mine = {"decision_id": cast.made["decision"], "conclusion": "did_not", "words": ""}
    cast.expect("决策", "manager", CONCLUDE, [mine], "conclusion_words_needed")
    cast.expect("决策", "manager", CONCLUDE, [{**mine, "words": "发晚了两天，样本不足；下月专场后立即接续"}])
