from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.products.listing.commands.draft_products import DraftProduct, draft_products
from shopkeeper.flows.products.listing.commands.save_product import SaveProduct, save_product
from shopkeeper.flows.products.listing.models import Product, ProductVersion, Sku
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.rules.entries import SkuEntry
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.1")]


def test_a_product_is_kept_whole_with_its_variants() -> None:
    leaf = stage.make_leaf()
    actor = make.actor_with(Permission.PRODUCT_EDIT)
    outcome = save_product.one(actor, stage.entry("TEE", leaf))
    assert outcome.changed
    assert outcome.facts["version"] == 1
    product = Product.objects.get(id=outcome.id)
    assert (product.state, product.version, product.made_by, product.leaf_id) == ("draft", 1, actor.id, leaf)
    assert product.attributes == [["材质", "棉"], ["克重", "180 g/m²"]]
    first = Sku.objects.get(code="TEE-W-L")
    assert (first.spec, first.name, first.barcode, first.cost_minor) == ("白色;L", stage.TITLE, "TEE-W-L", 2_000)
    assert first.spec_values == [["颜色", "白色"], ["尺码", "L"]]
    content = ProductVersion.objects.get(product=product, version=1).content
    assert content["title"] == stage.TITLE
    assert [sku["code"] for sku in content["skus"]] == ["TEE-W-L", "TEE-B-L"]


def test_the_same_product_twice_is_unchanged() -> None:
    item = stage.entry("TEE", stage.make_leaf())
    first, second = save_product(SYSTEM, [item, item])
    assert (first.code, second.code) == ("done", "unchanged")
    assert save_product.one(SYSTEM, item).code == "unchanged"
    assert ProductVersion.objects.count() == 1


def test_an_edit_changes_what_it_names_and_makes_a_version() -> None:
    product = stage.make_draft()
    edit = SaveProduct(product_id=product.pk, version=1, title="纯棉T恤男秋季长袖")
    outcome = save_product.one(SYSTEM, edit)
    assert outcome.facts["version"] == 2
    product.refresh_from_db()
    assert (product.title, product.core_keyword) == ("纯棉T恤男秋季长袖", "T恤")
    assert ProductVersion.objects.filter(product=product).count() == 2
    assert save_product.one(SYSTEM, edit).code == "unchanged"


def test_variants_called_as_the_product_follow_its_title_and_others_keep_their_name() -> None:
    product = stage.make_draft()
    own, follows = product.skus.order_by("id")[:2]
    named = SkuEntry(code=own.code, name="白色大码专供")
    save_product.one(SYSTEM, SaveProduct(product_id=product.pk, version=1, skus=(named,)))
    edit = SaveProduct(product_id=product.pk, version=2, title="纯棉T恤男秋季长袖")
    assert save_product.one(SYSTEM, edit).changed
    names = dict(Sku.objects.filter(product=product).values_list("code", "name"))
    assert (names[own.code], names[follows.code]) == ("白色大码专供", "纯棉T恤男秋季长袖")
    latest = ProductVersion.objects.get(product=product, version=3).content
    assert {sku["name"] for sku in latest["skus"]} == {"白色大码专供", "纯棉T恤男秋季长袖"}


def test_an_edit_of_a_stale_version_is_refused_and_nothing_is_lost() -> None:
    product = stage.make_draft()
    save_product.one(SYSTEM, SaveProduct(product_id=product.pk, version=1, title="先存的T恤"))
    late = save_product.one(SYSTEM, SaveProduct(product_id=product.pk, version=1, title="后存的T恤"))
    assert late.code == "stale_version"
    assert late.facts == {"version": 2, "yours": 1}
    product.refresh_from_db()
    assert product.title == "先存的T恤"


def test_a_picture_that_came_meanwhile_does_not_make_the_text_stale() -> None:
    product = stage.make_draft()
    stage.attach(product, stage.good_picture())
    assert product.version == 2
    assert save_product.one(SYSTEM, SaveProduct(product_id=product.pk, version=1, title="改过的T恤")).changed


def test_an_approved_product_that_is_edited_is_a_draft_again() -> None:
    product = stage.make_approved()
    save_product.one(SYSTEM, SaveProduct(product_id=product.pk, version=product.version, title="改过的T恤"))
    version = product.version
    product.refresh_from_db()
    assert (product.state, product.version, product.approved_version) == ("draft", version + 1, version)


def test_what_is_under_review_is_not_edited() -> None:
    product = stage.make_submitted()
    edit = SaveProduct(product_id=product.pk, version=product.version, title="改过的T恤")
    assert save_product.one(SYSTEM, edit).code == "under_review"


def test_the_price_of_an_approved_product_comes_from_price_plans() -> None:
    product = stage.make_approved("TEE")
    edit = SaveProduct(product_id=product.pk, version=product.version, skus=(SkuEntry("TEE-W-L", price_minor=1),))
    assert save_product.one(SYSTEM, edit).code == "price_by_plan"
    cost = SaveProduct(product_id=product.pk, version=product.version, skus=(SkuEntry("TEE-W-L", cost_minor=1),))
    assert save_product.one(SYSTEM, cost).changed


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"code": "A B"}, "product_code_unreadable"),
        ({"title": " "}, "title_unreadable"),
        ({"title": "长" * 201}, "title_unreadable"),
        ({"core_keyword": "词" * 61}, "keyword_unreadable"),
        ({"selling_points": ("长" * 201,)}, "lines_unreadable"),
        ({"description": "长" * 20_001}, "description_too_long"),
        ({"attributes": {"名" * 41: "值"}}, "attributes_unreadable"),
        ({"platforms": ("amazon",)}, "platform_unknown"),
        ({"promises": ("moon",)}, "promise_unknown"),
        ({"no_reason": "maybe"}, "no_reason_unknown"),
        ({"leaf_id": 0x7FFFFFFF}, "category_unknown"),
        ({"skus": (SkuEntry(""),)}, "sku_code_unreadable"),
        ({"skus": (SkuEntry("S", barcode="6" * 61),)}, "barcode_unreadable"),
        ({"skus": (SkuEntry("S", cost_minor=-1),)}, "sku_figures"),
        ({"skus": (SkuEntry("S", weight_g=-1),)}, "sku_figures"),
        ({"skus": (SkuEntry("S", currency="¥"),)}, "currency_unknown"),
        ({"skus": (SkuEntry("S", {"颜色": "白" * 101}),)}, "sku_spec_too_long"),
        ({"skus": (SkuEntry("S", name="名" * 201),)}, "sku_name_too_long"),
        ({"skus": (SkuEntry("S"), SkuEntry("S"))}, "skus_twice_or_too_many"),
        ({"skus": (SkuEntry("S1", barcode="1"), SkuEntry("S2", barcode="1"))}, "barcode_taken"),
    ],
)
def test_what_cannot_be_read_is_refused(fields: dict, code: str) -> None:
    item = replace(SaveProduct("TEE", title="T恤"), **fields)
    assert save_product.one(SYSTEM, item).code == code
    assert not Product.objects.exists()


def test_codes_and_barcodes_belong_to_one() -> None:
    make.make_sku(code="TAKEN", barcode="690")
    assert save_product.one(SYSTEM, SaveProduct("A", title="T恤", skus=(SkuEntry("TAKEN"),))).code == "sku_code_taken"
    item = SaveProduct("A", title="T恤", skus=(SkuEntry("FREE", barcode="690"),))
    assert save_product.one(SYSTEM, item).code == "barcode_taken"
    product = stage.make_draft("TEE")
    assert save_product.one(SYSTEM, SaveProduct("TEE", title="别的")).code == "product_code_taken"
    assert save_product.one(SYSTEM, SaveProduct(product_id=product.pk, title="别的")).code == "version_needed"
    assert save_product.one(SYSTEM, SaveProduct(product_id=0, version=1, title="别的")).code == "not_found"


def test_nobody_enters_products_without_the_permission() -> None:
    with pytest.raises(NotAllowed):
        save_product.one(make.actor_with(Permission.PRODUCT_VIEW), SaveProduct("TEE", title="T恤"))


def test_a_hundred_products_take_as_many_statements_as_one() -> None:
    leaf = stage.make_leaf()
    counts = []
    for start, many in ((0, 1), (1, 100)):
        items = [stage.entry(f"TEE{n}", leaf) for n in range(start, start + many)]
        with CaptureQueriesContext(connection) as queries:
            assert all(outcome.changed for outcome in save_product(SYSTEM, items))
        edits = [
            SaveProduct(product_id=Product.objects.get(code=i.code).pk, version=1, title="新标题T恤") for i in items
        ]
        with CaptureQueriesContext(connection) as again:
            assert all(outcome.changed for outcome in save_product(SYSTEM, edits))
        counts.append((len(queries), len(again)))
    assert counts[0] == counts[1]


def test_one_bad_product_does_not_hold_up_the_others() -> None:
    outcomes = save_product(SYSTEM, [stage.entry("A"), stage.entry("B", title=""), stage.entry("C")])
    assert [outcome.code for outcome in outcomes] == ["done", "title_unreadable", "done"]


@pytest.mark.clause("P1.2")
def test_a_candidate_becomes_a_draft_with_its_sku() -> None:
    item = DraftProduct("CAND", "冰丝凉席", "凉席", cost_minor=3_000, price_minor=9_900)
    outcome = draft_products.one(SYSTEM, item)
    product = Product.objects.get(id=outcome.id)
    assert (product.state, product.core_keyword) == ("draft", "凉席")
    assert Sku.objects.get(product=product).cost_minor == 3_000
    assert draft_products.one(SYSTEM, item).code == "unchanged"
