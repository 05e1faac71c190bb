"""The pages of publishing in a real Chromium: they fit the window, keep quiet, and can be used by everybody."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from tools.build_assets import MODULES

from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.publishing.commands.check_listings import CheckListing, check_listings
from shopkeeper.flows.products.publishing.commands.open_reviews import OpenReview, open_reviews
from shopkeeper.flows.products.publishing.commands.review_products import ReviewProduct, review_products
from shopkeeper.flows.products.publishing.models import Listing, ListingSku, Mismatch, Review
from shopkeeper.flows.products.publishing.ports import OutsideError
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.products.publishing import stage
from tests.web.browser import in_browser, visitor

pytestmark = [*in_browser(), pytest.mark.clause("P4.1")]
AXE = MODULES / "axe-core" / "axe.min.js"


def furnish() -> None:
    taobao, pinduoduo = stage.make_front(name="掌柜旗舰店"), stage.make_front("pinduoduo", name="掌柜拼多多店")
    specialist = make.make_person(Role.PRODUCT_SPECIALIST)
    furnish_reviews(specialist.pk)
    platform = stage.FakePlatform()
    for n in range(3):
        product = stage.make_product(skus=2, title=f"双层真空不锈钢保温杯 {500 + n * 100}ml")
        for sku in product.skus.all():
            make.stock_up(sku, taobao.default_warehouse, 40 + n)
        stage.on_sale(platform, product, taobao)
    spoilt = Listing.objects.latest("id")
    platform.spoil(spoilt.product.code, category_leaf="50099999", title="平台改过的标题")
    platform.spoil_sku(spoilt.product.skus.first().code, price_minor=590)
    for listing in Listing.objects.all():
        check_listings.one(SYSTEM, CheckListing(listing.pk))
    stage.perform(platform)
    bad = stage.FakePlatform(trouble={"publish": [OutsideError("permanent", "bad_title")]})
    stage.wanted(Product.objects.filter(state="approved").earliest("id"), pinduoduo)
    stage.perform(bad)
    stage.make_product(title="还没有发布的保温壶")


def furnish_reviews(submitter: int) -> None:
    """One returned and submitted again, one clean, one with words of both weights."""
    now = business_time.now()
    again = stage.make_product(state="submitted", title="史上最低价保温杯", submitted_by=submitter)
    assert open_reviews.one(SYSTEM, OpenReview(again.pk)).changed
    review = stage.review_of(again)
    assert review_products.one(SYSTEM, ReviewProduct(review.pk, "return", "标题里有价格宣称，请改")).changed
    Product.objects.filter(id=again.pk).update(
        state="submitted", title="国家级工艺 大容量保温杯 送礼首选", version=2, submitted_version=2,
        submitted_at=now - timedelta(hours=2), selling_points=["纯天然竹木杯盖，环保", "双层真空，保温十二小时"],
    )  # fmt: skip
    stage.make_product(state="submitted", title="便携随手杯 350ml", submitted_by=submitter)
    for product in Product.objects.filter(state="submitted"):
        assert open_reviews.one(SYSTEM, OpenReview(product.pk)).changed


def paths() -> list[str]:
    listing, case, offered = Listing.objects.get(state="mismatch"), Mismatch.objects.get(), Shop.objects.earliest("id")
    return [
        "/publishing/reviews/", f"/publishing/reviews/{Review.objects.filter(blocks__gt=0).latest('id').pk}/",
        "/publishing/words/", "/publishing/words/add/", "/publishing/words/import/", "/publishing/words/versions/",
        "/publishing/listings/?tab=all", f"/publishing/listings/{listing.pk}/", f"/publishing/mismatches/{case.pk}/",
        f"/publishing/publish/?shop={offered.pk}", f"/publishing/products/{listing.product_id}/", "/publishing/stock/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "theme", "size"), [("zh", "light", "desk"), ("en", "dark", "desk"), ("zh", "light", "phone")]
)
def test_every_page_fits_keeps_quiet_and_can_be_used_by_everybody(
    demo_shop: str, browser: Browser, language: str, theme: str, size: str
) -> None:
    with visitor(browser, demo_shop, language=language, theme=theme, size=size) as person:
        for path in paths():
            person.go(path)
            assert person.overflow() <= 0, f"{path} is wider than the window"
            if language == "en" or size == "phone":  # both themes, both widths
                assert person.accessibility(AXE) == [], path
        assert person.complaints == []


def test_the_list_is_fetched_anew_when_something_was_read_back_but_not_while_rows_are_chosen(
    demo_shop: str, browser: Browser
) -> None:
    told = "document.body.dispatchEvent(new CustomEvent('sk:publishing.listing_checked', {detail: {count: 1}}))"
    with visitor(browser, demo_shop) as person:
        page = person.go("/publishing/listings/?tab=all")
        expect(page.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
        page.wait_for_timeout(2_500)  # what happened before it was connected has been looked at
        mark = "document.querySelector('#rows .sk-list').id = 'as-read'"
        page.evaluate(mark)
        page.evaluate(told)
        expect(page.locator("#as-read")).to_have_count(0)
        page.evaluate(mark)
        page.locator("tbody input[name=ids]").first.check()
        page.locator("h1").click()
        page.evaluate(told)
        page.wait_for_timeout(1_500)
        expect(page.locator("#as-read")).to_have_count(1)
        page.locator("[data-choose-none]").click()
        expect(page.locator("#as-read")).to_have_count(0)


def test_a_quantity_that_was_taken_shows_without_anybody_announcing_it(demo_shop: str, browser: Browser) -> None:
    told = ListingSku.objects.filter(listing__state="on_sale").earliest("id")
    ListingSku.objects.filter(id=told.pk).update(wanted_seq=told.told_seq + 1)
    with visitor(browser, demo_shop) as person:
        page = person.go(f"/publishing/listings/{told.listing_id}/")
        line = page.locator("tbody tr", has_text=told.sku.code).last
        expect(line).to_contain_text("等待告知")
        form = "<form><textarea id=typed></textarea></form>"
        page.evaluate("form => document.querySelector('#record').insertAdjacentHTML('afterbegin', form)", form)
        page.locator("#typed").fill("写到一半")
        ListingSku.objects.filter(id=told.pk).update(told_seq=told.told_seq + 1)
        page.wait_for_timeout(4_500)
        expect(page.locator("#typed")).to_have_value("写到一半")  # nothing is swept away
        page.locator("#typed").fill("")
        page.locator("h1").click()
        expect(line).to_contain_text("已同步", timeout=10_000)
        expect(page.locator("[data-again]")).to_have_attribute("hx-trigger", "load delay:15s")  # in step: slower
