"""Code 128: whole printer dots, quiet zones, and refusals instead of unreadable bars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.foundation.documents.code128 import DOT_MM, BarcodeRefused, encode, grouped

NUMBERS = ["73512345678901", "SF1234567890123", "YT1234567890123", "JDVA12345678901-1-1-", "W-20261123-02"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("room_mm", [72, 96])
def test_bars_are_whole_dots_no_thinner_than_a_quarter_millimetre(number: str, room_mm: int) -> None:
    bars = encode(number, room_mm)
    assert 0.25 <= bars.module_mm <= 0.5
    assert (bars.module_mm / DOT_MM).is_integer()
    assert bars.width_mm <= room_mm
    drawn = bars.drawing()["bars"]
    assert isinstance(drawn, list)
    assert drawn[0][0] >= 10 * bars.module_mm
    assert bars.width_mm - sum(drawn[-1]) == pytest.approx(10 * bars.module_mm)


def test_digits_are_packed_in_pairs() -> None:
    assert encode("73512345678901", 96).modules == 11 * 9 + 13


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20))
def test_any_ascii_text_makes_whole_symbols(text: str) -> None:
    assert (encode(text, 300).modules - 13) % 11 == 0


@pytest.mark.parametrize("text", ["", "运单号", "1" * 49, "é"])
def test_what_has_no_bars_is_refused(text: str) -> None:
    with pytest.raises(BarcodeRefused):
        encode(text, 96)


def test_what_does_not_fit_is_refused_rather_than_printed_too_thin() -> None:
    with pytest.raises(BarcodeRefused, match="mm"):
        encode("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 72)


def test_the_human_line_is_grouped_where_it_is_digits() -> None:
    assert grouped("73512345678901") == "7351 2345 6789 01"
    assert grouped("SF1234567890123") == "SF 1234 5678 9012 3"
    assert grouped("JDVA12345678901-1-1-") == "JDVA12345678901-1-1-"
