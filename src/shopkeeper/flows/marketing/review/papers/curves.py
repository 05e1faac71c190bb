"""The curves of 《活动复盘报告》: when a campaign sold."""

from collections import defaultdict

from shopkeeper.flows.marketing.review.papers.parts import GOAL_MET, percent, yuan
from shopkeeper.flows.marketing.review.rules.figures import ReviewFigures
from shopkeeper.flows.marketing.review.rules.learning import hourly_shares
from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.shared.words import T

CURVE_HOURS = 72  # a longer campaign is drawn by day, and by hour of the day


def charts(f: ReviewFigures) -> list[Chart]:
    """The hourly curve; a long campaign by day, and by hour of the day. The title says the finding."""
    if not any(hour.orders for hour in f.hours):
        return []
    if len(f.hours) <= CURVE_HOURS:
        points = [Point(f"{hour.at[5:10]} {hour.at[11:13]}:00", hour.paid_minor / 100) for hour in f.hours]
        return [Chart(ChartKind.LINE, _peak(f), points, T("元", "CNY"))]
    days: dict[str, int] = defaultdict(int)
    for hour in f.hours:
        days[hour.at[5:10]] += hour.paid_minor
    best = max(days, key=lambda day: (days[day], day))
    by_day = T("{day} 卖得最多：{x}", "Most was sold on {day}: {x}").format(day=best, x=yuan(days[best], f.currency))
    shares = hourly_shares(f)
    return [
        Chart(ChartKind.LINE, by_day, [Point(day, paid / 100) for day, paid in days.items()], T("元", "CNY")),
        Chart(
            ChartKind.COLUMNS,
            _peak(f),
            [Point(f"{hour:02d}", part / GOAL_MET) for hour, part in enumerate(shares)],
            T("占订单", "Share of orders"),
            is_rate=True,
        ),
    ]


def _peak(f: ReviewFigures) -> T:
    """The hour of the day in which most was ordered; where several hours share that, nothing is claimed."""
    shares = hourly_shares(f)
    hour = max(range(len(shares)), key=lambda at: shares[at])
    if shares.count(shares[hour]) > 1:
        return T("每小时的下单", "Orders by the hour")
    return T("{hour} 点下单最多，占 {x}", "Most was ordered at {hour}:00, {x} of the orders").format(
        hour=hour, x=percent(shares[hour])
    )
