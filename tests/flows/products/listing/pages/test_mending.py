"""What has to be mended of a product: what a reviewer asked for, what cannot be read, what a new one starts from."""

import pytest

from shopkeeper.flows.products.listing.commands.note_review import NoteReview, note_review
from shopkeeper.flows.products.listing.models import Product
from shopkeeper.foundation.actor import SYSTEM
from tests.flows.products.listing import stage
from tests.flows.products.listing.pages.test_pages import form, page, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.1")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_reviewer_asked_for_stays_until_the_next_decision(language: str) -> None:
    product = stage.make_submitted()
    note_review.one(SYSTEM, NoteReview(product.pk, product.version, False, "主图换成白底"))
    client, path = visitor(language=language), f"/products/{product.pk}/"
    dialog = "为什么原样再提交" if language == "zh" else "Why submit it as it is?"
    assert dialog in page(client, path)
    version = {"version": str(product.version)}
    client.post(f"{path}submit/", version)
    assert Product.objects.get().state == "returned"
    client.post("/products/submit/", {"ids": [product.pk]})
    assert Product.objects.get().state == "returned"
    client.post(f"{path}submit/", {**version, "reason": "主图本来就是白底"})
    assert Product.objects.get().state == "submitted"
    shown = page(client, path)
    assert "主图换成白底" in shown.split('class="sk-alert tone-blue"')[1][:600], "told, and nothing to mend now"
    assert "主图本来就是白底" in shown
    client.post(f"{path}withdraw/")
    assert ("主管上次退回" if language == "zh" else "Returned by the supervisor last time") in page(client, path)
    assert dialog in page(client, path)
    assert "主图换成白底" in page(client, f"{path}edit/")
    client.post(f"{path}submit/", {**version, "reason": "同上"})
    note_review.one(SYSTEM, NoteReview(product.pk, product.version, True))
    assert "sk-alert tone-red" not in page(client, path)


def test_a_new_product_starts_from_what_an_order_says_of_it() -> None:
    shown = page(visitor(), "/products/new/?code=OLD-949&title=旧款杯&spec=酒红&price=8800")
    for given in ('value="OLD-949"', 'value="旧款杯"', 'value="规格：酒红"', 'value="88.00"'):
        assert given in shown
    assert 'value="颜色：红"' in page(visitor(), "/products/new/?code=X&spec=颜色：红&price=x")


def test_the_cell_that_cannot_be_read_is_marked_where_it_stands() -> None:
    wrong = form(sku_spec=["颜色：白色", "酒红"], sku_cost=["20", "x"])
    shown = visitor().post("/products/new/", wrong).content.decode()
    assert shown.count("is-invalid") == 1
    (cell,) = (part.split(">")[0] for part in shown.split("<input")[1:] if "is-invalid" in part.split(">")[0])
    assert 'name="sku_spec"' in cell
    assert 'value="酒红"' in cell
    assert 'id="skus-error"' in shown


def test_a_withdrawn_product_that_was_never_returned_is_submitted_without_a_reason() -> None:
    product = stage.make_submitted()
    client, path = visitor(), f"/products/{product.pk}/"
    client.post(f"{path}withdraw/")
    client.post(f"{path}submit/", {"version": str(product.version)})
    assert Product.objects.get().state == "submitted"


def test_a_cost_that_was_typed_is_not_said_to_be_missing_and_only_what_must_be_mended_is_counted() -> None:
    client = visitor()
    typed = form(sku_spec=["酒红", "颜色：黑色"], sku_cost=["52", ""], sku_price=["99", "99"])
    shown = client.post("/products/check/", typed).content.decode()
    assert "规格 TEE-W 没有成本" not in shown
    assert "规格 TEE-B 没有成本" in shown
    assert f"还有 {shown.count('<li class=' + chr(34) + 'tone-red')} 处要改" in shown
    assert f"另有 {shown.count('<li class=' + chr(34) + 'tone-amber')} 条建议" in shown
