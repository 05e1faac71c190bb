"""The story's record is what the story tells now, and it shows what the clauses need shown."""

import json
from pathlib import Path

from shopkeeper.simulator.main import run, script_hash
from tests.simulator.playing import stage

RECORD = Path(__file__).parents[2] / "docs" / "sop" / "story-seed-7.json"
RETELL = "retell it: shopkeeper sim --story --seed 7 --json | python -m json.tool --no-ensure-ascii --indent 1 - RECORD"


def record() -> dict:
    return json.loads(RECORD.read_text(encoding="utf-8"))


def test_the_record_was_told_by_this_script() -> None:
    assert record()["story"]["script"] == script_hash(), RETELL


def test_the_record_leads_one_named_order_to_its_settled_end() -> None:
    told = record()["story"]
    assert (told["sku"], told["buyer"], told["state"]) == ("CEL-1", "沈若兰", "completed")
    whats = [scene["what"] for scene in told["scenes"]]
    for part in (
        "选品",
        "录入",
        "图片",
        "类目",
        "承诺",
        "定价",
        "补货",
        "审核",
        "上架",
        "核验",
        "实时库存",
        "抢最后一件",
    ):
        assert any(scene["scene"] == part for scene in told["scenes"]), part
    for part in ("审单", "拣货", "打包", "面单", "交运", "回传", "物流", "签收", "回访", "结算"):
        assert any(scene["scene"] == part for scene in told["scenes"]), part
    assert whats.index("intake/sign-session → done") < whats.index("买家确认收货，订单完成")
    assert all(record()["invariants"].values())


def test_the_record_tells_of_service_before_during_and_after_the_sale() -> None:
    told = record()
    scenes = {scene["scene"] for scene in told["story"]["scenes"]}
    before = {"渠道", "客服", "知识库", "咨询", "回复", "商品卡", "转化", "来电", "留言", "分类", "分派"}
    during, after = {"改地址", "取消", "拦截"}, {"售后", "举证", "方案", "审批", "退款", "退货", "质检", "换货"}
    assert before | during | after | {"评价", "挽回", "日报", "改进"} <= scenes
    for clause in ("S1.1", "S1.2", "S2.1", "S2.2", "S2.3", "S3.1", "S3.2"):
        shown = told["clauses"][clause]
        assert shown["done"] > 0, clause
        assert shown["refused"] > 0, clause
        assert shown["late"] > 0 or clause == "S2.1", clause  # selling has no clock of its own


def test_the_record_tells_of_a_campaign_from_the_idea_to_the_next_one() -> None:
    told = record()
    scenes = {scene["scene"] for scene in told["story"]["scenes"]}
    plan = {"活动策划", "人群", "执行方案", "预算", "资源位", "任务", "促销规则", "优惠券", "领券", "素材", "品牌色"}
    live = {
        "同意",
        "短信",
        "邮件",
        "退订",
        "上线测试",
        "算价用例",
        "上线",
        "用券",
        "核销",
        "监控",
        "预警",
        "调整",
        "预售",
    }
    assert plan | live | {"监控表", "活动结束", "复盘", "复盘会", "模板"} <= scenes
    for clause in ("M1.1", "M1.2", "M2.1", "M2.2", "M2.3", "M3.1", "M3.2", "M4.1", "M4.2"):
        shown = told["clauses"][clause]
        assert min(shown["done"], shown["late"], shown["refused"]) > 0, clause


def test_the_record_tells_of_figures_right_to_the_fen_and_of_what_followed() -> None:
    told = record()
    scenes = {scene["scene"] for scene in told["story"]["scenes"]}
    assert {"数据源", "采集", "数据采集", "数据核对", "数据清洗", "日报", "周报", "目标", "发现", "决策"} <= scenes
    assert any(scene["what"].endswith("报告与订单分毫不差") for scene in told["story"]["scenes"])
    for clause in ("D1.1", "D1.2", "D2.1", "D2.2", "D2.3", "D2.4", "D3"):
        shown = told["clauses"][clause]
        assert min(shown["done"], shown["refused"]) > 0, clause
        assert shown["late"] > 0 or (clause.startswith("D2.") and clause != "D2.1"), clause


def test_the_story_told_anew_is_the_record(fresh_db, settings, monkeypatch) -> None:
    with stage(fresh_db, settings, monkeypatch) as shop:
        told = run(
            shop.address,
            shop.sandboxes,
            shop.tokens,
            story=True,
            days=0,
            seed=7,
            progress=lambda done, total: None,
        )
    assert json.loads(json.dumps(told)) == record(), RETELL
