"""Sketches, periods, ratios, and differences between sources."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.analytics.collection.imports import value_of
from shopkeeper.flows.analytics.collection.profiles import Reads
from shopkeeper.flows.analytics.collection.rules.periods import PeriodWrong, period_of, span_of
from shopkeeper.flows.analytics.collection.rules.ratios import contradictions
from shopkeeper.flows.analytics.collection.rules.reconciling import differences, is_beyond
from shopkeeper.flows.analytics.collection.rules.sketch import EXACT_MOST, count, hash_of, is_exact, merged, sketch
from shopkeeper.flows.analytics.collection.states import ComparedFigure
from shopkeeper.flows.products.research.rules.figures import FigureWrong

pytestmark = pytest.mark.clause("D1.1")
NOON = datetime(2026, 6, 1, 12, 0)  # noqa: DTZ001 - the lake's times are the shop's wall clock
TODAY = date(2026, 6, 10)


@given(st.lists(st.sets(st.integers(0, 2**64 - 1), max_size=12), max_size=4))
def test_small_sketches_merge_exactly(parts: list[set[int]]) -> None:
    whole = merged(sketch(part) for part in parts)
    assert count(whole) == len(set().union(*parts))
    assert is_exact(whole)
    assert whole == sketch(set().union(*parts))


def test_large_sketches_stay_within_two_percent_and_merge_like_one() -> None:
    names = [hash_of(f"visitor-{n}") for n in range(30_000)]
    halves = merged([sketch(names[:20_000]), sketch(names[10_000:])])
    assert halves == sketch(names)
    assert not is_exact(halves)
    assert abs(count(halves) - 30_000) < 600
    few = sketch(names[:EXACT_MOST])
    assert count(few) == EXACT_MOST
    assert merged([few, halves]) == halves


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026-06-01", (date(2026, 6, 1), date(2026, 6, 1))),
        ("20260601", (date(2026, 6, 1), date(2026, 6, 1))),
        ("2026/6/1", (date(2026, 6, 1), date(2026, 6, 1))),
        ("2026年6月1日", (date(2026, 6, 1), date(2026, 6, 1))),
        ("2026-06-01 ~ 2026-06-07", (date(2026, 6, 1), date(2026, 6, 7))),
        ("2026-06-01至2026-06-07", (date(2026, 6, 1), date(2026, 6, 7))),
        ("2026-06-01 00:00:00", (date(2026, 6, 1), date(2026, 6, 1))),
    ],
)
def test_spans_as_exports_write_them(text: str, span: tuple[date, date]) -> None:
    assert span_of(text) == span


@pytest.mark.parametrize("text", ["", "昨天", "2026-13-01", "2026-06-31", "合计"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(PeriodWrong):
        span_of(text)


def test_only_whole_and_past_periods() -> None:
    assert period_of(date(2026, 6, 9), date(2026, 6, 9), TODAY) == "day"
    assert period_of(date(2026, 6, 1), date(2026, 6, 7), TODAY) == "week"
    assert period_of(date(2026, 5, 1), date(2026, 5, 31), TODAY) == "month"
    assert period_of(date(2024, 2, 1), date(2024, 2, 29), TODAY) == "month"
    for first, last, code in (
        (date(2026, 6, 10), date(2026, 6, 10), "period_not_over"),
        (date(2026, 6, 8), date(2026, 6, 14), "period_not_over"),
        (date(2026, 6, 2), date(2026, 6, 8), "period_unknown"),
        (date(2026, 5, 1), date(2026, 5, 30), "period_unknown"),
        (date(2026, 6, 5), date(2026, 6, 1), "period_unknown"),
    ):
        with pytest.raises(PeriodWrong) as wrong:
            period_of(first, last, TODAY)
        assert wrong.value.code == code


@pytest.mark.parametrize(
    ("text", "reads", "value"),
    [
        ("2,133", Reads.COUNT, 2133),
        ("10,095.00", Reads.MINOR, 1_009_500),
        ("0.45%", Reads.RATIO, 4_500),
        ("100.00%", Reads.RATIO, 1_000_000),
        ("-", Reads.COUNT, None),
        ("", Reads.MINOR, None),
        ("12.6", Reads.SECONDS, 13),
        ("0", Reads.COUNT, 0),
    ],
)
def test_text_numbers(text: str, reads: Reads, value: int | None) -> None:
    assert value_of(text, reads) == value


@pytest.mark.parametrize(
    ("text", "reads"), [("12.5", Reads.COUNT), ("-3", Reads.COUNT), ("多", Reads.COUNT), ("1.234", Reads.MINOR),
                        ("9" * 17, Reads.COUNT)],
)  # fmt: skip
def test_what_is_no_figure(text: str, reads: Reads) -> None:
    with pytest.raises(FigureWrong):
        value_of(text, reads)


def test_a_ratio_is_held_against_its_parts() -> None:
    figures = {"buyers": 96, "visitors": 21_330}
    assert contradictions(figures, {"pay_conversion": 4_500}, 1) == []  # 0.4501 % written as 0.45 %
    assert contradictions(figures, {"pay_conversion": 4_602}, 1)[0].computed_ppm == 4_501
    assert contradictions(figures, {"cart_rate": 1}, 1) == []  # a part is missing
    assert contradictions({"buyers": 1, "visitors": 0}, {"pay_conversion": 1}, 1) == []


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_ratio_rounded_to_two_places_never_contradicts_itself(over: int, under: int) -> None:
    stated = round(over * 10_000 / under) * 100
    assert contradictions({"buyers": over, "visitors": under}, {"pay_conversion": stated}, 1) == []


def test_differences_beyond_tolerance_and_least() -> None:
    assert not is_beyond(100, 101, 100, 1)  # one percent
    assert is_beyond(100, 103, 100, 3)
    assert not is_beyond(100, 102, 100, 3)  # too little to be worth it
    assert is_beyond(0, 5, 100, 3)
    assert not is_beyond(0, 0, 0, 1)
    tolerance = dict.fromkeys(ComparedFigure, 100)
    found = differences(
        {"own": {"orders": 100, "paid_minor": 5_000}, "sycm": {"orders": 90, "visitors": 7}}, tolerance,
        dict.fromkeys(ComparedFigure, 1),
    )  # fmt: skip
    assert [(one.figure, one.other_source, one.by, one.share_bp, one.is_beyond) for one in found] == [
        ("orders", "sycm", -10, -1_000, True)
    ]  # visitors have no base without a collector


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10_000), st.integers(1, 100))
def test_being_apart_is_the_same_from_both_sides(a: int, b: int, tolerance: int, least: int) -> None:
    assert is_beyond(a, b, tolerance, least) == is_beyond(b, a, tolerance, least)
    assert not is_beyond(a, a, tolerance, least)
