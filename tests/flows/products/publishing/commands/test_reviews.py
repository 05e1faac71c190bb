"""P4.1: findings stand before a person looks; nobody reviews their own work; a forbidden word cannot pass."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.products.listing.events import ProductSubmitted, ProductWithdrawn
from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.publishing.commands.grant_exemptions import GrantExemption, grant_exemptions
from shopkeeper.flows.products.publishing.commands.open_reviews import (
    OpenReview,
    WithdrawReview,
    open_reviews,
    withdraw_reviews,
)
from shopkeeper.flows.products.publishing.commands.review_products import Mark, ReviewProduct, review_products
from shopkeeper.flows.products.publishing.models import Review
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.reviews import ReviewFilter, review_record, reviews_page
from shopkeeper.flows.products.publishing.reactions import review_submitted, withdraw_taken_back
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.products.publishing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def supervisor():
    return make.actor_with(Permission.REVIEW_DECIDE, Permission.EXEMPT)


def opened(**fields) -> Review:
    product = stage.make_product(state="submitted", **fields)
    assert open_reviews.one(SYSTEM, OpenReview(product.pk)).changed
    return stage.review_of(product)


def heard(event) -> list[Recorded]:
    return [Recorded(1, 1, event, make.NOON, 0, "P2.1")]


def test_a_submission_opens_one_review_with_findings_and_a_deadline() -> None:
    product = stage.make_product(state="submitted", title="全网最低价保温杯 纯天然", submitted_by=stage.SOMEBODY)
    review_submitted(SYSTEM, heard(ProductSubmitted(product.pk, 1, 5)))
    review_submitted(SYSTEM, heard(ProductSubmitted(product.pk, 1, 5)))
    review = Review.objects.get(product=product)
    assert (review.blocks, review.warnings) == (2, 1)
    assert {f["term"] for f in review.findings} == {"全网最低", "最低价", "纯天然"}
    assert all(f["place"] == "title" for f in review.findings)
    deadline = Deadline.objects.get(kind="product_review", subject_id=review.pk)
    assert (deadline.clause, deadline.role) == ("P4.1", "operations_supervisor")
    assert deadline.due_at == make.NOON + timedelta(hours=24)
    assert product.code in deadline.label


def test_opening_costs_as_many_statements_for_one_as_for_many() -> None:
    def cost(count: int) -> int:
        items = [OpenReview(stage.make_product(state="submitted").pk) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            assert all(outcome.changed for outcome in open_reviews(SYSTEM, items))
        return len(queries)

    cost(1)
    assert cost(1) == cost(12)


def test_approval_reaches_the_product_and_ends_the_deadline() -> None:
    review = opened()
    actor = supervisor()
    first, again = review_products(actor, [ReviewProduct(review.pk, "approve")] * 2)
    assert (first.changed, again.code) == (True, "unchanged")
    assert review_products.one(actor, ReviewProduct(review.pk, "approve")).code == "unchanged"
    assert review_products.one(actor, ReviewProduct(review.pk, "return", "x")).code == "already_decided"
    product = Product.objects.get(id=review.product_id)
    assert (product.state, product.approved_version) == ("approved", 1)
    assert stage.ended("product_review", review.pk) == ("done", False)
    review.refresh_from_db()
    assert (review.state, review.decided_by) == ("approved", actor.id)


def test_a_return_needs_a_reason_and_marks_the_places() -> None:
    review = opened(title="史上最低保温杯")
    actor = supervisor()
    assert review_products.one(actor, ReviewProduct(review.pk, "return")).code == "reason_needed"
    nowhere = ReviewProduct(review.pk, "return", "改标题", (Mark("subtitle"),))
    assert review_products.one(actor, nowhere).code == "place_unknown"
    too_far = ReviewProduct(review.pk, "return", "改标题", (Mark("title", "", 0, 99),))
    assert review_products.one(actor, too_far).code == "place_unknown"
    item = ReviewProduct(review.pk, "return", "标题违规", (Mark("title", "去掉价格宣称", 0, 4),))
    assert review_products.one(actor, item).changed
    product = Product.objects.get(id=review.product_id)
    assert (product.state, product.review_reason) == ("returned", "标题违规")
    codes = [finding["code"] for finding in product.review_findings]
    assert codes == ["listed_word", "marked_place"]


def test_a_page_of_the_queue_is_followed_by_the_rest_whatever_was_decided_meanwhile() -> None:
    reviews = [opened() for _ in range(4)]
    wanted = ReviewFilter(state="open")
    first, key = reviews_page(wanted, limit=2)
    review_products.one(supervisor(), ReviewProduct(first[0].id, "approve"))
    rest, end = reviews_page(wanted, after=key, limit=2)
    assert [row.id for row in (*first, *rest)] == [review.pk for review in reviews]
    assert end == ""
    assert reviews_page(wanted, after="nonsense_1")[0] != []


def test_nobody_reviews_their_own_submission() -> None:
    actor = supervisor()
    review = opened(submitted_by=actor.id)
    assert review_products.one(actor, ReviewProduct(review.pk, "approve")).code == "own_work"
    assert Product.objects.get(id=review.product_id).state == "submitted"


def test_a_forbidden_word_passes_only_with_an_exemption() -> None:
    review = opened(title="销量第一的保温杯")
    actor = supervisor()
    refused = review_products.one(actor, ReviewProduct(review.pk, "approve"))
    assert (refused.code, refused.facts["words"]) == ("forbidden_word", "销量第一")
    grant = GrantExemption(review.product_id, "销量第一", "fact", "报告 2026-05 第 12 页", "有据可查")
    assert grant_exemptions.one(actor, grant).changed
    assert review_products.one(actor, ReviewProduct(review.pk, "approve")).changed
    review.refresh_from_db()
    assert review.blocks == 0
    assert review.findings[0]["exempt_by"]


def test_words_with_care_do_not_stop_approval() -> None:
    review = opened(selling_points=["纯天然材质", "一键开盖"])
    assert review.warnings == 1
    assert review_products.one(supervisor(), ReviewProduct(review.pk, "approve")).changed


def test_a_product_changed_since_is_not_approved_unseen() -> None:
    review = opened()
    Product.objects.filter(id=review.product_id).update(version=2)
    assert review_products.one(supervisor(), ReviewProduct(review.pk, "approve")).code == "product_changed"
    assert review_products.one(supervisor(), ReviewProduct(10**9, "approve")).code == "not_found"


def test_taken_back_the_review_ends_undecided() -> None:
    review = opened()
    assert withdraw_reviews.one(SYSTEM, WithdrawReview(review.product_id)).code == "unchanged"  # still submitted
    Product.objects.filter(id=review.product_id).update(state="draft")
    withdraw_taken_back(SYSTEM, heard(ProductWithdrawn(review.product_id, 1)))
    review.refresh_from_db()
    assert review.state == "withdrawn"
    assert not Deadline.objects.filter(kind="product_review", subject_id=review.pk).exists()
    assert review_products.one(supervisor(), ReviewProduct(review.pk, "approve")).code == "review_withdrawn"


def test_submitted_again_after_a_return_it_is_shown_beside_what_was_looked_at(monkeypatch) -> None:
    review = opened(title="史上最低保温杯")
    review_products.one(supervisor(), ReviewProduct(review.pk, "return", "标题违规"))
    later = make.NOON + timedelta(hours=1)
    stage.at(monkeypatch, later)
    Product.objects.filter(id=review.product_id).update(
        title="实惠保温杯",
        version=2,
        submitted_version=2,
        submitted_at=later,
        submitted_by=stage.SOMEBODY,
        state="submitted",
    )
    assert open_reviews.one(SYSTEM, OpenReview(review.product_id)).changed
    record = review_record(Review.objects.latest("id").pk)
    assert record is not None
    assert [(c.place, c.was, c.now) for c in record.changes] == [("title", "史上最低保温杯", "实惠保温杯")]
    assert record.before is not None
    assert record.before.reason == "标题违规"


def test_an_unattended_review_becomes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    review = opened()
    stage.at(monkeypatch, make.NOON + timedelta(hours=25))
    sweep()
    assert Deadline.objects.get(kind="product_review", subject_id=review.pk).late_at is not None
    review_products.one(supervisor(), ReviewProduct(review.pk, "approve"))
    assert stage.ended("product_review", review.pk) == ("done", True)


def test_only_who_may_decides() -> None:
    review = opened()
    with pytest.raises(NotAllowed):
        review_products.one(make.actor_with(Permission.REVIEW_VIEW), ReviewProduct(review.pk, "approve"))
