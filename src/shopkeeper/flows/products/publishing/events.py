"""What happens between a finished product and its listings in the shops."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ReviewOpened(Event):
    """A submitted product waits for the supervisor; so many findings stand in its way."""

    review_id: int
    product_id: int
    blocks: int
    warnings: int


@dataclass(frozen=True, slots=True)
class ReviewDecided(Event):
    review_id: int
    product_id: int
    decision: str


@dataclass(frozen=True, slots=True)
class PublishingPutOff(Event):
    """An approved product that no shop sells is not to be published now."""

    product_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class WordListChanged(Event):
    """The list of words has a new version."""

    version_id: int
    added: int
    retired: int


@dataclass(frozen=True, slots=True)
class ListingWanted(Event):
    """A product is to be on sale in a shop."""

    listing_id: int
    product_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ListingPublished(Event):
    """The platform has put the product on sale."""

    listing_id: int
    product_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ListingFailed(Event):
    """The platform refused for good; `code` is its own."""

    listing_id: int
    product_id: int
    shop_id: int
    code: str


@dataclass(frozen=True, slots=True)
class ListingTakenDown(Event):
    listing_id: int
    product_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ListingChecked(Event):
    """A listing was read back; `differences` is how many of its fields are not what we said."""

    listing_id: int
    product_id: int
    shop_id: int
    differences: int


@dataclass(frozen=True, slots=True)
class MismatchFound(Event):
    case_id: int
    listing_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class MismatchClosed(Event):
    case_id: int
    listing_id: int
    shop_id: int
    ending: str


@dataclass(frozen=True, slots=True)
class ShopStockDisagreed(Event):
    """The sweep found variants whose quantity in the shop is not what we told it."""

    shop_id: int
    variants: int
