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
