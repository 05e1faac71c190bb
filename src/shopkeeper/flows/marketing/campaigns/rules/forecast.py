"""What a plan may bring before it runs: sales two ways, margin at the worst stack, stock cover, return on the budget.

Every figure is arithmetic over what the plan and the shop's last weeks say; nothing is guessed and what is not known
stays None. Money in minor units of one currency, rates in basis points, rounded half up where they divide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

BASIS = 10_000


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One SKU of a plan. `worst_minor` is the least a buyer can pay under what is published; `free` what may be sold.

    `cost_minor` 0: nobody has said what it costs. `sold_daily_milli` is the mean of the last days, in thousandths.
    """

    sku_id: int
    planned: int
    price_minor: int
    worst_minor: int
    cost_minor: int
    free: int
    sold_daily_milli: int

    @property
    def sales_minor(self) -> int:
        return self.planned * self.price_minor

    @property
    def is_cost_known(self) -> bool:
        return self.cost_minor > 0

    @property
    def margin_minor(self) -> int | None:
        """What the planned pieces leave at the campaign's price."""
        return self.planned * (self.price_minor - self.cost_minor) if self.is_cost_known else None

    @property
    def worst_margin_minor(self) -> int | None:
        """What they leave where everything that may combine does."""
        return self.planned * (self.worst_minor - self.cost_minor) if self.is_cost_known else None

    @property
    def lacking(self) -> int:
        """Pieces the plan sets aside that are not free now."""
        return max(self.planned - self.free, 0)

    @property
    def cover_bp(self) -> int:
        return share_bp(self.free, self.planned) or 0

    @property
    def days_of_stock(self) -> int | None:
        """How many days of the usual sales the free pieces are; None where nothing was sold."""
        return days_of_stock(self.free, self.sold_daily_milli)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the plan and the shop's past say beside the goods. `basket_minor` 0: no order to take a mean of."""

    goal_sales_minor: int
    visitors: int
    conversion_bp: int
    basket_minor: int
    budget_minor: int
    commission_bp: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The figures, with what they were made of in `lines` and `expected`."""

    lines: tuple[GoodsLine, ...]
    expected: Expected
    orders: int
    traffic_sales_minor: int | None
    goods_sales_minor: int
    sales_minor: int
    margin_minor: int | None
    worst_margin_minor: int | None
    commission_minor: int
    profit_minor: int | None
    worst_profit_minor: int | None
    roi_bp: int | None
    goal_bp: int | None
    lacking: int
    without_cost: int

    @property
    def is_goal_in_reach(self) -> bool:
        return self.goal_bp is None or self.goal_bp >= BASIS


def forecast(lines: Sequence[GoodsLine], expected: Expected) -> Forecast:
    """Sales are the lesser of what visitors would buy and what is set aside; margins follow the share that is sold.

    traffic sales = visitors × conversion × mean basket; goods sales = Σ pieces × price.
    profit = margin − commission − budget; ROI = profit / budget (metrics C5: cost is all campaign cost).
    """
    orders = share_of(expected.visitors, expected.conversion_bp)
    traffic = orders * expected.basket_minor if expected.basket_minor and orders else None
    goods = sum(line.sales_minor for line in lines)
    sales = min(goods, traffic) if traffic is not None and goods else goods or traffic or 0
    known = bool(lines) and all(line.is_cost_known for line in lines)
    margin = _sold(sum(line.margin_minor or 0 for line in lines), sales, goods) if known else None
    worst = _sold(sum(line.worst_margin_minor or 0 for line in lines), sales, goods) if known else None
    commission = share_of(sales, expected.commission_bp)
    profit = None if margin is None else margin - commission - expected.budget_minor
    worst_profit = None if worst is None else worst - commission - expected.budget_minor
    return Forecast(
        lines=tuple(lines),
        expected=expected,
        orders=orders,
        traffic_sales_minor=traffic,
        goods_sales_minor=goods,
        sales_minor=sales,
        margin_minor=margin,
        worst_margin_minor=worst,
        commission_minor=commission,
        profit_minor=profit,
        worst_profit_minor=worst_profit,
        roi_bp=None if profit is None else share_bp(profit, expected.budget_minor),
        goal_bp=share_bp(sales, expected.goal_sales_minor),
        lacking=sum(line.lacking for line in lines),
        without_cost=sum(not line.is_cost_known for line in lines),
    )


def share_of(amount: int, basis_points: int) -> int:
    """A share of an amount of nothing or more, rounded half up."""
    return (amount * basis_points + BASIS // 2) // BASIS


def share_bp(part: int, whole: int) -> int | None:
    """One amount as a share of another, in basis points, rounded half up; None where there is no whole."""
    return (2 * part * BASIS + whole) // (2 * whole) if whole > 0 else None


def days_of_stock(free: int, sold_daily_milli: int) -> int | None:
    """Whole days that pieces last at the mean daily sales (in thousandths); None where nothing is sold."""
    return free * 1_000 // sold_daily_milli if sold_daily_milli > 0 else None


def _sold(whole: int, sales: int, goods: int) -> int:
    """The part of a sum over all planned pieces that falls on what is sold of them, rounded half up."""
    return (2 * whole * sales + goods) // (2 * goods) if goods else 0
