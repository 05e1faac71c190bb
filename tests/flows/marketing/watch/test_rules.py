"""The arithmetic of the watch: hours, sources, what is low, what an action brought."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.watch.rules.benchmarks import OWN_MEDIAN, median_of, own_median
from shopkeeper.flows.marketing.watch.rules.effects import HourFacts, measured
from shopkeeper.flows.marketing.watch.rules.hours import first_full_hour, hour_of, hours_over, must_be_recorded
from shopkeeper.flows.marketing.watch.rules.judging import (
    ConversionBounds,
    ConversionHour,
    StockPace,
    conversion_verdict,
    is_low,
    pieces_needed,
    stock_verdict,
)
from shopkeeper.flows.marketing.watch.rules.traffic import preferred, rate_bp

TEN = datetime(2026, 6, 18, 2, 0, tzinfo=UTC)
BOUNDS = ConversionBounds(target_bp=500, share_bp=8_000, least_visitors=200, in_a_row=2)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.clause("M3.1")
def test_hours_begin_whole_and_end_in_time() -> None:
    assert hour_of(TEN + timedelta(minutes=59, seconds=59)) == TEN
    assert list(hours_over(TEN, TEN + timedelta(minutes=59), 9)) == []
    assert list(hours_over(TEN, TEN + timedelta(hours=2, minutes=1), 9)) == [TEN, TEN + timedelta(hours=1)]
    assert list(hours_over(TEN, TEN + timedelta(days=1), 3))[-1] == TEN + timedelta(hours=2)
    assert first_full_hour(TEN) == TEN
    assert first_full_hour(TEN + timedelta(seconds=1)) == TEN + timedelta(hours=1)


@pytest.mark.clause("M3.1")
@pytest.mark.parametrize(("hour", "expected"), [(8, False), (9, True), (22, True), (23, False)])
def test_only_the_days_hours_must_be_recorded(hour: int, expected: bool) -> None:
    moment = datetime(2026, 6, 18, hour, tzinfo=SHANGHAI).astimezone(UTC)
    assert must_be_recorded(moment, 9, 23, SHANGHAI) is expected


@dataclass(frozen=True)
class Row:
    source: str
    campaign_id: int | None = None


@pytest.mark.clause("M3.1")
def test_the_campaigns_own_figures_count_before_the_shops_then_the_order_of_sources() -> None:
    shops = [Row("collector"), Row("typed")]
    assert preferred(shops, "collector_first") == Row("collector")
    assert preferred(shops, "typed_first") == Row("typed")
    assert preferred([*shops, Row("typed", 1)], "collector_first") == Row("typed", 1)
    assert preferred(list[Row](), "file_first") is None


@pytest.mark.clause("M3.1")
@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 3, 3_333), (2, 3, 6_667), (1, 0, None), (None, 5, None), (0, 5, 0)]
)
def test_a_rate_is_rounded_once(part: int | None, whole: int, expected: int | None) -> None:
    assert rate_bp(part, whole) == expected


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_is_never_off_by_more_than_half_a_part(part: int, whole: int) -> None:
    rate = rate_bp(part, whole)
    assert rate is not None
    assert abs(rate * whole - part * 10_000) * 2 <= whole


def hour(visitors: int | None, buyers: int, benchmark: int | None = None) -> ConversionHour:
    return ConversionHour(visitors, buyers, benchmark)


@pytest.mark.clause("M3.2")
@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ([hour(1_000, 49), hour(1_000, 49)], "low"),
        ([hour(1_000, 49), hour(1_000, 50)], ""),  # only one low hour
        ([hour(1_000, 50), hour(1_000, 49)], "fine"),
        ([hour(199, 0), hour(1_000, 0)], ""),  # too few visitors to say anything
        ([hour(1_000, 0), hour(199, 0)], ""),  # the row breaks where the base is missing
        ([hour(1_000, 0), hour(None, 0), hour(1_000, 0)], ""),  # and where nobody told
        ([hour(1_000, 0)], ""),
        ([], ""),
    ],
)
def test_conversion_is_low_after_two_hours_in_a_row_with_enough_visitors(
    newest_first: list[ConversionHour], expected: str
) -> None:
    assert conversion_verdict(newest_first, BOUNDS) == expected


@pytest.mark.clause("M3.2")
def test_conversion_is_compared_with_four_fifths_of_the_benchmark_exactly() -> None:
    bounds = ConversionBounds(target_bp=0, share_bp=8_000, least_visitors=1, in_a_row=1)
    assert not is_low(hour(1_000, 40, 500), bounds)  # 4.00 % = 0.8 × 5 %
    assert is_low(hour(1_000, 39, 500), bounds)
    assert not is_low(hour(1_000, 0), bounds)  # no target, no benchmark: nothing to be below


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_buyers_never_make_conversion_low(visitors: int, buyers: int, target: int, benchmark: int) -> None:
    bounds = ConversionBounds(target, 8_000, 1, 1)
    if not is_low(hour(visitors, buyers, benchmark), bounds):
        assert not is_low(hour(visitors, buyers + 1, benchmark), bounds)


@pytest.mark.clause("M3.2")
@pytest.mark.parametrize(
    ("pace", "expected"),
    [
        (StockPace(100, (10, 10, 10), 60 * 24), "low"),  # ten hours left, a day to go
        (StockPace(100, (10, 10, 10), 60 * 8), "low"),  # lasts to the end, but under the policy's twelve hours
        (StockPace(130, (10, 10, 10), 60 * 8), "fine"),
        (StockPace(0, (0, 0, 0), 60), "low"),  # sold out
        (StockPace(3, (1, 1, 1), 60 * 24), ""),  # too few sold to project
        (StockPace(100, (0,), 60 * 24), ""),
        (StockPace(0, (5,), 0), "fine"),  # over
    ],
)
def test_stock_is_low_where_it_lasts_neither_the_policys_hours_nor_to_the_end(pace: StockPace, expected: str) -> None:
    assert stock_verdict(pace, 12 * 60, 5) == expected


@pytest.mark.clause("M3.2")
def test_pieces_needed_cover_the_pace_to_the_end() -> None:
    assert pieces_needed(StockPace(100, (10, 20, 30), 600)) == 100  # 20 an hour × 10 h − 100
    assert pieces_needed(StockPace(0, (0,), 600)) == 1


@given(st.integers(0, 500), st.lists(st.integers(0, 50), min_size=1, max_size=3), st.integers(1, 6_000))
def test_with_the_pieces_needed_stock_lasts_to_the_end(left: int, sold: list[int], minutes: int) -> None:
    more = pieces_needed(StockPace(left, tuple(sold), minutes))
    after = StockPace(left + more, tuple(sold), minutes)
    assert after.minutes_left is None or after.minutes_left >= minutes or after.sold_in_all == 0


@pytest.mark.clause("M3.2")
def test_the_own_median_needs_samples_and_names_itself() -> None:
    samples = [(1_000, 10), (1_000, 30), (1_000, 20), (0, 5)]
    found = own_median(samples, 3)
    assert found
    assert (found.name, found.conversion_bp) == (OWN_MEDIAN, 200)
    assert own_median(samples, 4) is None
    assert median_of([1, 2]) == 2


@pytest.mark.clause("M3.2")
def test_an_effect_counts_conversion_only_where_visitors_are_known() -> None:
    figures = measured([HourFacts(100, 5, 6, 8, 40), HourFacts(None, 9, 9, 9, 31)])
    assert (figures.hours, figures.hours_with_traffic, figures.conversion_bp) == (2, 1, 500)
    assert (figures.orders, figures.sold, figures.left) == (15, 17, 31)
    assert measured([]).conversion_bp is None
