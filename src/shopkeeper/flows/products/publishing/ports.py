"""What publishing asks of a sales platform's goods door, in our words; adapters translate.

Amounts are integer minor units of `currency`. Goods are named by our own codes (`outer_code`: the product's code
for an item, the SKU's code for a variant) and, once published, by the platform's numbers. Every method raises
`OutsideError`; every call may be repeated without effect; safe to call from several threads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shopkeeper.foundation.shop_access import ShopAccess
from shopkeeper.shared.outside import OutsideError

__all__ = [
    "GoodsDraft",
    "GoodsImage",
    "GoodsSku",
    "ListingFacts",
    "OutsideError",
    "PlatformGoods",
    "Published",
    "QuantityAnswer",
    "QuantityWish",
    "ShopAccess",
    "SkuFacts",
]


@dataclass(frozen=True, slots=True)
class GoodsImage:
    """One picture as we keep it; `sha256` in hex is of exactly these bytes."""

    sha256: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GoodsSku:
    """One variant as it is to be sold. `quantity` is what this shop may sell now."""

    outer_code: str
    barcode: str
    spec: str
    price_minor: int
    quantity: int


@dataclass(frozen=True, slots=True)
class GoodsDraft:
    """One product as it is to stand in a shop. `category_leaf` is the platform's own leaf number."""

    outer_code: str
    title: str
    category_leaf: str
    currency: str
    description: str
    selling_points: tuple[str, ...]
    attributes: Mapping[str, str]
    images: tuple[GoodsImage, ...]
    skus: tuple[GoodsSku, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The item as the platform took it: its number, and its variants' numbers by our SKU code."""

    item_no: str
    sku_nos: Mapping[str, str]
    is_on_sale: bool


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """One variant as buyers see it. `can_be_ordered` says whether it can be chosen and bought, stock apart."""

    sku_no: str
    outer_code: str
    price_minor: int
    quantity: int
    can_be_ordered: bool = True


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """One item as it stands in the shop now. `images` are sha-256 in hex of the pictures shown, in order: of the
    bytes we sent where the platform keeps them as they are."""

    item_no: str
    outer_code: str
    is_on_sale: bool
    category_leaf: str
    title: str
    currency: str
    images: tuple[str, ...]
    skus: tuple[SkuFacts, ...]


@dataclass(frozen=True, slots=True)
class QuantityWish:
    """Set one variant's quantity to exactly this (never a difference)."""

    item_no: str
    sku_no: str
    outer_code: str
    quantity: int


@dataclass(frozen=True, slots=True)
class QuantityAnswer:
    """What became of one wish: `error` None means the platform holds that quantity now."""

    wish: QuantityWish
    error: OutsideError | None = None

    @property
    def accepted(self) -> bool:
        return self.error is None


class PlatformGoods(Protocol):
    """One platform's door for goods."""

    def publish(self, shop: ShopAccess, draft: GoodsDraft) -> Published:
        """Make the item and put it on sale; where the shop has an item with this `outer_code` already it is
        changed to the draft and put on sale instead, so that a repeat never makes a second one. What the
        platform will not take is a permanent `OutsideError` with its code (`bad_title`, `bad_category`,
        `bad_price`, `bad_image`, or the platform's own)."""

    def read_back(self, shop: ShopAccess, item_nos: Sequence[str]) -> dict[str, ListingFacts]:
        """The items as buyers see them now, by item number; one the platform does not know is absent."""

    def take_down(self, shop: ShopAccess, item_no: str) -> None:
        """End the sale of an item; one that is off sale already is fine. Unknown: permanent `no_item`."""

    def put_up(self, shop: ShopAccess, item_no: str) -> None:
        """Put an item on sale again; one on sale already is fine. Unknown: permanent `no_item`."""

    def set_quantities(self, shop: ShopAccess, wishes: Sequence[QuantityWish]) -> list[QuantityAnswer]:
        """Set quantities, any number of wishes: the adapter keeps the platform's limits per call. One answer per
        wish, in order; raises only where nothing at all could be asked (throttled, away, no access)."""


class ShopSales(Protocol):
    """Orders as far as publishing must know them: a shop that sells a product may have it on its shelf already."""

    def sold_since(
        self, shop_ids: Collection[int], product_ids: Collection[int], since: datetime
    ) -> set[tuple[int, int]]:
        """Pairs of shop and product of which buyers paid for a piece since then. One statement."""
        ...


class NothingSold:
    """No orders are kept here."""

    def sold_since(
        self, shop_ids: Collection[int], product_ids: Collection[int], since: datetime
    ) -> set[tuple[int, int]]:
        return set()


_sales: list[ShopSales] = [NothingSold()]


def shop_sales() -> ShopSales:
    """The orders that are plugged in; without any, nothing was sold."""
    return _sales[0]


def provide_shop_sales(sales: ShopSales) -> None:
    """A higher flow plugs in its orders when the house loads (config does it)."""
    _sales[0] = sales
