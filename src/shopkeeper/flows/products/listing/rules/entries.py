"""What somebody wants a product to say, read strictly: an unreadable entry is refused, an incomplete one is a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shopkeeper.flows.products.listing.rules.attributes import MOST_ATTRIBUTES, NAME_MOST, VALUE_MOST
from shopkeeper.flows.products.listing.rules.checks import LINE_MOST
from shopkeeper.flows.products.listing.states import NoReasonClass, Platform, Promise

CODE_MOST = 60
TITLE_MOST = 200
KEYWORD_MOST = 60
LINES_MOST = 20
DESCRIPTION_MOST = 20_000
SKUS_MOST = 600
SPEC_MOST = 100
FIGURE_MOST = 10**12
WEIGHT_MOST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class SkuEntry:
    """One variant as entered; None leaves a figure as it is (a new SKU: nothing). Grams, minor units.

    `barcode` empty: the code serves as one. `price_minor` counts only until the product was first approved;
    after that prices come from price plans.
    """

    code: str
    spec_values: dict[str, str] | None = None
    barcode: str | None = None
    name: str | None = None
    weight_g: int | None = None
    cost_minor: int | None = None
    price_minor: int | None = None
    currency: str | None = None
    is_fragile: bool | None = None
    is_unbendable: bool | None = None
    is_delisted: bool | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a product says, whole."""

    code: str
    title: str = ""
    core_keyword: str = ""
    selling_points: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    description: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    leaf_id: int | None = None
    category: str = ""
    platforms: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    no_reason: str = NoReasonClass.YES.value


@dataclass(frozen=True, slots=True)
class SkuContent:
    """What one variant says, whole."""

    code: str
    barcode: str
    name: str
    spec: str = ""
    spec_values: tuple[tuple[str, str], ...] = ()
    weight_g: int = 0
    cost_minor: int = 0
    price_minor: int = 0
    currency: str = "CNY"
    is_fragile: bool = False
    is_unbendable: bool = False
    is_delisted: bool = False


def lines(given: Sequence[str]) -> tuple[str, ...]:
    """Lines without the empty ones."""
    return tuple(line.strip() for line in given if line.strip())


def pairs(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Names and values, trimmed, without the empty ones, in the order given."""
    return tuple((str(name).strip(), str(value).strip()) for name, value in given.items() if str(value).strip())


def spec_said(values: Sequence[tuple[str, str]]) -> str:
    """A specification as people and platforms write it: 白色;L."""
    return ";".join(value for _, value in values)


def merged(base: Content, wish: Mapping[str, Any]) -> Content:
    """A product's content after an edit; what the wish leaves None stays."""
    changes: dict[str, Any] = {name: value for name, value in wish.items() if value is not None}
    for name in ("selling_points", "scenarios", "platforms", "promises"):
        if name in changes:
            changes[name] = lines(changes[name])
    if "attributes" in changes:
        changes["attributes"] = pairs(changes["attributes"])
    for name in ("title", "core_keyword", "description", "category"):
        if name in changes:
            changes[name] = changes[name].strip()
    if "leaf_id" in changes:
        changes["leaf_id"] = changes["leaf_id"] or None
    return replace(base, **changes)


def merged_sku(base: SkuContent | None, entry: SkuEntry, title: str) -> SkuContent:
    """A variant after an edit; a new one is called as the product is."""
    code = entry.code.strip()
    if base is None:
        base = SkuContent(code, code, title)
    changes: dict[str, Any] = {
        name: getattr(entry, name)
        for name in ("weight_g", "cost_minor", "price_minor", "is_fragile", "is_unbendable", "is_delisted")
        if getattr(entry, name) is not None
    }
    if entry.currency:
        changes["currency"] = entry.currency.strip().upper()
    if entry.barcode is not None:
        changes["barcode"] = entry.barcode.strip() or code
    if entry.name is not None and entry.name.strip():
        changes["name"] = entry.name.strip()
    if entry.spec_values is not None:
        changes["spec_values"] = pairs(entry.spec_values)
        changes["spec"] = spec_said(changes["spec_values"])
    return replace(base, **changes)


def renamed_skus(skus: Mapping[str, SkuContent], before: str, title: str) -> dict[str, SkuContent]:
    """The variants that were called as the product was, called as it is now; a name of their own stays."""
    if before == title:
        return {}
    return {code: replace(sku, name=title) for code, sku in skus.items() if sku.name == before}


def unreadable(content: Content) -> str:
    """Why a product's content cannot be kept at all; empty where it can."""
    texts = (*content.selling_points, *content.scenarios)
    problems = (
        (not 0 < len(content.code) <= CODE_MOST or any(c.isspace() for c in content.code), "product_code_unreadable"),
        (not 0 < len(content.title) <= TITLE_MOST, "title_unreadable"),
        (len(content.core_keyword) > KEYWORD_MOST, "keyword_unreadable"),
        (len(texts) > 2 * LINES_MOST or any(len(line) > LINE_MOST for line in texts), "lines_unreadable"),
        (len(content.description) > DESCRIPTION_MOST, "description_too_long"),
        (_unreadable_attributes(content.attributes), "attributes_unreadable"),
        (not set(content.platforms) <= set(Platform), "platform_unknown"),
        (not set(content.promises) <= set(Promise), "promise_unknown"),
        (content.no_reason not in set(NoReasonClass), "no_reason_unknown"),
    )
    return next((code for broken, code in problems if broken), "")


def _unreadable_attributes(attributes: Sequence[tuple[str, str]]) -> bool:
    return len(attributes) > MOST_ATTRIBUTES or any(
        not 0 < len(name) <= NAME_MOST
        or len(value) > VALUE_MOST
        or any(mark in name for mark in ":：\n")
        or "\n" in value
        for name, value in attributes
    )


def unreadable_sku(sku: SkuContent) -> str:
    """Why a variant cannot be kept; empty where it can."""
    figures = (sku.cost_minor, sku.price_minor)
    problems = (
        (not 0 < len(sku.code) <= CODE_MOST or any(c.isspace() for c in sku.code), "sku_code_unreadable"),
        (not 0 < len(sku.barcode) <= CODE_MOST, "barcode_unreadable"),
        (len(sku.name) > TITLE_MOST, "sku_name_too_long"),
        (len(sku.spec) > SPEC_MOST, "sku_spec_too_long"),
        (any(mark in part for pair in sku.spec_values for part in pair for mark in ":：;；\n"), "sku_spec_unreadable"),
        (not 0 <= sku.weight_g <= WEIGHT_MOST or not all(0 <= f <= FIGURE_MOST for f in figures), "sku_figures"),
        (len(sku.currency) != 3 or not sku.currency.isalpha(), "currency_unknown"),
    )
    return next((code for broken, code in problems if broken), "")
