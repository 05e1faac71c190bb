"""O3.1: which numbers a courier can have issued."""

import pytest

from shopkeeper.flows.fulfilment.parcels.rules.numbers import (
    NUMBER_PATTERNS,
    couriers_of,
    number_fits,
    tidy_number,
)
from shopkeeper.flows.fulfilment.parcels.words import COURIER_WORDS

pytestmark = pytest.mark.clause("O3.1")


@pytest.mark.parametrize(
    ("courier", "number"),
    [
        ("shunfeng", "SF1234567890123"),
        ("jd", "JDVA12345678901"),
        ("jd", "JDVA12345678901-1-2-"),
        ("yuantong", "YT1234567890123"),
        ("zhongtong", "78123456789012"),
        ("shentong", "771234567890123"),
        ("yunda", "431234567890123"),
        ("jtexpress", "JT1234567890123"),
        ("ems", "1112345678901"),
        ("ems", "EA123456789CN"),
        ("youzhengguonei", "9812345678901"),
        ("debangkuaidi", "DPK123456789012"),
    ],
)
def test_real_shapes_fit(courier: str, number: str) -> None:
    assert number_fits(courier, number)
    assert courier in couriers_of(number)


@pytest.mark.parametrize(
    ("courier", "number"),
    [
        ("yuantong", "SF1234567890123"),
        ("yuantong", "YT123456789012"),
        ("yuantong", "YT12345678901234"),
        ("yuantong", ""),
        ("yuantong", "YT123456789012３"),
        ("yuantong", "YT1234567890123\n"),
        ("nobody", "YT1234567890123"),
    ],
)
def test_other_shapes_do_not(courier: str, number: str) -> None:
    assert not number_fits(courier, number)


def test_what_was_typed_is_tidied() -> None:
    assert tidy_number(" ｙｔ 123 4567890123\t") == "YT1234567890123"


def test_every_courier_has_a_name() -> None:
    assert set(COURIER_WORDS) == set(NUMBER_PATTERNS)
