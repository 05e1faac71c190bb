"""The windows an increment is compared with."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkeeper.flows.marketing.review.rules.base import Sold, Window, base_of, base_windows

pytestmark = pytest.mark.clause("M4.1")
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 6, 17, 16, 0, tzinfo=UTC)


def test_a_day_stands_beside_the_same_weekday_of_each_week_before() -> None:
    windows = base_windows(START + timedelta(hours=20), START + timedelta(hours=30), 4, ZONE)
    assert len(windows) == 8
    assert [window.day for window in windows] == [date(2026, 6, 18)] * 4 + [date(2026, 6, 19)] * 4
    first = windows[0]
    assert first.since == START + timedelta(hours=20) - timedelta(weeks=1)
    assert first.until == START + timedelta(hours=24) - timedelta(weeks=1)


@settings(max_examples=80)
@given(st.integers(0, 47), st.integers(1, 24 * 45), st.integers(1, 6))
def test_windows_lie_before_the_campaign_and_on_its_weekdays(offset: int, hours: int, weeks: int) -> None:
    since = START + timedelta(hours=offset)
    until = since + timedelta(hours=hours)
    windows = base_windows(since, until, weeks, ZONE)
    for window in windows:
        assert window.until <= since
        assert window.since.astimezone(ZONE).weekday() == window.day.weekday()
        assert window.until > window.since
    spans = sum((window.until - window.since for window in windows), timedelta())
    assert spans == (until - since) * weeks


def _sold(day: int, paid: int, *, is_taken: bool = False) -> Sold:
    window = Window(date(2026, 6, day), START, START)
    return Sold(window, is_taken, paid, paid // 100)


def test_each_day_counts_with_the_mean_of_its_free_windows() -> None:
    sold = [_sold(18, 100), _sold(18, 201), _sold(18, 9_900, is_taken=True), _sold(19, 50)]
    assert base_of(sold) == (2, 2, 1, 151 + 50, 2 + 0)
    assert base_of([_sold(18, 100), _sold(19, 50, is_taken=True)]) == (2, 1, 1, 100, 1)
    assert base_of([]) == (0, 0, 0, 0, 0)
