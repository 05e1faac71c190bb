"""P1.1: figures as tools write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.products.research.rules.figures import FigureWrong, basis_points, figure, minor, whole

pytestmark = pytest.mark.clause("P1.1")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,133", "2133"),
        ("0.45%", "0.0045"),
        ("10,095.00", "10095"),
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        ("5w+", "50000"),
        ("1000~2000", "1500"),
        ("¥89.9", "89.9"),
        ("-12.5%", "-0.125"),
        (" 7 ", "7"),
    ],
)
def test_a_figure_is_read_as_it_is_meant(text: str, value: str) -> None:
    assert figure(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", "--", "—", "无", "null"])
def test_nothing_is_nothing(text: str) -> None:
    assert figure(text) is None


@pytest.mark.parametrize("text", ["1,23", "abc", "12%%", "1e9", "=1+1", "∞", "9" * 20, "~5", "1~~2", "1~" * 2_000])
def test_what_is_no_figure_is_named(text: str) -> None:
    with pytest.raises(FigureWrong):
        figure(text)


def test_units_of_our_own() -> None:
    assert (minor("89.9"), basis_points("12.5%"), basis_points("0.125"), whole("1.2万")) == (
        8_990,
        1_250,
        1_250,
        12_000,
    )
    with pytest.raises(FigureWrong):
        minor("-1")


@given(st.integers(-(10**9), 10**9))
def test_a_number_with_separators_reads_back(number: int) -> None:
    assert figure(f"{number:,}") == number
