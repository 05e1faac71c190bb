"""Goods on both platforms through one port: put up once, read back field by field, quantities, up and down."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from shopkeeper.flows.products.publishing.ports import GoodsDraft, GoodsImage, GoodsSku, QuantityWish
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.integrations.platforms.pictures import PictureHashes
from shopkeeper.integrations.platforms.pinduoduo import PinduoduoGoods
from shopkeeper.integrations.platforms.pinduoduo.gateway import PddGateway
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.platforms.taobao.goods import TaobaoGoods
from shopkeeper.shared.outside import OutsideError
from tests.outside import Front

pytestmark = [pytest.mark.clause("P4.1", "P4.2", "P5")]
ADDS = {"taobao": "taobao.item.add", "pinduoduo": "pdd.goods.add"}
SETS = {"taobao": "taobao.skus.quantity.update", "pinduoduo": "pdd.goods.quantity.update"}


def picture(words: str) -> GoodsImage:
    """A picture as far as its first bytes; the line ends and dashes in it are what a form in parts might trip over."""
    content = b"\xff\xd8\xff" + words.encode() + b"\r\n--\r\n\x00\r\n"
    return GoodsImage(hashlib.sha256(content).hexdigest(), "image/jpeg", content)


FIRST, SECOND, THIRD = picture("first"), picture("second"), picture("third")


def a_draft(**other: object) -> GoodsDraft:
    skus = (
        GoodsSku("CUP-1", "6900000000011", "150ml 缠枝莲", 12800, 7),
        GoodsSku("CUP-2", "6900000000028", "山水;大:号,红", 13800, 0),
    )
    made = GoodsDraft(
        outer_code="CUP",
        title="景德镇手绘青花瓷盖碗",
        category_leaf="50012345",
        currency="CNY",
        description="手绘 <b>青花</b>，一器一画。",
        selling_points=("手工拉坯", "高温釉下彩"),
        attributes={"材质": "瓷", "产地": "景德镇"},
        images=(FIRST, SECOND),
        skus=skus,
    )
    return replace(made, **other)  # type: ignore[arg-type]


def refusal(front: Front, draft: GoodsDraft) -> tuple[str, str]:
    with pytest.raises(OutsideError) as caught:
        front.goods.publish(front.shop, draft)
    return caught.value.kind, caught.value.code


def test_put_up_and_read_back(front: Front) -> None:
    draft = a_draft()
    made = front.goods.publish(front.shop, draft)
    assert made.is_on_sale
    assert set(made.sku_nos) == {"CUP-1", "CUP-2"}
    facts = front.goods.read_back(front.shop, [made.item_no, "1"])
    assert set(facts) == {made.item_no}
    found = facts[made.item_no]
    assert (found.outer_code, found.title, found.category_leaf, found.currency, found.is_on_sale) == (
        "CUP", draft.title, draft.category_leaf, "CNY", True,
    )  # fmt: skip
    assert found.images == (FIRST.sha256, SECOND.sha256)
    assert [(sku.sku_no, sku.outer_code, sku.price_minor, sku.quantity, sku.can_be_ordered) for sku in found.skus] == [
        (made.sku_nos["CUP-1"], "CUP-1", 12800, 7, True),
        (made.sku_nos["CUP-2"], "CUP-2", 13800, 0, True),
    ]
    kept = front.control.listing(front.session, "CUP")
    assert "<b>" not in kept["text"] or front.shop.platform == "pinduoduo"  # markup stays text where text is markup


def test_again_changes_the_same_item(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    skus = (GoodsSku("CUP-1", "6900000000011", "150ml", 11800, 3), GoodsSku("CUP-3", "6900000000035", "120ml", 8800, 2))
    front.goods.take_down(front.shop, made.item_no)
    again = front.goods.publish(front.shop, a_draft(title="青花盖碗", skus=skus, images=(THIRD,)))
    assert (again.item_no, again.is_on_sale) == (made.item_no, True)
    assert again.sku_nos["CUP-1"] == made.sku_nos["CUP-1"]
    assert set(again.sku_nos) == {"CUP-1", "CUP-3"}
    found = front.goods.read_back(front.shop, [made.item_no])[made.item_no]
    assert (found.title, found.images) == ("青花盖碗", (THIRD.sha256,))
    assert [(sku.price_minor, sku.quantity) for sku in found.skus] == [(11800, 3), (8800, 2)]
    assert front.goods.publish(front.shop, a_draft(images=(SECOND, THIRD, FIRST))).item_no == made.item_no
    found = front.goods.read_back(front.shop, [made.item_no])[made.item_no]
    assert found.images == (SECOND.sha256, THIRD.sha256, FIRST.sha256)


def test_an_answer_lost_makes_no_second_item(front: Front) -> None:
    front.control.misbehave("platform", "lost_answer", next=1, method=ADDS[front.shop.platform])
    assert refusal(front, a_draft())[0] == "transient"
    made = front.goods.publish(front.shop, a_draft())
    assert [item["item_no"] for item in front.control.get("/platform/listings", session=front.session)["listings"]] == [
        int(made.item_no)
    ]
    assert front.goods.read_back(front.shop, [made.item_no])[made.item_no].images == (FIRST.sha256, SECOND.sha256)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": "盖碗" * 16}, "bad_title"),
        ({"title": ""}, "bad_title"),
        ({"category_leaf": "0"}, "bad_category"),
        ({"category_leaf": "茶具"}, "bad_category"),
        ({"images": (GoodsImage("0" * 64, "image/jpeg", b"<svg onload=alert(1)>"),)}, "bad_image"),
        ({"skus": (GoodsSku("CUP-1", "", "", 0, 1),)}, "bad_price"),
        ({"skus": (GoodsSku("CUP-1", "", "", -1, 1),)}, "bad_price"),
        ({"currency": "USD"}, "bad_price"),
        ({"skus": ()}, "bad_code"),
    ],
)
def test_what_the_platform_does_not_take(front: Front, wrong: dict[str, object], code: str) -> None:
    assert refusal(front, a_draft(**wrong)) == ("permanent", code)
    assert front.control.get("/platform/listings", session=front.session)["listings"] == []


def test_the_only_variant_needs_no_name(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft(skus=(GoodsSku("ONE-1", "", "", 100, 1),)))
    assert set(made.sku_nos) == {"ONE-1"}


def test_down_and_up(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    for _ in range(2):
        front.goods.take_down(front.shop, made.item_no)
    assert not front.goods.read_back(front.shop, [made.item_no])[made.item_no].is_on_sale
    for _ in range(2):
        front.goods.put_up(front.shop, made.item_no)
    assert front.goods.read_back(front.shop, [made.item_no])[made.item_no].is_on_sale
    for deed in (front.goods.take_down, front.goods.put_up):
        with pytest.raises(OutsideError) as caught:
            deed(front.shop, "1")
        assert (caught.value.kind, caught.value.code) == ("permanent", "no_item")


def many(front: Front, count: int) -> tuple[str, dict[str, str]]:
    skus = tuple(GoodsSku(f"SKU-{n}", "", f"第{n}款", 1000 + n, 5) for n in range(count))
    made = front.goods.publish(front.shop, a_draft(outer_code="MANY", skus=skus))
    return made.item_no, dict(made.sku_nos)


def wishes(item_no: str, numbers: dict[str, str], quantity: int) -> list[QuantityWish]:
    return [QuantityWish(item_no, number, code, quantity) for code, number in numbers.items()]


def test_quantities_beyond_the_limit_per_call(front: Front) -> None:
    item_no, numbers = many(front, 45)
    other, more = front.goods.publish(front.shop, a_draft()), {}
    more = dict(other.sku_nos)
    asked = wishes(item_no, numbers, 9) + wishes(other.item_no, more, 4)
    answers = front.goods.set_quantities(front.shop, asked)
    assert [answer.wish for answer in answers] == asked
    assert all(answer.accepted for answer in answers)
    facts = front.goods.read_back(front.shop, [item_no, other.item_no])
    assert {sku.quantity for sku in facts[item_no].skus} == {9}
    assert {sku.quantity for sku in facts[other.item_no].skus} == {4}
    assert front.goods.set_quantities(front.shop, []) == []


def test_one_unknown_variant_does_not_hold_up_the_others(front: Front) -> None:
    item_no, numbers = many(front, 4)
    asked = wishes(item_no, numbers, 2)
    asked.insert(2, QuantityWish(item_no, "77", "GONE", 2))
    asked.append(QuantityWish("77", "77", "GONE", 2))
    answers = front.goods.set_quantities(front.shop, asked)
    assert [answer.accepted for answer in answers] == [True, True, False, True, True, False]
    assert [answer.error.kind for answer in answers if answer.error] == ["permanent", "permanent"]
    assert answers[-1].error is not None
    assert answers[-1].error.code == "no_item"
    facts = front.goods.read_back(front.shop, [item_no])[item_no]
    assert {sku.quantity for sku in facts.skus} == {2}


@pytest.mark.parametrize(("what", "kind"), [("throttle", "throttled"), ("down", "transient")])
def test_nothing_could_be_asked(front: Front, what: str, kind: str) -> None:
    item_no, numbers = many(front, 2)
    front.control.misbehave("platform", what, probability=1, method=SETS[front.shop.platform])
    with pytest.raises(OutsideError) as caught:
        front.goods.set_quantities(front.shop, wishes(item_no, numbers, 1))
    assert caught.value.kind == kind


def test_passing_failures_are_got_over(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    for what in ("down", "cut", "half_json", "server_error", "lost_answer"):
        front.control.misbehave("platform", what, next=1)
        (answer,) = front.goods.set_quantities(
            front.shop, [QuantityWish(made.item_no, made.sku_nos["CUP-1"], "CUP-1", len(what))]
        )
        assert answer.accepted
        facts = front.goods.read_back(front.shop, [made.item_no])[made.item_no]
        assert facts.skus[0].quantity == len(what)


def test_another_shop_sees_and_touches_nothing(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    form = {"platform": front.shop.platform, "app_key": front.shop.app_key, "app_secret": front.shop.app_secret}
    front.control.post("/shops", {**form, "session": f"other-{front.session}"})
    stranger = replace(front.shop, session=f"other-{front.session}")
    assert front.goods.read_back(stranger, [made.item_no]) == {}
    (answer,) = front.goods.set_quantities(stranger, wishes(made.item_no, {"CUP-1": made.sku_nos["CUP-1"]}, 0)[:1])
    assert not answer.accepted
    assert front.goods.publish(stranger, a_draft()).item_no != made.item_no


# what platforms do behind the shop's back --------------------------------------------------------------------


def test_planted_faults_are_seen_when_read_back(front: Front) -> None:
    name = front.shop.platform
    front.control.misbehave("goods", "wrong_category", next=1, method=name, key="CUP")
    front.control.misbehave("goods", "wrong_price", next=1, method=name, by=-500)
    made = front.goods.publish(front.shop, a_draft())
    found = front.goods.read_back(front.shop, [made.item_no])[made.item_no]
    assert (found.category_leaf, found.title) == ("50012346", a_draft().title)
    assert [sku.price_minor for sku in found.skus] == [12300, 13300]
    again = front.goods.publish(front.shop, a_draft())
    mended = front.goods.read_back(front.shop, [again.item_no])[again.item_no]
    assert (mended.category_leaf, mended.skus[0].price_minor) == ("50012345", 12800)


def test_a_listing_taken_and_then_lost(front: Front) -> None:
    front.control.misbehave("goods", "listing_lost", next=1)
    made = front.goods.publish(front.shop, a_draft())
    assert made.item_no in front.goods.read_back(front.shop, [made.item_no])
    front.outside.clock(timedelta(minutes=2))
    assert front.goods.read_back(front.shop, [made.item_no]) == {}
    again = front.goods.publish(front.shop, a_draft())
    assert again.item_no != made.item_no
    assert again.is_on_sale


def test_a_quantity_taken_and_not_kept(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    front.control.misbehave("goods", "quantity_ignored", next=1, key="CUP-1")
    wish = QuantityWish(made.item_no, made.sku_nos["CUP-1"], "CUP-1", 1)
    assert front.goods.set_quantities(front.shop, [wish])[0].accepted
    assert front.goods.read_back(front.shop, [made.item_no])[made.item_no].skus[0].quantity == 7
    assert front.goods.set_quantities(front.shop, [wish])[0].accepted
    assert front.goods.read_back(front.shop, [made.item_no])[made.item_no].skus[0].quantity == 1


def test_deeds_of_the_platform(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    spoil, session = front.control.spoil, front.session

    def found():
        return front.goods.read_back(front.shop, [made.item_no])[made.item_no]

    spoil(session, "CUP", "wrong_price", by=-100)
    assert found().skus[0].price_minor == 12700
    spoil(session, "CUP", "wrong_category", category="7")
    assert found().category_leaf == "7"
    spoil(session, "CUP", "take_down")
    assert not found().is_on_sale
    spoil(session, "CUP", "block_sku", sku="CUP-2")
    assert [sku.can_be_ordered for sku in found().skus] == [True, False]
    spoil(session, "CUP", "quantity", sku="CUP-1", quantity=99)
    assert found().skus[0].quantity == 99
    spoil(session, "CUP", "listing_lost")
    assert front.goods.read_back(front.shop, [made.item_no]) == {}
    spoil(session, "CUP", "mend")
    assert found().category_leaf == "50012345"


def test_pictures_are_fetched_once_and_only_from_the_web(front: Front) -> None:
    made = front.goods.publish(front.shop, a_draft())
    asked: list[str] = []

    class Counting(OutsideHttp):
        def get(self, url: str) -> bytes:
            asked.append(url)
            return super().get(url)

    pictures = PictureHashes(Counting())
    gateway = TopGateway() if front.shop.platform == "taobao" else PddGateway()
    goods = TaobaoGoods(gateway, pictures) if isinstance(gateway, TopGateway) else PinduoduoGoods(gateway, pictures)
    try:
        for _ in range(3):
            facts = goods.read_back(front.shop, [made.item_no])[made.item_no]
        assert facts.images == (FIRST.sha256, SECOND.sha256)
        assert len(asked) == 2
        assert pictures.of("file:///etc/hostname") == ""
        assert pictures.of(asked[0] + "0") == ""
        assert len(asked) == 3
    finally:
        goods.close()
