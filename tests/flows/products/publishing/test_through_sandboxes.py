"""P4 and P5 through the real adapters over HTTP, on both platforms: published, read back, spoilt, put right, pushed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.products.publishing.commands.check_listings import CheckListing, check_listings
from shopkeeper.flows.products.publishing.commands.publish_products import PublishProduct, publish_products
from shopkeeper.flows.products.publishing.commands.push_stock import PushStock, push_stock
from shopkeeper.flows.products.publishing.commands.settle_mismatches import FixMismatch, fix_mismatches
from shopkeeper.flows.products.publishing.commands.sweep_stock import SweepStock, sweep_stock
from shopkeeper.flows.products.publishing.commands.take_down_listings import TakeDownListing, take_down_listings
from shopkeeper.flows.products.publishing.models import Listing, Mismatch
from shopkeeper.flows.products.publishing.performers import Gateways, performers
from shopkeeper.flows.products.stock.models import Stock
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.models import Shop
from tests import factories as make
from tests.flows.products.publishing import stage
from tests.outside import Front

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None, settings: Any, front: Front) -> Iterator[Shop]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(front.outside.now)
    yield make.make_shop(platform=front.shop.platform)


def perform(front: Front) -> None:
    doors = Gateways(
        {front.shop.platform: front.goods}, lambda ids: {id_: replace(front.shop, shop_id=id_) for id_ in ids}
    )
    while perform_due(performers(doors)):
        pass


def moved_on(front: Front, **span: int) -> None:
    business_time.set_simulated(front.outside.clock(timedelta(**span)))


def published(front: Front, shop: Shop, pieces: int = 9) -> Listing:
    product = stage.make_product(code="CUP")
    make.stock_up(stage.only_sku(product), shop.default_warehouse, pieces)
    assert publish_products.one(SYSTEM, PublishProduct(product.pk, shop.pk)).changed
    perform(front)
    listing = Listing.objects.get()
    assert listing.state == "on_sale", listing.error
    return listing


@pytest.mark.clause("P4.2")
def test_published_it_is_what_we_said_field_by_field(front: Front, shop: Shop) -> None:
    listing = published(front, shop)
    moved_on(front, minutes=11)
    perform(front)
    listing.refresh_from_db()
    differing = [row for row in listing.seen["compared"] if not row["is_equal"]]
    assert (listing.checked_equal, differing) == (True, [])


@pytest.mark.clause("P4.2")
@pytest.mark.parametrize(("fault", "field"), [("wrong_category", "category"), ("wrong_price", "price")])
def test_what_the_platform_shows_wrong_is_found_and_put_right(front: Front, shop: Shop, fault: str, field: str) -> None:
    front.control.misbehave("goods", fault, next=1)
    listing = published(front, shop)
    check_listings.one(SYSTEM, CheckListing(listing.pk))
    moved_on(front, minutes=11)
    perform(front)
    case = Mismatch.objects.get(listing=listing)
    assert [row["field"] for row in case.differences] == [field]
    assert fix_mismatches.one(SYSTEM, FixMismatch(case.pk)).changed
    perform(front)
    moved_on(front, minutes=11)
    perform(front)
    case.refresh_from_db()
    assert (case.state, case.ending) == ("closed", "equal")


@pytest.mark.clause("P4.2")
def test_a_listing_accepted_and_then_lost_is_found_and_made_again(front: Front, shop: Shop) -> None:
    front.control.misbehave("goods", "listing_lost", next=1)
    listing = published(front, shop)
    moved_on(front, minutes=11)
    perform(front)
    case = Mismatch.objects.get(listing=listing)
    assert [row["field"] for row in case.differences] == ["gone"]
    assert fix_mismatches.one(SYSTEM, FixMismatch(case.pk)).changed
    perform(front)
    moved_on(front, minutes=11)
    perform(front)
    listing.refresh_from_db()
    assert (listing.state, listing.checked_equal) == ("on_sale", True)


@pytest.mark.clause("P4.1")
def test_taken_down_buyers_no_longer_see_it(front: Front, shop: Shop) -> None:
    listing = published(front, shop)
    assert take_down_listings.one(SYSTEM, TakeDownListing(listing.pk, "换季")).changed
    perform(front)
    listing.refresh_from_db()
    assert listing.state == "taken_down"
    assert not front.goods.read_back(front.shop, [listing.item_no])[listing.item_no].is_on_sale


@pytest.mark.clause("P5")
def test_quantities_reach_the_platform_and_a_lost_one_is_found_by_the_sweep(front: Front, shop: Shop) -> None:
    listing = published(front, shop)
    row = stage.sku_of(listing)
    Stock.objects.filter(sku=row.sku).update(on_hand=4)
    front.control.misbehave("goods", "quantity_ignored", next=1)
    assert push_stock.one(SYSTEM, PushStock(row.sku_id, shop.default_warehouse_id)).changed
    perform(front)
    shown = front.goods.read_back(front.shop, [listing.item_no])[listing.item_no].skus[0].quantity
    assert shown == 9  # accepted, and ignored
    moved_on(front, minutes=61)
    assert sweep_stock.one(SYSTEM, SweepStock(shop.pk)).changed
    perform(front)
    shown = front.goods.read_back(front.shop, [listing.item_no])[listing.item_no].skus[0].quantity
    assert shown == 4
