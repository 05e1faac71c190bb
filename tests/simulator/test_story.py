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
    assert (told["sku"], told["buyer"], told["state"]) == ("CUP-1", "沈若兰", "completed")
    whats = [scene["what"] for scene in told["scenes"]]
    for part in ("审单", "拣货", "打包", "面单", "交运", "回传", "物流", "签收", "回访", "结算"):
        assert any(scene["scene"] == part for scene in told["scenes"]), part
    assert whats.index("intake/sign-session → done") < whats.index("买家确认收货，订单完成")
    assert all(record()["invariants"].values())


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
