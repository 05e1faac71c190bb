"""What the demo's goods need to be put up on platforms: words, a category with its platform leaves, pictures.

The pictures are drawn, white ground, one subject, 800 by 800, so that they pass the inspection.
"""

import io
from dataclasses import replace

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
from shopkeeper.simulator.drawings.goods import main_picture, second_picture
from shopkeeper.simulator.goods_words import WORDS
from shopkeeper.sop.policy import read_policies

SOLD_ON = ("taobao", "pinduoduo")


def furnish_goods() -> None:
    """Categories, mappings, pictures of the catalogue's products; what is there already stays."""
    leaf_ids = _categories()
    for category, leaf_id in leaf_ids.items():
        Product.objects.filter(category=category, leaf=None).update(leaf_id=leaf_id)
    _words()
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


def _words() -> None:
    """What each says of itself, as goods do that were entered before products were checked here."""
    silent = list(Product.objects.filter(code__in=WORDS, core_keyword="").order_by("id"))
    for product in silent:
        words = WORDS[product.code]
        product.core_keyword = words.keyword
        product.selling_points, product.scenarios = list(words.points), list(words.scenarios)
        product.description, product.attributes = words.description, [list(pair) for pair in words.attributes]
        product.platforms, product.promises = list(SOLD_ON), list(words.promises)
        product.no_reason = words.no_reason
        product.made_at, product.made_by = business_time.now(), SYSTEM.id
    fields = ("core_keyword", "selling_points", "scenarios", "description", "attributes", "platforms", "promises")
    Product.objects.bulk_update(silent, [*fields, "no_reason", "made_at", "made_by"])


def _pictures() -> None:
    """A main picture each, and one more where they come in several colours, as goods have that were there before
    pictures were inspected here."""
    bare = Product.objects.filter(code__in=WORDS, images=None).order_by("id")
    ProductImage.objects.bulk_create(
        [
            ProductImage(
                product=product,
                role=role,
                digest=_kept(content, name),
                shown_name=name,
                added_at=business_time.now(),
                added_by=SYSTEM.id,
            )
            for product in bare
            for role, name, content in _drawn(product.code)
        ]
    )
    level = read_policies()("picture_white_level")
    waiting = ProductImage.objects.filter(product__code__in=WORDS, inspected_at=None).order_by("id")
    record_inspections(SYSTEM, [_inspected(image, level) for image in waiting])


def _drawn(code: str) -> list[tuple[ImageRole, str, bytes]]:
    second = second_picture(code)
    found = [(ImageRole.MAIN, f"{code}.jpg", main_picture(code))]
    return [*found, (ImageRole.GALLERY, f"{code}-2.jpg", second)] if second else found


def _inspected(image: ProductImage, white_level: int) -> RecordInspection:
    """Measured here and now. Nothing need be read off them: they are drawn without a letter."""
    content = kept_files().path(image.digest).read_bytes()
    measured = replace(measure(content, image.shown_name, white_level), text_share=0.0)
    return RecordInspection(image.pk, image.digest, measured.plain())


def _kept(content: bytes, name: str) -> str:
    return kept_files().keep(io.BytesIO(content), name, {FileKind.JPEG}).digest
