"""P4.2: what a platform shows beside what we told it, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shopkeeper.flows.products.publishing.ports import ListingFacts

GONE = "gone"


@dataclass(frozen=True, slots=True)
class SkuSaid:
    """One variant as we told it; `quantity` is what the platform accepted last, None while a newer is on its way."""

    code: str
    price_minor: int
    quantity: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """One listing as we told it."""

    title: str
    category_leaf: str
    currency: str
    images: tuple[str, ...]
    skus: tuple[SkuSaid, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One field with both values. `sku` is the variant's code, empty for the whole item."""

    field: str
    sku: str
    ours: str
    theirs: str
    is_equal: bool

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def compare(said: Said, seen: ListingFacts | None) -> list[Compared]:
    """Every field that buyers go by: on sale, category, title, pictures, and price, stock and orderability per SKU.

    A listing the platform no longer knows is one difference, `gone`. Of stock only more than we allowed is a
    difference: less is what buyers have taken since, and the next push sets it right.
    """
    if seen is None:
        return [Compared(GONE, "", "on_sale", GONE, False)]
    rows = [
        _row("on_sale", "", "yes", "yes" if seen.is_on_sale else "no"),
        _row("category", "", said.category_leaf, seen.category_leaf),
        _row("title", "", said.title, seen.title),
        _row("currency", "", said.currency, seen.currency),
        _pictures(said.images, seen.images),
    ]
    theirs = {sku.outer_code: sku for sku in seen.skus}
    for ours in said.skus:
        sku = theirs.pop(ours.code, None)
        if sku is None:
            rows.append(Compared("sku", ours.code, "listed", GONE, False))
            continue
        rows.append(_row("price", ours.code, str(ours.price_minor), str(sku.price_minor)))
        if ours.quantity is not None:
            told, shown = str(ours.quantity), str(sku.quantity)
            rows.append(Compared("stock", ours.code, told, shown, sku.quantity <= ours.quantity))
        rows.append(_row("orderable", ours.code, "yes", "yes" if sku.can_be_ordered else "no"))
    rows += [Compared("sku", code, GONE, "listed", False) for code in theirs]
    return rows


def _row(field: str, sku: str, ours: str, theirs: str) -> Compared:
    return Compared(field, sku, ours, theirs, ours.strip() == theirs.strip())


def _pictures(ours: Sequence[str], theirs: Sequence[str]) -> Compared:
    """Pictures by content and order; shown by how many are the same."""
    same = sum(a == b for a, b in zip(ours, theirs, strict=False))
    return Compared("images", "", _said(ours), f"{len(theirs)}:{same}", tuple(ours) == tuple(theirs))


def _said(images: Sequence[str]) -> str:
    return f"{len(images)}:{len(images)}"


def differences(compared: Sequence[Compared]) -> list[Compared]:
    return [row for row in compared if not row.is_equal]


def takes_down(policy: str, found: Sequence[Compared]) -> bool:
    """Does the policy end the sale by itself for these differences? What is not on sale cannot be taken down."""
    if policy == "nothing" or any(row.field in (GONE, "on_sale") for row in found):
        return False
    return policy == "anything" or any(row.field in ("price", "currency") for row in found)


def said_of(said: Mapping[str, Any], told: Mapping[str, int | None]) -> Said:
    """What we told, from the listing's stored form; `told` are the quantities accepted per SKU code."""
    return Said(
        title=said["title"],
        category_leaf=said["category_leaf"],
        currency=said["currency"],
        images=tuple(said["images"]),
        skus=tuple(SkuSaid(sku["code"], sku["price_minor"], told.get(sku["code"])) for sku in said["skus"]),
    )
