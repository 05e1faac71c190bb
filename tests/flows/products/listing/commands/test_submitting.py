from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.products.listing.commands.note_review import NoteReview, note_review
from shopkeeper.flows.products.listing.commands.retire_products import (
    RetireProduct,
    ReviveProduct,
    retire_products,
    revive_products,
)
from shopkeeper.flows.products.listing.commands.submit_product import (
    SubmitProduct,
    WithdrawProduct,
    submit_product,
    withdraw_products,
)
from shopkeeper.flows.products.listing.models import Product, ProductTag, Sku
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.facts import content_of, product_facts, products_of_skus
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.1")]


def submit(product: Product, version: int | None = None):
    return submit_product.one(SYSTEM, SubmitProduct(product.pk, version or product.version))


def test_a_product_that_passes_goes_to_the_review() -> None:
    product = stage.make_ready()
    actor = make.actor_with(Permission.PRODUCT_SUBMIT)
    outcome = submit_product.one(actor, SubmitProduct(product.pk, product.version))
    assert outcome.changed
    product.refresh_from_db()
    assert (product.state, product.submitted_by, product.submitted_version) == ("submitted", actor.id, product.version)
    assert submit(product).code == "unchanged"


def test_a_product_with_findings_is_refused_with_all_of_them() -> None:
    leaf = stage.make_leaf(platforms=())
    stage.make_template(leaf)
    product = stage.make_draft(
        leaf_id=leaf, title="纯棉纯棉短袖", selling_points=("好",), scenarios=(), attributes={}, promises=()
    )
    outcome = submit(product)
    assert outcome.code == "product_unfit"
    assert {finding["code"] for finding in outcome.facts["findings"]} == {
        "core_keyword_not_in_title", "title_word_repeated", "selling_points_missing", "scenarios_missing",
        "category_not_mapped", "attribute_missing", "no_reason_not_promised", "main_image_missing", "images_too_few",
    }  # fmt: skip
    product.refresh_from_db()
    assert product.state == "draft"


def test_a_draft_to_complete_is_a_duty_until_it_is_submitted() -> None:
    product = stage.make_ready()
    Deadline.objects.create(
        kind="drafted_product", clause="P2.1", subject_id=product.pk, role="product_specialist",
        armed_at=make.NOON, due_at=make.NOON, label="X", handed_over_reason="",
    )  # fmt: skip
    assert submit(product).changed
    assert not Deadline.objects.filter(kind="drafted_product").exists()


def test_another_version_is_not_submitted_unseen() -> None:
    product = stage.make_ready()
    assert submit(product, product.version - 1).code == "stale_version"
    assert submit_product.one(SYSTEM, SubmitProduct(0, 1)).code == "not_found"
    with pytest.raises(NotAllowed):
        submit_product.one(make.actor_with(Permission.PRODUCT_EDIT), SubmitProduct(product.pk, product.version))


def test_a_submitted_product_can_be_taken_back() -> None:
    product = stage.make_submitted()
    first, second = withdraw_products(SYSTEM, [WithdrawProduct(product.pk)] * 2)
    assert first.changed and second.ok
    product.refresh_from_db()
    assert product.state == "draft"
    assert withdraw_products.one(SYSTEM, WithdrawProduct(product.pk)).code == "unchanged"
    assert withdraw_products.one(SYSTEM, WithdrawProduct(stage.make_approved().pk)).code == "not_under_review"
    assert withdraw_products.one(SYSTEM, WithdrawProduct(0)).code == "not_found"


def test_approval_tags_the_product_new_until_the_policy_says_otherwise() -> None:
    product = stage.make_submitted()
    item = NoteReview(product.pk, product.version, True)
    assert note_review.one(SYSTEM, item).changed
    assert note_review.one(SYSTEM, item).code == "unchanged"
    product.refresh_from_db()
    assert (product.state, product.approved_version) == ("approved", product.version)
    assert ProductTag.objects.get(product=product).tag == "new"
    watch = Deadline.objects.get(kind="new_tag", subject_id=product.pk)
    assert watch.due_at == product.first_approved_at + timedelta(days=30)
    assert submit(product).code == "product_approved"


def test_a_returned_product_has_its_time_and_its_reasons() -> None:
    product = stage.make_submitted()
    finding = {"code": "word", "place": "title", "facts": {"word": "最佳"}}
    item = NoteReview(product.pk, product.version, False, "标题有违禁词", (finding,))
    assert note_review.one(SYSTEM, item).changed
    product.refresh_from_db()
    assert (product.state, product.review_reason, product.review_findings) == ("returned", "标题有违禁词", [finding])
    assert Deadline.objects.filter(kind="returned_product", subject_id=product.pk).exists()
    assert submit(product).changed
    assert not Deadline.objects.filter(kind="returned_product").exists()


def test_a_review_is_of_the_version_it_saw() -> None:
    product = stage.make_submitted()
    assert note_review.one(SYSTEM, NoteReview(product.pk, 99, True)).code == "stale_version"
    assert note_review.one(SYSTEM, NoteReview(0, 1, True)).code == "not_found"
    draft = stage.make_draft()
    assert note_review.one(SYSTEM, NoteReview(draft.pk, draft.version, True)).code == "not_under_review"


def test_a_retired_product_is_not_sold_and_comes_back_as_a_draft() -> None:
    product = stage.make_approved("TEE")
    assert retire_products.one(SYSTEM, RetireProduct(product.pk, " ")).code == "reason_needed"
    assert retire_products.one(SYSTEM, RetireProduct(product.pk, "换季")).changed
    assert retire_products.one(SYSTEM, RetireProduct(product.pk, "换季")).code == "unchanged"
    assert all(Sku.objects.filter(product=product).values_list("is_delisted", flat=True))
    assert submit(product).code == "product_retired"
    assert revive_products.one(SYSTEM, ReviveProduct(product.pk)).changed
    assert revive_products.one(SYSTEM, ReviveProduct(product.pk)).code == "unchanged"
    assert revive_products.one(SYSTEM, ReviveProduct(0)).code == "not_found"
    product.refresh_from_db()
    assert product.state == "draft"
    outcome = submit(product)
    assert [finding["code"] for finding in outcome.facts["findings"]] == ["skus_missing"]


def test_what_is_under_review_is_not_retired() -> None:
    assert retire_products.one(SYSTEM, RetireProduct(stage.make_submitted().pk, "换季")).code == "under_review"
    assert retire_products.one(SYSTEM, RetireProduct(0, "换季")).code == "not_found"


def test_the_facts_other_desks_read_are_whole_and_cost_a_fixed_number_of_statements() -> None:
    products = [stage.make_approved(f"TEE{n}") for n in range(3)]
    counts = []
    for some in (products[:1], products):
        with CaptureQueriesContext(connection) as queries:
            facts = product_facts([product.pk for product in some])
        counts.append(len(queries))
    assert counts[0] == counts[1]
    first = facts[products[0].pk]
    assert first.platform_leaf("taobao").startswith("5000")
    assert first.platform_leaf("jd") == ""
    assert first.category is not None and first.category.said == "服装 / 男装 / T恤"
    assert first.main_image is not None and first.main_image.verdict == "passed"
    assert first.attributes["材质"] == "棉"
    assert [sku.spec_values["颜色"] for sku in first.skus] == ["白色", "黑色"]
    assert first.tags == ("new",)
    assert products_of_skus([first.skus[0].id]) == {first.skus[0].id: first.id}
    content = content_of(first.id, first.version)
    assert content is not None and content["images"][0]["role"] == "main"
    assert content_of(first.id, 99) is None
