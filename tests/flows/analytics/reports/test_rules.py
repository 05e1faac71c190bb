"""Spans, schedules, changes, contributions, anomalies: values in, values out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.analytics.collection.profiles import PROFILES, Reads
from shopkeeper.flows.analytics.reports.rules.changes import WHOLE, anomaly, change, contributions, middle, relative
from shopkeeper.flows.analytics.reports.rules.extras import ADD_UP, Imported, stand_ins
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Figure
from shopkeeper.flows.analytics.reports.rules.spans import (
    Span,
    before,
    due_periods,
    is_first_day,
    same_weekdays,
    span_of,
    year_before,
)
from shopkeeper.flows.analytics.reports.states import ReportPeriod

pytestmark = pytest.mark.clause("D2.1")
DAY, WEEK, MONTH = ReportPeriod.DAY, ReportPeriod.WEEK, ReportPeriod.MONTH
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(day=DAYS)
def test_periods_follow_each_other_without_gap(day) -> None:
    monday, first = day - timedelta(days=day.weekday()), day.replace(day=1)
    for period, begins in ((DAY, day), (WEEK, monday), (MONTH, first)):
        assert is_first_day(period, begins)
        span = span_of(period, begins)
        earlier = before(period, span)
        assert earlier.last == span.first - timedelta(days=1)
        assert span_of(period, earlier.first) == earlier
        assert year_before(period, span).first.year in (span.first.year - 1, span.first.year)


def test_a_year_ago_keeps_weekdays_and_months() -> None:
    assert year_before(WEEK, span_of(WEEK, date(2026, 6, 1))).first.weekday() == 0
    assert year_before(MONTH, span_of(MONTH, date(2024, 2, 1))) == Span(date(2023, 2, 1), date(2023, 2, 28))


@given(today=DAYS, idle=st.integers(1, 60))
def test_what_is_due_is_over_new_and_bounded(today, idle) -> None:
    made = {DAY: today - timedelta(days=idle)}
    due = due_periods(made, today)
    days = [span.first for period, span in due if period is DAY]
    assert all(span.last < today for _, span in due)
    assert days == sorted(days)
    assert len(days) == min(idle - 1, 7)
    assert all(day > made[DAY] for day in days)


def test_a_monday_the_first_makes_all_three_and_a_new_shop_has_no_past() -> None:
    monday = date(2026, 6, 1)
    assert [period for period, _ in due_periods({}, monday)] == [DAY, WEEK, MONTH]
    assert [period for period, _ in due_periods({}, monday + timedelta(days=1))] == [DAY]
    made = {DAY: date(2026, 5, 31), WEEK: date(2026, 5, 18), MONTH: date(2026, 4, 1)}
    assert [(period, span.first.isoformat()) for period, span in due_periods(made, monday + timedelta(days=2))] == [
        (DAY, "2026-06-01"), (DAY, "2026-06-02"), (WEEK, "2026-05-25"), (MONTH, "2026-05-01")
    ]  # fmt: skip


def test_same_weekdays_are_the_weeks_before() -> None:
    assert same_weekdays(date(2026, 6, 7), 2) == [date(2026, 5, 24), date(2026, 5, 31)]


def test_rates_change_in_points_and_sums_in_per_cent() -> None:
    rate, sales = METRICS["pay_conversion"], METRICS["paid_amount"]
    moved = change(rate, Figure(30, 1_000), Figure(25, 1_000), least_base=200)
    assert (moved.parts, moved.is_points, moved.is_thin) == (50, True, False)  # half a point
    assert change(rate, Figure(3, 100), Figure(1, 1_000), least_base=200).is_thin
    assert change(sales, Figure(150), Figure(100)).parts == 5_000
    assert change(sales, Figure(150), Figure(0)).parts is None
    assert change(rate, Figure(None), Figure(1, 10)).parts is None


@given(new=st.integers(-(10**9), 10**9), old=st.integers(-(10**9), 10**9))
def test_a_relative_change_turns_with_its_sign(new, old) -> None:
    moved = relative(new, old)
    if not old:
        assert moved is None
    else:
        assert moved == -relative(2 * old - new, old)
        assert abs(moved * abs(old) - (new - old) * WHOLE) <= abs(old)


@given(
    now=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6)),
    then=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6)),
)
def test_contributions_explain_the_whole_change(now, then) -> None:
    found = contributions(now, then, 10)
    total = sum(now.values()) - sum(then.values())
    assert sum(one.delta for one in found) == total
    assert [abs(one.delta) for one in found] == sorted((abs(one.delta) for one in found), reverse=True)
    if total:
        assert abs(sum(one.share for one in found) - WHOLE) <= len(found)


def test_a_day_is_odd_only_against_enough_of_its_weekdays() -> None:
    assert anomaly(100, [10, 10, 10], 30) is None  # three weeks say nothing
    odd = anomaly(100, [40, 50, 60, 50], 30)
    assert (odd.median, odd.mad, odd.is_high) == (50, 5, True)
    assert anomaly(64, [40, 50, 60, 50], 30) is None
    assert anomaly(111, [100, 100, 100, 100], 30) is not None  # never varied: beyond a tenth
    assert anomaly(110, [100, 100, 100, 100], 30) is None


@given(values=st.lists(st.integers(-1_000, 1_000), min_size=1))
def test_the_middle_lies_between(values) -> None:
    assert min(values) <= middle(values) <= max(values)


def test_an_export_stands_in_by_its_own_name_and_never_adds_people_up() -> None:
    found = [
        Imported("sycm", "", "page_views", 2, 300), Imported("sycm", "", "page_views", 1, 600),
        Imported("sycm", "", "visitors", 1, 100), Imported("sycm", "", "visitors", 2, 200),
        Imported("sycm", "手淘搜索", "visitors", 1, 200), Imported("tool", "", "visitors", 1, 5),
    ]  # fmt: skip
    export = stand_ins(found)
    assert (export.source, export.values) == ("sycm", {"visitors": None, "page_views": 900})
    assert (export.doubled, export.shops["page_views"]) == ({"visitors"}, (1, 2))
    assert stand_ins([]).source == ""


def test_only_what_happened_so_often_and_money_add_up_over_shops() -> None:
    fields = {name: field.reads for profile in PROFILES.values() for name, field in profile.fields.items()}
    for name in ADD_UP & fields.keys():
        assert fields[name] in (Reads.COUNT, Reads.MINOR), name
    assert not [name for name in ADD_UP if name.endswith(("visitors", "buyers"))]
    assert "stay_mean_seconds" in fields.keys() - ADD_UP
