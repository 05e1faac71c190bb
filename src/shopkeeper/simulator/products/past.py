"""Product people in the demo's past: what is sold next is studied, decided, entered, reviewed, priced, put up.

It ends with something at every desk: a strategy and a list to decide, products to review and to mend, prices to
approve, listings that differ from what we said.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.drawings.goods import PLANNED, drawn_by, planned_picture
from shopkeeper.simulator.products.chosen import (
    CANDIDATES,
    CATEGORIES,
    COMPETITORS,
    DRAFTS,
    KEYWORDS,
    NEXT_CANDIDATES,
    NEXT_STRATEGY,
    STRATEGY,
)
from shopkeeper.simulator.scenes import Scenes
from shopkeeper.simulator.staff import EYES
from shopkeeper.simulator.stepping import CHINA, Steps

SAVE, SUBMIT, ATTACH = "listing/save-product", "listing/submit-product", "listing/attach-images"
PICTURES = {"CEL": "celadon", "FAI": "pitcher", "SHW": "shawl", "LOQ": "jar"}
GREY = (138, 138, 138)
TEMPLATES: dict[str, list[dict[str, Any]]] = {
    "茶具/盖碗": [
        {"name": "材质", "is_required": True},
        {"name": "容量", "kind": "number", "units": ["ml"]},
        {"name": "产地"},
    ],
    "服饰/丝巾": [{"name": "材质", "is_required": True}, {"name": "姆米", "kind": "number", "units": ["姆米"]}],
    "服饰/T恤": [
        {"name": "面料", "is_required": True},
        {"name": "版型", "kind": "choice", "choices": ["修身", "直筒", "宽松"]},
    ],
    "食品/茶叶": [{"name": "产地", "is_required": True}, {"name": "保质期", "is_required": True}],
}


class ProductsPast:
    """What happens before anything is sold, put on the agenda before time moves."""

    def __init__(self, steps: Steps, scenes: Scenes) -> None:
        self.steps = steps
        self.scenes = scenes
        self.house = steps.house
        self.ids: dict[str, int] = {}  # candidates by code
        self.products: dict[str, int] = {}
        self.leaves: dict[str, int] = {}
        self.skus: dict[str, int] = {}

    def plan(self, until: datetime) -> None:
        """Put everything on the agenda; what would come after `until` never happens."""
        at, day = self.scenes.at, self.steps.day
        deeds: tuple[tuple[datetime, Callable[[], None]], ...] = (
            (day(0, 8, 20), self.study),
            (day(1, 15), self.decided),
            (day(3, 10, 15), self.chosen_late),
            (day(3, 16), self.returned),
            (day(5, 11), self.mended),
            (day(5, 15), self.put_up),
            (day(8, 8, 35), self.platforms_will_err),
            (day(8, 11, 30), self.one_put_right),
            (day(8, 17, 10), self.reviewed_late),
            (day(8, 17, 30), self.prices),
            (day(8, 18), self.next_strategy),
            (until - timedelta(minutes=170), self.to_be_reviewed),
            (until - timedelta(minutes=120), self.next_list),
            (until - timedelta(minutes=100), self.price_differs),
        )
        for when, deed in deeds:
            at(when, deed)

    # choosing ---------------------------------------------------------------------------------------------

    def study(self) -> None:
        """P1.1: a tool's export, what competitors do, how categories fare; a strategy is handed in."""
        read = {"key": "picture_read_text", "value": False, "reason": "筹备期图片由设计逐张看过"}
        self.house.do(EYES, "sop/set-policy", [read])
        last = self.steps.now.astimezone(CHINA).date().replace(day=1) - timedelta(days=1)
        period = {"period_from": last.replace(day=1).isoformat(), "period_to": last.isoformat()}
        keywords = [
            {"name": name, "category": category, "heat": heat, "growth_basis_points": growth}
            for name, category, heat, growth in KEYWORDS
        ]
        rivals = [
            {"name": name, "category": category, "competitor": rival, "price_minor": price, "monthly_sales": sold}
            for name, category, rival, price, sold in COMPETITORS
        ]
        trades = [
            {"name": name, "category": name, "heat": heat, "growth_basis_points": growth}
            for name, heat, growth in CATEGORIES
        ]
        taken = (
            ("keyword", "生意参谋", keywords),
            ("competitor", "巡店记录", rivals),
            ("category", "行业月报", trades),
        )
        items = [{"kind": kind, "source": source, **period, "lines": lines} for kind, source, lines in taken]
        self.house.do("market", "research/take-in-research", items)
        self._strategy(STRATEGY)

    def _strategy(self, words: dict[str, Any]) -> None:
        kept = self.house.do("market", "research/save-strategy", [words])[0]
        self.ids[words["name"]] = kept["id"]
        self.house.do("market", "research/submit-strategy", [{"strategy_id": kept["id"]}])

    def decided(self) -> None:
        """P1.1, P1.2: the strategy is agreed to; candidates are scored, the list is handed in."""
        yes = {"strategy_id": self.ids[STRATEGY["name"]], "decision": "approve", "reason": "价格带与店铺定位相符"}
        self.house.do("manager", "research/decide-strategy", [yes])
        self._list(CANDIDATES, 12_000_000, months_ahead=0)

    def _list(self, candidates: tuple[dict[str, Any], ...], target: int, months_ahead: int) -> None:
        proposed = self.house.do("products", "research/propose-candidates", candidates)
        self.ids |= {one["code"]: outcome["id"] for one, outcome in zip(candidates, proposed, strict=True)}
        month = self.steps.now.astimezone(CHINA).date().replace(day=15) + timedelta(days=30 * months_ahead)
        made = self.house.do(
            "products", "research/make-selection-list", [{"period": f"{month:%Y-%m}", "target_minor": target}]
        )[0]
        self.ids["list"] = made["id"]
        self.house.do(EYES, "research/submit-selection-list", [{"list_id": made["id"]}])

    def chosen_late(self) -> None:
        """P1.2, P2: decided after more than a day; what was chosen is entered, two of the pictures are no good."""
        yes = {
            "list_id": self.ids["list"],
            "decision": "approve",
            "left_out": [self.ids["PLA"]],
            "reason": "与店铺定位不符",
        }
        self.house.do("manager", "research/decide-selection-list", [yes])
        self._categories()
        draft = [{"candidate_id": self.ids[code], "platforms": ["taobao", "pinduoduo"]} for code in DRAFTS]
        made = self.house.do("products", "research/draft-candidates", draft)
        self.products = {code: one["facts"]["product_id"] for code, one in zip(DRAFTS, made, strict=True)}
        for code, words in DRAFTS.items():
            self._save(code, **words, leaf_id=self.leaves[_leaf(code)], skus=[_sku(code)])
        for code in ("CEL", "FAI"):
            self._picture(code, planned_picture(PICTURES[code]))
        self._picture("SHW", drawn_by(PLANNED["shawl"], GREY))
        self.steps.settle()
        for code in ("CEL", "FAI"):
            self._submit(code)

    def _categories(self) -> None:
        """P2.3: one leaf more, mapped; what products of some categories must say."""
        self._read_leaves()
        tea = self.leaves["茶具"]
        added = self.house.do("products", "listing/add-categories", [{"name": "公道杯", "parent_id": tea}])[0]
        self.leaves["茶具/公道杯"] = added["id"]
        numbers = {"taobao": "50016099", "pinduoduo": "8699"}
        mappings = [
            {"category_id": added["id"], "platform": name, "platform_leaf": number, "platform_path": "家居/茶具/公道杯"}
            for name, number in numbers.items()
        ]
        self.house.do("products", "listing/map-categories", mappings)
        items = [{"category_id": self.leaves[leaf], "attributes": attributes} for leaf, attributes in TEMPLATES.items()]
        self.house.do("products", "listing/set-templates", items)

    def _read_leaves(self) -> None:
        for root in self.house.get("products", "listing/categories"):
            for middle in root["children"]:
                self.leaves[middle["name"]] = middle["id"]
                self.leaves |= {f"{middle['name']}/{leaf['name']}": leaf["id"] for leaf in middle["children"]}

    # entering and reviewing -------------------------------------------------------------------------------

    def _version(self, product_id: int) -> int:
        return int(self.house.get("products", f"listing/products/{product_id}")["version"])

    def _save(self, code: str, **words: Any) -> None:
        item = {"product_id": self.products[code], "version": self._version(self.products[code])}
        self.house.do("products", SAVE, [{**item, **words}])

    def _submit(self, code: str) -> None:
        item = {"product_id": self.products[code], "version": self._version(self.products[code])}
        self.house.do("products", SUBMIT, [item])

    def _picture(self, code: str, content: bytes, role: str = "main") -> None:
        name = f"{code}-{role}.jpg"
        digest = self.house.hand_in("design", "listing/pictures", name, content)
        item = {"product_id": self.products[code], "digest": digest, "role": role, "name": name}
        self.house.do("design", ATTACH, [item])

    def _review(self, code: str) -> int | None:
        rows = self.house.get(EYES, "publishing/reviews", product_code=code)["items"]
        return rows[0]["id"] if rows else None

    def _decide(self, code: str, decision: str, reason: str = "", marks: tuple[dict[str, Any], ...] = ()) -> None:
        if review := self._review(code):
            item = {"review_id": review, "decision": decision, "reason": reason, "marks": list(marks)}
            self.house.do(EYES, "publishing/review-products", [item])

    def returned(self) -> None:
        """P4.1: a forbidden word; approving is refused, the product goes back with the place marked."""
        self._decide("CEL", "approve")
        mark = {"place": "title", "note": "删去“国家级工艺”", "start": 0, "end": 5}
        self._decide("CEL", "return", "标题含绝对化用语，违反广告法第九条", (mark,))

    def mended(self) -> None:
        """P4.1, P3.2: the title is put right, and a price in force."""
        self._save("CEL", title="龙泉青瓷盖碗 梅子青手工茶具")
        self._submit("CEL")
        self.skus = {row["code"]: row["id"] for row in self.house.all_rows(EYES, "audit/skus")}
        plan = {"sku_id": self.skus["CEL"], "sale_minor": 15_800, "discount_minor": 13_800, "competitor_minor": 16_800}
        self.house.do("products", "pricing/propose-prices", [{**plan, "reason": "新品定价，参考竞品 168 元"}])

    def put_up(self) -> None:
        """P4.1, P3.1: approved, received, on sale in all shops."""
        self._decide("CEL", "approve")
        lots = ((1, "A-02-01", 60), (2, "A-02-01", 30))
        items = [
            {"sku_id": self.skus["CEL"], "warehouse_id": depot, "bin_code": bin_code, "lot_code": f"CEL-{depot}",
             "quantity": pieces, "reason": "首批到货"}
            for depot, bin_code, pieces in lots
        ]  # fmt: skip
        self.house.do(EYES, "stock/receive-stock", items)
        listings = [{"product_id": self.products["CEL"], "shop_id": shop} for shop, _ in enumerate(SHOPFRONTS, start=1)]
        self.house.do(EYES, "publishing/publish-products", listings)
        tags = {"product_id": self.products["CEL"], "tags": ["new", "hot"]}
        self.house.do("products", "listing/set-tags", [tags])

    def reviewed_late(self) -> None:
        """P4.1: the pitcher is looked at days later, and returned."""
        mark = {"place": "description", "note": "写明容量与断水效果", "start": 0, "end": 4}
        self._decide("FAI", "return", "详情太短，买家看不出大小", (mark,))

    def to_be_reviewed(self) -> None:
        """P2: the shawl has a better picture and waits for a review; goods on sale are edited and wait, too."""
        images = self.house.get("products", f"listing/products/{self.products['SHW']}")["images"]
        self.house.do("design", "listing/remove-images", [{"image_id": image["id"]} for image in images])
        self._picture("SHW", planned_picture("shawl"))
        self._save("SHW", attributes={"材质": "100% 桑蚕丝", "姆米": "19姆米"})
        self._picture("LOQ", drawn_by(PLANNED["jar"], blur=6))
        self.products |= {
            row["code"]: row["id"]
            for row in self.house.get("products", "listing/products", q="竹编")["rows"]
            if row["code"] == "LMP"
        }
        self.steps.settle()
        self._submit("SHW")
        if "LMP" in self.products:
            points = ["竹丝一毫米，匠人手编三日", "暖光 2700K，不刺眼", "底座加宽，碰不倒"]
            self._save("LMP", selling_points=points)
            self._submit("LMP")

    # platforms --------------------------------------------------------------------------------------------

    def platforms_will_err(self) -> None:
        """P4.2: when the second team's goods go up, a price and a category are shown wrong, and one goes missing."""
        err = self.steps.outside.misbehave
        err("goods", "wrong_price", next=1, method="taobao", key="HNY", by=-600)
        err("goods", "wrong_category", next=1, method="pinduoduo", key="FAN")
        err("goods", "wrong_price", next=1, method="pinduoduo", key="TEE", by=-900)

    def one_put_right(self) -> None:
        """P4.2: one difference is put right the same morning, one is explained; the rest becomes late."""
        cases = self.house.get("products", "publishing/mismatches")["items"]
        self.house.do("products", "publishing/fix-mismatches", [{"case_id": case["id"]} for case in cases[:1]])

    def price_differs(self) -> None:
        """P4.2: somebody changed a price on the platform; the check finds it."""
        front = SHOPFRONTS[1]
        self.steps.outside.spoil(front.session, "NUT", "wrong_price", by=-300)
        rows = self.house.get("products", "publishing/listings", shop_id=2, limit=100)["items"]
        items = [{"listing_id": row["id"]} for row in rows if row["code"] == "NUT"]
        self.house.do("products", "publishing/check-listings", items)

    # prices -----------------------------------------------------------------------------------------------

    def prices(self) -> None:
        """P3.2: some are in force at once, one from a day on, two wait for the manager, one is sent back."""
        later = (self.steps.now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
        skus, why = self.skus, "reason"
        items = [
            {"sku_id": skus["TEE-1"], "sale_minor": 7_900, "discount_minor": 6_900, why: "换季清仓，毛利仍达标"},
            {"sku_id": skus["BRU-1"], "sale_minor": 8_200, why: "原料涨价，随行就市"},
            {"sku_id": skus["FAN-1"], "sale_minor": 6_200, "valid_from": later.isoformat(), why: "七夕前预热价"},
            {"sku_id": skus["SLK-1"], "sale_minor": 23_900, "member_minor": 11_500, why: "会员日引流，限量五十条"},
            {"sku_id": skus["HNY-1"], "sale_minor": 3_500, why: "临期三个月，尽快出清"},
            {"sku_id": skus["WOK-1"], "sale_minor": 20_900, why: "跟进竞品降价"},
        ]
        plans = self.house.do("products", "pricing/propose-prices", items)
        back = {"plan_id": plans[-1]["id"], "reason": "毛利过低，先谈供应商返点"}
        self.house.do("manager", "pricing/return-prices", [back])

    # what comes next --------------------------------------------------------------------------------------

    def next_strategy(self) -> None:
        """P1.1: for the season after this one; nobody has decided yet."""
        self._strategy(NEXT_STRATEGY)

    def next_list(self) -> None:
        """P1.2: the next list waits for the manager."""
        self._list(NEXT_CANDIDATES, 9_000_000, months_ahead=1)
        read = {"key": "picture_read_text", "value": True, "reason": "筹备结束，恢复识别图片文字"}
        self.house.do(EYES, "sop/set-policy", [read])


def _leaf(code: str) -> str:
    return next(str(one["category"]) for one in CANDIDATES if one["code"] == code)


def _sku(code: str) -> dict[str, Any]:
    specs = {"CEL": "150ml", "FAI": "250ml", "SHW": "200×70cm", "LOQ": "500g"}
    weights = {"CEL": 390, "FAI": 260, "SHW": 160, "LOQ": 820}
    return {"code": code, "spec_values": {"规格": specs[code]}, "weight_g": weights[code], "is_fragile": code != "SHW"}
