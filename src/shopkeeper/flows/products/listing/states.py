"""The states of a product, and the words its pictures, tags, promises and attributes are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ProductState(StrEnum):
    DRAFT = "draft"  # 草稿: being entered, or edited since it was approved
    SUBMITTED = "submitted"  # 待审核
    APPROVED = "approved"  # 已通过
    RETURNED = "returned"  # 已退回: the reviewer wants changes
    RETIRED = "retired"  # 已停用


PRODUCT_FLOW = Transitions(
    table="listing_product",
    states=ProductState,
    allowed={
        ProductState.DRAFT: {ProductState.SUBMITTED, ProductState.RETIRED},
        ProductState.SUBMITTED: {ProductState.APPROVED, ProductState.RETURNED, ProductState.DRAFT},
        ProductState.RETURNED: {ProductState.SUBMITTED, ProductState.RETIRED},
        ProductState.APPROVED: {ProductState.DRAFT, ProductState.RETIRED},
        ProductState.RETIRED: {ProductState.DRAFT},
    },
)


def has_approval(state: str, approved_version: int | None) -> bool:
    """Whether a product stands approved: as it is, or in the version before the one being written."""
    return state == ProductState.APPROVED or approved_version is not None


class ImageRole(StrEnum):
    """What a picture is for. The main picture is the first buyers see and stands on white."""

    MAIN = "main"
    GALLERY = "gallery"
    DETAIL = "detail"


class ImageVerdict(StrEnum):
    """What the inspection said of a picture."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"


class Tag(StrEnum):
    HOT = "hot"
    NEW = "new"
    DISCOUNT = "discount"


class TagSource(StrEnum):
    """Who put a tag on: a person, who alone may take it off again, or the rule."""

    HAND = "hand"
    RULE = "rule"


class Promise(StrEnum):
    """Service promises that after-sale holds us to."""

    NO_REASON_RETURN = "no_reason_return"
    FREE_SHIPPING = "free_shipping"
    SHIP_IN_48_HOURS = "ship_in_48_hours"
    FREIGHT_INSURANCE = "freight_insurance"
    GENUINE = "genuine"


class NoReasonClass(StrEnum):
    """Whether the law gives the buyer seven days without reason (消费者权益保护法 25), and if not, why."""

    YES = "yes"
    CUSTOM = "custom"
    PERISHABLE = "perishable"
    DIGITAL = "digital"
    PERIODICAL = "periodical"
    CONFIRMED_EXEMPT = "confirmed_exempt"  # by the nature of the goods, and only if the buyer confirmed it


class AttributeKind(StrEnum):
    """What an attribute of the template takes."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"  # a number with one of the template's units


class Platform(StrEnum):
    """Platforms whose rules for titles and pictures are known here."""

    TAOBAO = "taobao"
    TMALL = "tmall"
    JD = "jd"
    PINDUODUO = "pinduoduo"
    DOUYIN = "douyin"


class ImportState(StrEnum):
    """Where an import of a product file stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


IMPORT_FLOW = Transitions(
    table="listing_productimport",
    states=ImportState,
    allowed={
        ImportState.QUEUED: {ImportState.RUNNING, ImportState.FAILED},
        ImportState.RUNNING: {ImportState.DONE, ImportState.FAILED},
        ImportState.DONE: set(),
        ImportState.FAILED: set(),
    },
)
