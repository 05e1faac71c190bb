"""The doors of P3.2: list, record, form, file and targets, in both languages; others get 403."""

import io
import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.products.listing.models import Category, Product, ProductVersion
from shopkeeper.flows.products.pricing.models import Plan, PriceDay, TargetMargin
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.products.listing import stage as listing
from tests.flows.products.pricing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.2")]
API = "/api/v1/pricing"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def signed_in(role: str = Role.OPERATIONS_MANAGER, *, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(role, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, name: str, *args: object, **params: str) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manager_reads_list_and_record_with_every_margin(language: str) -> None:
    sku = make.make_sku()
    plan = stage.proposed(sku, 2_400, member_minor=2_300, list_minor=5_000, valid_to=make.NOON + timedelta(days=3))
    boss = signed_in(language=language)
    page = text(boss, "price-plans")
    assert sku.code in page
    assert "13.0%" in page
    assert text(boss, "price-plans", counts="1")
    record = text(boss, "price-plan", plan.pk)
    for percent in ("60.0%", "16.6%", "13.0%", "20.0%"):
        assert percent in record
    assert ("最低叠加价" if language == "zh" else "Worst case combined") in record
    assert reverse("price-approve") in record


def test_the_list_takes_as_many_statements_for_thirty_rows_as_for_one() -> None:
    boss, counts = signed_in(), []
    for more in (1, 29):
        for _ in range(more):
            stage.proposed(make.make_sku(), 2_400)
        text(boss, "price-plans")
        with CaptureQueriesContext(connection) as queries:
            text(boss, "price-plans")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_many_are_approved_with_one_reason_and_returned_with_another() -> None:
    plans = [stage.proposed(make.make_sku(), 2_400) for _ in range(3)]
    boss = signed_in()
    assert boss.post(reverse("price-approve"), {"ids": [plans[0].pk], "reason": "清仓"}).status_code == 302
    assert stage.state_of(plans[0]) == "in_force"
    boss.post(reverse("price-return"), {"all_matching": "1", "list_query": "?tab=proposed", "reason": "太低"})
    assert [stage.state_of(plan) for plan in plans[1:]] == ["returned", "returned"]
    assert plans[1].pk
    assert "太低" in text(boss, "price-plan", plans[1].pk)


def test_who_proposed_sees_no_button_to_approve_and_may_withdraw() -> None:
    specialist = signed_in(Role.PRODUCT_SPECIALIST)
    plan = stage.proposed(make.make_sku(), 2_400)
    record = text(specialist, "price-plan", plan.pk)
    assert reverse("price-approve") not in record
    assert specialist.post(reverse("price-approve"), {"ids": plan.pk, "reason": "x"}).status_code == 403
    assert specialist.post(reverse("price-withdraw"), {"ids": plan.pk, "reason": "改价"}).status_code == 302
    assert stage.state_of(plan) == "withdrawn"
    assert "改价" in text(specialist, "price-plan", plan.pk)


def test_a_plan_of_a_foreign_shop_is_not_there() -> None:
    own, foreign = make.make_shop(), make.make_shop()
    plan = stage.proposed(make.make_sku(), 4_800, shop_id=foreign.pk)
    clerk = signed_in(Role.PRODUCT_SPECIALIST, shops=[own])
    assert clerk.get(reverse("price-plan", args=[plan.pk])).status_code == 404
    assert clerk.get(f"{API}/plans/{plan.pk}").status_code == 404


def form(sku: object, **fields: str) -> dict[str, str]:
    return {"code": sku.code, "sale_minor": "48", "reason": "常规", **fields}  # type: ignore[attr-defined]


def test_prices_are_proposed_from_the_form_once_by_two_clicks() -> None:
    sku = make.make_sku()
    specialist = signed_in(Role.PRODUCT_SPECIALIST)
    sent = form(sku, list_minor="50.00", valid_to="2026-06-18T00:00", form_token="abc")
    for _ in range(2):
        assert specialist.post(reverse("price-new"), sent).status_code == 302
    plan = Plan.objects.get()
    assert (plan.sale_minor, plan.list_minor, plan.state) == (4_800, 5_000, "in_force")
    assert f'value="{sku.code}"' in text(specialist, "price-new", plan=str(plan.pk))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"sale_minor": "48.123"}, "sale_minor"), ({"sale_minor": ""}, "sale_minor"),
        ({"sale_minor": "0"}, "sale_minor"),
        ({"member_minor": "10"}, "member_minor"), ({"list_minor": "60"}, "list_minor"), ({"code": "NOPE"}, "code"),
        ({"shop_id": "0"}, "shop_id"), ({"reason": ""}, "reason"), ({"valid_to": "x"}, "valid_to"),
        ({"cost_minor": "0"}, "cost_minor"),
    ],
)  # fmt: skip
def test_a_mistake_stands_at_its_field_and_what_was_entered_stays(fields: dict[str, str], field: str) -> None:
    answer = signed_in(Role.PRODUCT_SPECIALIST).post(
        reverse("price-new"), form(make.make_sku(), competitor_minor="47.77", **fields)
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="field-{field}-error"' in page
    assert "47.77" in page
    assert not Plan.objects.exists()


def test_margins_are_told_as_one_types() -> None:
    sku = make.make_sku()
    specialist = signed_in(Role.PRODUCT_SPECIALIST)
    typed = specialist.post(reverse("price-margins"), {"code": sku.code, "sale_minor": "24", "member_minor": "abc"})
    page = typed.content.decode()
    assert "16.6%" in page
    assert "低于目标" in page
    empty = specialist.post(reverse("price-margins"), {"code": "NOPE", "sale_minor": "24"}).content.decode()
    assert "%" not in empty
    assert not Plan.objects.exists()


def test_a_file_is_tried_out_then_proposed() -> None:
    sku = make.make_sku()
    specialist = signed_in(Role.PRODUCT_SPECIALIST)
    content = f"商家编码,售价,原因\n{sku.code},48,常规\n{sku.code},48,又\nNOPE,48,常规\n".encode()
    tried = specialist.post(reverse("price-import"), {"file": SimpleUploadedFile("价格.csv", content)})
    page = tried.content.decode()
    assert tried.status_code == 200
    assert "可提交 1 行" in page
    assert "不能提交 2 行" in page
    assert not Plan.objects.exists()
    digest = page.split('name="digest" value="')[1].split('"')[0]
    assert specialist.post(reverse("price-import"), {"digest": digest, "go": "1", "reason": ""}).status_code == 302
    assert Plan.objects.count() == 1


def test_a_bad_file_says_what_is_wrong() -> None:
    specialist = signed_in(Role.PRODUCT_SPECIALIST)
    for sent, said in (
        ({}, "请选择文件"),
        ({"file": SimpleUploadedFile("a.csv", b"\x00\x01")}, "不是可识别的文件"),
        ({"file": SimpleUploadedFile("a.csv", "编码,数量\nA,1\n".encode())}, "售价"),
        ({"go": "1", "digest": "0" * 64}, "请重新选择"),
    ):
        answer = specialist.post(reverse("price-import"), sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    sheet = specialist.get(reverse("price-import-template")).content
    assert CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()[0][0] == "商家编码"


def test_an_export_can_be_imported_again_without_effect() -> None:
    sku = make.make_sku()
    stage.proposed(sku, 4_800, member_minor=4_700)
    specialist = signed_in(Role.PRODUCT_SPECIALIST)
    answer = specialist.get(reverse("price-plans"), {"tab": "in_force", "export": "xlsx"})
    sheet = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert (rows[1][0], rows[1][8], rows[1][10]) == (sku.code, 48.0, 47.0)
    answer = specialist.post(reverse("price-import"), {"file": SimpleUploadedFile("prices.xlsx", sheet)})
    assert "无变化 1 行" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_target_margins_are_set_in_percent(language: str) -> None:
    category = Category.objects.create(level=1, name="服装")
    boss = signed_in(language=language)
    assert text(boss, "price-targets")
    sent = {"category_id": str(category.pk), "basis_points": "35.5", "reason": "高端线"}
    assert boss.post(reverse("price-targets"), sent).status_code == 302
    assert TargetMargin.objects.get().basis_points == 3_550
    assert "35.5%" in text(boss, "price-targets")
    assert boss.post(reverse("price-targets"), {**sent, "basis_points": "abc"}).status_code == 422
    assert boss.post(reverse("price-targets"), {**sent, "basis_points": "99"}).status_code == 422
    assert boss.post(reverse("price-targets"), {**sent, "basis_points": ""}).status_code == 302
    assert not TargetMargin.objects.exists()


def test_a_program_reads_plans_prices_and_targets() -> None:
    sku = make.make_sku()
    plan = stage.proposed(sku, 4_800, member_minor=4_700)
    specialist = signed_in(Role.PRODUCT_SPECIALIST)

    def get(path: str) -> object:
        answer = specialist.get(API + path)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    listed = get(f"/plans?state=in_force&code={sku.code}")
    assert [item["id"] for item in listed["items"]] == [plan.pk]  # type: ignore[index]
    one = get(f"/plans/{plan.pk}")
    assert [m["name"] for m in one["margins"]] == ["sale", "member", "worst"]  # type: ignore[index]
    assert one["days_before"] == []  # type: ignore[index]  # the day it began on holds its own price
    assert [p["sale_minor"] for p in get(f"/in-force?sku_ids={sku.pk},0")] == [4_800]  # type: ignore[attr-defined]
    assert specialist.get(f"{API}/in-force?sku_ids=x").status_code == 409
    assert get("/targets") == []
    packer = signed_in(Role.WAREHOUSE)
    for path in ("/plans", "/targets", "/in-force?sku_ids=1"):
        assert packer.get(API + path).status_code == 403, path
    assert Client().get(f"{API}/plans").status_code == 401


@pytest.mark.clause("P3.2")
def test_a_plan_is_not_measured_by_its_own_price(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = make.make_sku(price_minor=36_800)
    Product.objects.filter(pk=sku.product_id).update(state="approved", approved_version=1)
    ProductVersion.objects.create(
        product_id=sku.product_id, version=1, content={"skus": [{"code": sku.code, "price_minor": 36_800}]},
        saved_at=make.NOON - timedelta(days=1), saved_by=0,
    )  # fmt: skip

    def before(plan: Plan) -> str:
        page = text(signed_in(), "price-plan", plan.pk)
        return page[page.index("此前每日最低价") : page.index("经过")]

    waiting = stage.proposed(sku, 24_000, member_minor=12_800, valid_from=make.NOON + timedelta(hours=1))
    assert "368.00" in before(waiting)
    first = stage.proposed(sku, 24_000, member_minor=12_800)
    assert first.state == "in_force"
    assert "368.00" in before(first)
    assert "240.00" not in before(first)
    stage.at(monkeypatch, make.NOON + timedelta(days=2))
    second = stage.proposed(sku, 20_000)
    assert "128.00" in before(second)
    assert "200.00" not in before(second)


def shown_before(plan: Plan) -> str:
    """The card of the prices before a plan."""
    page = text(signed_in(), "price-plan", plan.pk)
    return page[page.index("此前每日最低价") : page.index("经过")]


def test_the_price_before_the_first_plan_is_said_after_it_began_as_it_was_before() -> None:
    """Of a product entered and approved as people do: lower than the price before, so no day's record tells it."""
    product = listing.make_approved()
    sku = product.skus.order_by("id")[0]
    waiting = stage.proposed(sku, 5_500, valid_from=make.NOON + timedelta(hours=1))
    assert "59.00" in shown_before(waiting)
    first = stage.proposed(sku, 5_500)
    assert first.state == "in_force"
    assert "59.00" in shown_before(first)
    assert "第一份定价" not in shown_before(first)


def test_the_day_a_plan_began_tells_the_lower_price_before_it_where_no_version_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raised, lowered, old = make.make_sku(), make.make_sku(), make.make_sku()  # 50 each, in no version
    first = stage.proposed(raised, 8_000)
    assert "50.00" in shown_before(first)
    assert "第一份定价" in shown_before(stage.proposed(lowered, 4_500))
    stage.at(monkeypatch, make.NOON + timedelta(hours=1))
    second = stage.proposed(raised, 7_000)
    assert "50.00" in shown_before(second)
    waiting = stage.proposed(raised, 7_500, valid_from=make.NOON + timedelta(hours=2))
    assert "50.00" in shown_before(waiting)  # as it will be judged
    before_the_rule = stage.proposed(old, 8_000)
    PriceDay.objects.filter(sku=old).update(lowest_minor=8_000)
    assert "第一份定价" in shown_before(before_the_rule)


def test_what_a_product_costs_is_no_price_before_it_was_approved() -> None:
    sku = listing.make_draft().skus.order_by("id")[0]
    assert "还没有卖过" in shown_before(stage.proposed(sku, 5_500, valid_from=make.NOON + timedelta(hours=1)))
    assert "第一份定价" in shown_before(stage.proposed(sku, 5_500))


@pytest.mark.clause("P3.2")
def test_a_reason_that_ends_in_a_full_stop_is_not_given_another() -> None:
    plan = stage.proposed(make.make_sku(), 2_100)
    stage.returned(plan, "先谈返点。")
    page = text(signed_in(), "price-plan", plan.pk)
    assert "已退回：先谈返点。请改好" in page


def returned_counter(client: Client) -> str:
    """What stands in the counter of the tab of returned plans."""
    return text(client, "price-plans", counts="1").split('returned"')[1].split("</")[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_returned_plan_is_counted_and_says_why_until_it_is_proposed_again(language: str) -> None:
    plan = stage.proposed(make.make_sku(), 2_400)
    stage.returned(plan, "先谈返点")
    clerk = signed_in(Role.PRODUCT_SPECIALIST, language=language)
    assert plan.sku.code in text(clerk, "price-plans", tab="returned")
    assert returned_counter(clerk).endswith(">1")
    record = text(clerk, "price-plan", plan.pk)
    assert ("已退回：先谈返点" if language == "zh" else "Returned: 先谈返点") in record
    assert reverse("price-withdraw") in record
    stage.proposed(plan.sku, 4_000)
    assert plan.sku.code not in text(clerk, "price-plans", tab="returned")
    assert not returned_counter(clerk).endswith(">1")
    assert "先谈返点" in text(clerk, "price-plan", plan.pk)


def test_what_an_unapproved_plan_plans_is_not_shown_as_done() -> None:
    plan = stage.proposed(make.make_sku(), 2_400, valid_to=make.NOON + timedelta(days=3))
    steps = text(signed_in(), "price-plan", plan.pk).split('<ol class="sk-steps">')[1].split("</ol>")[0]
    proposed, _, began, ended = steps.split("</li>")[:4]
    assert "原定" not in proposed
    assert "原定" in began
    assert "原定" in ended
