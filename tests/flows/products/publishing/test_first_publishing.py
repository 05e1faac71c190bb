"""P4.1: an approved product that no shop sells is somebody's duty until it is published or put off, and is not
listed twice where a shop sells it already."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.products.listing.models import ProductImage, Sku
from shopkeeper.flows.products.publishing.commands.open_reviews import OpenReview, open_reviews
from shopkeeper.flows.products.publishing.commands.publish_products import PublishProduct, publish_products
from shopkeeper.flows.products.publishing.commands.review_products import ReviewProduct, review_products
from shopkeeper.flows.products.publishing.models import Listing, Review
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.products.publishing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def signed_in(*roles: Role) -> Client:
    client = Client()
    client.cookies["sk_lang"] = "zh"
    client.force_login(make.make_person(*roles), backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(client: Client, name: str, *args: int, **params: str) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def submitted() -> Review:
    product = stage.make_product(state="submitted")
    open_reviews.one(SYSTEM, OpenReview(product.pk))
    return stage.review_of(product)


def asked(product_id: int) -> bool:
    return Deadline.objects.filter(kind="product_publish", subject_id=product_id).exists()


def test_an_approved_product_is_to_be_published_until_it_is() -> None:
    shop, review = stage.make_front(), submitted()
    supervisor, specialist = signed_in(Role.OPERATIONS_SUPERVISOR), signed_in(Role.PRODUCT_SPECIALIST)
    assert "商品还没有通过审核" in body(supervisor, "publishing-product", review.product_id)
    supervisor.post(reverse("publishing-decide", args=[review.pk]), {"decision": "approve"})
    duty = Deadline.objects.get(kind="product_publish", subject_id=review.product_id)
    assert duty.due_at == make.NOON + timedelta(hours=24)
    assert "已列入运营主管的工作台" in body(supervisor, "publishing-reviews")
    assert "发布已通过的商品" in body(supervisor, "sop-work")
    assert "暂不发布" in body(supervisor, "publishing-product", review.product_id)
    shown = body(specialist, "publishing-product", review.product_id)
    assert "由运营主管发布" in shown
    assert "暂不发布" not in shown
    assert f'href="{reverse("publishing-listings")}" aria-current="page"' in shown
    assert ">去发布<" in body(supervisor, "listing-product", review.product_id).replace("</svg>", "").replace("\n", "")
    assert publish_products.one(SYSTEM, PublishProduct(review.product_id, shop.pk)).changed
    assert not asked(review.product_id)


def test_it_is_put_off_with_a_reason() -> None:
    stage.make_front()
    review, supervisor = submitted(), signed_in(Role.OPERATIONS_SUPERVISOR)
    assert review_products.one(SYSTEM, ReviewProduct(review.pk, "approve")).changed
    door = reverse("publishing-put-off", args=[review.product_id])
    supervisor.post(door, {"reason": " "})
    assert asked(review.product_id)
    supervisor.post(door, {"reason": "等新包装到货"})
    assert not asked(review.product_id)
    assert "暂不发布" in body(supervisor, "publishing-product", review.product_id)  # the toast
    assert "暂不发布" not in body(supervisor, "publishing-product", review.product_id)


def test_a_product_that_a_shop_has_is_nobodys_new_duty() -> None:
    shop, review = stage.make_front(), submitted()
    Listing.objects.create(
        product_id=review.product_id, shop=shop, state="on_sale", state_at=make.NOON, wanted_at=make.NOON, wanted_by=0,
        version=0, published_at=make.NOON, item_no="9",
    )  # fmt: skip
    assert review_products.one(SYSTEM, ReviewProduct(review.pk, "approve")).changed
    assert not asked(review.product_id)


def test_what_a_shop_sold_lately_is_checked_before_it_is_published_there() -> None:
    shop, other = stage.make_front(), stage.make_front()
    product, fresh = stage.make_product(), stage.make_product()
    make.make_order(shop, make.received_line(stage.only_sku(product)))
    Order.objects.update(paid_at=make.NOON - timedelta(days=3))
    supervisor = signed_in(Role.OPERATIONS_SUPERVISOR)
    assert "本店近期有销量" in body(supervisor, "publishing-offers", shop=str(shop.pk))
    assert "本店近期有销量" not in body(supervisor, "publishing-offers", shop=str(other.pk))
    page = body(supervisor, "publishing-product", product.pk)
    assert f'value="{shop.pk}" checked' not in page
    assert f'value="{other.pk}" checked' in page
    everything = {"all_matching": "1", "list_query": f"?shop={shop.pk}"}
    supervisor.post(reverse("publishing-publish"), everything)
    assert list(Listing.objects.values_list("product_id", flat=True)) == [fresh.pk]
    supervisor.post(reverse("publishing-publish"), {"ids": [product.pk], "list_query": f"?shop={shop.pk}"})
    assert Listing.objects.filter(product=product, shop=shop).exists()
    body(supervisor, "publishing-offers", shop=str(shop.pk))  # uses up the toasts
    Listing.objects.all().delete()
    Order.objects.update(paid_at=make.NOON - timedelta(days=31))
    assert "本店近期有销量" not in body(supervisor, "publishing-offers", shop=str(shop.pk))


def test_a_return_without_a_reason_is_said_at_its_field() -> None:
    review, supervisor = submitted(), signed_in(Role.OPERATIONS_SUPERVISOR)
    answer = supervisor.post(reverse("publishing-decide", args=[review.pk]), {"decision": "return", "reason": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    field = page[page.index('name="reason"') - 300 : page.index('name="reason"') + 500]
    assert "请写明原因" in field


def test_a_reviewer_sees_picture_price_and_weight() -> None:
    review = submitted()
    Sku.objects.filter(product_id=review.product_id).update(price_minor=5_900, weight_g=420)
    page = body(signed_in(Role.OPERATIONS_SUPERVISOR), "publishing-review", review.pk)
    image = ProductImage.objects.get(product_id=review.product_id)
    assert reverse("listing-image-small", args=[image.pk]) in page
    shown = page[page.index("图片与规格") :]
    assert "59.00" in shown
    assert "420 g" in shown


def test_checking_listings_begins_at_the_listings_and_not_at_the_supervisors_queue() -> None:
    start = body(signed_in(Role.PRODUCT_SPECIALIST), "sop-start")
    assert reverse("publishing-listings") in start[start.index("P4.2") - 300 : start.index("P4.2") + 300]
