"""The periods of exported figures: whole days, weeks from Monday to Sunday, natural months, and only past ones."""

import re
from calendar import monthrange
from datetime import date, timedelta

from shopkeeper.flows.analytics.collection.states import FigurePeriod

_DAY = r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?"
_SPAN = re.compile(rf"\s*{_DAY}(?:\s*(?:~|～|至|—|–| - )\s*{_DAY})?\s*(?:00:00:00)?\s*")


class PeriodWrong(ValueError):
    """A period that is none; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def span_of(text: str) -> tuple[date, date]:
    """'2026-06-01', '20260601', '2026-06-01 ~ 2026-06-07': the first and last day. Raises PeriodWrong."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise PeriodWrong("period_unreadable")
    numbers = [int(part) for part in found.groups() if part is not None]
    try:
        first = date(*numbers[:3])
        return first, date(*numbers[3:]) if len(numbers) == 6 else first
    except ValueError as error:
        raise PeriodWrong("period_unreadable") from error


def period_of(first: date, last: date, today: date) -> FigurePeriod:
    """Which period these days are. Raises PeriodWrong for one that is no whole day, week or month, or not over.

    Figures are final on the day after (T-1): a period that touches today is not taken.
    """
    if last >= today:
        raise PeriodWrong("period_not_over")
    if first == last:
        return FigurePeriod.DAY
    if last - first == timedelta(days=6) and first.isoweekday() == 1:
        return FigurePeriod.WEEK
    if first.day == 1 and last == first.replace(day=monthrange(first.year, first.month)[1]):
        return FigurePeriod.MONTH
    raise PeriodWrong("period_unknown")
