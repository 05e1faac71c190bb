"""O1.3: the page on which a code of orders is given to one of our SKUs."""

import pytest
from django.urls import reverse

from shopkeeper.flows.products.listing.models import SkuAlias
from tests import factories as make
from tests.flows.fulfilment.intake.pages.test_pages import HTMX, client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


def test_a_code_is_put_found_and_taken_away() -> None:
    client = client_of(make.make_person("product_specialist"))
    sku = make.make_sku(code="CUP-2", name="手绘盖碗")
    address = reverse("listing-codes")
    assert 'value="OLD-949"' in text(client, f"{address}?code=OLD-949")
    posted = {"code": "OLD-949", "sku_code": "CUP-3", "reason": "旧编码", "form_token": "a"}
    refused = client.post(address, posted)
    assert refused.status_code == 422
    assert "没有这个商家编码或条码的规格" in refused.content.decode()
    assert 'value="OLD-949"' in refused.content.decode()
    assert client.post(address, {**posted, "sku_code": "CUP-2"}).status_code == 302
    alias = SkuAlias.objects.get()
    assert (alias.code, alias.sku_id) == ("OLD-949", sku.pk)
    assert "手绘盖碗" in text(client, f"{address}?q=OLD-949")
    assert "没有这个编码的对应" in text(client, f"{address}?q=OTHER")
    client.post(reverse("listing-code-drop", args=[alias.pk]), {"form_token": "b"}, headers=HTMX)
    assert not SkuAlias.objects.exists()


def test_whoever_may_not_edit_products_does_not_put_codes() -> None:
    client = client_of(make.make_person("order_specialist"))
    assert client.get(reverse("listing-codes")).status_code in (403, 404)
    sku = make.make_sku()
    client.post(reverse("listing-codes"), {"code": "X-1", "sku_code": sku.code, "form_token": "c"})
    assert not SkuAlias.objects.exists()
