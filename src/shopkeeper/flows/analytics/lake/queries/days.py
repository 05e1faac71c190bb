"""The lake day by day: how much lies there of each table, and how much of it is left out."""

from dataclasses import dataclass
from datetime import date

from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.lake.rules.tables import TABLES
from shopkeeper.foundation.actor import Actor

SHOWN = ("orders", "order_lines", "refunds", "parcels", "tickets", "ratings", "traffic", "traffic_figures")


@dataclass(frozen=True, slots=True)
class DayRow:
    """One table's day: its rows and those of them that do not count."""

    biz_date: date
    table: str
    rows: int
    set_aside: int


def lake_days(viewer: Actor, first: date, last: date) -> list[DayRow]:
    """Rows by day and table, newest day first, read from the lake itself in the viewer's shops."""
    found = []
    with connect(viewer) as lake:
        for name in SHOWN:
            table = lake.table(name, first, last, with_set_aside=True)
            counted = table.group_by("biz_date").agg(rows=table.count(), out=(table.mark != "").sum())
            found += [DayRow(row["biz_date"], name, row["rows"], row["out"] or 0) for row in lake.rows(counted)]
    places = list(TABLES)
    return sorted(found, key=lambda row: (-row.biz_date.toordinal(), places.index(row.table)))
