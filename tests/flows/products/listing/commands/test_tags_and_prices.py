from datetime import timedelta

import pytest

from shopkeeper.flows.products.listing.commands.put_prices import PutPrices, put_prices
from shopkeeper.flows.products.listing.commands.set_tags import (
    RetagProduct,
    SetPromises,
    SetTags,
    retag_products,
    set_promises,
    set_tags,
)
from shopkeeper.flows.products.listing.models import Product, ProductTag, Sku
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.3")]


def tags(product: Product) -> dict[str, str]:
    return dict(ProductTag.objects.filter(product=product).values_list("tag", "source"))


def test_tags_by_hand_are_all_a_person_wants() -> None:
    product = stage.make_approved()
    version = product.version
    assert set_tags.one(make.actor_with(Permission.PRODUCT_EDIT), SetTags(product.pk, ("hot",))).changed
    assert tags(product) == {"hot": "hand"}
    assert set_tags.one(SYSTEM, SetTags(product.pk, ("hot",))).code == "unchanged"
    assert set_tags.one(SYSTEM, SetTags(product.pk, ())).changed
    assert tags(product) == {}
    product.refresh_from_db()
    assert (product.state, product.version) == ("approved", version)
    assert set_tags.one(SYSTEM, SetTags(product.pk, ("best",))).code == "tag_unknown"
    assert set_tags.one(SYSTEM, SetTags(0, ())).code == "not_found"


def test_new_is_taken_off_by_the_rule_when_its_days_are_over() -> None:
    product = stage.make_approved()
    assert tags(product) == {"new": "rule"}
    long_ago = product.first_approved_at - timedelta(days=31)
    Product.objects.filter(id=product.pk).update(first_approved_at=long_ago)
    Deadline.objects.filter(kind="new_tag").update(due_at=long_ago + timedelta(days=30))
    sweep()
    assert tags(product) == {}
    assert not Deadline.objects.filter(kind="new_tag").exists()


def test_what_a_person_tagged_the_rule_leaves() -> None:
    product = stage.make_approved()
    set_tags.one(SYSTEM, SetTags(product.pk, ("new",)))
    Product.objects.filter(id=product.pk).update(first_approved_at=None)
    assert retag_products.one(SYSTEM, RetagProduct(product.pk)).code == "unchanged"
    assert tags(product) == {"new": "hand"}
    assert retag_products.one(SYSTEM, RetagProduct(0)).code == "not_found"


@pytest.mark.clause("P3.2")
def test_an_approved_price_is_put_and_tags_a_discount() -> None:
    product = stage.make_approved("TEE")
    sku = Sku.objects.get(code="TEE-W-L")
    item = PutPrices(sku.pk, 4_900, 3_000, 5_900)
    first, second = put_prices(SYSTEM, [item, item])
    assert first.changed and second.ok
    sku.refresh_from_db()
    assert (sku.price_minor, sku.floor_minor, sku.list_minor) == (4_900, 3_000, 5_900)
    assert tags(product) == {"new": "rule", "discount": "rule"}
    assert put_prices.one(SYSTEM, item).code == "unchanged"
    put_prices.one(SYSTEM, PutPrices(sku.pk, 5_900, 3_000, 5_900))
    assert tags(product) == {"new": "rule"}
    assert put_prices.one(SYSTEM, PutPrices(sku.pk, 0)).code == "price_not_positive"
    assert put_prices.one(SYSTEM, PutPrices(0, 100)).code == "sku_unknown"


def test_promises_are_part_of_what_is_reviewed() -> None:
    product = stage.make_approved()
    item = SetPromises(product.pk, product.version, ("free_shipping",), "perishable")
    assert set_promises.one(SYSTEM, item).changed
    version = product.version
    product.refresh_from_db()
    assert (product.promises, product.no_reason) == (["free_shipping"], "perishable")
    assert (product.state, product.version) == ("draft", version + 1)
    assert set_promises.one(SYSTEM, item).code == "unchanged"
    assert (
        set_promises.one(SYSTEM, SetPromises(product.pk, product.version, ("moon",), "yes")).code == "promise_unknown"
    )
    stale = SetPromises(product.pk, version, ("genuine",), "yes")
    assert set_promises.one(SYSTEM, stale).code == "stale_version"
    with pytest.raises(NotAllowed):
        set_promises.one(make.actor_with(Permission.PRODUCT_VIEW), item)
