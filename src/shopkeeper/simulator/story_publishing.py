"""The story of a product's review, its way onto two platforms, and what a platform gets wrong (P4)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import CHOSEN, LEAVES, SHOPFRONTS
from shopkeeper.simulator.story_products import edit, submit

REVIEW, PUBLISH = "publishing/review-products", "publishing/publish-products"
FIX, EXPLAIN = "publishing/fix-mismatches", "publishing/explain-mismatches"


def _review(cast: Cast, code: str) -> dict[str, Any]:
    """The open review of a product."""
    found: dict[str, Any] = cast.house.get("supervisor", "publishing/reviews", product_code=code)["items"][0]
    return found


def returned(cast: Cast) -> None:
    """P4.1: a forbidden word is found, named with its legal ground, and the product sent back with the place marked."""
    submit(cast, "celadon_product")
    review = _review(cast, CHOSEN.code)["id"]
    found = cast.house.get("supervisor", f"publishing/reviews/{review}")["findings"]
    words = [finding["term"] for finding in found if finding["severity"] == "block"]
    cast.insist("审核", "国家级" in words, "标题有违禁词“国家级”，附法律依据")
    approve = {"review_id": review, "decision": "approve"}
    cast.expect("审核", "products", REVIEW, [approve], "not_allowed")
    cast.expect("审核", "supervisor", REVIEW, [approve], "forbidden_word")
    back = {"review_id": review, "decision": "return", "reason": "标题含绝对化用语", "marks": []}
    cast.expect("审核", "supervisor", REVIEW, [{**back, "reason": ""}], "reason_needed")
    mark = {"place": "title", "note": "删去“国家级工艺”", "start": 0, "end": 5}
    cast.expect("审核", "supervisor", REVIEW, [{**back, "marks": [mark]}])
    early = [{"product_id": cast.made["celadon_product"], "shop_id": 1}]
    cast.expect("上架", "supervisor", PUBLISH, early, "not_approved")


def corrected(cast: Cast) -> None:
    """P4.1: mended, handed in anew, and approved by another person than who entered it."""
    edit(cast, "celadon_product", title=CHOSEN.title)
    submit(cast, "celadon_product")
    review = _review(cast, CHOSEN.code)["id"]
    changes = cast.house.get("supervisor", f"publishing/reviews/{review}")["changes"]
    cast.insist(
        "审核",
        [change["place"] for change in changes] == ["title", f"skus.{CHOSEN.code}"],
        "复审只看改动：标题，和随它改名的规格",
    )
    cast.expect("审核", "supervisor", REVIEW, [{"review_id": review, "decision": "approve"}])


def put_up(cast: Cast) -> None:
    """P4.1: on sale in three shops on two platforms; one platform gets the price wrong, the other the category."""
    cast.outside.misbehave("goods", "wrong_price", next=1, method="taobao", key=CHOSEN.code, by=-500)
    cast.outside.misbehave("goods", "wrong_category", next=1, method="pinduoduo", key=CHOSEN.code)
    items = [{"product_id": cast.made["celadon_product"], "shop_id": shop} for shop in (1, 2, 3)]
    cast.expect("上架", "products", PUBLISH, items, "not_allowed")
    cast.expect("上架", "supervisor", PUBLISH, items[:1])  # alone, so that the wrong price is always this shop's
    cast.expect("上架", "supervisor", PUBLISH, items[1:])
    cast.expect("上架", "supervisor", PUBLISH, items, "unchanged")
    leaf = LEAVES[CHOSEN.category]
    for front in SHOPFRONTS:
        shelf = cast.outside.listing(front.session, CHOSEN.code)
        right = shelf["on_sale"] and shelf["category"] == leaf.numbers[front.platform]
        cast.insist("上架", right, f"{front.name}：已上架，类目 {shelf['category']}")


def _cases(cast: Cast) -> dict[int, dict[str, Any]]:
    """The open differences by shop."""
    rows = cast.house.get("products", "publishing/mismatches")["items"]
    return {row["shop_id"]: row for row in rows}


def _listing(cast: Cast, shop: int) -> int:
    product = cast.made["celadon_product"]
    rows = cast.house.get("products", "publishing/listings", shop_id=shop, product_id=product)["items"]
    return int(rows[0]["id"])


def read_back(cast: Cast) -> None:
    """P4.2: ten minutes later all were read back by themselves; two differ, and one is put right at once."""
    fields = {shop: [one["field"] for one in case["differences"]] for shop, case in _cases(cast).items()}
    cast.insist("核验", fields == {1: ["price"], 3: ["category"]}, "读回核对，两处不符：淘宝一店价格，拼多多类目")
    cast.made["wrong_price"], cast.made["wrong_category"] = (_cases(cast)[shop]["id"] for shop in (1, 3))
    case = [{"case_id": cast.made["wrong_price"]}]
    cast.expect("核验", "service", FIX, case, "not_allowed")
    cast.expect("核验", "products", EXPLAIN, [{**case[0], "reason": ""}], "reason_needed")
    cast.expect("核验", "products", FIX, case)


def checked_again(cast: Cast) -> None:
    """P4.2: told again, read back again, equal; the case is closed."""
    cast.insist("核验", 1 not in _cases(cast), "价格已更正，差异自动关闭")
    cast.expect("核验", "products", FIX, [{"case_id": cast.made["wrong_price"]}], "case_closed")
    look = [{"listing_id": _listing(cast, 1)}]
    cast.expect("核验", "products", "publishing/check-listings", look)


def category_fixed_late(cast: Cast) -> None:
    """P4.2: the wrong category is put right after more than the four hours."""
    cast.expect("核验", "products", FIX, [{"case_id": cast.made["wrong_category"]}])


def all_equal(cast: Cast) -> None:
    """P4.2: nothing differs any more, on either platform."""
    cast.insist("核验", not _cases(cast), "两个平台都与我们一致")
    for front in SHOPFRONTS:
        shown = cast.outside.listing(front.session, CHOSEN.code)["shown"]
        right = shown["category"] == LEAVES[CHOSEN.category].numbers[front.platform]
        right = right and shown["prices"] == {CHOSEN.code: CHOSEN.price_minor}
        cast.insist("核验", right, f"{front.name}：买家看到的类目与价格都对")


def slow_reviewed_late(cast: Cast) -> None:
    """P4.1: looked at after more than the 24 hours, and sent back; nobody reviews what is his own."""
    review = _review(cast, "FAI-1")["id"]
    back = {"review_id": review, "decision": "return", "reason": "详情需写明容量与断水效果"}
    cast.expect("审核", "supervisor", REVIEW, [back], "own_work")
    cast.expect("审核", "manager", REVIEW, [back])


def slow_put_up(cast: Cast) -> None:
    """P4.1: approved at last, and on sale where it is wanted."""
    review = _review(cast, "FAI-1")["id"]
    cast.expect("审核", "supervisor", REVIEW, [{"review_id": review, "decision": "approve"}])
    item = {"product_id": cast.made["slow_product"], "shop_id": 1}
    cast.expect("上架", "supervisor", PUBLISH, [{**item, "shop_id": 3}], "platform_unwanted")
    cast.expect("上架", "supervisor", PUBLISH, [item])
