"""On which day of a shop's books something is written: today, and never a day that is signed."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.clock import day_of


def days_of_books(step: Step, zones: Iterable[tuple[int, str]]) -> dict[int, date]:
    """Today by shop, given each shop's zone. The shops stay locked, shared, until the booking is committed: a day
    cannot be signed in between. One signed while the booking waited, begun before midnight, goes to the next day.
    """
    today = {shop_id: day_of(step.now, ZoneInfo(zone)) for shop_id, zone in zones}
    if today:
        shops = sorted(today)
        sql.SHARE_SHOPS.run(shops=shops)
        for row in sql.LAST_SIGNED.rows(shops=shops, since=min(today.values())):
            today[row.shop_id] = max(today[row.shop_id], row.day + timedelta(days=1))
    return today
