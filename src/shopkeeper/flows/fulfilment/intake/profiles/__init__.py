"""Order files people bring: declared profiles that read them, streaming, one `ImportRow` an order.

A profile only says what the file says. Whether an order is new, changed or the same, the intake command
finds out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shopkeeper.flows.fulfilment.intake.profiles import olist, taobao_csv
from shopkeeper.flows.fulfilment.intake.profiles.failure_sheet import FailureSheet
from shopkeeper.flows.fulfilment.intake.profiles.rows import (
    HOLDS,
    IMPORT_REFUSALS,
    ROW_PROBLEMS,
    HistoryTimes,
    ImportRow,
    Problem,
)
from shopkeeper.flows.fulfilment.intake.profiles.table import ImportRefused, Layout
from shopkeeper.shared.words import T

__all__ = [
    "HOLDS",
    "IMPORT_REFUSALS",
    "PROFILES",
    "ROW_PROBLEMS",
    "FailureSheet",
    "HistoryTimes",
    "ImportRefused",
    "ImportRow",
    "Problem",
    "Profile",
    "profile_named",
]


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of file: what to hand in, its columns by table, its currency and zone, and its reader.

    `read(path, shop_id)` raises ImportRefused at once when the source cannot be read at all.
    """

    name: str
    title: T
    takes: T
    tables: dict[str, Layout]
    encodings: tuple[str, ...]
    currency: str
    zone: str
    read: Callable[[Path, int], Iterator[ImportRow]]

    def columns(self) -> list[tuple[str, str, str, bool]]:
        """Every column read: table, our name, the headings it may have, whether the file must have it."""
        return [
            (table, name, " / ".join(column.headings), column.needed)
            for table, layout in self.tables.items()
            for name, column in layout.items()
        ]


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="taobao_csv",
            title=T("淘宝/天猫订单导出", "Taobao/Tmall order export"),
            takes=T(
                "一个 CSV（每行一个商品行），或含 ExportOrderList*.csv 和 ExportOrderDetailList*.csv 的文件夹",
                "one CSV with a row per order line, or a folder with ExportOrderList*.csv and "
                "ExportOrderDetailList*.csv",
            ),
            tables={"orders": taobao_csv.HEAD, "lines": taobao_csv.LINE},
            encodings=("GB18030", "GBK", "UTF-8", "UTF-8 BOM", "UTF-16 BOM"),
            currency="CNY",
            zone="Asia/Shanghai",
            read=taobao_csv.read,
        ),
        Profile(
            name="olist",
            title=T("Olist 公开订单数据", "Olist public order data"),
            takes=T(
                "含 orders、order_items、order_payments、customers（可有 products、order_reviews）的文件夹，"
                ".csv 或 .csv.gz",
                "a folder with orders, order_items, order_payments, customers and perhaps products and "
                "order_reviews, .csv or .csv.gz",
            ),
            tables={
                "orders": olist.ORDERS,
                "order_items": olist.ITEMS,
                "order_payments": olist.PAYMENTS,
                "customers": olist.CUSTOMERS,
                "products": olist.PRODUCTS,
                "order_reviews": olist.REVIEWS,
            },
            encodings=("UTF-8", "UTF-8 BOM"),
            currency=olist.CURRENCY,
            zone="America/Sao_Paulo",
            read=olist.read,
        ),
    )
}


def profile_named(name: str) -> Profile:
    """The profile of a name. Raises ImportRefused `import_profile_unknown`, which lists those there are."""
    try:
        return PROFILES[name]
    except KeyError:
        raise ImportRefused("import_profile_unknown", name=name, known=", ".join(PROFILES)) from None
