"""P4.2 as it is read: what a verdict stands on, what happened and who did it, what is settled and what is awaited."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.products.listing.models import CategoryMapping
from shopkeeper.flows.products.publishing.commands.check_listings import CheckListing, check_listings
from shopkeeper.flows.products.publishing.models import Listing, Mismatch
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Person
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.products.publishing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4.2")]


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> stage.FakePlatform:
    stage.at(monkeypatch, make.NOON)
    return stage.FakePlatform()


@pytest.fixture
def listing(platform: stage.FakePlatform) -> Listing:
    product, shop = stage.make_product(), stage.make_front()
    make.stock_up(stage.only_sku(product), shop.default_warehouse, 5)
    return stage.on_sale(platform, product, shop)


@pytest.fixture
def client() -> Client:
    return signed_in(Role.PRODUCT_SPECIALIST)


def signed_in(*roles: Role, name: str = "") -> Client:
    client, person = Client(), make.make_person(*roles)
    if name:
        Person.objects.filter(pk=person.pk).update(name=name)
    client.cookies["sk_lang"] = "zh"
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(client: Client, name: str, *args: int, **params: str) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    stage.at(monkeypatch, make.NOON + timedelta(minutes=minutes))


def spoilt(monkeypatch: pytest.MonkeyPatch, platform: stage.FakePlatform, listing: Listing) -> Mismatch:
    """The price is shown wrong, which the look ten minutes after publishing finds."""
    platform.spoil_sku(stage.only_sku(listing.product).code, price_minor=590)
    later(monkeypatch, 10)
    stage.perform(platform)
    return Mismatch.objects.get(listing=listing)


def told_again(monkeypatch: pytest.MonkeyPatch, platform: stage.FakePlatform, case: Mismatch, client: Client) -> None:
    later(monkeypatch, 20)
    client.post(reverse("publishing-fix", args=[case.pk]))
    stage.perform(platform)


RED, AMBER = '<span class="sk-chip tone-red">', '<span class="sk-chip tone-amber">待核验</span>'


def test_a_look_older_than_what_was_told_since_is_no_verdict(monkeypatch, platform, listing, client) -> None:
    case = spoilt(monkeypatch, platform, listing)
    assert f"{RED}有差异</span>" in body(client, "publishing-listings", tab="all")
    told_again(monkeypatch, platform, case, client)
    shown = body(client, "publishing-listings", tab="all")
    assert AMBER in shown and f"{RED}有差异</span>" not in shown
    record = body(client, "publishing-listing", listing.pk)
    assert AMBER in record and "下面的值已经是旧的" in record and f"{RED}不一致" not in record
    assert "等待复核" in record and "平台显示的内容和我们的不一致" not in record
    later(monkeypatch, 30)
    stage.perform(platform)
    assert '<span class="sk-chip tone-green">一致</span>' in body(client, "publishing-listings", tab="all")


def test_an_explained_difference_is_neither_red_in_the_list_nor_on_its_record(
    monkeypatch, platform, listing, client
) -> None:
    case = spoilt(monkeypatch, platform, listing)
    client.post(reverse("publishing-explain", args=[case.pk]), {"reason": "平台活动价"})
    pages = [body(client, "publishing-listings", tab="all"), body(client, "publishing-listing", listing.pk)]
    pages.append(body(client, "publishing-mismatch", case.pk))
    for page in pages:
        assert '<span class="sk-chip tone-blue">已说明</span>' in page
        assert f"{RED}不一致" not in page and f"{RED}有差异" not in page


def test_the_comparison_says_when_it_was_made(monkeypatch, platform, listing, client) -> None:
    spoilt(monkeypatch, platform, listing)
    record = body(client, "publishing-listing", listing.pk)
    assert "比对时间" in record and "2026-06-01T04:10:00" in record
    assert "最近告知价" in record


def test_every_look_stays_on_record_and_so_does_who_told_again(monkeypatch, platform, listing) -> None:
    wang = signed_in(Role.PRODUCT_SPECIALIST, name="王芳")
    case = spoilt(monkeypatch, platform, listing)
    told_again(monkeypatch, platform, case, wang)
    told = body(wang, "publishing-mismatch", case.pk)
    assert told.count("<strong>按我们的内容重新发布</strong>") == 1 and "平台已上架" in told
    later(monkeypatch, 30)
    stage.perform(platform)
    record = body(wang, "publishing-listing", listing.pk)
    assert "<strong>核验：1 处不一致</strong>" in record and "<strong>核验一致</strong>" in record
    settled = body(wang, "publishing-mismatch", case.pk)
    assert "处理：王芳" in settled and "2026-06-01T04:20:00" in settled
    assert "复核一致" in settled and "选定上架" not in settled


def test_a_settled_difference_is_not_red(monkeypatch, platform, listing, client) -> None:
    case = spoilt(monkeypatch, platform, listing)
    assert f"{RED}不一致" in body(client, "publishing-mismatch", case.pk)
    told_again(monkeypatch, platform, case, client)
    later(monkeypatch, 30)
    stage.perform(platform)
    settled = body(client, "publishing-mismatch", case.pk)
    assert "当时不一致" in settled and f"{RED}不一致" not in settled


def duty(case: Mismatch) -> Deadline:
    return Deadline.objects.get(kind="listing_mismatch", subject_id=case.pk)


def test_the_duty_waits_while_the_platform_is_told_and_is_back_when_it_still_differs(
    monkeypatch, platform, listing, client
) -> None:
    case = spoilt(monkeypatch, platform, listing)
    due_at = duty(case).due_at
    told_again(monkeypatch, platform, case, client)
    waiting = duty(case)
    assert (waiting.due_at, waiting.opens_at) == (due_at, make.NOON + timedelta(minutes=20 + 10))  # the next look
    platform.spoil_sku(stage.only_sku(listing.product).code, price_minor=590)
    check_listings.one(SYSTEM, CheckListing(listing.pk))
    stage.perform(platform)
    assert (duty(case).due_at, duty(case).opens_at) == (due_at, None)


def test_the_duty_is_back_when_the_platform_refuses(monkeypatch, platform, listing, client) -> None:
    case = spoilt(monkeypatch, platform, listing)
    platform.trouble["publish"] = [stage.OutsideError("permanent", "bad_price")]
    told_again(monkeypatch, platform, case, client)
    assert duty(case).opens_at is None
    assert "平台没有接受" in body(client, "publishing-mismatch", case.pk)


def test_what_is_overdue_waits_too_while_the_platform_is_told_and_stays_late(
    monkeypatch, platform, listing, client
) -> None:
    case = spoilt(monkeypatch, platform, listing)
    due_at, told_at = duty(case).due_at, 10 + 5 * 60
    later(monkeypatch, told_at)
    Deadline.objects.filter(kind="listing_mismatch").update(late_at=due_at)
    client.post(reverse("publishing-fix", args=[case.pk]))
    waiting = duty(case)
    assert (waiting.due_at, waiting.late_at) == (due_at, due_at)
    assert waiting.opens_at == make.NOON + timedelta(minutes=told_at + 4 * 60)
    assert "最迟等到" in body(client, "publishing-mismatch", case.pk)
    stage.perform(platform)
    next_look = make.NOON + timedelta(minutes=told_at + 10)
    check = Deadline.objects.get(kind="listing_check", subject_id=listing.pk)
    assert (duty(case).opens_at, duty(case).late_at, check.opens_at) == (next_look, due_at, next_look)
    work = body(client, "sop-work")
    assert work.index("还没到时候") < work.index("处理上架差异") < len(work)
    assert "等自动读回" in work


def test_leaves_of_a_platform_are_named_where_the_tree_knows_them(monkeypatch, platform, listing, client) -> None:
    own = CategoryMapping.objects.get(category=listing.product.leaf, platform="taobao")
    other = stage.leaf("焖烧杯")
    CategoryMapping.objects.filter(category=other, platform="taobao").update(platform_path="水具/焖烧杯")
    shown = CategoryMapping.objects.get(category=other, platform="taobao").platform_leaf
    platform.spoil(listing.product.code, category_leaf=shown)
    later(monkeypatch, 10)
    stage.perform(platform)
    page = body(client, "publishing-mismatch", Mismatch.objects.get(listing=listing).pk)
    assert f"保温杯（{own.platform_leaf}）" in page
    assert f"水具/焖烧杯（{shown}）" in page


def test_only_what_applies_and_may_be_done_is_offered_for_many(monkeypatch, platform, listing, client) -> None:
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    doors = {name: reverse(f"publishing-{name}") for name in ("check", "retry", "relist", "take-down")}

    def offered(visitor: Client) -> set[str]:
        shown = body(visitor, "publishing-listings", tab="all")
        return {name for name, door in doors.items() if f'"{door}"' in shown}

    assert offered(supervisor) == {"check", "take-down"}
    assert offered(client) == {"check"}
    supervisor.post(doors["take-down"], {"ids": [listing.pk], "reason": "换季"})
    stage.perform(platform)
    assert offered(supervisor) == {"relist"}


def test_the_list_is_fetched_anew_when_something_was_read_back(listing, client) -> None:
    assert "sk:publishing.listing_checked from:body" in body(client, "publishing-listings")
