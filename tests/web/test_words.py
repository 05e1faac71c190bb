"""Words in both languages: facts go in, and English counts."""

import pytest

from shopkeeper.shared.words import T, unit_for
from shopkeeper.web.labels import refusal_text


@pytest.mark.parametrize(
    ("n", "en"), [(0, "0 orders wait"), (1, "1 order waits"), (2, "2 orders wait"), ("1", "1 order waits")]
)
def test_english_counts_and_chinese_need_not(n: int | str, en: str) -> None:
    words = T("{n} 单待处理", "{n:# order waits|# orders wait}").format(n=n)
    assert words.both() == {"zh": f"{n} 单待处理", "en": en}


def test_a_plain_spec_and_text_without_facts_stay_as_they_are() -> None:
    assert T("{n:.1f} 秒 | {m}", "{n:.1f} s of {m:# day|# days}").format(n=2.25, m=1).text("en") == "2.2 s of 1 day"
    assert T("甲|乙", "a|b").text("en") == "a|b"


def test_a_missing_fact_of_a_refusal_counts_as_many() -> None:
    assert "–" in refusal_text("too_many", "intake").text("en")


@pytest.mark.parametrize(
    ("value", "unit", "en"),
    [(1, "days", "day"), (2, "days", "days"), (1, "s", "s"), (1, "ms", "ms"), (1, "/s", "/s"), (1, "%", "%")],
)
def test_a_unit_beside_a_one_is_of_one(value: int, unit: str, en: str) -> None:
    assert unit_for(value, T("天", unit)) == T("天", en)
