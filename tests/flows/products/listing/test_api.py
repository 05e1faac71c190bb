import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.flows.products.listing.models import ProductImport
from shopkeeper.foundation.models import ApiToken
from shopkeeper.shared.clock import machine_now
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.1"), pytest.mark.clause("G6")]


def program(role: str = "product_specialist") -> Client:
    person = make.make_person(role)
    token = f"token-{person.pk}"
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash(token), made_at=machine_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def read(client: Client, path: str):
    answer = client.get(f"/api/v1/listing/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_products_are_read_page_by_page() -> None:
    for n in range(3):
        stage.make_draft(f"TEE{n}")
    client = program()
    first = read(client, "products?limit=2&state=draft")
    assert [row["code"] for row in first["rows"]] == ["TEE2", "TEE1"]
    second = read(client, f"products?limit=2&after={first['next']}")
    assert [row["code"] for row in second["rows"]] == ["TEE0"] and second["next"] == ""
    assert len(read(client, "products?q=cmtx")["rows"]) == 3


def test_one_product_says_what_is_left_to_mend_in_both_languages() -> None:
    product = stage.make_draft("TEE")
    found = read(program(), f"products/{product.pk}")
    assert found["category"] == ["服装", "男装", "T恤"] and found["skus"][0]["cost_minor"] == 2_000
    missing = next(f for f in found["findings"] if f["code"] == "main_image_missing")
    assert set(missing["reason"]) == {"zh", "en"}
    assert read(program("customer_service"), f"products/{product.pk}")["skus"][0]["cost_minor"] is None
    assert program().get("/api/v1/listing/products/999999").status_code == 404


def test_skus_are_found_by_name_code_barcode_and_initials() -> None:
    stage.make_draft("TEE")
    client = program("customer_service")
    for asked in ("TEE-W-L", "tee-w", "白色;L", "cmtx", "短袖"):
        assert "TEE-W-L" in [row["code"] for row in read(client, f"skus?q={asked}")["rows"]], asked
    page = read(client, "skus?q=TEE&limit=1")
    assert len(page["rows"]) == 1 and read(client, f"skus?q=TEE&after={page['next']}")["rows"]
    assert read(client, "skus?q= ")["rows"] == []


def test_tree_and_verdicts() -> None:
    product = stage.make_draft("TEE")
    stage.attach(product, stage.picture(background="grey"))
    client = program("design")
    assert read(client, "categories")[0]["children"][0]["children"][0]["mapped"]["taobao"].startswith("5000")
    failed = read(client, "images?verdict=failed&q=TEE")["rows"][0]
    assert failed["findings"][0]["code"] == "picture_not_white"


def test_files_are_handed_in_and_named_by_their_digest() -> None:
    product = stage.make_draft("TEE")
    client = program()
    kept = client.post("/api/v1/listing/pictures", {"file": SimpleUploadedFile("主图.jpg", stage.good_picture())})
    assert kept.status_code == 200 and kept.json()["kind"] == "jpeg"
    body = {"items": [{"product_id": product.pk, "digest": kept.json()["digest"], "role": "main", "name": "主图.jpg"}]}
    answer = client.post("/api/v1/listing/attach-images", body, content_type="application/json").json()
    assert answer["outcomes"][0]["result"] == "done"
    bad = client.post("/api/v1/listing/pictures", {"file": SimpleUploadedFile("x.png", b"<svg/>")})
    assert bad.status_code == 409 and bad.json()["code"] == "file_kind_unknown"
    table = client.post(
        "/api/v1/listing/tables", {"file": SimpleUploadedFile("a.csv", "商品编码,商家编码\nA,A1\n".encode())}
    )
    body = {"items": [{"digest": table.json()["digest"], "name": "a.csv", "dry_run": True}]}
    begun = client.post("/api/v1/listing/import-products", body, content_type="application/json").json()
    found = read(client, f"imports/{begun['outcomes'][0]['id']}")
    assert found["state"] == "queued" and ProductImport.objects.get().is_dry_run
    assert program().get(f"/api/v1/listing/imports/{found['id']}").status_code == 404
    assert program("design").post("/api/v1/listing/tables", {}).status_code in (403, 422)


def test_a_product_is_entered_and_submitted_by_a_program() -> None:
    leaf = stage.make_leaf()
    client = program()
    item = {
        "code": "API1", "title": stage.TITLE, "core_keyword": "T恤", "leaf_id": leaf, "platforms": ["taobao"],
        "attributes": {"材质": "棉"}, "skus": [{"code": "API1-W", "spec_values": {"颜色": "白色"}, "cost_minor": 2000}],
    }  # fmt: skip
    saved = client.post("/api/v1/listing/save-product", {"items": [item]}, content_type="application/json").json()
    outcome = saved["outcomes"][0]
    assert outcome["result"] == "done" and outcome["facts"]["version"] == 1
    body = {"items": [{"product_id": outcome["id"], "version": 1}]}
    refused = client.post("/api/v1/listing/submit-product", body, content_type="application/json").json()["outcomes"][0]
    assert refused["code"] == "product_unfit" and refused["words"]["zh"]
    assert {"selling_points_missing", "main_image_missing"} <= {f["code"] for f in refused["facts"]["findings"]}
