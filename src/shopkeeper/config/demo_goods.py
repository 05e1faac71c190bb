"""What the demo's goods need to be put up on platforms: a category with its platform leaves, and a main picture.

The pictures are drawn, white ground, one subject, 800 by 800, so that they pass the inspection.
"""

import io

from shopkeeper.flows.products.listing.commands.change_categories import AddCategory, add_categories
from shopkeeper.flows.products.listing.commands.inspect_images import RecordInspection, record_inspections
from shopkeeper.flows.products.listing.commands.map_categories import MapCategory, map_categories
from shopkeeper.flows.products.listing.models import Product, ProductImage
from shopkeeper.flows.products.listing.rules.pictures import measure
from shopkeeper.flows.products.listing.states import ImageRole
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import FileKind, kept_files
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.simulator import catalogue
from shopkeeper.simulator.pictures import drawn
from shopkeeper.sop.policy import read_policies


def furnish_goods() -> None:
    """Categories, mappings, pictures of the catalogue's products; what is there already stays."""
    leaf_ids = _categories()
    for category, leaf_id in leaf_ids.items():
        Product.objects.filter(category=category, leaf=None).update(leaf_id=leaf_id)
    _pictures()


def _categories() -> dict[str, int]:
    """The tree, level by level; our leaf's number by the catalogue's category."""
    ids: dict[tuple[str, ...], int] = {}
    for level in (1, 2, 3):
        paths = list(dict.fromkeys(leaf.path[:level] for leaf in catalogue.LEAVES.values()))
        added = add_categories(SYSTEM, [AddCategory(path[-1], ids.get(path[:-1])) for path in paths])
        ids |= {path: _made(outcome) for path, outcome in zip(paths, added, strict=True)}
    mappings = [
        MapCategory(ids[leaf.path], platform, number, "/".join(leaf.path))
        for leaf in catalogue.LEAVES.values()
        for platform, number in leaf.numbers.items()
    ]
    for outcome in map_categories(SYSTEM, mappings):
        _made(outcome)
    return {category: ids[leaf.path] for category, leaf in catalogue.LEAVES.items()}


def _made(outcome: Outcome) -> int:
    if not outcome.ok or outcome.id is None:
        raise RuntimeError(f"the demo's goods were not furnished: {outcome}")
    return outcome.id


def _pictures() -> None:
    """One main picture each, as goods have that were there before pictures were inspected here."""
    codes = {goods.product: goods.number for goods in catalogue.SOLD}
    bare = Product.objects.filter(code__in=codes, images=None).order_by("id")
    ProductImage.objects.bulk_create(
        [
            ProductImage(
                product=product,
                role=ImageRole.MAIN,
                digest=_kept(codes[product.code]),
                shown_name=f"{product.code}.jpg",
                added_at=business_time.now(),
                added_by=SYSTEM.id,
            )
            for product in bare
        ]
    )
    level = read_policies()("picture_white_level")
    waiting = ProductImage.objects.filter(product__code__in=codes, inspected_at=None).order_by("id")
    record_inspections(SYSTEM, [_inspected(image, level) for image in waiting])


def _inspected(image: ProductImage, white_level: int) -> RecordInspection:
    """Measured here and now, all but writing, which takes a model a while to look for."""
    content = kept_files().path(image.digest).read_bytes()
    return RecordInspection(image.pk, image.digest, measure(content, image.shown_name, white_level).plain())


def _kept(number: int) -> str:
    content = io.BytesIO(drawn(number))
    return kept_files().keep(content, f"{number}.jpg", {FileKind.JPEG}).digest
