"""The trade's year: days everybody knows, spans that cross years, words for all of them."""

from datetime import date

import pytest

from shopkeeper.flows.marketing.campaigns.rules.occasions import occasion_of, occasions_between, occasions_of
from shopkeeper.flows.marketing.campaigns.words import OCCASION_KINDS, OCCASIONS

pytestmark = pytest.mark.clause("M1.1")


@pytest.mark.parametrize(
    ("key", "year", "day"),
    [
        ("spring_festival", 2026, date(2026, 2, 17)),
        ("mid_autumn", 2027, date(2027, 9, 15)),
        ("mother", 2026, date(2026, 5, 10)),
        ("father", 2026, date(2026, 6, 21)),
        ("qingming", 2025, date(2025, 4, 4)),
        ("qingming", 2026, date(2026, 4, 5)),
        ("qingming", 2027, date(2027, 4, 5)),
    ],
)
def test_days_everybody_knows(key: str, year: int, day: date) -> None:
    found = occasion_of(key, year)
    assert found is not None
    assert found.first == day


def test_the_goods_fair_before_an_early_spring_festival() -> None:
    fair = occasion_of("new_year_fair", 2027)
    assert fair is not None
    assert (fair.first, fair.last) == (date(2027, 1, 7), date(2027, 1, 29))


def test_a_year_without_lunar_days_still_has_the_others() -> None:
    keys = {one.key for one in occasions_of(2031)}
    assert "double_eleven" in keys
    assert "mid_autumn" not in keys
    assert occasion_of("spring_festival", 2031) is None


def test_what_touches_a_span() -> None:
    keys = [one.key for one in occasions_between(date(2026, 11, 1), date(2026, 11, 30))]
    assert keys == ["double_eleven", "winter_launch"]


def test_every_occasion_has_its_words() -> None:
    for one in occasions_of(2026):
        assert one.key in OCCASIONS
        assert one.kind in OCCASION_KINDS
        assert one.first <= one.last
