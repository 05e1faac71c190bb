"""Pages of products through the browser's door."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shopkeeper.flows.products.listing.commands.change_categories import RetireCategory, retire_categories
from shopkeeper.flows.products.listing.commands.note_review import NoteReview, note_review
from shopkeeper.flows.products.listing.models import (
    Category,
    CategoryMapping,
    Product,
    ProductImage,
    ProductImport,
    Sku,
)
from shopkeeper.flows.products.listing.tasks import run
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.1")]


def visitor(role: str = "product_specialist", language: str = "zh") -> Client:
    client = Client()
    client.force_login(make.make_person(role), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["sk_lang"] = language
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def sheet_of(answer) -> list[list[object]]:
    content = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def form(code: str = "TEE", **fields: object) -> dict[str, object]:
    base: dict[str, object] = {
        "code": code, "title": stage.TITLE, "core_keyword": "T恤", "selling_points": "不起球\n不变形",
        "scenarios": "通勤", "description": "", "leaf_id": "", "platforms": ["taobao"],
        "promises": ["no_reason_return"], "no_reason": "yes", "attribute:材质": "棉", "more_name": "产地",
        "more_value": "新疆", "sku_spec": ["颜色：白色", "颜色：黑色"], "sku_code": ["TEE-W", "TEE-B"],
        "sku_barcode": ["", ""], "sku_weight": ["200", ""], "sku_cost": ["20", "20.5"], "sku_price": ["59.9", ""],
        "sku_off": ["", ""],
    }  # fmt: skip
    return {**base, **fields}


def test_the_list_shows_products_by_state_and_finds_them() -> None:
    stage.make_draft("DRAFT1")
    approved = stage.make_approved("GOOD1")
    client = visitor()
    assert "DRAFT1" in page(client, "/products/")
    assert "GOOD1" not in page(client, "/products/")
    for question in ("tab=approved", "tab=all&q=GOOD1", "tab=all&q=cmtx", "tab=all&q=纯棉", "tab=all&tag=new"):
        assert "GOOD1" in page(client, f"/products/?{question}"), question
    pasted = page(client, "/products/?tab=all&q=GOOD1-W-L GOOD1-B-L")
    assert "GOOD1" in pasted and "DRAFT1" not in pasted
    root = Category.objects.filter(level=1).first()
    assert "GOOD1" in page(client, f"/products/?tab=all&category={root.pk}")
    assert "GOOD1" not in page(client, "/products/?tab=all&category=999999")
    nowhere = page(client, "/products/?tab=all&q=没有的")
    assert "没有符合条件" in nowhere and "在全部里找" not in nowhere
    assert 'href="?tab=all&amp;q=NOWHERE"' in page(client, "/products/?tab=retired&q=NOWHERE")
    assert str(approved.pk) and page(client, "/products/?counts=1")


def test_the_list_takes_as_many_statements_for_thirty_rows_as_for_one() -> None:
    client = visitor()
    counts = []
    for more in (1, 29):
        for _ in range(more):
            stage.make_draft(leaf_id=None)
        page(client, "/products/?tab=all")
        with CaptureQueriesContext(connection) as queries:
            page(client, "/products/?tab=all")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_product_is_entered_and_a_mistake_keeps_what_was_typed() -> None:
    leaf = stage.make_leaf()
    client = visitor()
    assert "边填边查" in page(client, "/products/new/")
    bad = client.post("/products/new/", form(sku_cost=["二十", "1"]))
    assert bad.status_code == 422
    assert stage.TITLE in bad.content.decode() and "TEE-B" in bad.content.decode()
    assert client.post("/products/new/", form(title="")).status_code == 422
    good = client.post("/products/new/", form(leaf_id=str(leaf)))
    product = Product.objects.get(code="TEE")
    assert good["Location"] == f"/products/{product.pk}/"
    assert product.attributes == [["材质", "棉"], ["产地", "新疆"]]
    assert set(Sku.objects.values_list("code", "spec", "cost_minor")) == {
        ("TEE-W", "白色", 2_000), ("TEE-B", "黑色", 2_050)
    }  # fmt: skip
    taken = client.post("/products/new/", form(title="别的T恤"))
    assert taken.status_code == 422 and "TEE" in taken.content.decode()


def test_an_edit_of_a_stale_version_says_so_and_can_be_saved_once_more() -> None:
    product = stage.make_draft("TEE")
    client = visitor()
    assert stage.TITLE in page(client, f"/products/{product.pk}/edit/")
    Product.objects.filter(id=product.pk).update(version=2, content_version=2, title="别人改的T恤")
    mine = form(
        title="我改的T恤",
        version="1",
        sku_spec=[],
        sku_code=[],
        sku_barcode=[],
        sku_weight=[],
        sku_cost=[],
        sku_price=[],
        sku_off=[],
    )
    stale = client.post(f"/products/{product.pk}/edit/", mine)
    text = stale.content.decode()
    assert stale.status_code == 422
    assert "我改的T恤" in text and "第 2 版" in text and 'name="version" value="2"' in text
    assert client.post(f"/products/{product.pk}/edit/", {**mine, "version": "2"}).status_code == 302
    product.refresh_from_db()
    assert product.title == "我改的T恤"
    page(client, "/products/999999/edit/", 404)


def test_the_form_is_checked_as_one_types() -> None:
    leaf = stage.make_leaf()
    stage.make_template(leaf)
    client = visitor()
    text = client.post(
        "/products/check/", form(leaf_id=str(leaf), title="棉" * 31, **{"attribute:材质": "皮"})
    ).content.decode()
    assert "62 字节" in text and "62/60" in text
    assert "没有核心词" in text and "不在选项中" in text and "没有主图" in text
    attributes = client.post("/products/attributes/", form(leaf_id=str(leaf))).content.decode()
    assert "涤纶" in attributes and "克重" in attributes and "新疆" in attributes
    matrix = client.post("/products/variants/", form(dims="颜色：白色 红色\n尺码：M、L")).content.decode()
    assert matrix.count('name="sku_code"') == 6
    assert "颜色：红色；尺码：L" in matrix
    assert client.post("/products/variants/", form()).content.decode().count('name="sku_code"') == 3


def test_a_record_shows_checks_pictures_and_what_happened() -> None:
    product = stage.make_draft("TEE")
    stage.attach(product, stage.picture(background="grey"))
    text = page(visitor(), f"/products/{product.pk}/")
    assert "边框白色占" in text and "不合格" in text and "保存第 1 版" in text and "20.00" in text
    english = page(visitor("customer_service", "en"), f"/products/{product.pk}/")
    assert "of the border is white" in english
    assert "20.00" not in english  # what it cost is not everybody's business
    page(visitor(), "/products/999999/", 404)


def test_submit_withdraw_return_retire_and_revive() -> None:
    product = stage.make_ready("TEE")
    client = visitor()
    assert client.post(f"/products/{product.pk}/submit/", {"version": product.version}).status_code == 302
    assert client.post(f"/products/{product.pk}/withdraw/").status_code == 302
    client.post("/products/submit/", {"ids": [product.pk]})
    product.refresh_from_db()
    assert product.state == "submitted"
    findings = (
        {"code": "listed_word", "place": "title", "facts": {"word": "顶级", "suggestion": "优质"}, "level": "error"},
        {"code": "marked_place", "place": "selling_points:1", "facts": {"note": "请附检测报告"}, "level": "error"},
    )
    note_review.one(SYSTEM, NoteReview(product.pk, product.version, False, "标题夸大", findings))
    text = page(client, f"/products/{product.pk}/")
    assert all(words in text for words in ("标题夸大", "违禁词“顶级”", "卖点 2", "请附检测报告"))
    editor = page(client, f"/products/{product.pk}/edit/")
    assert all(words in editor for words in ("标题夸大", "违禁词“顶级”", "卖点 2", "请附检测报告"))
    for shown in (text, editor):
        assert "退回后还没有改动" in shown and "可以提交审核" not in shown
    sent = {"product_id": product.pk, **form(title="改过的标题 T恤")}
    assert "退回后还没有改动" not in client.post("/products/check/", sent).content.decode()
    client.post("/products/retire/", {"ids": [product.pk], "reason": "换季"})
    product.refresh_from_db()
    assert product.state == "retired"
    client.post(f"/products/{product.pk}/revive/")
    client.post(f"/products/{product.pk}/tags/", {"tags": ["hot"]})
    product.refresh_from_db()
    assert product.state == "draft"
    assert "热销" in page(client, f"/products/{product.pk}/")


def test_an_approved_product_leads_on_to_its_shops() -> None:
    product = stage.make_approved("TEE")
    way = f"/publishing/products/{product.pk}/"
    assert way in page(visitor(), f"/products/{product.pk}/")
    assert way not in page(visitor("warehouse"), f"/products/{product.pk}/")
    assert visitor().get(way).status_code == 200


def test_everything_that_matches_can_be_submitted_at_once() -> None:
    products = [stage.make_ready(f"TEE{n}") for n in range(2)]
    visitor().post("/products/submit/", {"all_matching": "1", "list_query": "?tab=draft"})
    assert set(Product.objects.filter(id__in=[p.pk for p in products]).values_list("state", flat=True)) == {"submitted"}


def test_the_export_is_the_table_that_can_be_imported() -> None:
    stage.make_draft("TEE")
    answer = visitor().get("/products/?export=xlsx")
    sheet = sheet_of(answer)
    assert sheet[0][0] == "商品编码" and sheet[1][0] == "TEE" and len(sheet) == 3
    assert "20.0" in map(str, sheet[1])  # the cost, for who enters it


def test_who_may_not_see_costs_gets_none_in_the_export() -> None:
    stage.make_draft("TEE")
    answer = visitor("warehouse").get("/products/?export=xlsx")
    sheet = sheet_of(answer)
    assert sheet[1][0] == "TEE" and "成本（元）" not in sheet[0]
    assert "20.0" not in map(str, [cell for row in sheet for cell in row])


def test_an_export_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        stage.make_draft(f"TEE{number}")
    monkeypatch.setattr("shopkeeper.web.exporting.MOST_ROWS", 4)
    answer = visitor().get("/products/?export=xlsx")
    sheet = sheet_of(answer)
    assert len(sheet) == 6 and "4" in sheet[-1][0] and "first-4" in answer["Content-Disposition"]


@pytest.mark.clause("P2.2")
def test_a_failed_picture_is_replaced_in_its_place_and_the_duty_is_done() -> None:
    product = stage.make_draft()
    bad = stage.attach(product, stage.picture(background="grey"))
    other = stage.attach(product, stage.good_picture(7), "gallery")
    client = visitor("design")
    shown = page(client, f"/products/images/{bad.pk}/")
    assert 'href="#replace-file"' in shown and f"/products/images/{bad.pk}/replace/" in shown
    assert f"/products/images/{bad.pk}/#replace-file" in page(client, f"/products/{product.pk}/")
    url = f"/products/images/{bad.pk}/replace/"
    client.post(url, {"file": SimpleUploadedFile("x.jpg", b"nothing")})
    client.post(url, {"file": SimpleUploadedFile("same.jpg", stage.picture(background="grey"))})
    client.post(url, {})
    assert ProductImage.objects.filter(pk=bad.pk, role="main").exists()
    answer = client.post(url, {"file": SimpleUploadedFile("主图.jpg", stage.good_picture(1))})
    rows = ProductImage.objects.order_by("position").values_list("role", "id")
    assert [role for role, _ in rows] == ["main", "gallery"] and rows[1][1] == other.pk
    assert answer["Location"] == f"/products/images/{rows[0][1]}/"
    assert not Deadline.objects.filter(kind="failed_picture").exists()


def test_what_a_picture_measures_is_told_apart_from_what_is_wanted() -> None:
    draft = stage.make_draft("TEE")
    image = stage.attach(draft, stage.picture(600, blur=2, seed=5))
    shown = page(visitor("design"), f"/products/images/{image.pk}/")
    assert "，要求至少 60" in shown and "，要求至少 98%" in shown
    assert "≥" not in shown and "vision" not in shown


def test_pictures_are_uploaded_shown_ordered_and_removed() -> None:
    product = stage.make_draft("TEE")
    client = visitor("design")
    files = [
        SimpleUploadedFile("主图.jpg", stage.good_picture(1)),
        SimpleUploadedFile("logo.svg", b"<svg><script>alert(1)</script></svg>"),
    ]
    client.post(f"/products/{product.pk}/images/", {"role": "main", "files": files})
    image = ProductImage.objects.get()
    assert image.role == "main"
    text = page(client, f"/products/{product.pk}/")
    assert "logo.svg" in text and "检查中" in text
    client.post(
        f"/products/{product.pk}/images/", {"role": "gallery", "files": [SimpleUploadedFile("x.png", b"nothing")]}
    )
    assert ProductImage.objects.count() == 1
    client.post(f"/products/{product.pk}/images/", {"role": "gallery", "files": []})
    second = stage.attach(product, stage.picture(background="grey", seed=3), "gallery")
    for path in (f"/products/images/{image.pk}/", "/products/images/?tab=all", "/products/images/?counts=1"):
        page(client, path)
    whole = client.get(f"/products/images/{image.pk}/file/")
    assert whole["Content-Type"] == "image/jpeg" and whole["X-Content-Type-Options"] == "nosniff"
    assert whole.content == stage.good_picture(1)
    small = client.get(f"/products/images/{image.pk}/small/")
    assert len(small.content) < len(whole.content)
    client.post(f"/products/images/{second.pk}/main/")
    client.post(f"/products/images/{second.pk}/first/")
    second.refresh_from_db()
    assert (second.role, second.position) == ("main", 0)
    client.post("/products/images/inspect/", {"ids": [image.pk]})
    image.refresh_from_db()
    assert image.verdict == "waiting"
    client.post("/products/images/inspect/", {"all_matching": "1", "list_query": "?tab=all"})
    client.post(f"/products/images/{image.pk}/remove/")
    assert ProductImage.objects.count() == 1
    for path in ("", "file/", "small/"):
        page(client, f"/products/images/999999/{path}", 404)


@pytest.mark.clause("P2.3")
def test_the_tree_is_built_mapped_and_given_attributes() -> None:
    client = visitor()
    assert "还没有类目" in page(client, "/products/categories/")
    client.post("/products/categories/add/", {"name": "服装"})
    root = Category.objects.get()
    client.post("/products/categories/add/", {"name": "男装", "parent_id": root.pk})
    middle = Category.objects.get(level=2)
    client.post("/products/categories/add/", {"name": "T恤", "parent_id": middle.pk})
    leaf = Category.objects.get(level=3)
    assert "未对应平台类目" in page(client, "/products/categories/")
    client.post(f"/products/categories/{leaf.pk}/map/", {"leaf_taobao": "50000671", "path_taobao": "男装>T恤"})
    assert CategoryMapping.objects.get().platform_leaf == "50000671"
    lines = {
        "name": ["材质", ""],
        "kind": ["choice", "text"],
        "required": ["1", ""],
        "choices": ["棉，麻", ""],
        "units": ["", ""],
    }
    client.post(f"/products/categories/{leaf.pk}/template/", lines)
    text = page(client, f"/products/categories/{leaf.pk}/")
    assert "棉，麻" in text and "50000671" in text
    client.post(f"/products/categories/{root.pk}/rename/", {"name": "服饰"})
    other = stage.make_leaf("鞋", "男鞋", "跑鞋")
    client.post(f"/products/categories/{middle.pk}/move/", {"parent_id": Category.objects.get(name="鞋").pk})
    middle.refresh_from_db()
    assert middle.parent.name == "鞋"
    client.post(f"/products/categories/{other}/retire/")
    assert Category.objects.get(id=other).is_retired
    page(client, "/products/categories/999999/", 404)
    assert "改名" not in page(visitor("design"), f"/products/categories/{leaf.pk}/")
    assert retire_categories.one(SYSTEM, RetireCategory(other)).code == "unchanged"


def test_a_table_is_tried_out_and_then_taken() -> None:
    client = visitor()
    table = "商品编码,商家编码,标题\nA,A1,纯棉T恤\nB,,没有编码\n".encode()
    upload = SimpleUploadedFile("商品.csv", table)
    assert "商品编码" in page(client, "/products/import/")
    answer = client.post("/products/import/", {"file": upload, "dry_run": "1"})
    job = ProductImport.objects.get()
    assert answer["Location"] == f"/products/import/{job.pk}/"
    assert "已处理" in page(client, f"/products/import/{job.pk}/")
    run(job.pk)
    text = page(client, f"/products/import/{job.pk}/")
    assert "正式导入" in text and not Product.objects.exists()
    sheet = client.get(f"/products/import/{job.pk}/failures/")
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    client.post(f"/products/import/{job.pk}/")
    last = ProductImport.objects.latest("id")
    assert not last.is_dry_run
    run(last.pk)
    assert list(Product.objects.values_list("code", flat=True)) == ["A", "B"]
    assert client.post("/products/import/", {}).status_code == 422
    bad = SimpleUploadedFile("x.csv", b"\x00\x01")
    assert client.post("/products/import/", {"file": bad}).status_code == 422
    empty = client.get("/products/import/template/")
    assert [row[0] for row in sheet_of(empty)] == ["商品编码"]
    page(visitor(), f"/products/import/{job.pk}/", 404)
    page(visitor(), f"/products/import/{job.pk}/failures/", 404)


def test_who_may_only_look_is_offered_nothing_to_change() -> None:
    product = stage.make_draft("TEE")
    client = visitor("customer_service")
    text = page(client, f"/products/{product.pk}/")
    assert "提交审核" not in text.replace("改好后才能提交审核", "") and 'type="file"' not in text
    for path in ("/products/new/", f"/products/{product.pk}/edit/", "/products/import/"):
        page(client, path, 403)
