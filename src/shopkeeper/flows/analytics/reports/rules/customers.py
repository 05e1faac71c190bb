"""Customers in groups: RFM by above and below the mean, and who of a month's buyers came back in later months."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis

from shopkeeper.flows.analytics.reports.rules.counting import Counter
from shopkeeper.flows.analytics.reports.rules.rows import rows_of
from shopkeeper.flows.analytics.reports.rules.sources import Table, paid_orders
from shopkeeper.flows.analytics.reports.rules.spans import Span


@dataclass(frozen=True, slots=True)
class RfmGroup:
    """One of eight: bought lately, often, for much; each against the mean of all."""

    is_recent: bool
    is_frequent: bool
    is_big: bool
    buyers: int
    net_minor: int

    @property
    def code(self) -> str:
        """111 = bought lately, often and for much."""
        return "".join("1" if flag else "0" for flag in (self.is_recent, self.is_frequent, self.is_big))


def rfm_buyers(counter: Counter, last: date) -> Table:
    """One row a buyer of the window: days since they paid, orders, net paid; wholly refunded orders left out."""
    span = Span(last - timedelta(days=counter.windows.returning_days - 1), last)
    scene = counter.scene(span)
    orders = paid_orders(scene)
    orders = orders.filter(orders.buyer.notnull()).select("order_id", "buyer", "biz_date", "paid_minor")
    refunds = scene.rows("refunds")
    back = refunds.group_by("order_id").agg(back_minor=refunds.refund_minor.sum())
    whole = orders.left_join(back, "order_id")
    whole = whole.mutate(net_minor=whole.paid_minor - whole.back_minor.fill_null(0))
    kept = whole.filter(whole.net_minor > 0)
    buyers = kept.group_by("buyer").agg(
        last_day=kept.biz_date.max(), orders=kept.count(), net_minor=kept.net_minor.sum().cast("int64")
    )
    return buyers.mutate(days=ibis.literal(last).delta(buyers.last_day, unit="day").cast("int64"))


def rfm_groups(counter: Counter, last: date) -> list[RfmGroup]:
    """The eight groups that have somebody in them. Who is exactly at the mean counts as above it."""
    buyers, all_of = rfm_buyers(counter, last), ibis.window()
    n = buyers.count().over(all_of)
    grouped = buyers.mutate(
        is_recent=buyers.days * n <= buyers.days.sum().over(all_of),
        is_frequent=buyers.orders * n >= buyers.orders.sum().over(all_of),
        is_big=buyers.net_minor * n >= buyers.net_minor.sum().over(all_of),
    )
    keys = ["is_recent", "is_frequent", "is_big"]
    rows = rows_of(grouped.group_by(keys).agg(buyers=grouped.count(), net=grouped.net_minor.sum().cast("int64")))
    groups = [RfmGroup(row["is_recent"], row["is_frequent"], row["is_big"], row["buyers"], row["net"]) for row in rows]
    return sorted(groups, key=lambda group: group.code, reverse=True)


@dataclass(frozen=True, slots=True)
class Cohort:
    """A month's buyers, and how many of them bought again one, two … months later."""

    month: date
    buyers: int
    again: tuple[int, ...]


def cohorts(counter: Counter, last: date, months: int = 6) -> list[Cohort]:
    """The cohorts of the months up to the one of `last`, oldest first."""
    firsts = [last.replace(day=1)]
    while len(firsts) < months:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    firsts.reverse()
    orders = paid_orders(counter.scene(Span(firsts[0], last)))
    orders = orders.filter(orders.buyer.notnull())
    bought: Any = orders.select("buyer", month=orders.biz_date.truncate("M")).distinct()
    later = bought.select(buyer_again="buyer", later="month")
    pairs = bought.inner_join(later, bought.buyer == later.buyer_again)
    pairs = pairs.filter(pairs.later >= pairs.month)
    rows = rows_of(pairs.group_by(["month", "later"]).agg(n=pairs.count()))
    found = {(_day(row["month"]), _day(row["later"])): int(row["n"]) for row in rows}
    return [
        Cohort(month, found.get((month, month), 0), tuple(found.get((month, later), 0) for later in firsts[i + 1 :]))
        for i, month in enumerate(firsts)
    ]


def _day(moment: Any) -> date:
    return date(moment.year, moment.month, moment.day)
