"""M2.3: 折 as people write it, whatever the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.promotions.rules.rates import permille, rates_in, written_alike

pytestmark = pytest.mark.clause("M2.3")
CHINESE = "〇一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8.5折", [850]),
        ("85折", [850]),
        ("85 折", [850]),
        ("8.55折", [855]),
        ("八五折", [850]),
        ("八点五折", [850]),
        ("八·五折", [850]),
        ("9折", [900]),
        ("90折", [900]),
        ("九折", [900]),
        ("10折", [1_000]),
        ("十折", [1_000]),
        ("满300元85折", [850]),
        ("3件7折，5件6折", [700, 600]),
        ("双十一八五折", [850]),
        ("双1185折", [850]),
        ("周五八折", [800]),
        ("统一九折", [900]),
        ("185折", [None]),
        ("85.5折", [None]),
        ("八五五折", [None]),
        ("二十八折", [None]),
        ("05折", [None]),
        ("9折扣、三折叠、三折伞、打折、折上折", []),
    ],
)
def test_rates_are_read_whole(text: str, said: list[int | None]) -> None:
    assert [rate.permille for rate in rates_in(text)] == said


@given(
    whole=st.integers(1, 9),
    tenth=st.integers(1, 9),
    gap=st.sampled_from(["", " ", "\u3000"]),
    before=st.sampled_from(["", "全场", "满300减50，", "第一波 ", "今天"]),
)
def test_every_way_of_writing_says_the_same(whole: int, tenth: int, gap: str, before: str) -> None:
    plain = (f"{whole}.{tenth}", f"{whole}{tenth}")
    spoken = (f"{CHINESE[whole]}{CHINESE[tenth]}", f"{CHINESE[whole]}点{CHINESE[tenth]}")
    for number in (*plain, *spoken):
        (rate,) = rates_in(f"{before}{number}{gap}折起")
        assert rate.permille == whole * 100 + tenth * 10
        assert (rate.start, rate.end) == (len(before), len(f"{before}{number}{gap}折"))
    assert {permille(number.translate(FULL_WIDTH)) for number in plain} == {whole * 100 + tenth * 10}
    assert len({written_alike(f"{before}{number}{gap}折起") for number in (*plain, *spoken)}) == 1


@given(st.integers(100, 99_999))
def test_no_part_of_a_longer_number_is_a_rate(number: int) -> None:
    (rate,) = rates_in(f"全场{number}折")
    assert (rate.start, rate.permille) == (2, None)
