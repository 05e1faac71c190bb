"""What the demo's product people study, choose and enter in its past. Plain data; amounts in 分."""

from typing import Any

KEYWORDS: tuple[tuple[str, str, int, int], ...] = (
    ("盖碗", "茶具/盖碗", 48_200, 2_350),
    ("公道杯", "茶具/公道杯", 21_800, 1_180),
    ("紫砂壶", "茶具/茶壶", 69_500, -420),
    ("真丝披肩", "服饰/丝巾", 35_400, 1_860),
    ("碧螺春", "食品/茶叶", 27_900, 960),
    ("枇杷蜜", "食品/蜂蜜", 12_600, 3_140),
    ("竹编收纳", "家居/收纳", 18_300, 720),
    ("塑料水杯", "家居/水杯", 8_300, -2_600),
)
COMPETITORS: tuple[tuple[str, str, str, int, int], ...] = (
    ("龙泉青瓷盖碗 粉青", "茶具/盖碗", "青瓷坊旗舰店", 16_800, 260),
    ("玻璃公道杯 加厚", "茶具/公道杯", "茶道六君子", 3_900, 1_420),
    ("桑蚕丝披肩 提花", "服饰/丝巾", "江南织造", 32_800, 180),
    ("枇杷蜂蜜 500g", "食品/蜂蜜", "蜂言蜂语", 7_900, 640),
)
CATEGORIES: tuple[tuple[str, int, int], ...] = (
    ("茶具/盖碗", 182_000, 1_420),
    ("茶具/公道杯", 94_000, 860),
    ("食品/蜂蜜", 131_000, 530),
)
STRATEGY: dict[str, Any] = {
    "name": "夏季茶具与礼赠",
    "categories": ["茶具/盖碗", "茶具/公道杯", "服饰/丝巾"],
    "price_low_minor": 6_000,
    "price_high_minor": 32_000,
    "target_margin_basis_points": 3_500,
    "positioning": "产地直采的手工器物，礼盒可送长辈",
    "findings": "盖碗搜索月增 23.5%，竞品集中在 120–180 元；披肩在母亲节前后两周翻倍",
}
NEXT_STRATEGY: dict[str, Any] = {
    "name": "秋季食品礼盒",
    "categories": ["食品/蜂蜜", "食品/茶叶"],
    "price_low_minor": 5_000,
    "price_high_minor": 20_000,
    "target_margin_basis_points": 4_000,
    "positioning": "当季、单一产地、可追溯",
    "findings": "枇杷蜜月增 31%，头部竞品只有两家；碧螺春热度稳定但价格战激烈",
}


def _candidate(
    code: str, name: str, category: str, keyword: str, figures: tuple[int, ...], source: str
) -> dict[str, Any]:
    cost, price, competitor, sales, turnover, positioning = figures
    return {
        "code": code,
        "name": name,
        "category": category,
        "keyword": keyword,
        "source": source,
        "cost_minor": cost,
        "price_minor": price,
        "competitor_minor": competitor,
        "monthly_sales": sales,
        "turnover_days": turnover,
        "positioning": positioning,
    }


CANDIDATES: tuple[dict[str, Any], ...] = (
    _candidate(
        "CEL", "龙泉青瓷盖碗 梅子青手工茶具", "茶具/盖碗", "盖碗", (6_500, 15_800, 16_800, 180, 25, 95), "龙泉产地考察"
    ),
    _candidate(
        "FAI", "龙泉青瓷公道杯 粉青冰裂", "茶具/公道杯", "公道杯", (4_200, 9_800, 9_900, 120, 35, 85), "龙泉产地考察"
    ),
    _candidate(
        "SHW", "杭州桑蚕丝提花披肩", "服饰/丝巾", "真丝披肩", (13_800, 32_800, 32_800, 90, 40, 80), "供应商推荐"
    ),
    _candidate("LOQ", "苏州东山枇杷蜜 500g", "食品/蜂蜜", "枇杷蜜", (3_400, 7_600, 7_900, 210, 20, 78), "东山合作社"),
    _candidate("PLA", "塑料水杯 大容量", "家居/水杯", "塑料水杯", (900, 1_500, 1_400, 400, 60, 10), "批发市场"),
)
NEXT_CANDIDATES: tuple[dict[str, Any], ...] = (
    _candidate(
        "BLC", "洞庭碧螺春 特级 100g", "食品/茶叶", "碧螺春", (11_200, 21_800, 22_800, 130, 28, 72), "东山合作社"
    ),
    _candidate("BSK", "竹编收纳篮 三件套", "家居/收纳", "竹编收纳", (4_600, 11_900, 12_800, 160, 32, 66), "道明竹艺村"),
    _candidate("SCL", "真丝小方巾 53cm", "服饰/丝巾", "真丝披肩", (3_900, 9_800, 9_900, 150, 30, 70), "供应商推荐"),
)
# What candidates become: words, picture by its drawing's name, and what is wrong with it at first.
DRAFTS: dict[str, dict[str, Any]] = {
    "CEL": {
        "title": "国家级工艺龙泉青瓷盖碗 梅子青",
        "core_keyword": "盖碗",
        "selling_points": ["龙泉匠人手工拉坯，胎薄釉润", "梅子青釉 1280℃ 烧成"],
        "scenarios": ["一人独饮或三两好友围坐"],
        "description": "取龙泉本地瓷土与釉石，开片细密，盖、碗、托三件一套。",
        "attributes": {"材质": "龙泉青瓷", "容量": "150ml"},
        "promises": ["no_reason_return", "freight_insurance"],
    },
    "FAI": {
        "title": "龙泉青瓷公道杯 粉青冰裂分茶器",
        "core_keyword": "公道杯",
        "selling_points": ["粉青釉冰裂开片", "断水利落，不挂水"],
        "scenarios": ["工夫茶席分茶"],
        "description": "粉青釉公道杯，250ml，可与盖碗配套。",
        "attributes": {"材质": "龙泉青瓷", "容量": "250ml"},
        "promises": ["no_reason_return"],
    },
    "SHW": {
        "title": "杭州桑蚕丝提花披肩 春秋百搭",
        "core_keyword": "披肩",
        "selling_points": ["6A 级桑蚕丝，提花暗纹", "手工流苏"],
        "scenarios": ["旗袍搭配", "空调房披搭"],
        "description": "杭州织造，200×70cm，冷水手洗。",
        "promises": ["no_reason_return"],
    },
    "LOQ": {
        "title": "苏州东山枇杷蜜 当季单花蜜 500g",
        "core_keyword": "枇杷蜜",
        "selling_points": ["冬季枇杷花期，一年一采"],
        "scenarios": ["温水冲饮"],
        "no_reason": "perishable",
    },
}
