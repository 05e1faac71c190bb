"""S1.1, S1.2: when a first reply and a solution are due. Duty hours are spans of clock times in the shop's zone."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from shopkeeper.shared.clock import at_time, day_of


def duty_spans(times: Sequence[time]) -> list[tuple[time, time]]:
    """Times in pairs (from, to); an end without a beginning is left out, a span over midnight is kept."""
    return [(times[i], times[i + 1]) for i in range(0, len(times) - 1, 2) if times[i] != times[i + 1]]


def on_duty(moment: datetime, spans: Sequence[tuple[time, time]]) -> bool:
    """Is somebody on duty at this moment? Without spans always."""
    return not spans or any(start <= moment < end for start, end in _around(moment, spans))


def next_duty(moment: datetime, spans: Sequence[tuple[time, time]]) -> datetime:
    """The moment itself on duty, else the next start of duty."""
    if on_duty(moment, spans):
        return moment
    return min(start for start, _ in _around(moment, spans) if start > moment)


def reply_due_at(
    opened_at: datetime, spans: Sequence[tuple[time, time]], *, seconds: int, off_duty_minutes: int
) -> datetime:
    """On duty so many seconds after opening; off duty so many minutes after the next start of duty."""
    if on_duty(opened_at, spans):
        return opened_at + timedelta(seconds=seconds)
    return next_duty(opened_at, spans) + timedelta(minutes=off_duty_minutes)


def _around(moment: datetime, spans: Sequence[tuple[time, time]]) -> list[tuple[datetime, datetime]]:
    """The spans of the day before, the day itself and the day after, as moments."""
    found = []
    for offset in (-1, 0, 1):
        day = day_of(moment) + timedelta(days=offset)
        for start, end in spans:
            ends_on = day if start < end else day + timedelta(days=1)
            found.append((at_time(day, start), at_time(ends_on, end)))
    return found
