"""Chinese working days with 调休: published years, our own table, and years nobody has published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.campaigns.rules.calendar import (
    add_working_days,
    is_working_day,
    working_days_between,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.clause("M4.1")
def test_three_working_days_after_the_national_holiday() -> None:
    """Off from 1 to 7 October 2026; Saturday the 10th is worked in exchange."""
    assert add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert is_working_day(date(2026, 10, 10))
    assert not is_working_day(date(2026, 10, 6))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2027, 2, 5), False),  # the eve of Spring Festival
        (date(2027, 2, 11), True),
        (date(2027, 10, 5), False),
        (date(2027, 6, 9), False),
        (date(2027, 6, 10), True),
        (date(2031, 10, 1), True),  # a Wednesday of a year nobody has published
        (date(2031, 10, 4), False),
    ],
)
def test_beyond_the_published_data(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_what_people_entered_comes_first() -> None:
    own = {date(2027, 2, 20): True, date(2027, 2, 11): False}
    assert is_working_day(date(2027, 2, 20), own)
    assert add_working_days(date(2027, 2, 10), 1, own) == date(2027, 2, 12)


@given(start=DAYS, days=st.integers(0, 40))
def test_adding_and_counting_are_each_others_inverse(start: date, days: int) -> None:
    end = add_working_days(start, days)
    assert working_days_between(start, end) == days
    assert days == 0 or is_working_day(end)
    assert end - start <= timedelta(days=days * 2 + 12)
