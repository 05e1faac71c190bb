"""Spans of days: a report's period, the one before it, the same one a year ago; and the windows of figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shopkeeper.flows.analytics.reports.states import ReportPeriod

YEAR = timedelta(weeks=52)  # a year ago on the same weekday: Mondays are compared with Mondays


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of the shop, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def moved(self, by: timedelta) -> "Span":
        return Span(self.first + by, self.last + by)

    def each(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))


@dataclass(frozen=True, slots=True)
class Windows:
    """The numbers of the procedure that figures depend on; each is printed with its figure."""

    returning_days: int = 365
    repurchase_days: int = 90
    cohort_days: int = 30
    active_days: int = 30
    reply_seconds: int = 10
    offer_hours: int = 48


def span_of(period: ReportPeriod, first: date) -> Span:
    """The period that begins on a day."""
    if period is ReportPeriod.DAY:
        return Span(first, first)
    if period is ReportPeriod.WEEK:
        return Span(first, first + timedelta(days=6))
    return Span(first, _next_month(first) - timedelta(days=1))


def is_first_day(period: ReportPeriod, day: date) -> bool:
    """Does such a period begin on this day?"""
    return period is ReportPeriod.DAY or (day.weekday() == 0 if period is ReportPeriod.WEEK else day.day == 1)


def before(period: ReportPeriod, span: Span) -> Span:
    """The period before it."""
    if period is ReportPeriod.MONTH:
        return Span((span.first - timedelta(days=1)).replace(day=1), span.first - timedelta(days=1))
    return span.moved(timedelta(days=-span.days))


def year_before(period: ReportPeriod, span: Span) -> Span:
    """The same month a year ago; days and weeks fifty-two weeks ago, so that weekdays agree."""
    if period is ReportPeriod.MONTH:
        return span_of(period, span.first.replace(year=span.first.year - 1))
    return span.moved(-YEAR)


def days_before(span: Span) -> Span:
    """As many days, just before: what a span of free choice is compared with."""
    return span.moved(timedelta(days=-span.days))


def same_weekdays(day: date, weeks: int) -> list[date]:
    """The same weekday of the weeks before, oldest first."""
    return [day - timedelta(weeks=n) for n in range(weeks, 0, -1)]


PERIODS_OF = {
    "none": (),
    "long": (ReportPeriod.WEEK, ReportPeriod.MONTH),
    "all": (ReportPeriod.DAY, ReportPeriod.WEEK, ReportPeriod.MONTH),
}
CAUGHT_UP = {ReportPeriod.DAY: 7, ReportPeriod.WEEK: 2, ReportPeriod.MONTH: 2}


def due_periods(
    made: dict[ReportPeriod, date], today: date, periods: tuple[ReportPeriod, ...] = PERIODS_OF["all"]
) -> list[tuple[ReportPeriod, Span]]:
    """What is to be reported on a morning: yesterday, last week on a Monday, last month on its first day; and what
    was missed meanwhile, but no further back than a week of days, two weeks, two months.

    `made` holds the first day of the newest report of each period.
    """
    due = []
    for period in periods:
        spans: list[Span] = []
        latest = _last_closed(period, today)
        for _ in range(CAUGHT_UP[period]):
            if period in made and latest.first <= made[period]:
                break
            if period not in made:  # a shop that begins now has no past to catch up with
                spans += [latest] if latest.last == today - timedelta(days=1) else []
                break
            spans.append(latest)
            latest = before(period, latest)
        due += [(period, span) for span in reversed(spans)]
    return due


def _last_closed(period: ReportPeriod, today: date) -> Span:
    """The newest period that is over before today."""
    if period is ReportPeriod.DAY:
        return Span(today - timedelta(days=1), today - timedelta(days=1))
    if period is ReportPeriod.WEEK:
        monday = today - timedelta(days=today.weekday())
        return Span(monday - timedelta(days=7), monday - timedelta(days=1))
    last = today.replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
