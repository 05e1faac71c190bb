"""The sums and counts that figures are made of, each over one source. Whole numbers only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.analytics.reports.rules.sources import SOURCES, Table

Value = Any  # an Ibis expression


@dataclass(frozen=True, slots=True)
class Measure:
    """One aggregate. `needs_rows`: with no row at all it is unknown, because its source may not be connected;
    orders and tickets are our own, there nothing is zero."""

    source: str
    value: Callable[[Table], Value]
    needs_rows: bool = False
    rows: Callable[[Table], Value] | None = None  # which of the source's rows it counts, for drilling


def _count(flag: str) -> Callable[[Table], Value]:
    return lambda t: t[flag].cast("int64").sum()


def _sum(column: str) -> Callable[[Table], Value]:
    return lambda t: t[column].sum()


def _rows(t: Table) -> Value:
    return t.count()


def _people(t: Table) -> Value:
    return t.buyer.nunique()


def _of_somebody(t: Table) -> Value:
    """An order whose buyer is not known counts for no buyer."""
    return t.buyer.notnull()


def _did(kind: str) -> Measure:
    return Measure("visitors", lambda t: (t[kind] > 0).cast("int64").sum(), needs_rows=True)


def _is(flag: str) -> Callable[[Table], Value]:
    return lambda t: t[flag]


def _costed(t: Table) -> Value:
    """Goods cost something: a line at no cost is one whose cost nobody knows."""
    return (t.cost_minor > 0).fill_null(False)


MEASURES: dict[str, Measure] = {
    # traffic
    "exposures": Measure("visitors", _sum("exposure"), needs_rows=True),
    "clicks": Measure("visitors", _sum("click"), needs_rows=True),
    "page_views": Measure("visitors", _sum("view"), needs_rows=True),
    "exposed_visitors": _did("exposure"),
    "clicking_visitors": _did("click"),
    "visitors": _did("view"),
    "cart_visitors": _did("cart"),
    "order_visitors": _did("order"),
    "stay_ms": Measure("visitors", _sum("stay_ms"), needs_rows=True),
    "stay_visitors": Measure("visitors", lambda t: (t.stays > 0).cast("int64").sum(), needs_rows=True),
    "stays": Measure("visitors", _sum("stays"), needs_rows=True),
    "visits": Measure("visits", _rows, needs_rows=True),
    "visit_pages": Measure("visits", _sum("views"), needs_rows=True),
    "bounced_visits": Measure("visits", lambda t: (t.views == 1).cast("int64").sum(), needs_rows=True),
    # sales
    "placed_minor": Measure("placed", lambda t: (t.goods_minor + t.freight_minor - t.discount_minor).sum()),
    "placed_orders": Measure("placed", _rows),
    "placed_buyers": Measure("placed", _people, rows=_of_somebody),
    "unpaid_cancelled": Measure(
        "placed",
        lambda t: ((t.state == "cancelled") & t.paid_at.isnull()).cast("int64").sum(),
        rows=lambda t: (t.state == "cancelled") & t.paid_at.isnull(),
    ),
    "paid_minor": Measure("orders", _sum("paid_minor")),
    "discount_minor": Measure("orders", _sum("discount_minor")),
    "paid_orders": Measure("orders", _rows),
    "paid_buyers": Measure("orders", _people, rows=_of_somebody),
    "paid_pieces": Measure("orders", _sum("pieces")),
    "line_minor": Measure("lines", _sum("paid_minor")),
    "line_pieces": Measure("lines", _sum("pieces")),
    "costed_minor": Measure("lines", lambda t: t.paid_minor.sum(where=_costed(t)), rows=_costed),
    "cost_minor": Measure("lines", lambda t: t.cost_minor.sum(where=_costed(t)), rows=_costed),
    "refund_minor": Measure("refunds", _sum("refund_minor")),
    "refunds": Measure("refunds", _rows),
    "cohort_orders": Measure("cohort", _rows),
    "cohort_refunded": Measure("cohort", _count("is_refunded"), rows=_is("is_refunded")),
    "cohort_shipped": Measure("cohort", _count("is_shipped"), rows=_is("is_shipped")),
    "cohort_returned": Measure(
        "cohort",
        lambda t: (t.is_returned & t.is_shipped).cast("int64").sum(),
        rows=lambda t: t.is_returned & t.is_shipped,
    ),
    "skus_on_sale": Measure("stock", _rows, needs_rows=True),
    "skus_sold": Measure("stock", _count("is_sold"), needs_rows=True),
    "held_minor": Measure("held_stock", _sum("value_minor"), needs_rows=True),
    "window_cost_minor": Measure("window_lines", _sum("cost_minor")),
    # customers
    "buyers": Measure("buyers", _rows),
    "returning_buyers": Measure("buyers", _count("is_known")),
    "new_buyers": Measure("buyers", lambda t: (~t.is_known).cast("int64").sum()),
    "returning_minor": Measure("buyers", lambda t: t.paid_minor.sum(where=t.is_known)),
    "buyers_minor": Measure("buyers", _sum("paid_minor")),
    "window_buyers": Measure("window_buyers", _rows),
    "window_again": Measure("window_buyers", lambda t: (t.days > 1).cast("int64").sum()),
    # service
    "tickets": Measure("tickets", _rows),
    "replied_tickets": Measure(
        "tickets", lambda t: t.first_reply_seconds.count(), rows=lambda t: t.first_reply_seconds.notnull()
    ),
    "quick_tickets": Measure("tickets", _count("is_quick"), rows=_is("is_quick")),
    "due_tickets": Measure("due_tickets", _rows),
    "offered_in_time": Measure("due_tickets", _count("is_in_time"), rows=_is("is_in_time")),
    "ratings_sent": Measure("ratings", _rows),
    "ratings_given": Measure("ratings", lambda t: t.stars.count()),
    "ratings_good": Measure("ratings", lambda t: (t.stars >= 4).cast("int64").sum()),
    "stars": Measure("ratings", _sum("stars")),
    # fulfilment
    "parcels_due": Measure("shipments", _rows),
    "parcels_on_time": Measure("shipments", _count("is_on_time"), rows=_is("is_on_time")),
    "receipts": Measure("receipts", _rows),
    "receipt_seconds": Measure("receipts", _sum("seconds")),
}


def source_of(measure_id: str) -> str:
    return MEASURES[measure_id].source


def is_whole_company(measure_id: str) -> bool:
    return SOURCES[source_of(measure_id)].whole_company
