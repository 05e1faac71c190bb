"""What happens to products: entered, looked at, priced, withdrawn; and to the category tree."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ProductDrafted(Event):
    """A product was entered. `source` says how: form, import, candidate."""

    product_id: int
    code: str
    source: str


@dataclass(frozen=True, slots=True)
class ProductEdited(Event):
    """A product's facts changed; `version` is the new one, `fields` names what changed."""

    product_id: int
    version: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class ProductSubmitted(Event):
    """A version passed every check and waits for the supervisor's review."""

    product_id: int
    version: int
    submitted_by: int


@dataclass(frozen=True, slots=True)
class ProductWithdrawn(Event):
    """The submitter took a product back before it was reviewed."""

    product_id: int
    version: int


@dataclass(frozen=True, slots=True)
class ProductApproved(Event):
    """The supervisor approved a version; it may be published."""

    product_id: int
    version: int


@dataclass(frozen=True, slots=True)
class ProductReturned(Event):
    """The supervisor sent a version back with so many findings."""

    product_id: int
    version: int
    findings: int


@dataclass(frozen=True, slots=True)
class ProductRetired(Event):
    """A product and all its SKUs are no longer sold."""

    product_id: int


@dataclass(frozen=True, slots=True)
class ProductRevived(Event):
    """A retired product is a draft again."""

    product_id: int


@dataclass(frozen=True, slots=True)
class ImageAttached(Event):
    """A picture came to a product and waits for its inspection."""

    image_id: int
    product_id: int
    role: str


@dataclass(frozen=True, slots=True)
class ImageRemoved(Event):
    """A picture was taken off a product."""

    image_id: int
    product_id: int


@dataclass(frozen=True, slots=True)
class ImageInspected(Event):
    """A picture's pixels were inspected; `codes` names what was found wrong."""

    image_id: int
    product_id: int
    verdict: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class TagsChanged(Event):
    """A product's tags are now these."""

    product_id: int
    tags: list[str]
    source: str


@dataclass(frozen=True, slots=True)
class PromisesChanged(Event):
    """What a product promises its buyers is now this."""

    product_id: int
    promises: list[str]
    no_reason: str


@dataclass(frozen=True, slots=True)
class PricesPut(Event):
    """A SKU's price and floor are now these, in minor units of its currency."""

    sku_id: int
    price_minor: int
    floor_minor: int
    list_minor: int


@dataclass(frozen=True, slots=True)
class CategoryChanged(Event):
    """A category was added, renamed, moved, retired, mapped or given a template; `what` says which."""

    category_id: int
    what: str


@dataclass(frozen=True, slots=True)
class SkuAliasPut(Event):
    """From now on orders that name `code` mean this SKU."""

    product_id: int
    sku_id: int
    code: str


@dataclass(frozen=True, slots=True)
class SkuAliasDropped(Event):
    """A code no longer means this SKU; orders matched by it stay as they are."""

    product_id: int
    sku_id: int
    code: str
