"""What happens to promotions, coupons, and orders that use them. Amounts in minor units of the shop's currency."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class RuleSubmitted(Event):
    """A version waits for another person; `findings` counts what the conflict scan found."""

    rule_id: int
    shop_id: int | None
    version: int
    findings: int


@dataclass(frozen=True, slots=True)
class RulePublished(Event):
    """A version holds from its start on (again, after a pause)."""

    rule_id: int
    shop_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class RuleReturned(Event):
    rule_id: int
    shop_id: int | None
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class RulePaused(Event):
    rule_id: int
    shop_id: int | None
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class RuleEnded(Event):
    rule_id: int
    shop_id: int | None
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class CouponBatchMade(Event):
    batch_id: int
    rule_id: int
    shop_id: int | None
    total: int


@dataclass(frozen=True, slots=True)
class CouponBatchStopped(Event):
    batch_id: int
    shop_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class CouponClaimed(Event):
    coupon_id: int
    batch_id: int
    shop_id: int | None


@dataclass(frozen=True, slots=True)
class UsageReserved(Event):
    """An order was priced by us and holds what it uses until it is paid or ends."""

    pricing_id: int
    shop_id: int
    discount_minor: int


@dataclass(frozen=True, slots=True)
class UsageConfirmed(Event):
    pricing_id: int
    shop_id: int
    discount_minor: int


@dataclass(frozen=True, slots=True)
class UsageReleased(Event):
    pricing_id: int
    shop_id: int
    discount_minor: int
    reason: str
