"""What the demo's campaign people plan, brief and say. Plain data; amounts in 分, times beside it in past.py."""

from typing import Any

PEOPLE_MEET = ("manager", "campaigns", "market", "engineering", "service", "design")

# The one that is over: one day, one kind of goods, in the first shop.
KNIVES: dict[str, Any] = {
    "code": "KNF-DAY",
    "name": "厨刀开箱日",
    "theme": "一把好刀，从开箱开始",
    "goal_sales_minor": 200_000,
    "goal_new_customers": 6,
    "expected_visitors": 900,
    "expected_conversion_bp": 90,
    "force": "厨刀满 300 减 30",
    "audience": "近一年买过厨具、锅具的老客，与搜索“三德刀”的新客",
    "channels": ["home_page", "search_ads", "own_shop"],
    "materials": "首页海报一张，详情页文案一则",
    "risks": "仓里只有十四把，卖完即止；页面写明",
}
KNIVES_RULE: dict[str, Any] = {
    "code": "KNF-300-30",
    "name": "厨刀满 300 减 30",
    "terms": {"layer": "shop", "offer": {"kind": "reduction", "tiers": [[30_000, 3_000]]}},
}
KNIVES_BUDGET: tuple[dict[str, Any], ...] = (
    {"kind": "ads", "name": "直通车", "planned_minor": 30_000},
    {"kind": "coupon", "name": "满减，商家承担", "planned_minor": 30_000},
    {"kind": "other", "name": "开箱拍摄", "planned_minor": 12_000},
)
KNIVES_COPY = "厨刀开箱日：大马士革钢三德刀，满300减30，胡桃木柄，每把都磨好再寄。"
WORKED = "开箱短文带来的访客停留更久；满减写在主图右上角，咨询“怎么减”的人少了一半。"
NOT_WORKED = "备货只有十四把，晚间加购后无货可付；详情页没有写保养，客服回答了二十多次。"
ADVICE = "下次备货不少于四十把，晚八点前补一次库存；把保养一段放进详情页与首图第三张。"
SAID = "技术：活动页打开时间稳定。客服：保养与开刃是问得最多的两件事。市场：搜索词“三德刀 送礼”还在涨。"
DECIDED = "开箱日做成固定栏目，每月一次；备货按预计访客的百分之五计。"
LEARNED = "每月一次的单品开箱日：一款、一天、一条满减。"

# The one that runs today, in the second shop.
CRAFT: dict[str, Any] = {
    "code": "CRAFT-DAYS",
    "name": "匠器专场",
    "theme": "一器一匠，八五折",
    "goal_sales_minor": 540_000,
    "goal_new_customers": 20,
    "expected_visitors": 1_500,
    "expected_conversion_bp": 200,
    "force": "专场商品八五折，领券再满 300 减 20",
    "audience": "本店近一年下过单的客人",
    "channels": ["home_page", "recommendation", "sms", "own_shop"],
    "materials": "专场海报、首页文案、开箱短片",
    "risks": "竹编灯只剩二十盏，卖得快就转预售；券量按预计访客一成备",
}
CRAFT_RULE: dict[str, Any] = {
    "code": "CRAFT-85",
    "name": "匠器专场 85 折",
    "terms": {"layer": "item", "offer": {"kind": "discount", "permille": 850}},
}
CRAFT_COUPON: dict[str, Any] = {
    "code": "CRAFT-300-20",
    "name": "匠器券 满 300 减 20",
    "terms": {"layer": "shop", "offer": {"kind": "reduction", "tiers": [[30_000, 2_000]]}, "needs_coupon": True},
}
CRAFT_BUDGET: tuple[dict[str, Any], ...] = (
    {"kind": "ads", "name": "引力魔方", "planned_minor": 50_000},
    {"kind": "slots", "name": "猜你喜欢推荐位", "planned_minor": 36_000},
    {"kind": "sms_edm", "name": "老客短信", "planned_minor": 5_000},
    {"kind": "coupon", "name": "匠器券，商家承担", "planned_minor": 20_000},
)
BOASTING = "匠器专场：全网最低价，满500减100，错过再等一年！"
PROPER = "匠器专场：竹编灯、三德刀，专场8.5折。手艺慢，灯火暖，先到先得。"
CRAFT_SMS = "匠器专场开场，{starts}起至{ends}，竹编灯与三德刀八五折。"
MAIN_POSTER, DETAIL_POSTER = "匠器专场首页海报", "竹编灯详情头图"
# Of whom, what, and how many hours after the beginning it is due.
CRAFT_TASKS: tuple[tuple[str, str, int], ...] = (
    ("warehouse", "竹编灯、三德刀移到前排货位，加防震内衬", 2),
    ("customer_service", "准备“怎么领券”“灯泡规格”两条快捷回复", 2),
    ("market", "约三位手作博主发开箱短视频，登记链接", 30),
    ("engineering", "领券高峰时段盯接口响应，截图存档", 30),
    ("design", "专场结束后撤下首页海报", 60),
)

NEXT_CODE, NEXT_NAME = "KNF-DAY-2", "厨刀开箱日 · 第二期"
IDEA: dict[str, Any] = {"code": "TEA-FAIR", "name": "新茶品鉴周", "theme": "先试后买", "origin": "season"}
BRAND = ["#1f6f54", "#c8963e"]
