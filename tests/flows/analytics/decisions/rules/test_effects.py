"""The arithmetic of effects, spans of days, and values as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.analytics.decisions.rules import effects
from shopkeeper.flows.analytics.decisions.states import DecisionEffect, FigureUnit

pytestmark = pytest.mark.clause("D3")
E = DecisionEffect
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("before", "expected", "after", "effect", "reached"),
    [
        (800, 500, 450, E.REACHED, 11_666),
        (800, 500, 500, E.REACHED, 10_000),
        (800, 500, 650, E.PARTLY, 5_000),
        (800, 500, 790, E.NONE, 333),
        (800, 500, 800, E.NONE, 0),
        (800, 500, 810, E.NONE, -333),
        (800, 500, 900, E.OPPOSITE, -3_333),
        (100, 200, 230, E.REACHED, 13_000),
        (100, 200, 50, E.OPPOSITE, -5_000),
        (100, 200, None, E.UNKNOWN, None),
        (100, 100, 105, E.REACHED, None),
        (100, 100, 130, E.OPPOSITE, None),
    ],
)
def test_a_figure_beside_what_was_expected(before, expected, after, effect, reached) -> None:
    found = effects.measured(before, expected, after, least_percent=10)
    assert (found.effect, found.reached) == (effect, reached)
    assert found.hoped == expected - before


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(0, 90))
def test_the_direction_is_what_was_hoped_for(before: int, expected: int, after: int, least: int) -> None:
    found = effects.measured(before, expected, after, least)
    mirrored = effects.measured(-before, -expected, -after, least)
    assert mirrored.effect == found.effect
    assert mirrored.reached == found.reached
    if expected != before:
        assert (found.effect == E.REACHED) == ((after - expected) * (expected - before) >= 0)
        assert found.effect != E.OPPOSITE or (after - before) * (expected - before) < 0


@given(DAYS, st.integers(0, 100), DAYS)
def test_spans_are_as_long_and_do_not_touch_the_decision(first: date, length: int, decided: date) -> None:
    last = first + timedelta(days=length)
    before = effects.span_before(first, last)
    assert before[1] - before[0] == last - first
    assert before[1] + timedelta(days=1) == first
    day = effects.earliest_measure(first, last, decided)
    after = effects.span_after(first, last, day)
    assert after[1] - after[0] == last - first
    assert after[0] == decided + timedelta(days=1)
    assert after[1] < day


@pytest.mark.parametrize(
    ("unit", "value", "typed"),
    [
        ("money", 1_234, "12.34"),
        ("money", -5, "-0.05"),
        ("count", 42, "42"),
        ("share", 325, "3.25"),
        ("ratio", 105, "1.05"),
        ("seconds", 95, "9.5"),
    ],
)
def test_values_are_typed_as_people_know_them(unit: FigureUnit, value: int, typed: str) -> None:
    assert effects.as_typed(value, unit) == typed
    assert effects.from_typed(typed, unit) == value


@given(st.integers(-(10**14), 10**14), st.sampled_from(list(FigureUnit)))
def test_what_is_shown_can_be_typed_again(value: int, unit: FigureUnit) -> None:
    assert effects.from_typed(effects.as_typed(value, unit), unit) == value


@pytest.mark.parametrize("text", ["", "abc", "1.234", "1.2.3", "--1", "1e5", "٣", "1.٣"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert effects.from_typed(text, FigureUnit.MONEY) is None


def test_thousands_and_per_cent_may_be_typed() -> None:
    assert effects.from_typed("12,345.6", FigureUnit.MONEY) == 1_234_560
    assert effects.from_typed("3.2%", FigureUnit.SHARE) == 320
