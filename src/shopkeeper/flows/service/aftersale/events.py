"""What happens in after-sale. Ids and coded values only; the buyer's words and pictures stay sealed."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class AfterSaleOpened(Event):
    case_id: int
    order_id: int
    shop_id: int
    reason: str
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceAsked(Event):
    """The buyer was given a link for these shots."""

    case_id: int
    shop_id: int
    shots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceTakenIn(Event):
    """A picture or film came; `by_buyer` through the buyer's own link."""

    evidence_id: int
    case_id: int
    shop_id: int
    shot: str
    by_buyer: bool


@dataclass(frozen=True, slots=True)
class EvidenceJudged(Event):
    evidence_id: int
    case_id: int
    shop_id: int
    verdict: str


@dataclass(frozen=True, slots=True)
class EvidenceViewed(Event):
    """Somebody of ours opened a buyer's picture or film."""

    evidence_id: int
    case_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class SolutionOffered(Event):
    """The 48-hour clock stops here. Amounts in minor units; `seconds` since the case was opened."""

    case_id: int
    order_id: int
    shop_id: int
    number: int
    solution: str
    amount_minor: int
    outside_policy: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class OfferAnswered(Event):
    case_id: int
    order_id: int
    shop_id: int
    number: int
    answer: str
    seconds: int


@dataclass(frozen=True, slots=True)
class RefundProposed(Event):
    """Money is to go back and a second person must agree."""

    refund_id: int
    case_id: int
    shop_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundApproved(Event):
    """`by_itself`: within what the policy lets pass without a second person."""

    refund_id: int
    case_id: int
    shop_id: int
    amount_minor: int
    by_itself: bool


@dataclass(frozen=True, slots=True)
class RefundRejected(Event):
    refund_id: int
    case_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class RefundPaid(Event):
    """The money is with the buyer; `way` says how it went."""

    refund_id: int
    case_id: int
    order_id: int
    shop_id: int
    amount_minor: int
    way: str


@dataclass(frozen=True, slots=True)
class RefundFailed(Event):
    refund_id: int
    case_id: int
    shop_id: int
    code: str


@dataclass(frozen=True, slots=True)
class PlatformRefundChanged(Event):
    """The platform told of a refund that the buyer asked for there. Amount asked, in minor units."""

    platform_refund_id: int
    order_id: int
    shop_id: int
    state: str
    asked_minor: int


@dataclass(frozen=True, slots=True)
class ReturnAwaited(Event):
    return_id: int
    case_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReturnOnTheWay(Event):
    return_id: int
    case_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReturnReceived(Event):
    """A parcel came back; `case_id` None while nobody knows whose it is."""

    return_id: int
    case_id: int | None
    warehouse_id: int


@dataclass(frozen=True, slots=True)
class ReturnMatched(Event):
    return_id: int
    case_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReturnGraded(Event):
    """What came back was looked at; `as_agreed` says whether the solution goes on by itself."""

    return_id: int
    case_id: int
    shop_id: int
    good: int
    defective: int
    scrap: int
    missing: int
    as_agreed: bool


@dataclass(frozen=True, slots=True)
class ReplacementOrdered(Event):
    """A new order without money takes the goods to the buyer."""

    case_id: int
    order_id: int
    shop_id: int
    replacement_order_id: int
    solution: str


@dataclass(frozen=True, slots=True)
class AfterSaleSettled(Event):
    case_id: int
    order_id: int
    shop_id: int
    solution: str
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class AfterSaleRefused(Event):
    case_id: int
    order_id: int
    shop_id: int
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class AfterSaleClosed(Event):
    """Withdrawn, or ended for want of an answer (`cause`)."""

    case_id: int
    order_id: int
    shop_id: int
    cause: str
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class AfterSalePolicyPublished(Event):
    policy_id: int
    platform: str
    version: int
