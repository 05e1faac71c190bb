"""The members of a dimension by the names people know: shops, channels, couriers, types, hours."""

from datetime import date
from typing import Any

from shopkeeper.flows.analytics.reports.queries.scope import shop_names
from shopkeeper.flows.analytics.reports.rules.metric import Dimension
from shopkeeper.flows.analytics.reports.words import CHANNELS, NOTHING, PLATFORMS, UNNAMED
from shopkeeper.flows.fulfilment.parcels.words import courier_name
from shopkeeper.web.labels import label_of
from shopkeeper.web.shown import weekday


class Members:
    """Names of members; shops are looked up once."""

    def __init__(self) -> None:
        self._shops: dict[int, str] | None = None

    def name(self, dimension: Dimension, member: Any) -> str:
        if member is None or member == "":
            return str(UNNAMED)
        if dimension is Dimension.SHOP:
            if self._shops is None:
                self._shops = shop_names()
            return self._shops.get(int(member), NOTHING)
        if dimension is Dimension.HOUR:
            return f"{int(member):02d}:00"
        if dimension is Dimension.DAY:
            return day_name(member if isinstance(member, date) else date.fromisoformat(member))
        if dimension is Dimension.KIND:
            return label_of(member, "TicketKind").text.text()
        if dimension is Dimension.REASON:
            return label_of(member, "Reason").text.text()
        if dimension is Dimension.COURIER:
            return str(courier_name(member))
        words = {Dimension.CHANNEL: CHANNELS, Dimension.PLATFORM: PLATFORMS}.get(dimension, {})
        return str(words.get(member, member))


def day_name(day: date) -> str:
    return f"{day:%m-%d} {weekday(day)}"
