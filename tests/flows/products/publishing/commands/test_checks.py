"""P4.2: every listing is read back; a difference is a case with both values until it is put right or explained."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shopkeeper.flows.products.publishing.commands.check_listings import CheckListing, check_listings
from shopkeeper.flows.products.publishing.commands.settle_mismatches import (
    ExplainMismatch,
    FixMismatch,
    explain_mismatches,
    fix_mismatches,
)
from shopkeeper.flows.products.publishing.models import Listing, Mismatch
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.ports import OutsideError
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.products.publishing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4.2")]
SOON = make.NOON + timedelta(minutes=11)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


@pytest.fixture
def platform() -> stage.FakePlatform:
    return stage.FakePlatform()


@pytest.fixture
def listing(platform: stage.FakePlatform) -> Listing:
    """A product on sale with five pieces."""
    shop, product = stage.make_front(), stage.make_product()
    make.stock_up(stage.only_sku(product), shop.default_warehouse, 5)
    return stage.on_sale(platform, product, shop)


def specialist():
    return make.actor_with(Permission.CHECK)


def looked_at(monkeypatch: pytest.MonkeyPatch, platform: stage.FakePlatform, listing: Listing) -> Listing:
    """The look that the publication planned takes place."""
    stage.at(monkeypatch, SOON)
    stage.perform(platform)
    listing.refresh_from_db()
    return listing


def case_of(listing: Listing) -> Mismatch:
    return Mismatch.objects.get(listing=listing, state="open")


def test_the_look_after_publishing_finds_both_equal(monkeypatch, platform, listing) -> None:
    assert platform.calls.count("read_back") == 0
    looked_at(monkeypatch, platform, listing)
    assert (listing.state, listing.checked_equal, listing.checked_at) == ("on_sale", True, SOON)
    assert stage.ended("listing_check", listing.pk) == ("done", False)
    assert {row["field"] for row in listing.seen["compared"]} >= {"category", "price", "title", "stock", "images"}


@pytest.mark.parametrize(
    ("facts", "field"), [({"category_leaf": "99"}, "category"), ({"title": "错"}, "title"), ({"images": ()}, "images")]
)
def test_a_wrong_field_is_a_case_with_both_values(monkeypatch, platform, listing, facts, field) -> None:
    platform.spoil(listing.product.code, **facts)
    looked_at(monkeypatch, platform, listing)
    assert (listing.state, listing.checked_equal) == ("mismatch", False)
    case = case_of(listing)
    assert [row["field"] for row in case.differences] == [field]
    deadline = Deadline.objects.get(kind="listing_mismatch", subject_id=case.pk)
    assert (deadline.role, deadline.due_at) == ("product_specialist", SOON + timedelta(hours=4))
    assert stage.ended("listing_check", listing.pk) == ("done", False)


def test_put_right_by_telling_again_and_settled_by_the_next_look(monkeypatch, platform, listing) -> None:
    sku = stage.only_sku(listing.product)
    platform.spoil_sku(sku.code, price_minor=590)
    looked_at(monkeypatch, platform, listing)
    case = case_of(listing)
    first, again = fix_mismatches(specialist(), [FixMismatch(case.pk)] * 2)
    assert (first.changed, again.code) == (True, "unchanged")
    stage.perform(platform)
    case.refresh_from_db()
    assert case.state == "open"  # told is not yet seen
    stage.at(monkeypatch, SOON + timedelta(minutes=11))
    stage.perform(platform)
    case.refresh_from_db()
    listing.refresh_from_db()
    assert (case.state, case.ending, listing.state) == ("closed", "equal", "on_sale")
    assert stage.ended("listing_mismatch", case.pk) == ("done", False)
    assert fix_mismatches.one(specialist(), FixMismatch(case.pk)).code == "case_closed"


def test_explained_it_may_stay_and_is_not_reported_again(monkeypatch, platform, listing) -> None:
    platform.spoil(listing.product.code, title="平台加的前缀 保温杯")
    looked_at(monkeypatch, platform, listing)
    case = case_of(listing)
    assert explain_mismatches.one(specialist(), ExplainMismatch(case.pk, " ")).code == "reason_needed"
    first, again = explain_mismatches(specialist(), [ExplainMismatch(case.pk, "平台统一加前缀")] * 2)
    assert (first.changed, again.code) == (True, "unchanged")
    listing.refresh_from_db()
    assert listing.state == "on_sale"
    assert check_listings.one(specialist(), CheckListing(listing.pk)).changed
    stage.perform(platform)
    listing.refresh_from_db()
    assert (listing.state, listing.checked_equal) == ("on_sale", True)
    platform.spoil(listing.product.code, category_leaf="99")
    check_listings.one(specialist(), CheckListing(listing.pk))
    stage.perform(platform)
    assert [row["field"] for row in case_of(listing).differences] == ["category"]


def test_a_listing_lost_after_it_was_accepted_is_found_and_made_again(monkeypatch, platform, listing) -> None:
    platform.lose(listing.product.code)
    looked_at(monkeypatch, platform, listing)
    case = case_of(listing)
    assert [row["field"] for row in case.differences] == ["gone"]
    assert explain_mismatches.one(specialist(), ExplainMismatch(case.pk, "没关系")).code == "listing_gone"
    assert fix_mismatches.one(specialist(), FixMismatch(case.pk)).changed
    stage.perform(platform)
    listing.refresh_from_db()
    assert listing.state == "on_sale"
    assert listing.item_no in platform.items


@pytest.mark.parametrize(("policy", "state"), [("nothing", "mismatch"), ("price", "taken_down")])
def test_a_wrong_price_ends_the_sale_where_the_policy_says_so(monkeypatch, platform, listing, policy, state) -> None:
    assert set_policy.one(SYSTEM, SetPolicy("take_down_on", policy, "试行")).ok
    platform.spoil_sku(stage.only_sku(listing.product).code, price_minor=1)
    looked_at(monkeypatch, platform, listing)
    assert listing.state == state
    assert case_of(listing).state == "open"  # a person still has to look
    if state == "taken_down":
        assert fix_mismatches.one(specialist(), FixMismatch(case_of(listing).pk)).changed


def test_less_stock_than_allowed_is_no_difference_and_more_is(monkeypatch, platform, listing) -> None:
    code = stage.only_sku(listing.product).code
    platform.spoil_sku(code, quantity=3)  # two were bought just now
    looked_at(monkeypatch, platform, listing)
    assert listing.checked_equal
    platform.spoil_sku(code, quantity=50)
    check_listings.one(specialist(), CheckListing(listing.pk))
    stage.perform(platform)
    row = case_of(listing).differences[0]
    assert (row["field"], row["ours"], row["theirs"]) == ("stock", "5", "50")


def test_what_is_not_on_sale_cannot_be_checked() -> None:
    listing = stage.wanted(stage.make_product(), stage.make_front())[0]
    assert check_listings.one(specialist(), CheckListing(listing.pk)).code == "not_on_sale"


def test_a_platform_that_does_not_answer_makes_the_check_late_and_then_it_is_done(
    monkeypatch, platform, listing
) -> None:
    platform.trouble["read_back"] = [OutsideError("transient", "timeout")]
    stage.at(monkeypatch, make.NOON + timedelta(hours=25))  # the clock jumps over the 24 hours
    stage.perform(platform)
    sweep()
    assert Deadline.objects.get(kind="listing_check", subject_id=listing.pk).late_at is not None
    stage.at(monkeypatch, make.NOON + timedelta(hours=26))
    stage.perform(platform)
    assert stage.ended("listing_check", listing.pk) == ("done", True)


def test_an_open_case_takes_the_newest_differences_and_keeps_its_clock(monkeypatch, platform, listing) -> None:
    platform.spoil(listing.product.code, title="错")
    looked_at(monkeypatch, platform, listing)
    case = case_of(listing)
    stage.at(monkeypatch, SOON + timedelta(hours=1))
    item = next(iter(platform.items.values()))
    platform.items[item.item_no] = replace(item, category_leaf="99")
    check_listings.one(specialist(), CheckListing(listing.pk))
    stage.perform(platform)
    assert case_of(listing).pk == case.pk
    assert [row["field"] for row in case_of(listing).differences] == ["category", "title"]
    assert Deadline.objects.get(kind="listing_mismatch", subject_id=case.pk).due_at == SOON + timedelta(hours=4)
