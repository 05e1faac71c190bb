"""Values as people read them, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest

from shopkeeper.shared.money import Money
from shopkeeper.shared.words import Language, speaking
from shopkeeper.web import shown

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai


@pytest.mark.parametrize(
    ("minutes", "zh", "en", "tone"),
    [
        (180, "剩 3 小时", "3 h left", "calm"),
        (190, "剩 3 小时 10 分", "3 h 10 min left", "calm"),
        (60, "剩 1 小时", "1 h left", "amber"),
        (25, "剩 25 分钟", "25 min left", "amber"),
        (0, "剩 0 秒", "0s left", "amber"),
        (-12, "已超 12 分钟", "12 min over", "red"),
        (-60 * 30, "已超 30 小时", "30 h over", "red"),
        (60 * 24 * 3, "剩 3 天", "3 d left", "calm"),
    ],
)
@pytest.mark.clause("G5")
def test_a_countdown_says_what_is_left(minutes: int, zh: str, en: str, tone: str) -> None:
    due = NOW + timedelta(minutes=minutes)
    with speaking("zh"):
        assert shown.countdown(due, NOW) == (zh, tone)
    with speaking("en"):
        assert shown.countdown(due, NOW) == (en, tone)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (12_340, "1.23万", "12.3K"),
        (123_456, "12.3万", "123.5K"),
        (352_680_045, "3.53亿", "352.7M"),
        (100_000_000, "1亿", "100M"),
        (-12_340, "-1.23万", "-12.3K"),
    ],
)
def test_big_numbers_are_said_in_each_language_s_units(value: int, zh: str, en: str) -> None:
    spoken: dict[Language, str] = {"zh": zh, "en": en}
    for language, text in spoken.items():
        with speaking(language):
            assert shown.big(value) == text


def test_money_shows_sign_and_currency() -> None:
    assert shown.money_parts(Money(123_450)) == ("¥", "1,234.50")
    assert shown.money_parts(Money(-9_900, "BRL")) == ("−R$", "99.00")
    assert shown.money_parts(Money(100, "XAF")) == ("XAF ", "1.00")


def test_moments_are_told_in_the_shop_s_day() -> None:
    with speaking("zh"):
        assert shown.moment(NOW, NOW) == "今天 14:00"
        assert shown.moment(NOW - timedelta(hours=15), NOW) == "昨天 23:00"
        assert shown.moment(NOW + timedelta(days=1), NOW) == "明天 14:00"
        assert shown.moment(NOW - timedelta(days=9), NOW) == "11-14 14:00"
        assert shown.moment(NOW - timedelta(days=400), NOW) == "2025-10-19 14:00"
