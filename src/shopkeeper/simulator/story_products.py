"""The story of a product's entry: words, pictures, category, promises, price (P2, P3.2)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import CHOSEN, LEAVES, SLOW, Goods
from shopkeeper.simulator.pictures import drawn

SAVE, SUBMIT, ATTACH = "listing/save-product", "listing/submit-product", "listing/attach-images"
FORBIDDEN = "国家级工艺龙泉青瓷盖碗 梅子青"


def product(cast: Cast, name: str) -> dict[str, Any]:
    """A named product as the house has it."""
    found: dict[str, Any] = cast.house.get("products", f"listing/products/{cast.made[name]}")
    return found


def submit(cast: Cast, name: str, who: str = "products", wanted: str = "done") -> dict[str, Any]:
    """Hand a named product in, in the version it has now; the outcome's facts."""
    version = product(cast, name)["version"]
    handed = {"product_id": cast.made[name], "version": version}
    facts: dict[str, Any] = cast.expect("录入", who, SUBMIT, [handed], wanted)[0]["facts"]
    return facts


def edit(cast: Cast, name: str, **said: Any) -> None:
    """Save something of a named product, on the version it has now."""
    version = product(cast, name)["version"]
    cast.expect("录入", "products", SAVE, [{"product_id": cast.made[name], "version": version, **said}])


def attach(cast: Cast, name: str, number: int, file: str, **drawing: Any) -> int:
    """A picture handed in by its bytes and put on a product as its main one; its id."""
    digest = cast.house.hand_in("design", "listing/pictures", file, drawn(number, **drawing))
    picture = {"product_id": cast.made[name], "digest": digest, "role": "main", "name": file}
    image_id: int = cast.expect("图片", "design", ATTACH, [picture])[0]["id"]
    return image_id


def _leaf(cast: Cast, goods: Goods) -> int:
    """The number of our leaf for goods."""
    level = cast.house.get("products", "listing/categories")
    for name in LEAVES[goods.category].path if goods.category in LEAVES else ("家居", *goods.category.split("/")):
        node = next(node for node in level if node["name"] == name)
        level = node["children"]
    return int(node["id"])


def _category(cast: Cast) -> None:
    """P2.3: a third level is added to the tree, mapped to a platform, and told what its products must say."""
    tree = cast.house.get("products", "listing/categories")
    home = next(node for node in tree if node["name"] == "家居")
    tea = next(node for node in home["children"] if node["name"] == "茶具")
    cups = tea["children"][0]["id"]
    add = "listing/add-categories"
    cast.expect("类目", "products", add, [{"name": "太深", "parent_id": cups}], "category_too_deep")
    leaf = cast.expect("类目", "products", add, [{"name": "公道杯", "parent_id": tea["id"]}])[0]["id"]
    mapping = {
        "category_id": leaf,
        "platform": "taobao",
        "platform_leaf": "50016099",
        "platform_path": "家居/茶具/公道杯",
    }
    cast.expect(
        "类目", "products", "listing/map-categories", [{**mapping, "category_id": tea["id"]}], "category_not_a_leaf"
    )
    cast.expect("类目", "products", "listing/map-categories", [mapping])
    template = [{"name": "材质", "is_required": True}, {"name": "容量", "kind": "number", "units": ["ml"]}]
    leaves = [_leaf(cast, CHOSEN), leaf]
    items = [{"category_id": one, "attributes": template} for one in leaves]
    cast.expect("类目", "products", "listing/set-templates", items)
    cast.made["celadon_leaf"], cast.made["slow_leaf"] = leaves


def _words(goods: Goods, leaf: int, title: str) -> dict[str, Any]:
    """What a product says, all but what its category asks for."""
    sku = {"code": goods.code, "spec_values": {"规格": goods.spec}, "weight_g": goods.weight_g, "is_fragile": True}
    return {
        "title": title,
        "selling_points": ["龙泉匠人手工拉坯，胎薄釉润", "梅子青釉 1280℃ 烧成"],
        "scenarios": ["一人独饮或三两好友围坐"],
        "description": "取龙泉本地瓷土与釉石，开片细密，盖、碗、托三件一套。",
        "leaf_id": leaf,
        "skus": [sku],
    }


def entry(cast: Cast) -> None:
    """P2.1, P2.2: entered, and refused until every attribute is there and the pictures have passed."""
    _category(cast)
    edit(cast, "celadon_product", **_words(CHOSEN, cast.made["celadon_leaf"], FORBIDDEN))
    edit(cast, "slow_product", **_words(SLOW, cast.made["slow_leaf"], SLOW.title), core_keyword="公道杯")
    stale = {"product_id": cast.made["celadon_product"], "version": 1, "title": "旧版本上的修改"}
    cast.expect("录入", "products", SAVE, [stale], "stale_version")
    cast.expect("录入", "orders", SAVE, [stale], "not_allowed")
    lost = {"product_id": cast.made["celadon_product"], "digest": "0" * 64, "role": "main"}
    cast.expect("图片", "design", ATTACH, [lost], "file_missing")
    cast.made["bad_picture"] = attach(cast, "celadon_product", CHOSEN.number, "盖碗-小图.jpg", side=400)
    cast.made["slow_picture"] = attach(cast, "slow_product", SLOW.number, "公道杯-灰底.jpg", ground="#8a8a8a")
    wrong = {finding["code"] for finding in submit(cast, "celadon_product", wanted="product_unfit")["findings"]}
    cast.insist(
        "录入",
        {"attribute_missing", "images_failed", "no_reason_not_promised"} <= wrong,
        "缺必填属性、主图不合格、承诺未定，不能提交",
    )


def picture_replaced(cast: Cast) -> None:
    """P2.2: the failed picture says why, and another takes its place; that of the other product stays for a day."""
    images = {image["id"]: image for image in product(cast, "celadon_product")["images"]}
    why = {finding["code"] for finding in images[cast.made["bad_picture"]]["findings"]}
    cast.insist("图片", "picture_small" in why, "主图小于平台要求的尺寸，写明实测与要求")
    cast.expect("图片", "design", "listing/remove-images", [{"image_id": cast.made["bad_picture"]}])
    attach(cast, "celadon_product", CHOSEN.number, "盖碗.jpg")
    cast.insist(
        "图片", [image["verdict"] for image in product(cast, "celadon_product")["images"]] == ["passed"], "新主图合格"
    )
    cast.expect("图片", "products", "listing/inspect-images", [{"image_id": 999_999_999}], "not_found")
    again = product(cast, "celadon_product")["images"][0]["id"]
    cast.expect("图片", "design", "listing/inspect-images", [{"image_id": again}])


def promises(cast: Cast) -> None:
    """P2.1, P2.3: the missing attribute, tags, and promises the law allows."""
    edit(cast, "celadon_product", attributes={"材质": "龙泉青瓷", "容量": "150ml"})
    edit(cast, "slow_product", attributes={"材质": "龙泉青瓷", "容量": "250ml"})
    tags = {"product_id": cast.made["celadon_product"], "tags": ["hot"]}
    cast.expect("标签", "products", "listing/set-tags", [{**tags, "tags": ["爆款"]}], "tag_unknown")
    cast.expect("标签", "products", "listing/set-tags", [tags])
    version = product(cast, "celadon_product")["version"]
    kept = {"product_id": cast.made["celadon_product"], "version": version, "no_reason": "yes"}
    address = "listing/set-promises"
    cast.expect("承诺", "products", address, [{**kept, "promises": ["永久包换"]}], "promise_unknown")
    cast.expect("承诺", "products", address, [{**kept, "promises": ["no_reason_return", "free_shipping"]}])
    edit(cast, "slow_product", promises=["no_reason_return"])


def prices(cast: Cast) -> None:
    """P3.2: a member price of one shop is below the target: a manager decides, with the reason; another waits."""
    for name in ("celadon", "slow"):
        cast.made[f"{name}_sku"] = product(cast, f"{name}_product")["skus"][0]["id"]
    address, why = "pricing/propose-prices", "新品定价，参考竞品 168 元"
    plan = {"sku_id": cast.made["celadon_sku"], "sale_minor": CHOSEN.price_minor, "reason": why}
    plan |= {"discount_minor": 13800, "member_minor": 7900, "competitor_minor": 16800, "shop_id": 2}
    cast.expect("定价", "orders", address, [plan], "not_allowed")
    cast.expect("定价", "products", address, [{**plan, "member_minor": 6000}], "price_below_cost")
    cast.expect("定价", "products", address, [{**plan, "member_minor": 15900}], "price_out_of_order")
    cast.expect("定价", "products", address, [{**plan, "list_minor": 39800}], "strike_without_history")
    found = cast.expect("定价", "products", address, [plan])[0]
    cast.insist("定价", found["facts"]["state"] == "proposed", "会员价毛利低于目标，等待经理审批")
    approve = {"plan_id": found["id"], "reason": "会员首单引流，限本季"}
    cast.expect("定价", "products", "pricing/approve-prices", [approve], "not_allowed")
    cast.expect("定价", "manager", "pricing/approve-prices", [{**approve, "reason": ""}], "reason_needed")
    cast.expect("定价", "manager", "pricing/approve-prices", [approve])
    usual = {"sku_id": plan["sku_id"], "sale_minor": CHOSEN.price_minor, "reason": why}
    alone = cast.expect("定价", "products", address, [usual])[0]
    cast.insist("定价", alone["facts"]["state"] == "in_force", "其余店铺无会员价，毛利达标，即时生效")
    slow = {"sku_id": cast.made["slow_sku"], "sale_minor": SLOW.price_minor, "member_minor": 4800, "reason": "新品定价"}
    waiting = cast.expect("定价", "supervisor", address, [slow])[0]
    cast.made["slow_plan"] = waiting["id"]


def price_decided_late(cast: Cast) -> None:
    """P3.2: nine hours after it was proposed; one's own cannot be approved at all."""
    own = {"sku_id": cast.made["slow_sku"], "shop_id": 2, "sale_minor": 5000, "reason": "清仓试算"}
    plan = cast.expect("定价", "manager", "pricing/propose-prices", [own])[0]["id"]
    mine = [{"plan_id": plan, "reason": "同意"}]
    cast.expect("定价", "manager", "pricing/approve-prices", mine, "own_proposal")
    cast.expect("定价", "manager", "pricing/withdraw-price", [{"plan_id": plan, "reason": "不单独定价"}])
    cast.expect(
        "定价", "manager", "pricing/approve-prices", [{"plan_id": cast.made["slow_plan"], "reason": "同意试销"}]
    )


def slow_picture_late(cast: Cast) -> None:
    """P2.2: a picture on grey ground, replaced after more than the 24 hours."""
    cast.expect("图片", "design", "listing/remove-images", [{"image_id": cast.made["slow_picture"]}])
    attach(cast, "slow_product", SLOW.number, "公道杯.jpg")
    submit(cast, "slow_product", "supervisor")


def slow_mended_late(cast: Cast) -> None:
    """P2.1: a returned product, mended after more than the 48 hours."""
    edit(cast, "slow_product", description="粉青釉公道杯，断水利落，可与盖碗配套。")
    submit(cast, "slow_product")
