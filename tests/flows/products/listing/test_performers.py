import pytest

from shopkeeper.config.gateways import performers
from shopkeeper.flows.products.listing.commands.attach_images import AttachImage, attach_images
from shopkeeper.flows.products.listing.models import ProductImage
from shopkeeper.flows.products.listing.performers import inspect_pictures
from shopkeeper.flows.products.listing.states import ImageRole
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandRow, perform_due
from shopkeeper.foundation.files import kept_files
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.2")]


def attach(content: bytes) -> ProductImage:
    product = stage.make_draft()
    outcome = attach_images.one(SYSTEM, AttachImage(product.pk, stage.keep(content), ImageRole.MAIN, "主图.jpg"))
    return ProductImage.objects.get(id=outcome.id)


def row(image_id: int) -> ErrandRow:
    return ErrandRow(image_id, "inspect_picture", image_id, None, {}, 1)


def test_an_attached_picture_gets_its_verdict_by_errand() -> None:
    set_policy.one(SYSTEM, SetPolicy("picture_read_text", False, "试行"))
    image = attach(stage.good_picture())
    assert perform_due({"inspect_picture": performers()["inspect_picture"]}) == 1
    image.refresh_from_db()
    assert image.verdict == "passed"
    assert image.measures["text_share"] is None
    assert [finding["code"] for finding in image.findings] == ["picture_text_not_checked"]


def test_a_lost_file_is_given_up_and_a_removed_picture_is_done() -> None:
    image = attach(stage.picture(seed=99))
    kept_files().forget(image.digest)
    lost, gone = inspect_pictures([row(image.pk), row(0)])
    assert (lost.ending, lost.reason) == ("give_up", "file_missing")
    assert gone.ending == "done"


def test_a_large_batch_leaves_the_rest_for_the_next_turn(monkeypatch) -> None:
    set_policy.one(SYSTEM, SetPolicy("picture_read_text", False, "试行"))
    monkeypatch.setattr("shopkeeper.flows.products.listing.performers.AT_ONCE_S", -1.0)
    first, second = attach(stage.good_picture(1)), attach(stage.good_picture(2))
    endings = [result.ending for result in inspect_pictures([row(first.pk), row(second.pk)])]
    assert endings == ["done", "retry"]
