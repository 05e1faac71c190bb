"""What figures are counted over: tables of the lake narrowed to a span, joined where a figure needs it.

Ibis expressions only, so that one engine or another computes them. The house rules of the lake hold: no zones, whole
money, deterministic ties, nulls for nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import ibis

from shopkeeper.flows.analytics.reports.rules.metric import Dimension
from shopkeeper.flows.analytics.reports.rules.spans import Span, Windows

Table = Any  # an Ibis table; the library has no types of its own
DIRECT = "direct"
CHANNELS = ("search", "recommendation", "paid", "content", "other")
LONGEST_WAY = timedelta(days=60)  # no parcel is promised or on its way for longer
LATEST_PAYMENT = timedelta(days=30)  # platforms close an unpaid order long before


class Tables(Protocol):
    """The lake: a table's rows of some days, valid ones only unless asked otherwise."""

    def __call__(self, name: str, first: date, last: date, *, with_set_aside: bool = False) -> Table: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """Where figures are counted: the lake, the days, the shops (None = all), the windows of the procedure."""

    tables: Tables
    span: Span
    shops: tuple[int, ...] | None
    windows: Windows
    days: tuple[date, ...] = ()  # only these of the span, where not all are wanted

    def rows(self, name: str, span: Span | None = None, *, with_set_aside: bool = False) -> Table:
        """A table's rows of a span (by default the scene's) and of the shops."""
        span = span or self.span
        table = self.tables(name, span.first, span.last, with_set_aside=with_set_aside)
        if self.days and span == self.span:
            table = table.filter(table.biz_date.isin(self.days))
        if self.shops is not None and "shop_id" in table.columns:
            table = table.filter(table.shop_id.isin(self.shops))
        return table.mutate(day=table.biz_date)


@dataclass(frozen=True, slots=True)
class Source:
    """A thing to count over: how its table is made (for a grouping), and what it may be divided by."""

    make: Callable[[Scene, Sequence[str]], Table]
    dimensions: frozenset[Dimension]
    whole_company: bool = False  # says nothing about one shop


def paid_orders(scene: Scene, span: Span | None = None) -> Table:
    """Paid orders by the day of payment; one cancelled later was paid, and its money is in the refunds."""
    orders = scene.rows("orders", span)
    orders = orders.filter(orders.paid_at.notnull())
    return orders.mutate(hour=orders.paid_at.hour(), buyer=orders.buyer.nullif(""))


def _orders(scene: Scene, by: Sequence[str]) -> Table:
    return paid_orders(scene)


def _placed(scene: Scene, by: Sequence[str]) -> Table:
    """Orders by the day they were placed, paid or not."""
    orders = scene.rows("orders", Span(scene.span.first, scene.span.last + LATEST_PAYMENT))
    placed = orders.placed_at.date()
    orders = orders.filter(placed.between(scene.span.first, scene.span.last))
    if scene.days:
        orders = orders.filter(orders.placed_at.date().isin(scene.days))
    return orders.mutate(day=orders.placed_at.date(), hour=orders.placed_at.hour(), buyer=orders.buyer.nullif(""))


def _lines(scene: Scene, by: Sequence[str]) -> Table:
    """Lines of paid orders."""
    lines, orders = scene.rows("order_lines"), paid_orders(scene)
    return lines.semi_join(orders, "order_id")


def _refunds(scene: Scene, by: Sequence[str]) -> Table:
    return scene.rows("refunds")


def _cohort(scene: Scene, by: Sequence[str]) -> Table:
    """Orders whose days of waiting end in the span: whether they were shipped, refunded, sent back meanwhile."""
    waited = timedelta(days=scene.windows.cohort_days)
    span = scene.span.moved(-waited)
    orders = paid_orders(scene, span).select("order_id", "shop_id", "platform", "buyer", paid_on="biz_date")
    until = Span(span.first, scene.span.last)
    refunds = scene.rows("refunds", until).select("order_id", "is_returned", refunded_on="biz_date")
    joined = orders.inner_join(refunds, "order_id")
    seen = joined.filter(joined.refunded_on.delta(joined.paid_on, unit="day") <= scene.windows.cohort_days)
    ended = seen.group_by("order_id").agg(is_returned=seen.is_returned.any())
    parcels = scene.rows("parcels", until)
    shipped = parcels.filter(parcels.handed_over_at.notnull()).select("order_id").distinct()
    whole = orders.left_join(ended.mutate(is_refunded=True), "order_id", rname="_{name}")
    whole = whole.left_join(shipped.mutate(is_shipped=True), "order_id", rname="__{name}")
    return whole.mutate(
        day=whole.paid_on + ibis.interval(days=scene.windows.cohort_days),
        is_refunded=whole.is_refunded.fill_null(False),
        is_returned=whole.is_returned.fill_null(False),
        is_shipped=whole.is_shipped.fill_null(False),
    )


def _buyers(scene: Scene, by: Sequence[str]) -> Table:
    """One row a buyer of the span: whether they paid in the days before its first."""
    orders = paid_orders(scene)
    orders = orders.filter(orders.buyer.notnull())
    buyers = orders.group_by([*by, "buyer"]).agg(paid_minor=orders.paid_minor.sum(), orders=orders.count())
    first = scene.span.first
    past = Span(first - timedelta(days=scene.windows.returning_days), first - timedelta(days=1))
    before = paid_orders(scene, past).select("buyer").semi_join(buyers, "buyer")
    known = before.distinct().mutate(is_known=True)  # of few, where telling all of a year apart would be dear
    whole = buyers.left_join(known, "buyer")
    return whole.mutate(is_known=whole.is_known.fill_null(False))


def window_buyers(scene: Scene, by: Sequence[str] = ()) -> Table:
    """One row a buyer of the window that ends with the span: on how many days they paid."""
    last = scene.span.last
    orders = paid_orders(scene, Span(last - timedelta(days=scene.windows.repurchase_days - 1), last))
    orders = orders.filter(orders.buyer.notnull())
    return orders.group_by([*by, "buyer"]).agg(days=orders.biz_date.nunique(), orders=orders.count())


def _visitors(scene: Scene, by: Sequence[str]) -> Table:
    """One row a visitor: what they did, how long they stayed where that is known."""
    events = _events(scene)
    kinds = {kind: (events.kind == kind).cast("int64").sum() for kind in ("exposure", "click", "view", "cart", "order")}
    viewed = events.kind == "view"
    return events.group_by([*by, "visitor"]).agg(
        **kinds,
        stay_ms=events.stay_ms.sum(where=viewed),
        stays=events.stay_ms.count(where=viewed),
    )


def _events(scene: Scene) -> Table:
    events = scene.rows("traffic")
    return events.mutate(hour=events["at"].hour())


def _visits(scene: Scene, by: Sequence[str]) -> Table:
    """One row a session of a day with at least one page: its pages, and its last channel that is not direct."""
    events = scene.rows("traffic")
    rank = ibis.cases(*((events.channel == name, n) for n, name in enumerate(CHANNELS)), else_=7)
    at = events["at"]
    key = (at.epoch_seconds() * 1000 + at.millisecond()) * 8 + rank  # no two channels tie
    came = ~events.channel.isin((DIRECT, ""))
    visits = events.group_by(["shop_id", "day", "session"]).agg(
        views=(events.kind == "view").cast("int64").sum(), channel=events.channel.argmax(key, where=came)
    )
    visits = visits.filter(visits.views > 0)
    return visits.mutate(channel=visits.channel.fill_null(DIRECT))


def _shipments(scene: Scene, by: Sequence[str]) -> Table:
    """Parcels by the day they were promised to leave; one still here is late."""
    span = scene.span
    parcels = scene.rows("parcels", Span(span.first - LONGEST_WAY, span.last + LONGEST_WAY))
    due = parcels.ship_by.date()
    parcels = parcels.filter(due.between(span.first, span.last), parcels.state != "cancelled")
    on_time = parcels.handed_over_at <= parcels.ship_by
    return parcels.mutate(day=parcels.ship_by.date(), is_on_time=on_time.fill_null(False))


def _receipts(scene: Scene, by: Sequence[str]) -> Table:
    """Parcels by the day they were signed for, with the seconds since the order was paid."""
    span = scene.span
    parcels = scene.rows("parcels", Span(span.first - LONGEST_WAY, span.last))
    parcels = parcels.filter(parcels.signed_at.date().between(span.first, span.last))
    parcels = parcels.select("order_id", "shop_id", "courier", "signed_at", day=parcels.signed_at.date())
    orders = paid_orders(scene, Span(span.first - 2 * LONGEST_WAY, span.last)).select("order_id", "paid_at")
    joined = parcels.inner_join(orders, "order_id")
    return joined.mutate(seconds=joined.signed_at.epoch_seconds() - joined.paid_at.epoch_seconds())


def _tickets(scene: Scene, by: Sequence[str]) -> Table:
    tickets = scene.rows("tickets")
    quick = tickets.first_reply_seconds <= scene.windows.reply_seconds
    return tickets.mutate(is_quick=quick.fill_null(False))


def _due_tickets(scene: Scene, by: Sequence[str]) -> Table:
    """Tickets whose hours to a solution are over in the span, by the day they end."""
    span, hours = scene.span, scene.windows.offer_hours
    tickets = scene.rows("tickets", Span(span.first - timedelta(days=-(-hours // 24)), span.last))
    ends = (tickets.opened_at + ibis.interval(hours=hours)).date()
    seconds = tickets.offered_at.epoch_seconds() - tickets.opened_at.epoch_seconds()
    tickets = tickets.mutate(day=ends, is_in_time=(seconds <= hours * 3600).fill_null(False))
    return tickets.filter(tickets.day.between(span.first, span.last))


def _ratings(scene: Scene, by: Sequence[str]) -> Table:
    return scene.rows("ratings")


def _stock(scene: Scene, by: Sequence[str]) -> Table:
    """SKUs on sale at the end of the span, and whether each was sold in the window."""
    last = scene.span.last
    stock = scene.rows("stock_days", Span(last, last))
    stock = stock.filter(stock.is_on_sale)
    sold = _window_lines(scene).select("sku_id").distinct().mutate(is_sold=True)
    whole = stock.left_join(sold, "sku_id")
    return whole.mutate(is_sold=whole.is_sold.fill_null(False))


def _held_stock(scene: Scene, by: Sequence[str]) -> Table:
    """What lay in stock at the end of each day of the window, at cost."""
    stock = scene.rows("stock_days", _window(scene))
    return stock.mutate(value_minor=stock.on_hand * stock.cost_minor)


def _window(scene: Scene) -> Span:
    return Span(scene.span.last - timedelta(days=scene.windows.active_days - 1), scene.span.last)


def _window_lines(scene: Scene, by: Sequence[str] = ()) -> Table:
    """Lines of orders paid in the window that ends with the span."""
    span = _window(scene)
    return scene.rows("order_lines", span).semi_join(paid_orders(scene, span), "order_id")


def _sold_beside_stock(scene: Scene, by: Sequence[str]) -> Table:
    """The window's lines of the days whose stock is on record: cost of goods to hold stock against."""
    days = scene.rows("stock_days", _window(scene)).select("biz_date").distinct()
    return _window_lines(scene).semi_join(days, "biz_date")


_D = Dimension
SOURCES: dict[str, Source] = {
    "orders": Source(_orders, frozenset({_D.DAY, _D.SHOP, _D.PLATFORM, _D.HOUR})),
    "placed": Source(_placed, frozenset({_D.DAY, _D.SHOP, _D.PLATFORM, _D.HOUR})),
    "lines": Source(_lines, frozenset({_D.DAY, _D.SHOP, _D.CATEGORY, _D.SKU})),
    "refunds": Source(_refunds, frozenset({_D.DAY, _D.SHOP, _D.REASON})),
    "cohort": Source(_cohort, frozenset({_D.DAY, _D.SHOP, _D.PLATFORM})),
    "buyers": Source(_buyers, frozenset({_D.SHOP, _D.PLATFORM})),
    "window_buyers": Source(window_buyers, frozenset({_D.SHOP, _D.PLATFORM})),
    "visitors": Source(_visitors, frozenset({_D.DAY, _D.SHOP, _D.CHANNEL, _D.HOUR})),
    "visits": Source(_visits, frozenset({_D.DAY, _D.SHOP, _D.CHANNEL})),
    "shipments": Source(_shipments, frozenset({_D.DAY, _D.SHOP, _D.COURIER})),
    "receipts": Source(_receipts, frozenset({_D.DAY, _D.SHOP, _D.COURIER})),
    "tickets": Source(_tickets, frozenset({_D.DAY, _D.SHOP, _D.CHANNEL, _D.KIND})),
    "due_tickets": Source(_due_tickets, frozenset({_D.DAY, _D.SHOP, _D.CHANNEL, _D.KIND})),
    "ratings": Source(_ratings, frozenset({_D.DAY, _D.SHOP})),
    "stock": Source(_stock, frozenset(), whole_company=True),
    "held_stock": Source(_held_stock, frozenset(), whole_company=True),
    "window_lines": Source(_sold_beside_stock, frozenset({_D.SHOP, _D.CATEGORY, _D.SKU}), whole_company=True),
}
