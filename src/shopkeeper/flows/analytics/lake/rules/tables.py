"""The tables of the lake: columns, key and time of each. Reports are written against these names.

Conventions: `biz_date` is the shop's calendar day of the row's main time and partitions the table; times are the
shop's wall-clock time without zone; money is integer minor units of the shop's currency; ratios are never stored.
`buyer` is the subject's number through a keyed hash: it joins, and names nobody. `mark` is empty for a valid row,
else the id of the cleaning rule that set it aside. A row written again (same key) replaces the earlier one:
`version` decides.

Read through records/engine.py: `with connect(viewer) as lake: lake.table("orders", first_day, last_day)`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` maps a name to an Arrow type; `key` identifies a row for ever.

    A row of an appended table is written once and never again.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, str]
    is_appended: bool = False


COMMON = {"biz_date": "date32", "shop_id": "int64", "version": "int64", "mark": "string"}

ORDERS = Table(
    "orders",  # biz_date = day of payment; unpaid orders: day of placing
    ("order_id",),
    {
        **COMMON,
        "order_id": "int64",
        "platform": "string",
        "order_no": "string",
        "buyer": "string",
        "state": "string",
        "placed_at": "timestamp[s]",
        "paid_at": "timestamp[s]",
        "completed_at": "timestamp[s]",
        "paid_minor": "int64",
        "goods_minor": "int64",
        "discount_minor": "int64",
        "freight_minor": "int64",
        "pieces": "int64",
    },
)
ORDER_LINES = Table(
    "order_lines",  # biz_date as the order's
    ("order_id", "line_id"),
    {
        **COMMON,
        "order_id": "int64",
        "line_id": "int64",
        "sku_id": "int64",
        "sku_code": "string",
        "category": "string",
        "pieces": "int64",
        "paid_minor": "int64",  # apportioned: the lines of an order sum to its paid_minor less freight
        "cost_minor": "int64",
    },
)
REFUNDS = Table(
    "refunds",  # biz_date = day the refund succeeded
    ("order_id", "reference"),
    {
        **COMMON,
        "order_id": "int64",
        "reference": "string",
        "buyer": "string",
        "refund_minor": "int64",
        "reason": "string",
        "is_returned": "bool",  # the goods came back
    },
)
PARCELS = Table(
    "parcels",  # biz_date = day of hand-over, before that of opening
    ("parcel_id",),
    {
        **COMMON,
        "parcel_id": "int64",
        "order_id": "int64",
        "courier": "string",
        "warehouse_id": "int64",
        "state": "string",
        "opened_at": "timestamp[s]",
        "ship_by": "timestamp[s]",
        "handed_over_at": "timestamp[s]",
        "signed_at": "timestamp[s]",
    },
)
TICKETS = Table(
    "tickets",  # biz_date = day of opening
    ("ticket_id",),
    {
        **COMMON,
        "ticket_id": "int64",
        "order_id": "int64",
        "channel": "string",
        "kind": "string",
        "stage": "string",
        "opened_at": "timestamp[s]",
        "first_reply_seconds": "int64",
        "offered_at": "timestamp[s]",
        "resolved_at": "timestamp[s]",
    },
)
RATINGS = Table(
    "ratings",  # biz_date = day of the invitation
    ("survey_id",),
    {
        **COMMON,
        "survey_id": "int64",
        "ticket_id": "int64",
        "stars": "int64",  # null = not answered
        "sent_at": "timestamp[s]",
        "answered_at": "timestamp[s]",
    },
)
STOCK_DAYS = Table(
    "stock_days",  # biz_date = the day at whose end it stood so
    ("biz_date", "sku_id"),
    {
        "biz_date": "date32",
        "version": "int64",
        "sku_id": "int64",
        "on_hand": "int64",
        "cost_minor": "int64",  # of one piece
        "is_on_sale": "bool",
    },
)
TRAFFIC = Table(
    "traffic",  # own collector: one row an event; biz_date = day of the event
    ("event_id",),
    {
        **COMMON,
        "event_id": "string",
        "kind": "string",  # exposure, click, view, cart, order
        "visitor": "string",
        "session": "string",
        "channel": "string",  # search, recommendation, paid, direct, content, other
        "page": "string",
        "sku_id": "int64",
        "at": "timestamp[ms]",
        "stay_ms": "int64",  # of a view, null where unknown
    },
)
TRAFFIC_FIGURES = Table(
    "traffic_figures",  # imported from a platform's or tool's export: sums of a period, by channel ("" = all)
    ("shop_id", "source", "period", "biz_date", "channel", "figure"),
    {
        **COMMON,
        "source": "string",
        "period": "string",  # hour, day, week, month
        "channel": "string",
        # exposure, clicks, visitors, page_views, visits, single_page_visits, stay_seconds, buyers …
        "figure": "string",
        "value": "int64",
    },
)
EVENTS = Table(
    "events",  # the event log itself, as it was announced; biz_date = day of occurred_at
    ("position",),
    {
        "biz_date": "date32",
        "version": "int64",
        "position": "int64",
        "kind": "string",
        "occurred_at": "timestamp[ms]",
        "shop_id": "int64",  # null where the event is of no shop
        "clause": "string",
        "data": "string",  # JSON: ids and values, nothing personal
    },
    is_appended=True,
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ORDERS,
        ORDER_LINES,
        REFUNDS,
        PARCELS,
        TICKETS,
        RATINGS,
        STOCK_DAYS,
        TRAFFIC,
        TRAFFIC_FIGURES,
        EVENTS,
    )
}
