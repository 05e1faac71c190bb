"""Shoppers: who they are, what they order, and the odd orders that make a specialist look twice."""

import random
from typing import Any

from shopkeeper.simulator.catalogue import BY_CODE, SOLD, Goods, Shopfront

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_GIVEN = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "勇",
    "艳",
    "杰",
    "涛",
    "明",
    "超",
    "秀英",
    "霞",
    "平",
    "刚",
    "桂英",
    "建华",
    "文博",
    "雨欣",
    "子涵",
    "浩然",
    "欣怡",
    "梓萱",
    "思远",
    "佳琪",
    "宇轩",
    "晓彤",
    "志远",
]
_PLACES: tuple[tuple[str, str, str, str], ...] = (
    ("浙江省", "杭州市", "西湖区", "文三路"),
    ("浙江省", "宁波市", "鄞州区", "天童北路"),
    ("上海", "上海市", "浦东新区", "张杨路"),
    ("江苏省", "南京市", "鼓楼区", "中山北路"),
    ("江苏省", "苏州市", "姑苏区", "平江路"),
    ("安徽省", "合肥市", "蜀山区", "长江西路"),
    ("广东省", "广州市", "天河区", "天河北路"),
    ("广东省", "深圳市", "南山区", "科技园南路"),
    ("福建省", "厦门市", "思明区", "湖滨南路"),
    ("四川省", "成都市", "武侯区", "人民南路"),
    ("重庆", "重庆市", "渝中区", "解放碑步行街"),
    ("湖北省", "武汉市", "洪山区", "珞喻路"),
    ("湖南省", "长沙市", "岳麓区", "麓山南路"),
    ("北京", "北京市", "海淀区", "中关村大街"),
    ("天津", "天津市", "南开区", "鞍山西道"),
    ("山东省", "青岛市", "市南区", "香港中路"),
    ("陕西省", "西安市", "雁塔区", "小寨东路"),
    ("辽宁省", "沈阳市", "和平区", "南京南街"),
    ("黑龙江省", "哈尔滨市", "南岗区", "学府路"),
    ("河南省", "郑州市", "金水区", "花园路"),
    ("云南省", "昆明市", "五华区", "翠湖南路"),
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "解放北路"),
)
_REMARKS = ("请帮忙写张生日贺卡，谢谢", "要求周末送到", "麻烦包装严实一点，送长辈的", "不要发圆通", "发货前请联系我")

# Odd orders and how often they come; the rest are plain.
ODD_KINDS: tuple[tuple[str, int], ...] = (
    ("remark", 4),
    ("unknown_sku", 2),
    ("odd_quantity", 2),
    ("odd_price", 2),
    ("address", 2),
    ("phone", 2),
    ("test", 1),
    ("unreachable", 1),
    ("scarce", 4),
    ("unpaid", 3),
    ("held", 2),
)


def line_of(goods: Goods, quantity: int = 1, **more: Any) -> dict[str, Any]:
    """A line of an order as the shopper's cart has it."""
    return {
        "num_iid": 700_000 + goods.number,
        "sku_id": str(4_000_000 + goods.number),
        "outer_iid": goods.product,
        "outer_sku_id": goods.code,
        "title": goods.title,
        "sku_properties_name": goods.spec,
        "num": quantity,
        "price": f"{goods.price_minor / 100:.2f}",
        "gift": goods.is_gift,
        **more,
    }


class Shoppers:
    """Makes orders out of a seed; the same calls in the same order make the same orders."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._count = 0

    def receiver(self) -> dict[str, str]:
        """Somebody at an address nobody else has."""
        self._count += 1
        state, city, district, road = self._rng.choice(_PLACES)
        name = self._rng.choice(_SURNAMES) + self._rng.choice(_GIVEN)
        block, room = self._rng.randint(1, 28), self._rng.randint(1, 32) * 100 + self._rng.randint(1, 6)
        return {
            "name": name,
            "mobile": f"1{self._rng.choice('3578')}{self._rng.randint(0, 10**9 - 1):09d}",
            "state": state,
            "city": city,
            "district": district,
            "address": f"{road}{self._count}号{block}幢{room}室",
        }

    def order(self, front: Shopfront, kind: str = "plain", **more: Any) -> dict[str, Any]:
        """One order of a kind, as the platform's door takes it."""
        rng = self._rng
        goods = rng.sample(SOLD, k=rng.choice((1, 1, 1, 2, 2, 3)))
        goods = [one for one in goods if one.pieces >= 100] or [BY_CODE["TEE-1"]]
        lines = [line_of(one, rng.choice((1, 1, 1, 2))) for one in goods]
        if rng.random() < 0.15:
            lines.append(line_of(BY_CODE[rng.choice(("GIFT-TEA", "GIFT-BAG"))]))
        order: dict[str, Any] = {
            "session": front.session,
            "receiver": self.receiver(),
            "lines": lines,
            "paid": True,
            "post_fee": rng.choice(("0", "0", "0", "6", "10")),
            "ship_within_h": 48,
        }
        order["buyer_nick"] = f"tb{rng.randint(10**7, 10**8 - 1)}"
        order["buyer_open_uid"] = f"AAH{rng.randint(10**9, 10**10 - 1)}"
        if rng.random() < 0.2:
            order["discount_fee"] = rng.choice(("5", "10"))
        if kind != "plain":
            self._make_odd(order, kind)
        if front.platform == "pinduoduo":  # an order there is for one kind of goods
            bought = [line for line in order["lines"] if not line["gift"]]
            order["lines"] = [bought[0], *(line for line in order["lines"] if line["gift"])]
        return {**order, **more}

    def _make_odd(self, order: dict[str, Any], kind: str) -> None:
        first: dict[str, Any] = order["lines"][0]
        if kind == "remark":
            order["buyer_message"] = self._rng.choice(_REMARKS)
        elif kind == "unknown_sku":
            first["outer_sku_id"] = f"OLD-{self._rng.randint(100, 999)}"
        elif kind == "odd_quantity":
            order["lines"] = [line_of(BY_CODE["SOX-1"], 60)]
        elif kind == "odd_price":
            goods = BY_CODE["SLK-1"]
            order["lines"] = [line_of(goods, 1, price=f"{goods.cost_minor * 6 // 10 / 100:.2f}")]
            order.pop("discount_fee", None)
        elif kind == "address":
            order["receiver"]["address"] = ""
        elif kind == "phone":
            order["receiver"]["mobile"] = "1234"
        elif kind == "test":
            order["buyer_message"] = "测试订单，请勿发货"
        elif kind == "unreachable":
            order["receiver"] |= {"state": "台湾", "city": "台北市", "district": "信义区"}
        elif kind == "scarce":
            order["lines"] = [line_of(BY_CODE["POT-2"], 3)]
        elif kind == "unpaid":
            order["paid"] = False
        elif kind == "held":
            order["held"] = True
        else:
            raise ValueError(f"no such kind of order: {kind}")
