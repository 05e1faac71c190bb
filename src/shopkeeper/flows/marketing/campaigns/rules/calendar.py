"""Chinese working days, with the days that holidays were moved to (调休). It never fails, whatever the year.

Three sources, the first that knows a day decides: what people entered of their own, the published data of the
calendar package (to the end of 2026), the table below for 2027. Beyond that only weekends are known.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from chinese_calendar import is_workday

SATURDAY = 5
NOTHING: Mapping[date, bool] = MappingProxyType({})
# Statutory days off and their make-up days; swapped Saturdays are entered once the yearly notice names them.
DAYS_OFF_2027 = frozenset(
    date(2027, month, day)
    for month, days in {
        1: (1,), 2: (5, 6, 7, 8, 9, 10), 4: (5,), 5: (1, 2, 3, 4), 6: (9,), 9: (15,), 10: (1, 2, 3, 4, 5),
    }.items()
    for day in days
)  # fmt: skip


def is_working_day(day: date, own: Mapping[date, bool] = NOTHING) -> bool:
    """Is this a working day? `own` are days people entered, True for working."""
    entered = own.get(day)
    if entered is not None:
        return entered
    try:
        return bool(is_workday(day))
    except NotImplementedError:  # the package's data ends here
        return day.weekday() < SATURDAY and day not in DAYS_OFF_2027


def add_working_days(start: date, days: int, own: Mapping[date, bool] = NOTHING) -> date:
    """The day that is `days` working days after `start`; `start` itself is never counted."""
    day = start
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(day, own):
            day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date, own: Mapping[date, bool] = NOTHING) -> int:
    """How many working days lie after `start` up to and with `end`."""
    span = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=n), own) for n in span)
