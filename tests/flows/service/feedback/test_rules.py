"""The arithmetic and judgements of S3, without a database."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.service.feedback.papers.daily_summary import change_words
from shopkeeper.flows.service.feedback.rules.asking import is_low, is_wanted
from shopkeeper.flows.service.feedback.rules.figures import (
    DayFigures,
    Satisfaction,
    change,
    contact_hundredths,
    effect_of,
    kept_figures,
    share,
)
from shopkeeper.flows.service.feedback.rules.problems import days_to_draft
from shopkeeper.shared.words import speaking

pytestmark = [pytest.mark.clause("S3.1"), pytest.mark.clause("S3.2")]
COUNT = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("which", "stage", "resolution", "expected"),
    [
        ("answered", "pre_sale", "answered", True),
        ("answered", "after_sale", "no_answer", False),
        ("answered", "after_sale", "duplicate", False),
        ("all", "pre_sale", "no_answer", True),
        ("all", "pre_sale", "duplicate", False),
        ("after_sale", "pre_sale", "answered", False),
        ("after_sale", "after_sale", "answered", True),
        ("none", "after_sale", "answered", False),
    ],
)
def test_who_is_asked(which: str, stage: str, resolution: str, expected: bool) -> None:
    assert is_wanted(which, stage, resolution) is expected


def test_a_low_score_includes_its_bound() -> None:
    assert [is_low(score, 2) for score in (1, 2, 3)] == [True, True, False]


def test_satisfaction_of_the_metrics_book() -> None:
    """CSAT is four and five among the ratings; the response is answers among invitations; n stands beside them."""
    found = Satisfaction(invited=20, invited_answered=10, stars=(1, 1, 0, 3, 5))
    assert (found.answered, found.satisfied, found.top_box) == (10, 8, 8_000)
    assert found.mean_hundredths == 400
    assert found.response == 5_000
    nothing = Satisfaction()
    assert (nothing.top_box, nothing.mean_hundredths, nothing.response) == (None, None, None)


@given(st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT))
def test_mean_and_top_box_stay_in_their_bounds(stars: tuple[int, int, int, int, int]) -> None:
    found = Satisfaction(stars=stars)
    if not found.answered:
        assert found.mean_hundredths is None
        return
    exact = Fraction(sum(n * star for star, n in enumerate(stars, 1)), found.answered)
    assert abs(Fraction(found.mean_hundredths or 0, 100) - exact) <= Fraction(1, 200)
    assert 0 <= (found.top_box or 0) <= 10_000


@given(COUNT, st.integers(1, 10_000))
def test_a_share_is_the_nearest_part_of_ten_thousand(part: int, whole: int) -> None:
    assert abs(Fraction(share(part, whole) or 0, 10_000) - Fraction(part, whole)) <= Fraction(1, 20_000)


def test_the_trend_is_against_the_daily_mean() -> None:
    assert change(3, 14, 7) == 5_000  # three against two a day
    assert change(1, 14, 7) == -5_000
    assert change(2, 0, 7) is None


def test_tickets_per_hundred_orders() -> None:
    assert contact_hundredths(3, 200) == 150
    assert contact_hundredths(3, 0) is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((10, 100), (2, 100), "better"),
        ((10, 100), (20, 100), "worse"),
        ((10, 100), (10, 100), "same"),
        ((100, 1_000), (95, 1_000), "same"),  # five per cent is no change
        ((10, 100), (4, 20), "worse"),  # fewer tickets, but of far fewer orders
        ((10, 0), (1, 100), "unknown"),
        ((10, 100), (0, 0), "unknown"),
    ],
)
def test_an_effect_is_judged_by_the_rate(before: tuple[int, int], after: tuple[int, int], expected: str) -> None:
    assert effect_of(before, after, 10) == expected


@given(st.integers(1, 500), st.integers(1, 5_000), st.integers(0, 500), st.integers(1, 5_000), st.integers(1, 90))
def test_an_effect_looked_at_backwards_is_its_opposite(a: int, b: int, c: int, d: int, least: int) -> None:
    forwards = effect_of((a, b), (c, d), least)
    if forwards == "better":
        assert Fraction(c, d) < Fraction(a, b)
    elif forwards == "worse":
        assert Fraction(c, d) > Fraction(a, b)
    else:
        assert abs(Fraction(c, d) - Fraction(a, b)) * 100 <= Fraction(a, b) * least


def test_days_wait_for_their_end_and_none_is_forgotten() -> None:
    today = date(2026, 6, 10)
    assert days_to_draft(date(2026, 6, 8), today) == [date(2026, 6, 9)]
    assert days_to_draft(date(2026, 6, 9), today) == []
    assert len(days_to_draft(None, today)) == 31
    assert days_to_draft(date(2026, 1, 1), today)[0] == today - timedelta(days=31)


def test_figures_are_read_as_they_were_kept() -> None:
    figures = DayFigures(opened=3, by_kind={"size": 3}, stars=(0, 0, 1, 0, 2), first_asked=4, first_in_time=3)
    assert kept_figures(figures.plain()) == figures
    assert not figures.is_empty
    assert DayFigures(orders_paid=9, unfinished=2).is_empty


def test_of_few_tickets_counts_are_said_and_of_many_a_percentage() -> None:
    with speaking("zh"):
        assert change_words(None, 6, 0) == "新出现"
        assert change_words(410_000, 6, 1) == "6 对 1"
        assert change_words(2_500, 10, 56) == "+25%"
