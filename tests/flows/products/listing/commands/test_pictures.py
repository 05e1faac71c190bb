import hashlib

import pytest

from shopkeeper.flows.products.listing.commands.arrange_images import (
    OrderImages,
    RemoveImage,
    order_images,
    remove_images,
)
from shopkeeper.flows.products.listing.commands.attach_images import AttachImage, attach_images
from shopkeeper.flows.products.listing.commands.inspect_images import (
    InspectImage,
    RecordInspection,
    inspect_images,
    record_inspections,
)
from shopkeeper.flows.products.listing.commands.save_product import SaveProduct, save_product
from shopkeeper.flows.products.listing.models import ProductImage
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.states import ImageRole
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import FileRefused
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.2")]


def errands() -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id FROM foundation_errandentry WHERE kind = 'inspect_picture' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def test_an_attached_picture_waits_for_its_inspection() -> None:
    product = stage.make_draft()
    item = AttachImage(product.pk, stage.keep(stage.good_picture()), ImageRole.MAIN, "C:\\图\\主图.jpg")
    first, second = attach_images(make.actor_with(Permission.IMAGE_EDIT), [item, item])
    assert (first.code, second.code) == ("done", "unchanged")
    image = ProductImage.objects.get()
    assert (image.verdict, image.role, image.shown_name) == ("waiting", "main", "主图.jpg")
    assert errands() == [image.pk]
    product.refresh_from_db()
    assert product.version == 2
    assert attach_images.one(SYSTEM, item).code == "unchanged"


def test_a_new_main_picture_makes_a_gallery_picture_of_the_old_one() -> None:
    product = stage.make_draft()
    old = stage.attach(product, stage.good_picture(1))
    new = stage.attach(product, stage.good_picture(2))
    old.refresh_from_db()
    assert (old.role, new.role) == ("gallery", "main")
    back = attach_images.one(SYSTEM, AttachImage(product.pk, old.digest, ImageRole.MAIN))
    assert back.id == old.pk
    new.refresh_from_db()
    assert new.role == "gallery"


def test_pictures_that_cannot_be_attached() -> None:
    product = stage.make_draft()
    assert attach_images.one(SYSTEM, AttachImage(product.pk, "0" * 64)).code == "file_missing"
    assert attach_images.one(SYSTEM, AttachImage(product.pk, "z" * 64)).code == "file_missing"
    digest = stage.keep(stage.good_picture())
    assert attach_images.one(SYSTEM, AttachImage(0, digest)).code == "not_found"
    submitted = stage.make_submitted()
    assert (
        attach_images.one(SYSTEM, AttachImage(submitted.pk, stage.keep(stage.good_picture(5)))).code == "under_review"
    )
    with pytest.raises(NotAllowed):
        attach_images.one(make.actor_with(Permission.PRODUCT_EDIT), AttachImage(product.pk, digest))


def test_a_script_in_a_picture_file_is_not_even_kept() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    with pytest.raises(FileRefused) as refusal:
        stage.keep(svg, "logo.png")
    assert refusal.value.code == "file_kind_unknown"


def test_a_failed_picture_is_to_be_replaced_in_time() -> None:
    product = stage.make_draft()
    image = stage.attach(product, stage.picture(background="grey"))
    assert image.verdict == "failed"
    assert "picture_not_white" in {finding["code"] for finding in image.findings}
    assert Deadline.objects.get(kind="failed_picture", subject_id=image.pk).label == product.code
    assert remove_images.one(SYSTEM, RemoveImage(image.pk)).changed
    assert not Deadline.objects.filter(kind="failed_picture").exists()
    assert remove_images.one(SYSTEM, RemoveImage(image.pk)).code == "unchanged"


def test_a_policy_made_milder_passes_the_picture_at_the_next_look() -> None:
    product = stage.make_draft()
    content = stage.picture(blur=1)
    image = stage.attach(product, content)
    assert image.verdict == "failed"
    set_policy.one(SYSTEM, SetPolicy("picture_sharpness", 10, "低反差商品"))
    outcome = inspect_images.one(SYSTEM, InspectImage(image.pk))
    assert outcome.changed
    stage.inspect(image.pk, content, "主图.jpg")
    image.refresh_from_db()
    assert image.verdict == "passed"
    assert not Deadline.objects.filter(kind="failed_picture").exists()
    assert inspect_images.one(SYSTEM, InspectImage(0)).code == "not_found"


def test_a_product_for_another_platform_has_its_pictures_looked_at_again() -> None:
    product = stage.make_draft()
    image = stage.attach(product, stage.picture(720))
    assert image.verdict == "passed"
    edit = SaveProduct(product_id=product.pk, version=product.version, platforms=("taobao", "jd"))
    assert save_product.one(SYSTEM, edit).changed
    image.refresh_from_db()
    assert image.verdict == "waiting"
    stage.inspect(image.pk, stage.picture(720), "主图.jpg")
    image.refresh_from_db()
    small = [finding for finding in image.findings if finding["code"] == "picture_small"]
    assert small[0]["facts"] == {"platform": "jd", "measured": "720 × 720", "limit": "800 × 800"}


def test_an_inspection_of_another_file_is_not_believed() -> None:
    image = stage.attach(stage.make_draft(), stage.good_picture())
    item = RecordInspection(image.pk, hashlib.sha256(b"other").hexdigest(), {})
    assert record_inspections.one(SYSTEM, item).code == "not_found"


def test_pictures_stand_in_the_order_wanted() -> None:
    product = stage.make_draft()
    ids = [stage.attach(product, stage.good_picture(n), ImageRole.GALLERY).pk for n in (1, 2, 3)]
    turned = tuple(reversed(ids))
    assert order_images.one(SYSTEM, OrderImages(product.pk, turned)).changed
    assert order_images.one(SYSTEM, OrderImages(product.pk, turned)).code == "unchanged"
    assert list(ProductImage.objects.order_by("position").values_list("id", flat=True)) == list(turned)
    assert order_images.one(SYSTEM, OrderImages(product.pk, turned[:2])).code == "images_changed"
    assert order_images.one(SYSTEM, OrderImages(0, ())).code == "not_found"


def test_pictures_of_what_is_reviewed_or_retired_stay() -> None:
    submitted = stage.make_submitted()
    image = ProductImage.objects.get(product=submitted)
    assert remove_images.one(SYSTEM, RemoveImage(image.pk)).code == "under_review"
    assert order_images.one(SYSTEM, OrderImages(submitted.pk, (image.pk,))).code == "under_review"
