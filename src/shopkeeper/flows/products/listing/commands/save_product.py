"""P2.1: a product is entered, or edited on the version that was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing.batches.saving import Wish, save
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.rules.entries import SkuEntry
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome

CONTENT = (
    "title", "core_keyword", "selling_points", "scenarios", "description", "attributes", "leaf_id", "category",
    "platforms", "promises", "no_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaveProduct:
    """Without `product_id` a new product called `code`; with it an edit of `version`. None leaves a field as it is.

    `leaf_id` 0 takes the category off. SKUs not named stay as they are; one is taken off sale by `is_delisted`.
    """

    code: str = ""
    product_id: int | None = None
    version: int | None = None
    title: str | None = None
    core_keyword: str | None = None
    selling_points: tuple[str, ...] | None = None
    scenarios: tuple[str, ...] | None = None
    description: str | None = None
    attributes: dict[str, str] | None = None
    leaf_id: int | None = None
    category: str | None = None
    platforms: tuple[str, ...] | None = None
    promises: tuple[str, ...] | None = None
    no_reason: str | None = None
    skus: tuple[SkuEntry, ...] = ()


@command(clause="P2.1", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE)
def save_product(step: Step, items: Sequence[SaveProduct]) -> list[Outcome]:
    """Keep a product; `facts.version` is the version it now has. The same content twice is unchanged.

    An approved product that is edited is a draft again. Refused: what cannot be read (product_code_unreadable,
    title_unreadable, sku_figures …), product_code_taken, sku_code_taken, barcode_taken, category_unknown,
    stale_version (somebody saved a newer one), under_review, product_retired, price_by_plan.
    """
    return save(step, [wish_of(item) for item in items], "form")


def wish_of(item: SaveProduct) -> Wish:
    """The item as the batch takes it."""
    fields = {name: getattr(item, name) for name in CONTENT}
    return Wish(item.product_id, item.version, item.code.strip(), fields, item.skus)
