"""P4.1: one listing per product and shop, each with its own fate; told until acknowledged; ended and begun again."""

from datetime import timedelta

import pytest

from shopkeeper.flows.products.listing.events import ProductApproved, ProductRetired
from shopkeeper.flows.products.listing.models import CategoryMapping, Product, Sku
from shopkeeper.flows.products.pricing.events import PriceChanged
from shopkeeper.flows.products.pricing.models import Plan
from shopkeeper.flows.products.publishing.commands.begin_publishing import BeginPublishing, begin_publishing
from shopkeeper.flows.products.publishing.commands.follow_products import FollowProduct, follow_products
from shopkeeper.flows.products.publishing.commands.publish_products import PublishProduct, publish_products
from shopkeeper.flows.products.publishing.commands.record_checks import RecordCheck, record_checks
from shopkeeper.flows.products.publishing.commands.record_publishing import RecordPublishing, record_publishing
from shopkeeper.flows.products.publishing.commands.record_seen_stock import SeenStock, record_seen_stock
from shopkeeper.flows.products.publishing.commands.record_take_downs import RecordTakeDown, record_take_downs
from shopkeeper.flows.products.publishing.commands.relist_listings import (
    RelistListing,
    RetryListing,
    relist_listings,
    retry_listings,
)
from shopkeeper.flows.products.publishing.commands.take_down_listings import TakeDownListing, take_down_listings
from shopkeeper.flows.products.publishing.models import Listing
from shopkeeper.flows.products.publishing.performers import Gateways, performers
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.ports import OutsideError
from shopkeeper.flows.products.publishing.reactions import follow_changed
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.products.publishing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def publisher(**scope):
    return make.actor_with(Permission.PUBLISH, **scope)


def heard(event) -> list[Recorded]:
    return [Recorded(1, 1, event, make.NOON, 0, "P4.1")]


def test_a_product_goes_on_sale_in_each_chosen_shop() -> None:
    taobao, pinduoduo = stage.make_front(), stage.make_front("pinduoduo")
    product = stage.make_product(skus=2)
    sku = product.skus.first()
    make.stock_up(sku, taobao.default_warehouse, 12)
    platform, other = stage.FakePlatform(), stage.FakePlatform()
    items = [PublishProduct(product.pk, shop.pk) for shop in (taobao, pinduoduo)]
    first, second, again = publish_products(publisher(), [*items, items[0]])
    assert (first.changed, second.changed, again.code) == (True, True, "unchanged")
    assert Deadline.objects.filter(kind="listing_publish").count() == 2
    stage.perform(platform, other)
    rows = list(Listing.objects.filter(product=product).order_by("shop_id"))
    assert {row.state for row in rows} == {"on_sale"}
    draft = platform.drafts[0]
    assert (draft.outer_code, draft.category_leaf) == (product.code, f"50{product.leaf_id}")
    assert [one.quantity for one in draft.skus] == [12, 0]
    assert draft.images[0].content_type == "image/png"
    assert len(other.drafts) == 1
    assert stage.ended("listing_publish", rows[0].pk) == ("done", False)
    check = Deadline.objects.get(kind="listing_check", subject_id=rows[0].pk)
    assert (check.clause, check.due_at) == ("P4.2", make.NOON + timedelta(hours=24))
    assert publish_products.one(publisher(), items[0]).code == "unchanged"


def test_what_keeps_a_product_from_a_shop_is_said() -> None:
    shop = stage.make_front()

    def code(product: Product, in_shop=shop) -> str:
        return publish_products.one(publisher(), PublishProduct(product.pk, in_shop.pk)).code

    assert code(stage.make_product(state="draft")) == "not_approved"
    assert code(stage.make_product(skus=0)) == "no_sku"
    assert code(stage.make_product(platforms=["pinduoduo"])) == "platform_unwanted"
    unmapped = stage.make_product(leaf=stage.leaf("茶壶", platforms=()))
    assert code(unmapped) == "category_unmapped"
    free = stage.make_product()
    Sku.objects.filter(product=free).update(price_minor=0)
    assert code(free) == "price_missing"
    dollars = stage.make_product()
    Sku.objects.filter(product=dollars).update(currency="USD")
    assert code(dollars) == "currency_unlike"
    assert code(stage.make_product(), stage.make_front(is_active=False)) == "shop_closed"
    assert publish_products.one(publisher(), PublishProduct(10**9, shop.pk)).code == "not_found"
    assert Listing.objects.count() == 0


def test_a_foreign_shop_does_not_exist_and_only_who_may_publishes() -> None:
    shop, foreign = stage.make_front(), stage.make_front()
    product = stage.make_product()
    item = PublishProduct(product.pk, foreign.pk)
    assert publish_products.one(publisher(shops=[shop]), item).code == "not_found"
    with pytest.raises(NotAllowed):
        publish_products.one(make.actor_with(Permission.LISTING_VIEW), item)


def test_one_shops_trouble_is_not_the_others() -> None:
    taobao, pinduoduo = stage.make_front(), stage.make_front("pinduoduo")
    product = stage.make_product()
    bad = stage.FakePlatform(trouble={"publish": [OutsideError("permanent", "bad_title")]})
    fine = stage.FakePlatform()
    listing, other = stage.wanted(product, taobao, pinduoduo)
    stage.perform(bad, fine)
    listing.refresh_from_db()
    other.refresh_from_db()
    assert (listing.state, listing.error) == ("failed", "bad_title")
    assert other.state == "on_sale"
    assert Deadline.objects.filter(kind="listing_publish", subject_id=listing.pk).exists()
    first, again = retry_listings(publisher(), [RetryListing(listing.pk)] * 2)
    assert (first.changed, again.code) == (True, "unchanged")
    assert retry_listings.one(publisher(), RetryListing(other.pk)).code == "not_failed"
    stage.perform(bad, fine)
    listing.refresh_from_db()
    assert (listing.state, listing.error) == ("on_sale", "")


def test_a_platform_that_is_away_is_asked_again_and_has_the_goods_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = stage.make_front()
    away = stage.FakePlatform(trouble={"publish": [OutsideError("transient", "timeout")]})
    listing = stage.wanted(stage.make_product(), shop)[0]
    stage.perform(away)
    listing.refresh_from_db()
    assert (listing.state, listing.error, listing.tries) == ("publishing", "timeout", 1)
    stage.at(monkeypatch, make.NOON + timedelta(hours=5))
    sweep()
    assert Deadline.objects.get(kind="listing_publish", subject_id=listing.pk).late_at is not None
    stage.perform(away)
    listing.refresh_from_db()
    assert (listing.state, listing.error, listing.tries) == ("on_sale", "", 2)
    assert stage.ended("listing_publish", listing.pk) == ("done", True)
    assert len(away.items) == 1


def test_what_became_impossible_before_it_was_told_fails_with_its_reason() -> None:
    listing = stage.wanted(stage.make_product(), stage.make_front())[0]
    CategoryMapping.objects.all().delete()
    platform = stage.FakePlatform()
    stage.perform(platform)
    listing.refresh_from_db()
    assert (listing.state, listing.error) == ("failed", "category_unmapped")
    assert platform.calls == []
    assert not ErrandEntry.objects.filter(kind="publish_listing").exists()


def test_a_platform_nobody_connected_is_a_failure_and_not_a_loop() -> None:
    leaf = stage.leaf("花瓶", platforms=("jd",))
    listing = stage.wanted(stage.make_product(leaf=leaf, platforms=["jd"]), stage.make_front("jd"))[0]
    stage.perform(stage.FakePlatform())
    listing.refresh_from_db()
    assert (listing.state, listing.error) == ("failed", "no_platform")


def test_a_picture_whose_file_is_gone_fails_the_listing_and_not_the_worker() -> None:
    product = stage.make_product()
    product.images.update(digest="0" * 64)
    listing = stage.wanted(product, stage.make_front())[0]
    stage.perform(stage.FakePlatform())
    listing.refresh_from_db()
    assert (listing.state, listing.error) == ("failed", "image_missing")


def test_taken_down_and_only_put_up_again_where_nothing_changed() -> None:
    platform, shop = stage.FakePlatform(), stage.make_front()
    product = stage.make_product()
    make.stock_up(stage.only_sku(product), shop.default_warehouse, 5)
    listing = stage.on_sale(platform, product, shop)
    assert relist_listings.one(publisher(), RelistListing(listing.pk)).code == "unchanged"
    assert take_down_listings.one(publisher(), TakeDownListing(listing.pk, " ")).code == "reason_needed"
    first, again = take_down_listings(publisher(), [TakeDownListing(listing.pk, "换季")] * 2)
    assert (first.changed, again.code) == (True, "unchanged")
    assert relist_listings.one(publisher(), RelistListing(listing.pk)).code == "being_taken_down"
    assert publish_products.one(publisher(), PublishProduct(product.pk, shop.pk)).code == "being_taken_down"
    stage.perform(platform)
    listing.refresh_from_db()
    assert (listing.state, listing.reason) == ("taken_down", "换季")
    assert not Deadline.objects.filter(kind="listing_check").exists()
    make.stock_up(stage.only_sku(product), shop.default_warehouse, 2)
    assert relist_listings.one(publisher(), RelistListing(listing.pk)).changed
    stage.perform(platform)
    listing.refresh_from_db()
    assert listing.state == "on_sale"
    assert platform.calls.count("publish") == 1
    assert platform.calls.count("put_up") == 1
    assert platform.quantity(stage.only_sku(product).code) == 7


def test_put_back_after_a_change_it_is_told_anew() -> None:
    platform, shop = stage.FakePlatform(), stage.make_front()
    product = stage.make_product()
    listing = stage.on_sale(platform, product, shop)
    take_down_listings.one(publisher(), TakeDownListing(listing.pk, "改价"))
    stage.perform(platform)
    Sku.objects.filter(product=product).update(price_minor=4_900)
    assert relist_listings.one(publisher(), RelistListing(listing.pk)).changed
    stage.perform(platform)
    assert platform.drafts[-1].skus[0].price_minor == 4_900
    assert platform.calls.count("put_up") == 0


def test_taken_down_while_on_its_way_it_does_not_stay_on_sale() -> None:
    """The platform's yes comes after the sale was ended: it is ended there, too."""
    platform, shop = stage.FakePlatform(), stage.make_front()
    product = stage.make_product()
    listing = stage.wanted(product, shop)[0]
    assert take_down_listings.one(publisher(), TakeDownListing(listing.pk, "不卖了")).changed
    stage.perform(platform)
    listing.refresh_from_db()
    assert (listing.state, platform.calls) == ("taken_down", [])
    platform.publish(stage.access([shop.pk])[shop.pk], stage.GoodsDraft(
        product.code, product.title, "1", "CNY", "", (), {}, (), ()))  # fmt: skip
    item_no = next(iter(platform.items))
    assert record_publishing.one(SYSTEM, RecordPublishing(listing.pk, "published", item_no)).changed
    stage.perform(platform)
    assert not platform.items[item_no].is_on_sale
    assert record_publishing.one(SYSTEM, RecordPublishing(listing.pk, "failed", code="x")).code == "unchanged"


def test_a_sale_the_platform_will_not_end_is_a_failure_seen() -> None:
    platform, shop = stage.FakePlatform(), stage.make_front()
    listing = stage.on_sale(platform, stage.make_product(), shop)
    platform.trouble["take_down"] = [OutsideError("permanent", "promotion_running")]
    take_down_listings.one(publisher(), TakeDownListing(listing.pk, "换季"))
    stage.perform(platform)
    listing.refresh_from_db()
    assert (listing.state, listing.error) == ("failed", "promotion_running")


def test_what_is_approved_anew_is_told_and_what_is_retired_ends() -> None:
    platform, shop = stage.FakePlatform(), stage.make_front()
    product = stage.make_product()
    listing = stage.on_sale(platform, product, shop)
    follow_changed(SYSTEM, heard(ProductApproved(product.pk, 1)))
    assert not ErrandEntry.objects.filter(kind="publish_listing").exists()  # shown as it is
    Product.objects.filter(id=product.pk).update(title="新标题保温杯", version=2)
    follow_changed(SYSTEM, heard(ProductApproved(product.pk, 2)))
    stage.perform(platform)
    assert platform.drafts[-1].title == "新标题保温杯"
    assert len(platform.items) == 1
    Product.objects.filter(id=product.pk).update(state="retired")
    follow_changed(SYSTEM, heard(ProductRetired(product.pk)))
    stage.perform(platform)
    listing.refresh_from_db()
    assert (listing.state, listing.reason) == ("taken_down", "product_retired")


def test_what_the_performers_record_twice_counts_once() -> None:
    """A worker killed between the call and the record repeats both."""
    platform, shop = stage.FakePlatform(), stage.make_front()
    listing = stage.on_sale(platform, stage.make_product(), shop)
    assert begin_publishing.one(SYSTEM, BeginPublishing(listing.pk)).code == "unchanged"
    assert record_publishing.one(SYSTEM, RecordPublishing(listing.pk, "published", "x")).code == "unchanged"
    assert record_take_downs.one(SYSTEM, RecordTakeDown(listing.pk, "taken_down")).code == "unchanged"
    seen = SeenStock(listing.pk, make.NOON, ((stage.only_sku(listing.product).code, 0),))
    assert record_seen_stock.one(SYSTEM, seen).ok
    take_down_listings.one(publisher(), TakeDownListing(listing.pk, "换季"))
    assert record_checks.one(SYSTEM, RecordCheck(listing.pk, make.NOON, None)).code == "unchanged"
    assert follow_products.one(SYSTEM, FollowProduct(listing.product_id)).code == "unchanged"
    listing.refresh_from_db()
    assert (listing.state, listing.item_no) == ("taking_down", next(iter(platform.items)))


@pytest.mark.clause("P3.2")
def test_a_shops_own_price_plan_is_what_its_buyers_see() -> None:
    """The plan of the shop goes before the general one, and shops that sell it are told when one begins."""
    own, other = stage.make_front(), stage.make_front()
    product = stage.make_product()
    sku = stage.only_sku(product)
    platform, second = stage.FakePlatform(), stage.FakePlatform()
    stage.on_sale(platform, product, own)
    stage.on_sale(second, product, other)
    Plan.objects.create(
        sku=sku, shop=own, currency="CNY", cost_minor=2_000, sale_minor=4_500, lowest_minor=4_500,
        worst_minor=4_500, margin_basis_points=5_555, target_basis_points=2_000, valid_from=make.NOON,
        state="in_force", state_at=make.NOON, proposed_at=make.NOON, proposed_by=0, reason="本店促销",
        began_at=make.NOON,
    )  # fmt: skip
    follow_changed(SYSTEM, heard(PriceChanged(1, sku.pk, own.pk, "in_force")))
    both = Gateways({"taobao": platform}, stage.access)
    while perform_due(performers(both)):
        pass
    assert platform.drafts[-1].skus[0].price_minor == 4_500
    assert len(platform.drafts) == 2
    assert len(second.drafts) == 1
