"""The figures that several sources know, of shops' days, side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shopkeeper.flows.analytics.collection.queries.traffic import Span, traffic_of
from shopkeeper.flows.analytics.collection.rules.reconciling import Difference, differences
from shopkeeper.flows.analytics.collection.sql import deliveries, figures
from shopkeeper.flows.analytics.collection.states import ComparedFigure, Counted, FigureOrigin, TrafficKind
from shopkeeper.flows.fulfilment.intake.queries.days import DaySpan, day_sales
from shopkeeper.shared.clock import at_time
from shopkeeper.sop.policy import Policies

ShopDay = tuple[int, date]


@dataclass(slots=True)
class SideBySide:
    """A shop's day: source → figure → value, and where sources are apart."""

    shop_id: int
    day: date
    figures: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    differences: list[Difference] = field(default_factory=list)
    is_exact: bool = True

    @property
    def beyond(self) -> list[Difference]:
        return [one for one in self.differences if one.is_beyond]


def side_by_side(days: Sequence[ShopDay], policy: Policies) -> dict[ShopDay, SideBySide]:
    """Every source's figures of shops' days, in five statements however many days."""
    found = {day: SideBySide(*day) for day in days}
    zones = {row.id: ZoneInfo(row.zone) for row in deliveries.SHOPS.rows(shops=sorted({shop for shop, _ in days}))}
    spans = [(shop, *_bounds(day, zones[shop])) for shop, day in days]
    for place, sales in zip(days, day_sales([DaySpan(*span) for span in spans]), strict=True):
        found[place].figures[FigureOrigin.OWN] = {
            ComparedFigure.ORDERS: sales.orders,
            ComparedFigure.PAID_MINOR: sales.paid_minor,
            ComparedFigure.BUYERS: sales.buyers,
        }
    for place, traffic in zip(days, traffic_of([Span(*span) for span in spans]), strict=True):
        if not traffic.is_empty:
            found[place].is_exact = traffic.is_exact
            found[place].figures[FigureOrigin.COLLECTOR] = {
                ComparedFigure.VISITORS: traffic.visitors,
                **_orders_of(traffic.sums, traffic.distinct),
            }
    rows = figures.DAY_FIGURES.rows(
        shops=[shop for shop, _ in days], days=[day for _, day in days], figures=[str(name) for name in ComparedFigure]
    )
    for row in rows:
        found[row.shop_id, row.day].figures[row.source][row.figure] = row.value
    for one in found.values():
        one.differences = differences(one.figures, tolerances(policy, one.shop_id), leasts(policy, one.shop_id))
    return found


def _orders_of(sums: Mapping[str, int], distinct: Mapping[str, int]) -> dict[str, int]:
    """What the shop's pages told of orders; pages that tell of none are not a source for them."""
    if not sums.get(TrafficKind.ORDER):
        return {}
    return {ComparedFigure.ORDERS: sums[TrafficKind.ORDER], ComparedFigure.BUYERS: distinct[Counted.ORDER_VISITORS]}


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return at_time(day, time.min, zone), at_time(day + timedelta(days=1), time.min, zone)


def tolerances(policy: Policies, shop_id: int) -> dict[ComparedFigure, int]:
    """How far a figure's sources may be apart, in 1/10,000."""
    sales = policy("reconcile_sales_bp", shop_id)
    return {**dict.fromkeys(ComparedFigure, sales), ComparedFigure.VISITORS: policy("reconcile_traffic_bp", shop_id)}


def leasts(policy: Policies, shop_id: int) -> dict[ComparedFigure, int]:
    """Differences below these are let pass."""
    pieces = policy("reconcile_least_count", shop_id)
    return {
        **dict.fromkeys(ComparedFigure, pieces),
        ComparedFigure.PAID_MINOR: policy("reconcile_least_minor", shop_id),
    }
