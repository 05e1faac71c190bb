"""M2.3: what people promise in words, against what promotions give."""

import pytest

from shopkeeper.flows.marketing.promotions.rules.codec import read_terms
from shopkeeper.flows.marketing.promotions.rules.promises import Given, Promise, broken_promises, given_by

pytestmark = pytest.mark.clause("M2.3")
GIVEN = given_by([read_terms({"offer": {"kind": "reduction", "tiers": [[20_000, 2_000]]}})])


@pytest.mark.parametrize(
    "text", ["满200减20", "店铺券满 200 减 20", "满２００减２０", "满¥200，减￥20", "满200元减20元"]
)
def test_a_promise_is_broken_where_no_promotion_gives_it(text: str) -> None:
    assert broken_promises([("force", text)], GIVEN) == ()
    (broken,) = broken_promises([("force", text)], Given())
    assert broken.place == "force"
    assert broken.written in text


def test_each_place_is_told_once_and_in_order() -> None:
    texts = [("theme", "全场八五折"), ("force", "满200减20，满200减20"), ("material:海报", "满200减20")]
    assert broken_promises(texts, Given()) == (
        Promise("theme", "八五折"),
        Promise("force", "满200减20"),
        Promise("material:海报", "满200减20"),
    )


@pytest.mark.parametrize(
    "text", ["首发尝鲜，不打折", "折扣多多", "不包邮", "非包邮地区另计", "券后直降 10 元", "老客满 30 天"]
)
def test_what_names_no_discount_promises_none(text: str) -> None:
    assert broken_promises([("force", text)], Given()) == ()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("满 300 减 30，赠试饮茶包。数量有限", "赠试饮茶包"),
        ("买赠棉布袋", "赠棉布袋"),
        ("下单即赠茶包＋手提袋", "赠茶包"),
        ("赠品（茶包）", "赠品"),
        ("加赠 1 件茶包", "赠 1 件茶包"),
        ("买一送一", "买一送一"),
        ("a free gift for all", "free gift"),
    ],
)
def test_a_gift_is_promised_in_words_and_given_by_any_rule_of_gifts(text: str, written: str) -> None:
    reduction = {"kind": "reduction", "tiers": [[30_000, 3_000]]}
    others = [read_terms({"offer": reduction})]
    assert broken_promises([("force", text)], given_by(others)) == (Promise("force", written),)
    gift = read_terms({"offer": {"kind": "gift", "choices": [7], "threshold": 30_000}})
    assert broken_promises([("force", text)], given_by([*others, gift])) == ()


@pytest.mark.parametrize(
    "text",
    [
        "收藏与馈赠",
        "节日礼赠",
        "本场无赠品",
        "没有赠品",
        "不赠茶包",
        "赠运费险",
        "赠 10 元优惠券",
        "下单赠积分",
        "送货上门",
    ],
)
def test_what_names_no_gift_promises_none(text: str) -> None:
    assert broken_promises([("force", text)], Given()) == ()
