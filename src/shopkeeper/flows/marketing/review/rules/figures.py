"""The figures of a review, each defined once: the page, the paper and the API say the same.

Amounts are minor units, shares parts of 10,000, ratios hundredths. A figure nothing stands behind is None, never
zero. Formulas: reference C5; what a campaign's own facts are counted from is said at each field.
"""

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

WHOLE = 10_000
# Spend that buys attention: what ROAS is divided by. Coupons and gifts of the budget are counted from the orders.
MEDIA = frozenset({"ads", "slots", "influencer"})
FROM_ORDERS = frozenset({"coupon", "gift"})
OURS = "shop"  # the bearer that promotions and settlement alike mean by us


def share(part: int, whole: int) -> int | None:
    """Parts of 10,000, rounded half up; may be negative."""
    return (part * WHOLE * 2 + whole) // (2 * whole) if whole > 0 else None


def hundredths(part: int, whole: int) -> int | None:
    """A ratio in hundredths, rounded half up."""
    return (part * 200 + whole) // (2 * whole) if whole > 0 else None


@dataclass(frozen=True, slots=True)
class Goals:
    """What the plan promised."""

    sales_minor: int = 0
    new_customers: int = 0
    visitors: int = 0
    conversion_bp: int = 0


@dataclass(frozen=True, slots=True)
class Sales:
    """The campaign's goods in its time: orders of the shop paid from start to end, only the lines of its goods.

    `refund_minor` is the lines' share of what went back until the figures were drawn; `cost_minor` what the pieces
    cost that did not come back; new customers paid nothing in this shop in the policy's days before the first day.
    """

    paid_minor: int = 0
    orders: int = 0
    pieces: int = 0
    buyers: int = 0
    new_customers: int = 0
    refund_minor: int = 0
    cost_minor: int = 0
    cost_unknown: int = 0
    gift_minor: int = 0
    gift_pieces: int = 0
    commission_minor: int = 0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Sums of the monitoring record; `sources` names where they come from, `hours` how many hours have any.

    `buyers` are those of the hours whose visitors are known, counted by the hour as visitors are.
    """

    exposure: int = 0
    clicks: int = 0
    visitors: int = 0
    hours: int = 0
    sources: tuple[str, ...] = ()
    buyers: int = 0


@dataclass(frozen=True, slots=True)
class Borne:
    bearer: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CostLine:
    kind: str
    planned_minor: int
    spent_minor: int


@dataclass(frozen=True, slots=True)
class Base:
    """The same goods at the same hours on the same weekdays of the weeks before, free of other campaigns.

    `days` of the campaign, `days_with` of them that have a base; amounts are the sum of each day's mean.
    """

    weeks: int = 4
    days: int = 0
    days_with: int = 0
    excluded: int = 0
    paid_minor: int = 0
    orders: int = 0

    @property
    def is_whole(self) -> bool:
        return self.days > 0 and self.days_with == self.days


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour by the shop's clock, e.g. "2026-06-18 20:00"."""

    at: str
    orders: int
    paid_minor: int
    visitors: int | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """A SKU of the campaign. `left` is what could still be promised when the figures were drawn."""

    sku_id: int
    code: str
    name: str
    planned: int
    sold: int
    paid_minor: int
    left: int

    @property
    def sell_through(self) -> int | None:
        return share(self.sold, self.planned)

    @property
    def is_sold_out(self) -> bool:
        return self.left <= 0 or self.sold >= self.planned > 0


@dataclass(frozen=True, slots=True)
class CouponLine:
    """A coupon batch of the campaign's rules; `paid_minor` is what orders using it paid."""

    code: str
    name: str
    total: int
    claimed: int
    used: int
    expired: int
    discount_minor: int
    paid_minor: int

    @property
    def claim_rate(self) -> int | None:
        return share(self.claimed, self.total)

    @property
    def use_rate(self) -> int | None:
        return share(self.used, self.claimed)


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What was done about an alert, with conversion and stock left before it and hours after it."""

    kind: str
    before_bp: int | None = None
    after_bp: int | None = None
    before_left: int | None = None
    after_left: int | None = None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert of the watch: what it was about, and what was done."""

    at: str
    kind: str
    about: str
    state: str
    actions: tuple[ActionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mailing of the campaign."""

    name: str
    channel: str
    sent: int
    failed: int
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """What customers wrote about, most first."""

    kind: str
    goods: str
    courier: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Service:
    """Customer service of the shop in the campaign's time."""

    tickets: int = 0
    orders_paid: int = 0
    first_asked: int = 0
    first_in_time: int = 0
    stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    themes: tuple[Theme, ...] = ()

    @property
    def first_share(self) -> int | None:
        return share(self.first_in_time, self.first_asked)

    @property
    def rated(self) -> int:
        return sum(self.stars)

    @property
    def satisfied(self) -> int | None:
        """Four and five stars among all ratings."""
        return share(self.stars[3] + self.stars[4], self.rated)

    @property
    def contact_hundredths(self) -> int | None:
        """Tickets per hundred paid orders, in hundredths."""
        return hundredths(self.tickets * 100, self.orders_paid)


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that was changed while the campaign ran."""

    at: str
    kind: str
    about: str
    became: str = ""


@dataclass(frozen=True, slots=True)
class ReviewFigures:
    """Everything the system counts of one campaign."""

    currency: str = "CNY"
    since: str = ""
    until: str = ""
    goals: Goals = Goals()
    sales: Sales = Sales()
    traffic: Traffic | None = None
    discounts: tuple[Borne, ...] = ()
    costs: tuple[CostLine, ...] = ()
    base: Base = Base()
    hours: tuple[Hour, ...] = ()
    goods: tuple[Goods, ...] = ()
    coupons: tuple[CouponLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    mailings: tuple[MailLine, ...] = ()
    service: Service | None = None
    changes: tuple[Changed, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @property
    def sales_attained(self) -> int | None:
        return share(self.sales.paid_minor, self.goals.sales_minor)

    @property
    def customers_attained(self) -> int | None:
        return share(self.sales.new_customers, self.goals.new_customers)

    @property
    def conversion_bp(self) -> int | None:
        """Buyers among visitors, both counted by the hour and only where visitors are known."""
        return share(self.traffic.buyers, self.traffic.visitors) if self.traffic else None

    @property
    def click_rate(self) -> int | None:
        return share(self.traffic.clicks, self.traffic.exposure) if self.traffic else None

    @property
    def basket_minor(self) -> int | None:
        """客单价: paid amount by buyer."""
        return (self.sales.paid_minor + self.sales.buyers // 2) // self.sales.buyers if self.sales.buyers else None

    @property
    def new_share(self) -> int | None:
        return share(self.sales.new_customers, self.sales.buyers)

    @property
    def refund_share(self) -> int | None:
        return share(self.sales.refund_minor, self.sales.paid_minor)

    @property
    def discount_minor(self) -> int:
        return sum(one.amount_minor for one in self.discounts)

    @property
    def merchant_discount_minor(self) -> int:
        return sum(one.amount_minor for one in self.discounts if one.bearer == OURS)

    @property
    def media_minor(self) -> int:
        return sum(one.spent_minor for one in self.costs if one.kind in MEDIA)

    @property
    def spent_minor(self) -> int:
        """Spend of the budget, without what is counted from the orders."""
        return sum(one.spent_minor for one in self.costs if one.kind not in FROM_ORDERS)

    @property
    def cost_minor(self) -> int:
        """The campaign's whole cost: spend, our share of the discounts, gifts at cost."""
        return self.spent_minor + self.merchant_discount_minor + self.sales.gift_minor

    @property
    def gross_profit_minor(self) -> int:
        """Before campaign cost: the lines at their price before discounts, less refunds, commission, cost of goods."""
        sales = self.sales
        return sales.paid_minor + self.discount_minor - sales.refund_minor - sales.commission_minor - sales.cost_minor

    @property
    def profit_minor(self) -> int:
        return self.gross_profit_minor - self.cost_minor

    @property
    def roi_bp(self) -> int | None:
        """Profit ROI: (gross profit - cost) / cost."""
        return share(self.profit_minor, self.cost_minor)

    @property
    def roas_hundredths(self) -> int | None:
        """投产比: paid amount / media spend."""
        return hundredths(self.sales.paid_minor, self.media_minor)

    @property
    def net_roas_hundredths(self) -> int | None:
        """(Paid - refunds) / (media spend + our share of the discounts)."""
        net = self.sales.paid_minor - self.sales.refund_minor
        return hundredths(net, self.media_minor + self.merchant_discount_minor)

    @property
    def increment_minor(self) -> int | None:
        """Paid amount above the base; None while any day has no base."""
        return self.sales.paid_minor - self.base.paid_minor if self.base.is_whole else None

    @property
    def increment_share(self) -> int | None:
        return share(self.sales.paid_minor - self.base.paid_minor, self.base.paid_minor) if self.base.is_whole else None


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[ReviewFigures]:
    return TypeAdapter(ReviewFigures)


def kept_figures(kept: dict[str, Any]) -> ReviewFigures:
    """A version's figures as they were kept."""
    return _reader().validate_python(kept)
