"""What the demo's data people set, write and decide. Plain data; amounts in 分, shares in basis points."""

from typing import Any

CHANNELS: tuple[tuple[str, int, int], ...] = (  # as the tool calls them, visitors and buyers of a hundred
    ("手淘搜索", 38, 41),
    ("手淘推荐", 24, 15),
    ("直通车", 16, 18),
    ("我的淘宝", 12, 19),
    ("短视频", 10, 7),
)
VISITORS = (412, 436, 388, 401, 447, 520, 498, 611, 684)  # of each day of the past, in the first shop
SHARE_OF_SECOND = 62  # per cent
PAGES: tuple[tuple[str, int], ...] = (("/", 0), ("/p/CUP", 1), ("/p/TEA", 3), ("/p/KNF", 24), ("/p/LMP", 41))
CAME_FROM = ("www.baidu.com/s", "weibo.com/", "", "", "www.xiaohongshu.com/explore")
REFERRERS = tuple(f"https://{place}" if place else "" for place in CAME_FROM)
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36"
COMMENT = "数字已与平台后台核对，无异常"
ANALYSES = {
    "analyse-traffic": "搜索占近四成，与上期持平；直通车访客少而买得多，可略加预算。",
    "analyse-sales": "茶具与厨具带动金额，退款集中在丝巾；毛利高于目标。",
    "analyse-customers": "新客为主，老客回访主要来自“我的淘宝”；会员价尚未起作用。",
}
TARGETS: tuple[tuple[str, int | None, int], ...] = (
    ("paid_amount", None, 24_000_000),
    ("paid_amount", 1, 15_000_000),
    ("visitors", 1, 16_000),
)
FEW_PAY: dict[str, Any] = {"metric": "paid_amount", "shop_id": None, "words": "周中只有零星成交，广告没有停过"}
DECIDED: dict[str, Any] = {
    "what": "周中广告减半，省下的放到周末与专场",
    "reason": "周中点击贵而成交少，周末同样的钱带来三倍订单",
    "expected": 300_000,
    "expected_words": "周末同口径金额约三千元",
}
BUSY: dict[str, Any] = {"metric": "paid_orders", "shop_id": None, "words": "昨天订单是上周同日的数倍，仓里加班到九点"}
WEIGHED: dict[str, Any] = {
    "metric": "paid_amount",
    "shop_id": 1,
    "words": "开箱日后第五天厨具仍有成交，老客介绍的多",
}
