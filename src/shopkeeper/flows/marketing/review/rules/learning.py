"""What a campaign teaches the next: its realised rates; and where a new plan differs from them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from shopkeeper.flows.marketing.review.rules.figures import ReviewFigures, share

HOURS = 24


@dataclass(frozen=True, slots=True)
class LearnedGoods:
    """How much of what was set aside for a SKU was sold."""

    sku_id: int
    code: str
    name: str
    planned: int
    sold: int
    sell_through_bp: int | None


@dataclass(frozen=True, slots=True)
class Learned:
    """Realised, not planned. `hourly_bp` is each hour's share of the orders, from midnight on; rates of fewer orders
    than the policy asks for are None. `is_thin` says so."""

    orders: int = 0
    is_thin: bool = False
    sales_minor: int = 0
    new_customers: int = 0
    visitors: int | None = None
    conversion_bp: int | None = None
    click_rate_bp: int | None = None
    basket_minor: int | None = None
    new_share_bp: int | None = None
    refund_share_bp: int | None = None
    discount_share_bp: int | None = None
    roas_hundredths: int | None = None
    roi_bp: int | None = None
    contact_hundredths: int | None = None
    hourly_bp: tuple[int, ...] = ()
    goods: tuple[LearnedGoods, ...] = ()

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def best_hour(self) -> int | None:
        """The hour of the day with most orders, the earliest of equals."""
        if not any(self.hourly_bp):
            return None
        return max(range(len(self.hourly_bp)), key=lambda hour: (self.hourly_bp[hour], -hour))

    @property
    def best_hours(self) -> list[int]:
        """The three hours of the day with most orders."""
        ranked = sorted(range(len(self.hourly_bp)), key=lambda hour: (-self.hourly_bp[hour], hour))
        return sorted(hour for hour in ranked[:3] if self.hourly_bp[hour])


def learned_of(figures: ReviewFigures, least_orders: int) -> Learned:
    """What is worth knowing of a campaign. Its goods' sell-through and sums are facts however few the orders were."""
    is_thin = figures.sales.orders < least_orders
    rates: dict[str, Any] = {}
    if not is_thin:
        rates = {
            "conversion_bp": figures.conversion_bp,
            "click_rate_bp": figures.click_rate,
            "basket_minor": figures.basket_minor,
            "new_share_bp": figures.new_share,
            "refund_share_bp": figures.refund_share,
            "discount_share_bp": share(figures.discount_minor, figures.sales.paid_minor + figures.discount_minor),
            "roas_hundredths": figures.roas_hundredths,
            "roi_bp": figures.roi_bp,
            "contact_hundredths": figures.service.contact_hundredths if figures.service else None,
            "hourly_bp": hourly_shares(figures),
        }
    return Learned(
        orders=figures.sales.orders,
        is_thin=is_thin,
        sales_minor=figures.sales.paid_minor,
        new_customers=figures.sales.new_customers,
        visitors=figures.traffic.visitors if figures.traffic else None,
        goods=tuple(
            LearnedGoods(one.sku_id, one.code, one.name, one.planned, one.sold, one.sell_through)
            for one in figures.goods
        ),
        **rates,
    )


def hourly_shares(figures: ReviewFigures) -> tuple[int, ...]:
    """Each hour of the day's share of all orders, in parts of 10,000."""
    orders = [0] * HOURS
    for hour in figures.hours:
        orders[int(hour.at[11:13])] += hour.orders
    return tuple(share(n, sum(orders)) or 0 for n in orders)


@dataclass(frozen=True, slots=True)
class Planned:
    """What the next plan says."""

    sales_minor: int
    new_customers: int
    visitors: int
    conversion_bp: int
    quantities: tuple[tuple[int, str, int], ...] = ()  # (SKU, its code, pieces)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the plan beside what was learned. `change_bp` is how far the plan lies above (below) it."""

    name: str
    planned: int | None
    learned: int | None
    about: str = ""

    @property
    def change_bp(self) -> int | None:
        if self.planned is None or not self.learned:
            return None
        return share(self.planned - self.learned, self.learned)


def differences(plan: Planned, learned: Learned) -> Sequence[Difference]:
    """Where a plan differs from what was learned: its goals, its rates, what its goals need of visitors, its goods."""
    found = [
        Difference("sales", plan.sales_minor, learned.sales_minor),
        Difference("new_customers", plan.new_customers, learned.new_customers),
        Difference("visitors", plan.visitors, learned.visitors),
        Difference("conversion", plan.conversion_bp, learned.conversion_bp),
        Difference("basket", _basket(plan), learned.basket_minor),
    ]
    sold = {one.sku_id: one for one in learned.goods}
    for sku_id, code, pieces in plan.quantities:
        before = sold.pop(sku_id, None)
        found.append(Difference("pieces", pieces, before.sold if before else None, code))
    found += [Difference("pieces", None, one.sold, one.code) for one in sold.values()]
    return [one for one in found if one.planned != one.learned]


def _basket(plan: Planned) -> int | None:
    """The basket that the plan's own goals imply: sales by expected buyers."""
    buyers = plan.visitors * plan.conversion_bp // 10_000
    return plan.sales_minor // buyers if buyers else None


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[Learned]:
    return TypeAdapter(Learned)


def kept_learned(kept: dict[str, Any]) -> Learned:
    return _reader().validate_python(kept)
