"""The doors of M2.1 and M2.2: lists, records, forms, files, API; both languages; others get 403 or 404."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from shopkeeper.flows.marketing.campaigns.models import Campaign, CampaignGoods
from shopkeeper.flows.marketing.launch.commands.add_version import AddVersion, add_version
from shopkeeper.flows.marketing.launch.commands.override_gate import OverrideGate, override_gates
from shopkeeper.flows.marketing.launch.commands.set_brand import SetBrand, set_brands
from shopkeeper.flows.marketing.launch.models import Brand, Gate, GateExample, Material, MaterialUse, MaterialVersion
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.launch import stage
from tests.flows.marketing.launch.rules.test_films import film
from tests.flows.marketing.launch.stage import NOON

pytestmark = pytest.mark.django_db
API = "/api/v1/launch"
materials_clause = pytest.mark.clause("M2.1")
gate_clause = pytest.mark.clause("M2.2")


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


def png(colour: str = "#e1251b", side: int = 500) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(target, "PNG")
    return target.getvalue()


@materials_clause
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_material_shows_what_was_found_and_where(language: str) -> None:
    one = stage.campaign(make.make_shop())
    material_id = stage.briefed(one, must_say=("满300减50",), notes="突出优惠")
    client = signed_in(language=language)
    assert "首页文案" in text(client, "launch-materials", tab="to_make")
    assert text(client, "launch-materials", counts="1")
    add_version.one(stage.designer(), AddVersion(material_id, text="原价299，满300减80", note="第一稿"))
    record = text(client, "launch-material", material_id)
    assert '<mark class="sk-badge tone-red">满300减80</mark>' in record
    assert '<mark class="sk-badge tone-amber">原价299</mark>' in record
    assert ("没有写出" if language == "zh" else "It does not say") in record
    assert "首页文案" in text(client, "launch-materials", tab="all", q="首页", kind="copy", shop=str(one.shop_id))
    assert "首页文案" not in text(client, "launch-materials", tab="approved")


@materials_clause
def test_the_list_takes_as_many_statements_for_twenty_rows_as_for_one() -> None:
    client, one, counts = signed_in(), stage.campaign(make.make_shop()), []
    for more in ((1,), range(2, 21)):
        for n in more:
            stage.briefed(one, title=f"文案{n}")
        text(client, "launch-materials", tab="to_make")
        with CaptureQueriesContext(connection) as queries:
            text(client, "launch-materials", tab="to_make")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@materials_clause
def test_a_brief_is_asked_for_on_its_form_and_mistakes_stand_at_their_fields() -> None:
    one = stage.campaign(make.make_shop())
    client = signed_in()
    form = {
        "campaign_id": str(one.pk), "kind": "poster", "title": "主视觉", "due_at": "2026-06-03T18:00",
        "width": "1200", "height": "600", "must_say": "满300减50\n\n限时三天", "channel": "站内", "notes": "",
    }  # fmt: skip
    assert one.name in text(client, "launch-brief")
    wrong = client.post(reverse("launch-brief"), {**form, "height": "", "campaign_id": "0"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count('aria-invalid="true"') == 2
    past = client.post(reverse("launch-brief"), {**form, "due_at": "2026-05-01T00:00"})
    assert "交付时间要在以后" in past.content.decode()
    answer = client.post(reverse("launch-brief"), form)
    material = Material.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("launch-material", args=[material.pk]))
    assert material.must_say == ["满300减50", "限时三天"]


@materials_clause
def test_a_file_is_handed_in_shown_and_judged_by_its_content() -> None:
    one = stage.campaign(make.make_shop())
    poster, video = stage.briefed(one, "poster", "主视觉"), stage.briefed(one, "video", "短视频")
    client = signed_in(Role.DESIGN)
    url = reverse("launch-add-version", args=[poster])
    svg = SimpleUploadedFile("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    assert client.post(url, {"file": svg}).status_code == 302
    assert MaterialVersion.objects.count() == 0
    assert client.post(url, {"note": "没有文件"}).status_code == 200  # shown again, with the reason
    assert client.post(url, {"file": SimpleUploadedFile("a.png", png()), "note": "一稿"}).status_code == 302
    assert "正在检查" in text(client, "launch-material", poster)
    mp4 = SimpleUploadedFile("a.mp4", film(400, 400, 10))
    assert client.post(reverse("launch-add-version", args=[video]), {"file": mp4}).status_code == 302
    assert stage.perform() == 2
    assert "500 × 500" in text(client, "launch-material", poster)
    file = client.get(reverse("launch-file", args=[poster, 1]))
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert client.get(reverse("launch-small", args=[poster, 1]))["Content-Type"] == "image/jpeg"
    assert client.get(reverse("launch-file", args=[video, 1]))["Content-Type"] == "video/mp4"
    assert client.get(reverse("launch-small", args=[video, 1])).status_code == 404
    assert client.get(reverse("launch-file", args=[poster, 9])).status_code == 404
    elsewhere = signed_in(Role.DESIGN, shops=[make.make_shop()])
    for name, args in (("launch-material", [poster]), ("launch-file", [poster, 1]), ("launch-small", [poster, 1])):
        assert elsewhere.get(reverse(name, args=args)).status_code == 404


@materials_clause
def test_versions_stand_side_by_side() -> None:
    one = stage.campaign(make.make_shop())
    set_brands.one(stage.planner(), SetBrand(one.shop_id, ("#E1251B",)))
    poster = stage.briefed(one, "poster", "主视觉")
    client = signed_in(Role.DESIGN)
    assert client.get(reverse("launch-compare", args=[poster])).status_code == 404
    for colour in ("#0000ff", "#e1251b"):
        add_version.one(stage.designer(), AddVersion(poster, stage.picture(colour)))
        stage.perform()
    page = text(client, "launch-compare", poster)
    assert page.count("sk-picture-whole") == 2
    assert "品牌色只占" in page
    assert text(client, "launch-compare", poster, left="2", right="2").count("品牌色只占") == 0


@materials_clause
def test_another_person_approves_and_notes_where_it_is_used() -> None:
    one = stage.campaign(make.make_shop())
    material_id = stage.briefed(one)
    add_version.one(stage.designer(), AddVersion(material_id, text="夏日清凉"))
    client = signed_in()
    assert client.post(reverse("launch-return"), {"ids": material_id}).status_code == 302
    assert stage.state_of(material_id) == "in_review"  # no reason, no return
    client.post(reverse("launch-approve"), {"ids": material_id})
    assert stage.state_of(material_id) == "approved"
    url = reverse("launch-use", args=[material_id])
    assert client.post(url, {"channel": "站内", "place": " "}).status_code == 200
    client.post(url, {"channel": "站内", "place": "首页焦点图", "used_from": ""})
    assert MaterialUse.objects.get().place == "首页焦点图"
    assert "首页焦点图" in text(client, "launch-material", material_id)
    client.post(reverse("launch-drop"), {"ids": material_id, "reason": "换一版"})
    assert stage.state_of(material_id) == "dropped"
    assert signed_in(Role.WAREHOUSE).get(reverse("launch-materials")).status_code == 403


@materials_clause
def test_brand_colours_are_set_on_their_form() -> None:
    shop = make.make_shop()
    client = signed_in(Role.DESIGN)
    assert shop.name in text(client, "launch-brand")
    wrong = client.post(reverse("launch-brand"), {"shop_id": shop.pk, "colours": "红色"})
    assert wrong.status_code == 422
    client.post(reverse("launch-brand"), {"shop_id": shop.pk, "colours": "#E1251B\n#ffffff"})
    assert Brand.objects.get().colours == ["#e1251b", "#ffffff"]
    assert 'fill="#e1251b"' in text(client, "launch-brand", shop=str(shop.pk))
    foreign = signed_in(Role.DESIGN, shops=[make.make_shop()])
    assert foreign.post(reverse("launch-brand"), {"shop_id": shop.pk, "colours": ""}).status_code == 404


@materials_clause
def test_a_program_hands_in_files_and_reads_materials() -> None:
    one = stage.campaign(make.make_shop())
    poster = stage.briefed(one, "poster", "主视觉")
    client = signed_in(Role.DESIGN)
    kept = client.post(f"{API}/files", {"file": SimpleUploadedFile("a.png", png())}).json()
    assert (kept["kind"], len(kept["digest"])) == ("png", 64)
    refused = client.post(f"{API}/files", {"file": SimpleUploadedFile("a.png", b"<svg/>")})
    assert (refused.status_code, refused.json()["code"]) == (409, "file_kind_unknown")
    add_version.one(stage.designer(), AddVersion(poster, kept["digest"], name="a.jpg"))
    stage.perform()
    detail = client.get(f"{API}/materials/{poster}").json()
    (version,) = detail["versions"]
    assert (version["verdict"], version["number"]) == ("failed", 1)
    assert {f["code"] for f in version["findings"] if f["level"] == "error"} == {"picture_mislabelled"}
    assert version["findings"][0]["remedy"]["en"]
    page = client.get(f"{API}/materials", {"campaign_id": one.pk, "limit": 1}).json()
    assert (page["items"][0]["id"], page["next"]) == (poster, "")
    assert client.get(f"{API}/brands").json()[0]["colours"] == []
    assert client.get(f"{API}/materials/0").status_code == 404


@gate_clause
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_gate_shows_its_lights_with_arithmetic_and_remedy(language: str) -> None:
    one = stage.prepared()
    CampaignGoods.objects.update(planned_quantity=150)
    gate = stage.opened(one)
    client = signed_in(language=language)
    before = text(client, "launch-gate", gate.pk)
    assert ("还没有测试" if language == "zh" else "Not tested yet") in before
    client.post(reverse("launch-run", args=[gate.pk]))
    assert ("已完成 0 / 10 项" if language == "zh" else "0 of 10 done") in text(client, "launch-gate", gate.pk)
    stage.perform()
    page = text(client, "launch-gate", gate.pk)
    assert ("可售 100，计划 150，缺 50" if language == "zh" else "100 sellable, 150 planned, 50 short") in page
    assert ("补货、调低计划数量" if language == "zh" else "Restock, plan fewer pieces") in page
    assert ("去处理" if language == "zh" else "Go there") in page
    assert ("商品专员" if language == "zh" else "Product specialist") in page
    assert page.count('<details class="sk-card sk-light tone-red" open>') == 1
    assert page.count("sk-light tone-green") == 9
    assert one.name in text(client, "launch-gates", tab="red")
    assert one.name not in text(client, "launch-gates", tab="passed")
    assert text(client, "launch-gates", counts="1")
    assert client.get(reverse("launch-gate-of", args=[one.pk]))["Location"] == reverse("launch-gate", args=[gate.pk])
    assert client.get(reverse("launch-gate-of", args=[0])).status_code == 404


@gate_clause
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_promise_without_a_rule_is_told_with_its_place(language: str) -> None:
    gate = stage.tested(stage.prepared(force="满200减20"))
    page = text(signed_in(language=language), "launch-gate", gate.pk)
    for words in ("方案承诺 满200减20（力度）", "没有规则给这个优惠") if language == "zh" else (
        "The plan promises 满200减20 (force)", "No rule gives it"
    ):  # fmt: skip
        assert words in page


@gate_clause
def test_only_a_manager_may_override_and_a_change_is_said() -> None:
    one = stage.prepared()
    CampaignGoods.objects.update(planned_quantity=150)
    gate = stage.tested(one)
    override = reverse("launch-override", args=[gate.pk])
    assert override not in text(signed_in(), "launch-gate", gate.pk)
    assert signed_in(Role.ENGINEERING).post(override, {"reason": "x"}).status_code == 403
    manager = signed_in(Role.OPERATIONS_MANAGER)
    assert override in text(manager, "launch-gate", gate.pk)
    manager.post(override, {"reason": "预售已备好"})
    assert "预售已备好" in text(manager, "launch-gate", gate.pk)
    CampaignGoods.objects.update(planned_quantity=160)
    assert "结果不再有效" in text(manager, "launch-gate", gate.pk)
    assert override_gates.one(stage.manager(), OverrideGate(one.pk, "x")).code == "unchanged"
    assert signed_in(shops=[make.make_shop()]).get(reverse("launch-gate", args=[gate.pk])).status_code == 404


@gate_clause
def test_examples_are_written_on_a_form_changed_and_dropped() -> None:
    one = stage.prepared()
    gate, sku = stage.opened(one), Sku.objects.get()
    client, url = signed_in(Role.ENGINEERING), reverse("launch-example", args=[gate.pk])
    rule_id = one.rules.get().rule_id
    form = {
        "name": "满 300 用券", "code": [sku.code, ""], "quantity": ["6", ""], "paid": ["250", ""],
        "expected_minor": "250.00", "rule_ids": [str(rule_id)], "freight_minor": "", "level": "", "is_new": "",
    }  # fmt: skip
    assert sku.code in text(client, "launch-example", gate.pk)
    wrong = client.post(url, {**form, "code": ["没有", ""], "expected_minor": "很多", "name": ""})
    assert wrong.status_code == 422
    assert "没有商家编码" in wrong.content.decode()
    assert client.post(url, {**form, "code": ["", ""], "expected_minor": ""}).status_code == 422
    assert client.post(url, form).status_code == 302
    written = GateExample.objects.get(name="满 300 用券")
    assert (written.expected_minor, written.lines[0]["paid_minor"]) == (25_000, 25_000)
    assert 'value="250.00"' in text(client, "launch-example", gate.pk, example=str(written.pk))
    client.post(reverse("launch-drop-example", args=[gate.pk, written.pk]))
    assert "满 300 用券" not in text(client, "launch-gate", gate.pk)


@gate_clause
def test_many_gates_are_tested_at_once_and_a_program_reads_them() -> None:
    first, second = stage.prepared(), stage.prepared(code="双11")
    gates = [stage.opened(one).pk for one in (first, second)]
    client = signed_in(Role.ENGINEERING)
    client.post(reverse("launch-run-many"), {"ids": gates})
    while stage.perform():
        pass
    assert set(Gate.objects.values_list("state", flat=True)) == {"green"}
    page = client.get(f"{API}/gates", {"tab": "passed"}).json()
    assert [row["id"] for row in page["items"]] == sorted(gates, reverse=True)
    detail = client.get(f"{API}/campaigns/{first.pk}/gate").json()
    assert (detail["state"], detail["red"], detail["has_changed"]) == ("green", [], False)
    assert [check["verdict"] for check in detail["checks"]] == ["green"] * 10
    claims = next(check for check in detail["checks"] if check["key"] == "coupon_claim")
    assert "100 张" in claims["lines"][0]["says"]["zh"]
    assert client.get(f"{API}/gates/{gates[1]}").json()["campaign_id"] == second.pk
    assert client.get(f"{API}/gates/0").status_code == client.get(f"{API}/campaigns/0/gate").status_code == 404
    assert Campaign.objects.count() == 2


@gate_clause
def test_the_list_of_gates_costs_the_same_for_many() -> None:
    client, shop, counts = signed_in(), make.make_shop(), []
    for more in ((1,), range(2, 9)):
        for n in more:
            stage.opened(stage.campaign(shop, f"c{n}"))
        text(client, "launch-gates", tab="to_test")
        with CaptureQueriesContext(connection) as queries:
            text(client, "launch-gates", tab="to_test")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@gate_clause
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_opens_on_the_first_tab_that_holds_something(language: str) -> None:
    client = signed_in(Role.ENGINEERING, language=language)
    one = stage.prepared()
    CampaignGoods.objects.update(planned_quantity=150)
    stage.tested(one)
    opened = text(client, "launch-gates")
    assert one.name in opened
    assert "tab=red" in opened
    assert one.name not in text(client, "launch-gates", tab="to_test")


@gate_clause
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_testers_list_says_what_a_test_waits_for_and_from_whom(language: str) -> None:
    one = stage.prepared(force="满200减20")
    CampaignGoods.objects.update(planned_quantity=150)
    sku = Sku.objects.get().code
    tester = signed_in(Role.ENGINEERING, language=language)
    stage.opened(one)
    before = "：等 " if language == "zh" else ": waits for"
    assert before not in text(tester, "sop-work")
    stage.tested(one)
    shown = text(tester, "sop-work")
    if language == "zh":
        assert f"等 规则与价格生效 满200减20（运营专员）；备货 {sku}（商品专员）" in shown
    else:
        waits = f"waits for Rules and prices hold 满200减20 (Campaign specialist); Stock {sku} (Product specialist)"
        assert waits in shown


@gate_clause
@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_no_material_was_asked_for_the_gate_leads_to_the_form_that_asks(language: str) -> None:
    one = stage.prepared()
    Material.objects.update(state="dropped")
    page = text(signed_in(language=language), "launch-gate", stage.tested(one).pk)
    form = f"{reverse('launch-brief')}?campaign={one.pk}"
    assert f'href="{form}"' in page
    assert ("请设计做一件" if language == "zh" else "ask Design for a material") in page
    assert ("运营专员" if language == "zh" else "Campaign specialist") in page[page.index(form) :][:200]
    assert f'<option value="{one.pk}" selected>' in signed_in().get(form).content.decode()


@materials_clause
def test_a_version_is_in_use_once_its_place_is_noted_and_not_before() -> None:
    one = stage.campaign(make.make_shop())
    material_id = stage.approved(one)
    client = signed_in()
    shown = text(client, "launch-material", material_id)
    assert "使用中" not in shown
    assert "已通过，还没有登记使用位置" in shown
    assert "通过后在这里登记" not in shown
    client.post(reverse("launch-use", args=[material_id]), {"channel": "站内", "place": "首屏"})
    assert "使用中" in text(client, "launch-material", material_id)


@materials_clause
def test_what_a_poster_needs_is_not_marked_as_optional() -> None:
    stage.campaign(make.make_shop())
    shown = text(signed_in(language="en"), "launch-brief")
    assert shown.count("needed for posters and films") == 2
