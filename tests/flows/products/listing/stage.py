"""What the tests of products stand on: a tree, a template, a product that passes, pictures drawn on the spot."""

import io
import random
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from shopkeeper.flows.products.listing.commands.attach_images import AttachImage, attach_images
from shopkeeper.flows.products.listing.commands.change_categories import AddCategory, add_categories
from shopkeeper.flows.products.listing.commands.inspect_images import RecordInspection, record_inspections
from shopkeeper.flows.products.listing.commands.map_categories import (
    MapCategory,
    SetTemplate,
    map_categories,
    set_templates,
)
from shopkeeper.flows.products.listing.commands.note_review import NoteReview, note_review
from shopkeeper.flows.products.listing.commands.save_product import SaveProduct, save_product
from shopkeeper.flows.products.listing.commands.submit_product import SubmitProduct, submit_product
from shopkeeper.flows.products.listing.models import Product, ProductImage
from shopkeeper.flows.products.listing.rules.attributes import AttributeRule
from shopkeeper.flows.products.listing.rules.entries import SkuEntry
from shopkeeper.flows.products.listing.rules.pictures import measure
from shopkeeper.flows.products.listing.states import ImageRole
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.files import IMAGES, kept_files
from tests import factories as make

TITLE = "纯棉T恤男夏季新款圆领短袖"


def picture(
    side: int = 800,
    *,
    height: int = 0,
    blur: float = 0,
    background: str = "white",
    subject: float = 0.7,
    kind: str = "JPEG",
    mode: str = "RGB",
    badge: bool = False,
    seed: int = 1,
) -> bytes:
    """A shirt-like thing with a pattern on it."""
    tall = height or side
    image = Image.new("RGB", (side, tall), background)
    draw = ImageDraw.Draw(image)
    left, right = side * (1 - subject) / 2, side * (1 + subject) / 2
    top, bottom = tall * (1 - subject) / 2, tall * (1 + subject) / 2
    draw.rectangle((left, top, right, bottom), fill=(60, 90, 160))
    chance = random.Random(seed)
    for _ in range(200):
        x, y = chance.uniform(left, right - 8), chance.uniform(top, bottom - 8)
        draw.rectangle((x, y, x + 8, y + 8), fill=(chance.randrange(256), chance.randrange(256), 90))
    if badge:
        draw.rectangle((0, 0, side * 0.04, side * 0.04), fill="red")
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    content = io.BytesIO()
    image.convert(mode).save(content, kind, **({"quality": 92} if kind == "JPEG" else {}))
    return content.getvalue()


@cache
def good_picture(seed: int = 1) -> bytes:
    return picture(seed=seed)


def keep(content: bytes, name: str = "主图.jpg") -> str:
    return kept_files().keep(io.BytesIO(content), name, IMAGES).digest


def make_leaf(*names: str, platforms: tuple[str, ...] = ("taobao",)) -> int:
    """A leaf with its path, mapped to platforms."""
    parent: int | None = None
    for name in names or ("服装", "男装", "T恤"):
        parent = add_categories.one(SYSTEM, AddCategory(name, parent)).id
    assert parent is not None
    for platform in platforms:
        assert map_categories.one(SYSTEM, MapCategory(parent, platform, f"5000{parent}", "男装>T恤")).ok
    return parent


def make_template(leaf_id: int) -> None:
    rules = (
        AttributeRule("材质", "choice", True, ("棉", "涤纶")),
        AttributeRule("克重", "number", False, (), ("g/m²",)),
        AttributeRule("产地"),
    )
    assert set_templates.one(SYSTEM, SetTemplate(leaf_id, rules)).ok


def entry(code: str, leaf_id: int | None = None, **fields: Any) -> SaveProduct:
    """A product that passes every check but for its pictures."""
    defaults: dict[str, Any] = {
        "title": TITLE, "core_keyword": "T恤", "selling_points": ("新疆长绒棉，不起球", "领口双线，不变形"),
        "scenarios": ("夏天通勤",), "description": "一件好T恤。", "attributes": {"材质": "棉", "克重": "180 g/m²"},
        "leaf_id": leaf_id, "platforms": ("taobao",), "promises": ("no_reason_return", "free_shipping"),
        "no_reason": "yes",
        "skus": (
            SkuEntry(f"{code}-W-L", {"颜色": "白色", "尺码": "L"}, cost_minor=2_000, price_minor=5_900, weight_g=200),
            SkuEntry(f"{code}-B-L", {"颜色": "黑色", "尺码": "L"}, cost_minor=2_000, price_minor=5_900, weight_g=200),
        ),
    }  # fmt: skip
    return SaveProduct(code, **{**defaults, **fields})


def make_draft(code: str = "", *, actor: Actor = SYSTEM, leaf_id: int | None = None, **fields: Any) -> Product:
    code = code or f"P{next(make._count)}"
    outcome = save_product.one(actor, entry(code, leaf_id or make_leaf(), **fields))
    assert outcome.ok, outcome
    return Product.objects.get(id=outcome.id)


def attach(product: Product, content: bytes, role: str = ImageRole.MAIN, name: str = "主图.jpg") -> ProductImage:
    """A picture attached and inspected (without reading text off it)."""
    outcome = attach_images.one(SYSTEM, AttachImage(product.pk, keep(content, name), ImageRole(role), name))
    assert outcome.ok, outcome
    inspect(outcome.id or 0, content, name)
    product.refresh_from_db()
    return ProductImage.objects.get(id=outcome.id)


def inspect(image_id: int, content: bytes, name: str) -> None:
    image = ProductImage.objects.get(id=image_id)
    item = RecordInspection(image.pk, image.digest, measure(content, name, 250).plain())
    assert record_inspections.one(SYSTEM, item).ok


def make_ready(code: str = "", **fields: Any) -> Product:
    """A product that may be submitted."""
    product = make_draft(code, **fields)
    attach(product, good_picture())
    return product


def make_submitted(code: str = "", *, actor: Actor = SYSTEM, **fields: Any) -> Product:
    product = make_ready(code, **fields)
    outcome = submit_product.one(actor, SubmitProduct(product.pk, product.version))
    assert outcome.ok, outcome
    product.refresh_from_db()
    return product


def make_approved(code: str = "", **fields: Any) -> Product:
    product = make_submitted(code, **fields)
    assert note_review.one(SYSTEM, NoteReview(product.pk, product.version, True)).ok
    product.refresh_from_db()
    return product
