"""The doors of M2.3: list, record, form with example, coupons, calculator, API; both languages; others get 403."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shopkeeper.flows.marketing.promotions.commands.end_rules import EndRule, end_rules
from shopkeeper.flows.marketing.promotions.commands.submit_rules import SubmitRule, submit_rules
from shopkeeper.flows.marketing.promotions.models import Counter, Coupon, CouponBatch, OrderPricing, Version
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.promotions import stage
from tests.flows.marketing.promotions.stage import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M2.3")]
API = "/api/v1/promotions"
FORM = {
    "kind": "reduction", "code": "618", "name": "年中满减",
    "starts_at": "2026-06-01T00:00", "ends_at": "2026-06-19T00:00",
    "at1": "300", "off1": "50", "at2": "500", "off2": "100", "bearer_shop": "60", "bearer_platform": "40",
    "stack_with": "*", "uses": "100", "budget_minor": "8,000",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


def signed_in(role: str = Role.CAMPAIGN_SPECIALIST, *, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(role, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, name: str, *args: object, **params: Any) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_list_and_record_say_what_a_promotion_gives(language: str) -> None:
    shop = make.make_shop()
    rule_id = stage.published(shop, uses=100, budget_minor=800_000)
    client = signed_in(language=language)
    says = "满 300 元减 50 元" if language == "zh" else "¥50 off from ¥300"
    assert says in text(client, "promotions")
    assert text(client, "promotions", counts="1")
    record = text(client, "promotion", rule_id)
    assert says in record
    assert ("冲突扫描" if language == "zh" else "Conflict scan") in record
    address = reverse("promotion", args=[rule_id])
    assert address in text(client, "promotions", tab="all", q="61", kind="reduction", shop=str(shop.pk))
    assert address not in text(client, "promotions", tab="draft")


def test_a_promotion_names_its_goods_and_giving_up_is_never_the_first_action() -> None:
    shop, sku, other = make.make_shop(), make.make_sku(), make.make_sku()
    rule_id = stage.drafted(stage.wish(shop, skus=[sku.pk], excluded_skus=[other.pk], budget_minor=30_000))
    client = signed_in(language="en")
    client.post(reverse("promotion-submit"), {"ids": rule_id})
    assert Version.objects.get().state == "in_review"
    page = text(client, "promotion", rule_id)
    for one in (sku, other):
        assert reverse("listing-product", args=[one.product_id]) in page
        assert one.code in page
    assert page.index("Goods that take part") < page.index(sku.code)
    assert page.index("Goods left out") < page.index(other.code)
    assert "Budget ¥300" in page
    head = page[page.index("sk-page-actions") : page.index("sk-record-facts")]
    assert re.search(r'class="btn tone-red"[^>]*>.*Give up', head)
    assert "data-primary" not in head


@pytest.mark.parametrize("language", ["zh", "en"])
def test_uses_count_orders_that_platforms_priced_and_say_how_many(language: str) -> None:
    shop = make.make_shop()
    rule_id = stage.published(shop, budget_minor=800_000)
    counted = {"uses_used": 2, "used_minor": 10_000, "platform_uses": 15, "platform_minor": 48_450}
    Counter.objects.filter(rule_id=rule_id).update(**counted)
    client = signed_in(language=language)
    listed = text(client, "promotions")
    assert ("平台 15" if language == "zh" else "15 on platforms") in listed
    assert ">17<" in listed
    assert "584.50" in listed
    assert "7%" in listed
    record = text(client, "promotion", rule_id)
    assert ("其中平台订单" if language == "zh" else "Of these on platforms") in record
    assert "484.50" in record


def test_use_is_told_of_what_has_ended_too_and_of_what_was_never_published_in_other_words() -> None:
    client, shop = signed_in(), make.make_shop()
    ended = stage.published(shop, "OVER")
    Counter.objects.filter(rule_id=ended).update(uses_used=17, used_minor=58_450)
    given_up = stage.drafted(stage.wish(shop, "NEVER"))
    for rule_id in (ended, given_up):
        assert end_rules.one(stage.supervisor(), EndRule(rule_id, "不做了")).changed
    over = text(client, "promotion", ended)
    assert ">17<" in over
    assert "584.50" in over
    assert "已结束：之后的订单不再计入" in over
    assert "没有发布过，没有用量" in text(client, "promotion", given_up)
    waiting = stage.drafted(stage.wish(shop, "NEXT"))
    assert "发布后开始计数" in text(client, "promotion", waiting)
    for page in (over, text(client, "promotion", given_up)):
        assert "发布后开始计数" not in page


def test_a_new_version_in_review_goes_on_counting_and_tells_its_times_as_the_shop_has_them() -> None:
    client, shop = signed_in(), make.make_shop()
    rule_id = stage.published(shop)
    Counter.objects.filter(rule_id=rule_id).update(uses_used=17)
    stage.drafted(stage.wish(shop, starts_at=NOON + timedelta(hours=16)))
    assert submit_rules.one(stage.specialist(), SubmitRule(rule_id)).changed
    page = text(client, "promotion", rule_id)
    assert ">17<" in page
    assert "在用的是第 1 版" in page
    changed = page[page.index("sk-record-facts") :]
    before, after = (
        f"{moment.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M}"
        for moment in (NOON - timedelta(days=1), NOON + timedelta(hours=16))
    )
    assert f"<s>{before}</s> → {after}" in changed


def test_the_list_takes_as_many_statements_for_twenty_rows_as_for_one() -> None:
    client, shop, counts = signed_in(), make.make_shop(), []
    for more in ((1,), range(2, 21)):
        for n in more:
            stage.drafted(stage.wish(shop, f"r{n}"))
        text(client, "promotions", tab="draft")
        with CaptureQueriesContext(connection) as queries:
            text(client, "promotions", tab="draft")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_form_saves_a_draft_and_a_mistake_stands_at_its_field() -> None:
    client = signed_in()
    for kind in ("reduction", "percentage", "gift", "discount", "flash", "nth", "pieces", "freight", "nonsense"):
        assert text(client, "promotion-new", kind=kind)
    wrong = client.post(reverse("promotion-new"), {**FORM, "off1": "abc", "ends_at": ""})
    assert wrong.status_code == 422
    assert "field-off1-error" in wrong.content.decode()
    assert "field-ends_at-error" in wrong.content.decode()
    falling = client.post(reverse("promotion-new"), {**FORM, "at2": "200"})
    assert "各档门槛和减免都要逐档升高" in falling.content.decode()
    assert client.post(reverse("promotion-new"), FORM).status_code == 302
    version = Version.objects.get()
    assert version.terms["offer"]["tiers"] == [[30_000, 5_000], [50_000, 10_000]]
    assert version.terms["bearers"] == [["shop", 600], ["platform", 400]]
    assert (version.terms["uses"], version.terms["budget_minor"], version.shop_id) == (100, 800_000, None)
    assert client.post(reverse("promotion-new"), {**FORM, "ends_at": "2026-05-01T00:00"}).status_code == 422


@pytest.mark.parametrize(
    ("kind", "fields", "offer"),
    [
        ("percentage", {"rate": "8.5", "threshold_minor": "300", "most_minor": "60"},
         {"permille": 850, "threshold": 30_000, "most_minor": 6_000, "counts_pieces": False}),
        ("discount", {"rate": "9折"}, {"permille": 900}),
        ("nth", {"n": "2", "rate": "5", "mixed": "1"}, {"n": 2, "permille": 500, "mixed": True}),
        ("pieces", {"pieces": "3", "rate": "7"}, {"pieces": 3, "permille": 700}),
        ("freight", {"threshold_minor": "99"}, {"threshold": 9_900, "off_minor": 0}),
        ("reduction", {"at1": "3", "off1": "20", "counts_pieces": "1"},
         {"tiers": [[3, 2_000]], "every": False, "times": 0, "counts_pieces": True}),
    ],
)  # fmt: skip
def test_every_kind_is_written_and_comes_back_into_the_form(
    kind: str, fields: dict[str, str], offer: dict[str, Any]
) -> None:
    client = signed_in()
    common = {name: FORM[name] for name in ("code", "name", "starts_at", "ends_at")}
    assert client.post(reverse("promotion-new"), {**common, "kind": kind, **fields}).status_code == 302
    version = Version.objects.get()
    assert version.terms["offer"] == {"kind": kind, **offer}
    page = text(client, "promotion-edit", version.rule_id)
    for value in fields.values():
        assert f'value="{value.rstrip("折")}"' in page
    again = client.post(reverse("promotion-edit", args=[version.rule_id]), {**common, "kind": kind, **fields})
    assert again.status_code == 302
    assert Version.objects.count() == 1


@pytest.mark.parametrize("typed", ["85折", "85 折", "八五折", "８．５折"])
def test_a_rate_is_typed_as_people_write_it(typed: str) -> None:
    common = {name: FORM[name] for name in ("code", "name", "starts_at", "ends_at")}
    assert signed_in().post(reverse("promotion-new"), {**common, "kind": "discount", "rate": typed}).status_code == 302
    assert Version.objects.get().terms["offer"]["permille"] == 850


def test_goods_are_named_by_code_and_an_unknown_one_is_told() -> None:
    client, sku = signed_in(), make.make_sku()
    flash = {**FORM, "kind": "flash", "prices": f"{sku.code} 39.9\nNONE 10"}
    answer = client.post(reverse("promotion-new"), flash)
    assert "没有商家编码 NONE" in answer.content.decode()
    flash["prices"] = f"{sku.code} 39.9"
    assert client.post(reverse("promotion-new"), {**flash, "excluded_skus": "X"}).status_code == 422
    assert client.post(reverse("promotion-new"), flash).status_code == 302
    version = Version.objects.get()
    assert version.terms["offer"]["prices"] == {str(sku.pk): 3_990}
    assert f"{sku.code} 39.90" in text(client, "promotion-edit", version.rule_id)
    gift = {**FORM, "code": "gift", "kind": "gift", "choices": sku.code, "threshold_minor": "100", "skus": sku.code}
    assert client.post(reverse("promotion-new"), gift).status_code == 302
    assert sku.code in text(client, "promotion-edit", Version.objects.get(kind="gift").rule_id)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_says_the_rule_and_what_carts_pay_as_one_types(language: str) -> None:
    page = signed_in(language=language).post(reverse("promotion-example"), FORM).content.decode()
    assert (
        "满 300 元减 50 元，满 500 元减 100 元" if language == "zh" else "¥50 off from ¥300, ¥100 off from ¥500"
    ) in page
    for amount in ("290.00", "250.00", "400.00"):
        assert amount in page
    empty = signed_in(language=language).post(reverse("promotion-example"), {"kind": "reduction"}).content.decode()
    assert ("请填写门槛" if language == "zh" else "Give the threshold") in empty


def test_submitted_reviewed_and_published_through_the_pages() -> None:
    shop = make.make_shop()
    make.make_sku(price_minor=40_000, cost_minor=39_000)
    rule_id = stage.drafted(stage.wish(shop))
    writer, boss = signed_in(), signed_in(Role.OPERATIONS_SUPERVISOR)
    assert reverse("promotion-submit") in text(writer, "promotion", rule_id)
    assert writer.post(reverse("promotion-submit"), {"ids": rule_id}).status_code == 302
    page = text(boss, "promotion", rule_id)
    assert "发布要写明原因" in page
    assert reverse("promotion-publish") in page
    assert reverse("promotion-publish") not in text(writer, "promotion", rule_id)
    assert writer.get(reverse("promotion-edit", args=[rule_id])).status_code == 404
    boss.post(reverse("promotion-return"), {"ids": rule_id, "reason": "力度太大"})
    assert "力度太大" in text(writer, "promotion", rule_id)
    writer.post(reverse("promotion-submit"), {"ids": rule_id})
    boss.post(reverse("promotion-publish"), {"ids": rule_id})
    assert stage.state_of(rule_id) == "in_review"
    boss.post(reverse("promotion-publish"), {"ids": rule_id, "reason": "引流款"})
    assert stage.state_of(rule_id) == "published"
    writer.post(reverse("promotion-pause"), {"ids": rule_id, "reason": "设错"})
    assert stage.state_of(rule_id) == "paused"
    boss.post(reverse("promotion-resume"), {"ids": rule_id})
    writer.post(reverse("promotion-end"), {"ids": rule_id, "reason": "备货不足"})
    assert stage.state_of(rule_id) == "ended"


def test_the_record_shows_what_a_version_changed() -> None:
    shop = make.make_shop()
    rule_id = stage.published(shop)
    stage.drafted(stage.wish(shop, offer={"kind": "reduction", "tiers": [[30_000, 6_000]]}))
    page = text(signed_in(), "promotion", rule_id)
    assert "<s>满 300 元减 50 元，满 500 元减 100 元</s> → 满 300 元减 60 元" in page


def test_coupons_are_made_listed_and_stopped() -> None:
    rule_id = stage.published(make.make_shop(), needs_coupon=True)
    client = signed_in()
    assert text(client, "coupon-new", rule=str(rule_id))
    form = {
        "rule_id": rule_id, "code": "C1", "name": "满减券", "total": "100", "per_buyer": "1",
        "claim_from": "2026-06-01T00:00", "claim_to": "2026-06-10T00:00", "valid_to": "2026-06-19T00:00",
        "valid_days": "",
    }  # fmt: skip
    assert client.post(reverse("coupon-new"), {**form, "total": "0"}).status_code == 422
    assert client.post(reverse("coupon-new"), form).status_code == 302
    page = text(client, "coupons")
    assert "C1" in page
    assert text(client, "coupons", counts="1")
    client.post(reverse("coupon-stop"), {"ids": CouponBatch.objects.get().pk, "reason": "预算用完"})
    assert "C1" not in text(client, "coupons")
    assert "C1" in text(client, "coupons", tab="over")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_calculator_shows_the_ledger_and_why_not(language: str) -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=28_000)
    stage.published(shop)
    stage.published(shop, "coupon", {"kind": "percentage", "permille": 900}, needs_coupon=True)
    client = signed_in(language=language)
    assert text(client, "promotion-calculator")
    cart = {"shop_id": shop.pk, "code": [sku.code, ""], "quantity": ["1", ""]}
    page = text(client, "promotion-calculator", **cart)
    assert ("再买 20.00 CNY 即可享受" if language == "zh" else "20.00 CNY more to get it") in page
    assert ("没有可用的优惠券" if language == "zh" else "No coupon in hand") in page
    assert "252.00" in text(client, "promotion-calculator", **cart, with_coupons="1")
    two = text(client, "promotion-calculator", **{**cart, "quantity": ["2", ""]})
    assert "460.00" in two
    for wrong in ({"code": ["NONE"]}, {"quantity": ["x"]}, {"quantity": ["5000"]}, {"freight": "x"}, {"shop_id": "0"}):
        assert "sk-alert tone-amber" in text(client, "promotion-calculator", **{**cart, **wrong})
    assert not OrderPricing.objects.exists()


def test_who_may_not_gets_403_and_foreign_shops_are_not_there() -> None:
    shop, own = make.make_shop(), make.make_shop()
    rule_id = stage.published(shop)
    stranger = signed_in(shops=[own])
    assert stranger.get(reverse("promotion", args=[rule_id])).status_code == 404
    assert reverse("promotion", args=[rule_id]) not in text(stranger, "promotions", tab="all")
    warehouse = signed_in(Role.WAREHOUSE)
    for name in ("promotions", "promotion-new", "coupons", "coupon-new", "promotion-calculator"):
        assert warehouse.get(reverse(name)).status_code == 403
    assert signed_in(Role.FINANCE).get(reverse("promotion-new")).status_code == 403


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"{API}/{path}", json.dumps(body), content_type="application/json")


def test_a_program_prices_a_cart_and_nothing_is_written() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = stage.published(shop)
    client = signed_in(shops=[shop])
    answer = post(client, "price", {"shop_id": shop.pk, "lines": [{"sku_id": sku.pk}], "freight_minor": 800}).json()
    assert (answer["payable_minor"], answer["discount_minor"], answer["searched"]) == (35_800, 5_000, "all")
    entry = answer["lines"][0]["entries"][0]
    assert (entry["rule_id"], entry["layer"], entry["bearers"]) == (rule_id, "shop", [["shop", 5_000]])
    assert answer["reasons"][0]["words"] == {"zh": "已优惠", "en": "Used"}
    assert not OrderPricing.objects.exists()
    assert post(client, "price", {"shop_id": shop.pk, "lines": [{"sku_id": 0}]}).json()["code"] == "cart_sku_unknown"
    assert post(client, "price", {"shop_id": make.make_shop().pk, "lines": [{"sku_id": sku.pk}]}).status_code == 404
    assert post(client, "price", {"shop_id": shop.pk, "lines": []}).status_code in (400, 422)


def test_a_program_claims_a_coupon_places_and_reads_the_order() -> None:
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    rule_id = stage.published(shop, needs_coupon=True)
    batch_id = stage.batch(rule_id)
    client = signed_in()
    claim = {"batch_id": batch_id, "shop_id": shop.pk, "buyer": "open-1"}
    first = post(client, "claim-coupons", {"items": [claim]}).json()["outcomes"][0]
    assert first["result"] == "done"
    empty = post(client, "claim-coupons", {"items": [{**claim, "nth": 2}]}).json()["outcomes"][0]
    assert (empty["code"], empty["words"]["zh"]) == ("batch_limit", "已达每人可领的张数。")
    in_hand = post(client, "coupons-in-hand", {"shop_id": shop.pk, "buyer": "open-1"}).json()
    assert [coupon["id"] for coupon in in_hand] == [first["id"]]
    order = {"shop_id": shop.pk, "order_no": "P1", "buyer": "open-1", "lines": [{"sku_id": sku.pk}]}
    placed = post(client, "reserve-usage", {"items": [order]}).json()["outcomes"][0]
    assert placed["facts"]["payable_minor"] == 35_000
    read = client.get(f"{API}/orders/{shop.pk}/P1").json()
    assert (read["state"], read["ledger"][0]["rule_id"], read["payable_minor"]) == ("reserved", rule_id, 35_000)
    assert client.get(f"{API}/orders/{shop.pk}/P2").status_code == 404
    assert post(client, "confirm-usage", {"items": [{"shop_id": shop.pk, "order_no": "P1"}]}).status_code == 200
    assert Coupon.objects.get().state == "used"


def test_a_program_reads_promotions_and_batches() -> None:
    shop = make.make_shop()
    rules = [stage.published(shop, f"r{n}", needs_coupon=True) for n in range(3)]
    batch_id = stage.batch(rules[0])
    client = signed_in()
    first = client.get(f"{API}/rules?state=published&limit=2").json()
    rest = client.get(f"{API}/rules?state=published&limit=2&after={first['next']}").json()
    assert [row["id"] for row in (*first["items"], *rest["items"])] == rules[::-1]
    assert first["items"][0]["says"]["en"] == "¥50 off from ¥300, ¥100 off from ¥500"
    one = client.get(f"{API}/rules/{rules[0]}").json()
    assert one["versions"][0]["terms"]["needs_coupon"] is True
    assert client.get(f"{API}/rules/0").status_code == 404
    batches = client.get(f"{API}/coupon-batches?tab=open").json()["items"]
    assert [(row["id"], row["left"]) for row in batches] == [(batch_id, 10)]
    assert signed_in(Role.WAREHOUSE).get(f"{API}/rules").status_code == 403


def test_a_submitted_rule_is_on_the_supervisors_work_list() -> None:
    rule_id = stage.drafted(stage.wish(make.make_shop()))
    submit_rules.one(stage.specialist(), SubmitRule(rule_id))
    page = signed_in(Role.OPERATIONS_SUPERVISOR).get("/").content.decode()
    assert f"/promotions/{rule_id}/" in page
    assert NOON + timedelta(hours=4) == Version.objects.get().due_at
