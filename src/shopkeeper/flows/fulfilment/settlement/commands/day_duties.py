"""O4.1: a shop's day with bookings is to be signed once it is over; one day at a time, the earliest first."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from shopkeeper.flows.fulfilment.settlement.deadlines import DAY_CLOSE
from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.clock import at_time
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import clock_times, policies


def have_days_signed(step: Step, booked: Mapping[int, date]) -> None:
    """Something was booked on these shops' days: they are to be signed, unless an earlier one still is."""
    if booked:
        rows = sql.UNWATCHED.rows(shops=sorted(booked), kind=DAY_CLOSE.name)
        arm(step, [_arm(step, row.shop_id, booked[row.shop_id], row.zone) for row in rows])


def days_were_signed(step: Step, shops: Sequence[int]) -> None:
    """Days of these shops were signed: where it was the one that was due, the next booked day is."""
    rows = sql.WATCHED.rows(shops=sorted(set(shops)), kind=DAY_CLOSE.name) if shops else []
    signed = [row for row in rows if row.next_day != row.day]
    close(step, DAY_CLOSE, [row.shop_id for row in signed])
    arm(step, [_arm(step, row.shop_id, row.next_day, row.zone) for row in signed if row.next_day])


def _arm(step: Step, shop_id: int, day: date, zone: str) -> Arm:
    """The duty carries its day as label; it opens at the shop's midnight and is due at the policy's time."""
    after, place = day + timedelta(days=1), ZoneInfo(zone)
    by = clock_times(policies(step)("day_close_time", shop_id))[0]
    return Arm(
        DAY_CLOSE,
        shop_id,
        at_time(after, by, place),
        shop_id=shop_id,
        label=day.isoformat(),
        opens_at=at_time(after, time(), place),
    )
