"""Which facts a batch of the event log speaks of: what is read again and written into the lake."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shopkeeper.flows.analytics.lake.states import Subject


@dataclass(slots=True)
class Touched:
    """Ids by what they name; histories are imports of a shop's past at a moment, `put_back` keys of traffic.

    `has_figures`: figures of a platform or tool were imported.
    """

    orders: set[int] = field(default_factory=set)
    parcels: set[int] = field(default_factory=set)
    tickets: set[int] = field(default_factory=set)
    surveys: set[int] = field(default_factory=set)
    cases: set[int] = field(default_factory=set)
    histories: set[tuple[int, datetime]] = field(default_factory=set)
    put_back: set[str] = field(default_factory=set)
    has_figures: bool = False


_FIELDS = {
    "order_id": "orders",
    "replacement_order_id": "orders",
    "parcel_id": "parcels",
    "ticket_id": "tickets",
    "survey_id": "surveys",
}


def touched(events: Iterable[tuple[str, dict[str, Any], datetime]]) -> Touched:
    """Read the ids out of (type, data, occurred_at); what a type means beyond its ids is named here."""
    found = Touched()
    for kind, data, at in events:
        for name, what in _FIELDS.items():
            if data.get(name):
                getattr(found, what).add(data[name])
        if kind.startswith("aftersale.") and data.get("case_id"):
            found.cases.add(data["case_id"])
        elif kind == "intake.history_taken_in":
            found.histories.add((data["shop_id"], at))
        elif kind == "collection.figures_taken_in":
            found.has_figures = True
        elif kind in ("lake.rows_set_aside", "lake.rows_put_back"):
            if data["subject"] == Subject.ORDERS:
                found.orders.add(int(data["key"]))
            elif kind == "lake.rows_put_back":
                found.put_back.add(data["key"])
    return found
