"""What the demo company sells, in plain data: goods with their SKUs, and where the pieces lie.

Prices, costs and floors are in 分 (minor units of CNY), weights in grams.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goods:
    """One SKU as it is furnished and as shoppers see it."""

    code: str
    product: str
    title: str
    category: str
    spec: str
    price_minor: int
    cost_minor: int
    weight_g: int
    is_fragile: bool = False
    is_unbendable: bool = False
    pieces: int = 900
    is_gift: bool = False
    number: int = 0

    @property
    def barcode(self) -> str:
        """An EAN-13 of our own range, with its check digit."""
        digits = f"690{self.number:09d}"
        total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
        return f"{digits}{-total % 10}"

    @property
    def floor_minor(self) -> int:
        """Below half the price a person looks."""
        return 0 if self.is_gift else self.price_minor // 2


# product code, title, category, fragile, unbendable, [(spec, price, cost, weight), …]
_PRODUCTS: tuple[tuple[str, str, str, str, tuple[tuple[str, int, int, int], ...]], ...] = (
    ("CUP", "景德镇手绘青花瓷盖碗", "茶具/盖碗", "fragile",
     (("150ml 缠枝莲", 12800, 5200, 380), ("150ml 山水", 13800, 5600, 390), ("120ml 素白", 8800, 3600, 320))),
    ("POT", "宜兴紫砂壶 西施", "茶具/茶壶", "fragile",
     (("180ml 朱泥", 39800, 18000, 460), ("220ml 段泥", 42800, 19500, 520))),
    ("TEA", "武夷山大红袍岩茶", "食品/茶叶", "",
     (("浓香 250g 礼盒", 16800, 6900, 480), ("清香 125g 罐装", 8600, 3400, 260), ("随手泡 10 包", 3900, 1500, 120))),
    ("GRN", "明前西湖龙井", "食品/茶叶", "", (("特级 100g", 26800, 13200, 190), ("一级 100g", 13800, 6400, 190))),
    ("SLK", "杭州桑蚕丝长巾", "服饰/丝巾", "",
     (("烟青 180×65cm", 25900, 9900, 110), ("绛红 180×65cm", 25900, 9900, 110), ("月白 90×90cm", 16900, 6600, 80))),
    ("FAN", "苏州绢面团扇", "工艺/扇", "unbendable", (("荷塘", 6800, 2300, 90), ("玉兰", 6800, 2300, 90))),
    ("PNT", "杨柳青木版年画", "工艺/画", "unbendable",
     (("连年有余 四尺", 9900, 3800, 160), ("五子登科 四尺", 9900, 3800, 160))),
    ("TEE", "新疆长绒棉圆领T恤", "服饰/T恤", "",
     (("白 M", 7900, 2900, 210), ("白 L", 7900, 2900, 220), ("藏青 M", 7900, 2900, 210), ("藏青 L", 7900, 2900, 220))),
    ("SOX", "诸暨精梳棉中筒袜 五双装", "服饰/袜", "", (("男款 深色", 3990, 1300, 260), ("女款 浅色", 3990, 1300, 220))),
    ("KNF", "大马士革钢三德刀", "厨具/刀具", "", (("7 寸 胡桃木柄", 32800, 15800, 420),)),
    ("WOK", "章丘手工锻打铁锅", "厨具/锅", "", (("30cm", 36800, 17900, 1650), ("32cm", 39800, 19600, 1850))),
    ("CHP", "鸡翅木筷子 十双礼盒", "厨具/筷子", "", (("原木 25cm", 5900, 1900, 310),)),
    ("RIC", "五常有机稻花香大米", "食品/米", "", (("5kg 真空", 8900, 4700, 5080), ("2.5kg 真空", 4900, 2500, 2560))),
    ("HNY", "长白山椴树蜂蜜", "食品/蜂蜜", "fragile", (("500g 瓶", 6900, 2900, 820), ("250g 瓶", 3900, 1600, 480))),
    ("NUT", "云南怒江纸皮核桃", "食品/坚果", "", (("1kg", 4990, 2300, 1060), ("500g", 2890, 1280, 550))),
    ("DAT", "新疆若羌灰枣", "食品/果干", "", (("特级 1kg", 4590, 2100, 1050),)),
    ("INK", "歙县徽墨 描金", "文房/墨", "", (("二两 松烟", 9800, 4100, 130),)),
    ("BRU", "湖州善琏湖笔 三支套装", "文房/笔", "", (("兼毫", 7800, 3000, 150),)),
    ("PAP", "泾县手工宣纸 四尺三开", "文房/纸", "unbendable", (("生宣 50 张", 6500, 2700, 700),)),
    ("LMP", "竹编床头灯", "家居/灯具", "fragile", (("暖光 E27", 15900, 7200, 900),)),
)  # fmt: skip

# Scarce goods: a few pieces only, so that orders run short.
_SCARCE = {"KNF-1": 14, "POT-2": 8, "LMP-1": 10}
_GIFTS = (
    Goods("GIFT-TEA", "GIFT", "试饮茶包（赠品）", "赠品", "单包", 0, 80, 12, is_gift=True, pieces=3000, number=901),
    Goods("GIFT-BAG", "GIFT", "棉布手提袋（赠品）", "赠品", "米白", 0, 220, 60, is_gift=True, pieces=3000, number=902),
)


def _goods() -> tuple[Goods, ...]:
    found = []
    for place, (code, title, category, handling, variants) in enumerate(_PRODUCTS, start=1):
        for part, (spec, price, cost, weight) in enumerate(variants, start=1):
            sku = f"{code}-{part}"
            found.append(
                Goods(
                    sku,
                    code,
                    title,
                    category,
                    spec,
                    price,
                    cost,
                    weight,
                    is_fragile=handling == "fragile",
                    is_unbendable=handling == "unbendable",
                    pieces=_SCARCE.get(sku, 900),
                    number=place * 10 + part,
                )
            )
    return (*found, *_GIFTS)


GOODS: tuple[Goods, ...] = _goods()
# What the story brings into the shop: not furnished, but chosen, entered and put up before one's eyes.
CHOSEN = Goods("CEL-1", "CEL-1", "龙泉青瓷盖碗 梅子青手工茶具", "茶具/盖碗", "150ml", 15800, 6500, 390, number=801)
SLOW = Goods("FAI-1", "FAI-1", "龙泉青瓷公道杯 粉青冰裂", "茶具/公道杯", "250ml", 9800, 4200, 260, number=802)
BY_CODE: dict[str, Goods] = {goods.code: goods for goods in (*GOODS, CHOSEN, SLOW)}
SOLD: tuple[Goods, ...] = tuple(goods for goods in GOODS if not goods.is_gift)

_ROOTS = {
    "茶具": "家居",
    "厨具": "家居",
    "家居": "家居",
    "食品": "食品",
    "服饰": "服饰",
    "工艺": "文化",
    "文房": "文化",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where goods of one category stand: in our tree of three levels, and by number on each platform."""

    path: tuple[str, str, str]
    numbers: dict[str, str]


def _leaves() -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for goods in SOLD:
        if goods.category not in found:
            middle, leaf = goods.category.split("/")
            place = len(found) + 1
            numbers = {"taobao": str(50_016_000 + place), "pinduoduo": str(8_600 + place)}
            found[goods.category] = Leaf((_ROOTS[middle], middle, leaf), numbers)
    return found


LEAVES: dict[str, Leaf] = _leaves()


@dataclass(frozen=True, slots=True)
class Shopfront:
    """One of our shops on a platform; `session` is its key at the platform's sandbox."""

    code: str
    name: str
    session: str
    warehouse: str
    platform: str = "taobao"


@dataclass(frozen=True, slots=True)
class Depot:
    """One of our warehouses, with what labels say of the sender."""

    code: str
    name: str
    sender_name: str
    sender_phone: str
    sender_address: str


DEPOTS: tuple[Depot, ...] = (
    Depot("HZ", "杭州余杭仓", "掌柜旗舰店", "0571-88886666", "浙江省杭州市余杭区文一西路969号3号库"),
    Depot("GZ", "广州白云仓", "山野良品店", "020-36668888", "广东省广州市白云区石槎路288号B座"),
)
SHOPFRONTS: tuple[Shopfront, ...] = (
    Shopfront("zhanggui", "掌柜旗舰店", "sandbox-session-1", "HZ"),
    Shopfront("shanye", "山野良品专营店", "sandbox-session-2", "GZ"),
    Shopfront("youpin", "山野优品拼多多店", "sandbox-token-1", "GZ", platform="pinduoduo"),
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here. Empty `shops`/`depots` mean all of them."""

    username: str
    name: str
    role: str
    shops: tuple[str, ...] = ()
    depots: tuple[str, ...] = ()


PEOPLE: tuple[Colleague, ...] = (
    Colleague("manager", "周明远", "operations_manager"),
    Colleague("supervisor", "林晓峰", "operations_supervisor"),
    Colleague("orders", "王丽娜", "order_specialist"),
    Colleague("depot", "刘大勇", "warehouse", depots=("HZ",)),
    Colleague("service", "徐婷", "customer_service"),
    Colleague("finance", "高静", "finance"),
    Colleague("products", "陈思雨", "product_specialist"),
    Colleague("data", "黄志强", "data_specialist"),
    Colleague("campaigns", "吴倩", "campaign_specialist"),
    Colleague("market", "马俊", "market"),
    Colleague("design", "罗琳", "design"),
    Colleague("engineering", "郑浩然", "engineering"),
    Colleague("orders2", "赵敏", "order_specialist", shops=("shanye", "youpin")),
    Colleague("depot2", "何建国", "warehouse", depots=("GZ",)),
    Colleague("packer", "孙小兰", "warehouse", depots=("HZ",)),
    Colleague("packer2", "邓秀英", "warehouse", depots=("GZ",)),
    Colleague("service2", "沈佳怡", "customer_service", shops=("shanye", "youpin")),
)
