"""When customers may be written to: the open hours of a day."""

from datetime import datetime, time, timedelta

from shopkeeper.shared.clock import SHOP_ZONE, at_time, day_of


def next_open(moment: datetime, hours: tuple[time, time]) -> datetime:
    """The moment itself within the hours (from, to), else the next time they begin."""
    first, last = hours
    clock = moment.astimezone(SHOP_ZONE).time()
    if first <= clock < last:
        return moment
    today = day_of(moment)
    return at_time(today if clock < first else today + timedelta(days=1), first)
