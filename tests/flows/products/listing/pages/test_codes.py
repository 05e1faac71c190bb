"""O1.3: the page on which a code of orders is given to one of our SKUs."""

import json

import pytest
from django.urls import reverse

from shopkeeper.flows.products.listing.commands.save_product import save_product
from shopkeeper.flows.products.listing.models import Sku, SkuAlias
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.flows.fulfilment.intake.pages.test_pages import HTMX, client_of, text
from tests.flows.products.listing import stage

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


def test_a_variant_is_picked_by_name_and_taking_a_code_away_asks_once() -> None:
    client = client_of(make.make_person("product_specialist"))
    make.make_sku(code="CUP-1", name="手绘盖碗")
    assert save_product.one(SYSTEM, stage.entry("TEE", stage.make_leaf())).changed
    sku = Sku.objects.get(code="TEE-W-L")
    choices = reverse("listing-code-choices")
    picked = text(client, f"{choices}?sku_code=白色")
    assert picked.strip() == f'<option value="TEE-W-L">{stage.TITLE} · 白色;L · TEE-W-L</option>'
    assert "CUP-1" in text(client, choices)
    form = text(client, reverse("listing-codes"))
    assert 'list="sku-choices"' in form and f'hx-get="{choices}"' in form
    client.post(reverse("listing-codes"), {"code": "OLD-9", "sku_code": sku.code, "reason": "", "form_token": "d"})
    assert "以后的订单不再按“OLD-9”匹配到" in text(client, reverse("listing-codes"))
    make.stock_up(sku, make.make_warehouse(), 3)
    keeper = client_of(make.make_person("warehouse"))
    found = json.loads(text(keeper, f"{reverse('web-palette')}?q=TEE-W-L"))["entries"]
    assert f"TEE-W-L · {stage.TITLE} · 白色;L" in [entry["label"] for entry in found]


def test_whoever_may_not_edit_products_does_not_put_codes() -> None:
    client = client_of(make.make_person("order_specialist"))
    assert client.get(reverse("listing-codes")).status_code in (403, 404)
    sku = make.make_sku()
    client.post(reverse("listing-codes"), {"code": "X-1", "sku_code": sku.code, "form_token": "c"})
    assert not SkuAlias.objects.exists()
