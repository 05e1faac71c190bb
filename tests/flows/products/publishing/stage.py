"""Products in a shop, a platform that remembers what it was told, and a clock that stands where the test puts it."""

import io
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.products.listing.models import Category, CategoryMapping, Product, ProductImage, Sku
from shopkeeper.flows.products.publishing.commands.publish_products import PublishProduct, publish_products
from shopkeeper.flows.products.publishing.models import Listing, ListingSku, Review
from shopkeeper.flows.products.publishing.performers import Gateways, performers
from shopkeeper.flows.products.publishing.ports import (
    GoodsDraft,
    ListingFacts,
    OutsideError,
    Published,
    QuantityAnswer,
    QuantityWish,
    ShopAccess,
    SkuFacts,
)
from shopkeeper.foundation import business_time, errands, readers
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import IMAGES, kept_files
from shopkeeper.foundation.models import Shop
from tests import factories as make

_count = itertools.count(1)


SOMEBODY = 10**12  # beyond the numbers that people get in a test database


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def leaf(name: str = "保温杯", platforms: Sequence[str] = ("taobao", "pinduoduo")) -> Category:
    """A leaf of the tree, mapped to platforms."""
    root = Category.objects.get_or_create(name="家居", level=1)[0]
    middle = Category.objects.get_or_create(name="水具", level=2, parent=root)[0]
    found, made = Category.objects.get_or_create(name=name, level=3, parent=middle)
    if made:
        CategoryMapping.objects.bulk_create(
            [CategoryMapping(category=found, platform=p, platform_leaf=f"50{found.pk}") for p in platforms]
        )
    return found


def make_product(skus: int = 1, *, state: str = "approved", picture: bool = True, **fields: Any) -> Product:
    """A product whole, with variants at 59.00; approved unless told otherwise."""
    n = next(_count)
    defaults: dict[str, Any] = {
        "code": f"CUP{n}", "title": f"不锈钢保温杯大容量{n}", "core_keyword": "保温杯",
        "selling_points": ["双层真空", "一键开盖"], "scenarios": ["办公室"], "description": "食品级材质。",
        "attributes": {"材质": "不锈钢"}, "platforms": ["taobao", "pinduoduo"], "state": state, "state_at": make.NOON,
        "leaf": fields.pop("leaf", None) or leaf(),
    }  # fmt: skip
    if state == "submitted":
        defaults |= {"submitted_version": 1, "submitted_by": SOMEBODY, "submitted_at": make.NOON}
    product = Product.objects.create(**{**defaults, **fields})
    for _ in range(skus):
        make.make_sku(product=product, price_minor=5_900, name="保温杯")
    if picture:
        digest = kept_files().keep(io.BytesIO(png(n)), "a.png", IMAGES).digest
        ProductImage.objects.create(
            product=product, role="main", digest=digest, shown_name="a.png", added_at=make.NOON, added_by=0
        )
    return product


def png(n: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (n % 256, n // 256 % 256, 7)).save(stream, "PNG")
    return stream.getvalue()


def make_front(platform: str = "taobao", **fields: Any) -> Shop:
    """A shop with its warehouse."""
    return make.make_shop(platform=platform, **fields)


@dataclass
class FakePlatform:
    """A platform in memory. Trouble is planted by name of the call; facts can be spoilt after the fact."""

    items: dict[str, ListingFacts] = field(default_factory=dict)
    drafts: list[GoodsDraft] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    wishes: list[list[QuantityWish]] = field(default_factory=list)
    trouble: dict[str, list[OutsideError]] = field(default_factory=dict)
    sku_trouble: dict[str, list[OutsideError]] = field(default_factory=dict)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.trouble.get(name):
            raise self.trouble[name].pop(0)

    def publish(self, shop: ShopAccess, draft: GoodsDraft) -> Published:
        self._called("publish")
        self.drafts.append(draft)
        known = next((no for no, facts in self.items.items() if facts.outer_code == draft.outer_code), "")
        item_no = known or f"9{len(self.items) + 1:05d}"
        skus = tuple(
            SkuFacts(f"{item_no}-{n}", sku.outer_code, sku.price_minor, sku.quantity)
            for n, sku in enumerate(draft.skus, start=1)
        )
        self.items[item_no] = ListingFacts(
            item_no, draft.outer_code, True, draft.category_leaf, draft.title, draft.currency,
            tuple(image.sha256 for image in draft.images), skus,
        )  # fmt: skip
        return Published(item_no, {sku.outer_code: sku.sku_no for sku in skus}, True)

    def read_back(self, shop: ShopAccess, item_nos: Sequence[str]) -> dict[str, ListingFacts]:
        self._called("read_back")
        return {no: self.items[no] for no in item_nos if no in self.items}

    def take_down(self, shop: ShopAccess, item_no: str) -> None:
        self._called("take_down")
        self._set_on_sale(item_no, False)

    def put_up(self, shop: ShopAccess, item_no: str) -> None:
        self._called("put_up")
        self._set_on_sale(item_no, True)

    def _set_on_sale(self, item_no: str, is_on_sale: bool) -> None:
        if item_no not in self.items:
            raise OutsideError("permanent", "no_item")
        self.items[item_no] = replace(self.items[item_no], is_on_sale=is_on_sale)

    def set_quantities(self, shop: ShopAccess, wishes: Sequence[QuantityWish]) -> list[QuantityAnswer]:
        self._called("set_quantities")
        self.wishes.append(list(wishes))
        answers = []
        for wish in wishes:
            planted = self.sku_trouble.get(wish.outer_code)
            error = planted.pop(0) if planted else None
            if error is None:
                self.spoil_sku(wish.outer_code, quantity=wish.quantity)
            answers.append(QuantityAnswer(wish, error))
        return answers

    def spoil(self, code: str, **facts: Any) -> None:
        """The platform shows something else than it was told."""
        for no, item in self.items.items():
            if item.outer_code == code:
                self.items[no] = replace(item, **facts)

    def spoil_sku(self, code: str, **facts: Any) -> None:
        for no, item in self.items.items():
            skus = tuple(replace(sku, **facts) if sku.outer_code == code else sku for sku in item.skus)
            self.items[no] = replace(item, skus=skus)

    def lose(self, code: str) -> None:
        self.items = {no: item for no, item in self.items.items() if item.outer_code != code}

    def quantity(self, code: str) -> int:
        return next(sku.quantity for item in self.items.values() for sku in item.skus if sku.outer_code == code)


def access(ids: Any) -> Mapping[int, ShopAccess]:
    shops = Shop.objects.filter(id__in=list(ids))
    return {shop.pk: ShopAccess(shop.pk, shop.platform, "http://shop.test", "key", "secret", "s") for shop in shops}


def gateways(platform: FakePlatform, other: FakePlatform | None = None) -> Gateways:
    return Gateways({"taobao": platform, "pinduoduo": other or platform}, access)


def perform(platform: FakePlatform, other: FakePlatform | None = None) -> int:
    """Say everything that is due now."""
    done = total = errands.perform_due(performers(gateways(platform, other)))
    while done:
        done = errands.perform_due(performers(gateways(platform, other)))
        total += done
    return total


def react() -> None:
    """Let this desk's readers take what happened."""
    own = {reader.name: reader for reader in READERS if reader.name.startswith("publishing.")}
    readers.ensure_cursors(list(own.values()))
    while readers.run_readers(own):
        pass


def wanted(product: Product, *shops: Shop) -> list[Listing]:
    """Have a product published in shops; nothing is said yet."""
    outcomes = publish_products(SYSTEM, [PublishProduct(product.pk, shop.pk) for shop in shops])
    assert all(outcome.changed for outcome in outcomes), outcomes
    return [Listing.objects.get(product=product, shop=shop) for shop in shops]


def on_sale(platform: FakePlatform, product: Product, shop: Shop) -> Listing:
    """A product on sale in a shop."""
    listing = wanted(product, shop)[0]
    perform(platform)
    listing.refresh_from_db()
    assert listing.state == "on_sale", (listing.state, listing.error)
    return listing


def sku_of(listing: Listing) -> ListingSku:
    return ListingSku.objects.get(listing=listing)


def only_sku(product: Product) -> Sku:
    return Sku.objects.get(product=product)


def review_of(product: Product) -> Review:
    return Review.objects.filter(product=product).latest("id")


def ended(kind: str, subject_id: int) -> tuple[str, bool]:
    """How the last deadline of a kind for a subject ended, and whether it was late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s AND subject_id = %s ORDER BY id DESC",
            [kind, subject_id],
        )
        return cursor.fetchone()
