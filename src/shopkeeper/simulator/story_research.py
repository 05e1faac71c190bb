"""The story's beginning: what to sell is studied, decided on, scored and chosen (P1)."""

import csv
import hashlib
import io
from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import CHOSEN, SLOW, Goods

# What a research tool's export looks like, read by whoever hands it in.
EXPORT = """关键词,类目,搜索热度,增长率(万分之一)
盖碗,茶具/盖碗,48200,2350
公道杯,茶具/公道杯,21800,1180
紫砂壶,茶具/茶壶,69500,-420
塑料水杯,家居/水杯,8300,-2600
"""
PERIOD = {"period_from": "2026-05-01", "period_to": "2026-05-31"}
STRATEGY: dict[str, Any] = {
    "name": "2026 夏季茶具",
    "categories": ["茶具/盖碗", "茶具/公道杯"],
    "price_low_minor": 8000,
    "price_high_minor": 20000,
    "target_margin_basis_points": 3500,
    "positioning": "产地直采的手工茶具，礼盒可送长辈",
    "findings": "盖碗搜索月增 23.5%，竞品集中在 120–180 元",
}


def study(cast: Cast) -> None:
    """P1.1: an export taken in once, a competitor noted by hand, the strategy handed in."""
    cast.expect("选品", "supervisor", "sop/set-policy", [_pulls(240, "筹备期，拉单作兜底")])
    rows = list(csv.DictReader(io.StringIO(EXPORT)))
    lines = [
        {"name": row["关键词"], "category": row["类目"], "heat": int(row["搜索热度"]),
         "growth_basis_points": int(row["增长率(万分之一)"])}
        for row in rows
    ]  # fmt: skip
    file = {"kind": "keyword", "source": "生意参谋", **PERIOD, "lines": lines, "shown_name": "关键词-5月.csv"}
    file["digest"] = hashlib.sha256(EXPORT.encode()).hexdigest()
    address = "research/take-in-research"
    cast.expect("选品", "orders", address, [file], "not_allowed")
    cast.expect("选品", "market", address, [{**file, "source": ""}], "source_needed")
    backwards = {"period_from": PERIOD["period_to"], "period_to": PERIOD["period_from"]}
    cast.expect("选品", "market", address, [{**file, **backwards}], "period_backwards")
    cast.expect("选品", "market", address, [file])
    cast.expect("选品", "market", address, [file], "unchanged")
    seen = {"name": CHOSEN.title, "category": CHOSEN.category, "competitor": "青瓷坊旗舰店", "price_minor": 16800}
    typed = {"kind": "competitor", "source": "巡店记录", **PERIOD, "lines": [{**seen, "monthly_sales": 260}]}
    cast.expect("选品", "market", address, [typed])
    found = cast.house.get("market", "research/lines", kind="keyword", q="盖碗")["rows"]
    cast.insist("选品", [row["heat"] for row in found] == [48200], "盖碗的搜索热度已入库")
    band = {"price_low_minor": 20000, "price_high_minor": 8000}
    cast.expect("选品", "market", "research/save-strategy", [{**STRATEGY, **band}], "price_band_backwards")
    kept = cast.expect("选品", "market", "research/save-strategy", [STRATEGY])
    cast.made["strategy"] = kept[0]["id"]
    cast.expect("选品", "market", "research/submit-strategy", [{"strategy_id": cast.made["strategy"]}])


def _pulls(minutes: int, reason: str) -> dict[str, Any]:
    return {"key": "pull_minutes", "value": minutes, "reason": reason}


def strategy_decided_late(cast: Cast) -> None:
    """P1.1: decided by somebody else, after more than 48 hours."""
    address = "research/decide-strategy"
    decision = {"strategy_id": cast.made["strategy"], "decision": "approve", "reason": "价格带与店铺定位相符"}
    cast.expect("选品", "market", address, [decision], "not_allowed")
    cast.expect("选品", "manager", address, [{**decision, "reason": ""}], "reason_needed")
    cast.expect("选品", "manager", address, [decision])
    cast.expect("选品", "manager", address, [{**decision, "decision": "return"}], "strategy_decided")


def _candidate(goods: Goods, **facts: Any) -> dict[str, Any]:
    known = {"cost_minor": goods.cost_minor, "price_minor": goods.price_minor, "source": "龙泉产地考察"}
    return {"code": goods.code, "name": goods.title, "category": goods.category, **known, **facts}


def candidates_scored(cast: Cast) -> None:
    """P1.2: put forward, scored by the stated criteria, ranked; the list is handed in."""
    celadon = _candidate(
        CHOSEN, keyword="盖碗", competitor_minor=16800, monthly_sales=180, turnover_days=25, positioning=95
    )
    slow = _candidate(
        SLOW, keyword="公道杯", competitor_minor=9900, monthly_sales=120, turnover_days=35, positioning=85
    )
    plain = {
        "code": "PLA-1", "name": "塑料水杯 大容量", "category": "家居/水杯", "source": "批发市场",
        "keyword": "塑料水杯", "cost_minor": 900, "price_minor": 1500, "monthly_sales": 400, "turnover_days": 60,
        "positioning": 10,
    }  # fmt: skip
    address = "research/propose-candidates"
    cast.expect("选品", "products", address, [{**celadon, "positioning": 120}], "positioning_out_of_bounds")
    proposed = cast.expect("选品", "products", address, [celadon, slow, plain])
    cast.made |= dict(zip(("celadon", "slow", "plain"), (outcome["id"] for outcome in proposed), strict=True))
    wanted = {"period": "2026-06", "target_minor": 12_000_000}
    cast.expect(
        "选品", "products", "research/make-selection-list", [{**wanted, "target_minor": 0}], "target_not_positive"
    )
    made = cast.expect("选品", "products", "research/make-selection-list", [wanted])[0]
    cast.made["list"] = made["id"]
    entries = cast.house.get("products", f"research/lists/{made['id']}")["entries"]
    ranked = [entry["code"] for entry in sorted(entries, key=lambda entry: int(entry["rank"]))]
    cast.insist("选品", ranked[0] == CHOSEN.code and ranked[-1] == "PLA-1", f"评分排序：{'、'.join(ranked)}")
    handed = [{"list_id": made["id"]}]
    cast.expect("选品", "products", "research/submit-selection-list", handed, "not_allowed")
    cast.expect("选品", "supervisor", "research/submit-selection-list", handed)


def list_decided_late(cast: Cast) -> None:
    """P1.2: approved by another person, a day and more later; one candidate is left out; the others become drafts."""
    draft = {"candidate_id": cast.made["celadon"], "platforms": ["taobao", "pinduoduo"]}
    cast.expect("选品", "products", "research/draft-candidates", [draft], "candidate_not_approved")
    address = "research/decide-selection-list"
    left = {"list_id": cast.made["list"], "decision": "approve", "left_out": [cast.made["plain"]], "reason": ""}
    cast.expect("选品", "supervisor", address, [left], "not_allowed")
    cast.expect("选品", "manager", address, [left], "reason_needed")
    cast.expect("选品", "manager", address, [{**left, "reason": "与店铺定位不符"}])
    cast.expect("选品", "manager", address, [{**left, "reason": "与店铺定位不符"}], "list_decided")
    plain = {"candidate_id": cast.made["plain"]}
    cast.expect("选品", "products", "research/draft-candidates", [plain], "candidate_not_approved")
    drafts = [draft, {"candidate_id": cast.made["slow"], "platforms": ["taobao"]}]
    drafted = cast.expect("选品", "products", "research/draft-candidates", drafts)
    for name, outcome in zip(("celadon_product", "slow_product"), drafted, strict=True):
        cast.made[name] = outcome["facts"]["product_id"]
